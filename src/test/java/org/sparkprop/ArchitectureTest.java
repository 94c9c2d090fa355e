package org.sparkprop;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Who may import whom, as the design says. */
class ArchitectureTest {
  private static final JavaClasses OURS =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.sparkprop");

  /** Each room, and the rooms that it may use beside itself; none may use what lies within it. */
  private static final Map<String, String> MAY_USE =
      Map.ofEntries(
          Map.entry("base", ""),
          Map.entry("spark", "base"),
          Map.entry("nn.blas", "base"),
          Map.entry("nn", "base nn.blas"),
          Map.entry("optim", "base nn"),
          Map.entry("cluster", "base spark"),
          Map.entry("data", "base nn spark"),
          Map.entry("data.source.fetch", "base"),
          Map.entry("data.source.idx", "base spark"),
          Map.entry("data.source.file", "base spark"),
          Map.entry("data.source.column", "base spark data data.source.file"),
          Map.entry(
              "data.source",
              "base spark data data.source.column data.source.file data.source.idx data.source.fetch"),
          Map.entry("model.tensor", "base nn"),
          Map.entry("model", "base nn nn.blas spark data data.source.column model.tensor"),
          Map.entry("eval", "base nn spark data model"),
          Map.entry("train.options", "base nn optim data data.source.column eval"),
          Map.entry("train.checkpoint", "base nn spark optim model model.tensor train.options"),
          Map.entry(
              "train",
              "base nn spark optim data data.source.column model eval train.options train.checkpoint"),
          Map.entry("bench", "base nn nn.blas optim data model train train.options"));

  @Test
  void eachRoomUsesOnlyWhatItMay() {
    MAY_USE.forEach(
        (room, others) -> {
          Set<String> allowed = new HashSet<>(List.of(others.split(" ", -1)));
          allowed.add(room);
          noClasses()
              .that()
              .resideInAPackage("org.sparkprop." + room)
              .should()
              .dependOnClassesThat(
                  resideInAPackage("org.sparkprop..")
                      .and(
                          resideOutsideOfPackages(
                              allowed.stream()
                                  .map(name -> "org.sparkprop." + name)
                                  .toArray(String[]::new))))
              .check(OURS);
        });
  }

  @Test
  void everyRoomHasItsRule() {
    Set<String> rooms = new TreeSet<>();
    OURS.forEach(one -> rooms.add(one.getPackageName()));
    rooms.removeAll(Set.of("org.sparkprop", "org.sparkprop.cli"));
    assertEquals(
        MAY_USE.keySet().stream().map(name -> "org.sparkprop." + name).sorted().toList(),
        List.copyOf(rooms));
  }

  /** The commands stand over the library, and nothing stands over them. */
  @Test
  void theLibraryUsesNeitherCommandsNorBench() {
    noClasses()
        .that()
        .resideInAPackage("org.sparkprop")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.sparkprop.cli..", "org.sparkprop.bench..")
        .check(OURS);
  }

  @Test
  void noRoomsFormACircle() {
    slices()
        .assignedFrom(
            new SliceAssignment() {
              @Override
              public SliceIdentifier getIdentifierOf(JavaClass one) {
                return SliceIdentifier.of(one.getPackageName());
              }

              @Override
              public String getDescription() {
                return "rooms, also those within others";
              }
            })
        .should()
        .beFreeOfCycles()
        .check(OURS);
  }

  @Test
  void mathematicsKnowsNeitherSparkNorFiles() {
    noClasses()
        .that()
        .resideInAnyPackage("org.sparkprop.nn", "org.sparkprop.optim")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.apache.spark..", "org.apache.hadoop..", "java.nio.file..", "picocli..")
        .check(OURS);
  }

  @Test
  void onlyOneClassTalksToNetlib() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("org.sparkprop.nn.blas.Netlib")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.ludovic.netlib..")
        .check(OURS);
  }

  @Test
  void onlyMainAndSignalsEndTheJvm() {
    noClasses()
        .that()
        .haveNameNotMatching("org\\.sparkprop\\.cli\\.(Main|Signals)")
        .should()
        .callMethod(System.class, "exit", int.class)
        .check(OURS);
  }

  @Test
  void theTrainerHoldsNoSparkTypes() {
    noClasses()
        .that()
        .haveFullyQualifiedName("org.sparkprop.train.Trainer")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.spark..")
        .check(OURS);
  }

  /** Kryo, which a session may have for what tasks return, cannot make a record of ours. */
  @Test
  void recordsThatTravelAreSerializedByJava() {
    classes()
        .that()
        .areRecords()
        .and()
        .areAssignableTo(Serializable.class)
        .and()
        .resideOutsideOfPackages(
            "org.sparkprop.nn..", "org.sparkprop.optim..", "org.sparkprop.cli..")
        .should()
        .beAnnotatedWith(DefaultSerializer.class)
        .because("with spark.serializer = KryoSerializer, jobs would fail")
        .check(OURS);
  }
}
