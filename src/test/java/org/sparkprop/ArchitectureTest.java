package org.sparkprop;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.Serializable;
import org.junit.jupiter.api.Test;

/** Who may import whom, as the design says. */
class ArchitectureTest {
  private static final JavaClasses OURS =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.sparkprop");

  @Test
  void eachRoomIsUsedOnlyByThoseThatMay() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("nn")
        .definedBy("org.sparkprop.nn..")
        .layer("optim")
        .definedBy("org.sparkprop.optim..")
        .layer("data")
        .definedBy("org.sparkprop.data..")
        .layer("cluster")
        .definedBy("org.sparkprop.cluster..")
        .layer("model")
        .definedBy("org.sparkprop.model..")
        .layer("eval")
        .definedBy("org.sparkprop.eval..")
        .layer("train")
        .definedBy("org.sparkprop.train..")
        .layer("bench")
        .definedBy("org.sparkprop.bench..")
        .layer("library")
        .definedBy("org.sparkprop")
        .layer("cli")
        .definedBy("org.sparkprop.cli..")
        .whereLayer("nn")
        .mayNotAccessAnyLayer()
        .whereLayer("optim")
        .mayOnlyAccessLayers("nn")
        .whereLayer("data")
        .mayOnlyAccessLayers("nn")
        .whereLayer("cluster")
        .mayOnlyAccessLayers("data")
        .whereLayer("model")
        .mayOnlyAccessLayers("nn", "optim", "data")
        .whereLayer("eval")
        .mayOnlyAccessLayers("nn", "data", "model")
        .whereLayer("train")
        .mayOnlyAccessLayers("nn", "optim", "data", "model", "eval")
        .whereLayer("bench")
        .mayOnlyAccessLayers("nn", "optim", "data", "model", "train")
        .whereLayer("library")
        .mayOnlyAccessLayers("nn", "optim", "data", "model", "eval", "train", "cluster")
        .whereLayer("library")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("cli")
        .mayNotBeAccessedByAnyLayer()
        .check(OURS);
  }

  @Test
  void noRoomsFormACircle() {
    slices().matching("org.sparkprop.(*)..").should().beFreeOfCycles().check(OURS);
  }

  @Test
  void mathematicsKnowsNeitherSparkNorFiles() {
    noClasses()
        .that()
        .resideInAnyPackage("org.sparkprop.nn..", "org.sparkprop.optim..")
        .and()
        .haveNameNotMatching(
            ".*\\.(OpenBlas|SharedLibrary|NativeFolder|Libc)") // files of native libraries
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
        .doNotHaveFullyQualifiedName("org.sparkprop.nn.Netlib")
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
