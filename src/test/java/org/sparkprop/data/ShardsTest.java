package org.sparkprop.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkprop.Refusal;
import org.sparkprop.TestSpark;
import org.sparkprop.data.Preprocessing.FeatureType;
import org.sparkprop.data.ShardPlan.Selection;
import org.sparkprop.nn.Activation;
import org.sparkprop.nn.LayerSpec;
import org.sparkprop.nn.LearningTask;
import org.sparkprop.nn.Topology;
import org.sparkprop.nn.Workspace;

class ShardsTest {
  private static final DataType FLOATS = DataTypes.createArrayType(DataTypes.FloatType);

  private static Dataset<Row> table(DataType features, DataType label, Row... rows) {
    StructType schema =
        new StructType()
            .add("row", DataTypes.LongType)
            .add("features", features)
            .add("label", label);
    return TestSpark.session().createDataFrame(Arrays.asList(rows), schema);
  }

  /** Row n has the features (n, n / 2) and the label n mod 3. */
  private static Dataset<Row> numbered(int rows) {
    Row[] all = new Row[rows];
    for (int n = 0; n < rows; n++) {
      all[n] = RowFactory.create((long) n, new float[] {n, n / 2f}, n % 3);
    }
    return table(FLOATS, DataTypes.IntegerType, all);
  }

  private static RowFormat format(FeatureType type) {
    return new RowFormat("rows", type, 2, LabelFormat.classes(3), false);
  }

  private static Shards pack(Dataset<Row> rows, RowFormat format, ShardPlan plan, int partitions) {
    return Shards.pack(
        rows, format, plan, Layout.of(plan.shards(), plan.shards(), 0, 1, partitions));
  }

  /** Number, first feature and label of every row, shard after shard. */
  private static List<String> contents(Shards shards) {
    List<String> contents = new ArrayList<>();
    for (Shard shard : shards.rdd().collect()) {
      Workspace slice =
          new Workspace(
              Topology.of(2, List.of(new LayerSpec(3, Activation.LINEAR))),
              Math.max(1, shard.rows()));
      shard.decode(
          shard.storedOrder(), 0, shard.rows(), Preprocessing.raw(FeatureType.FLOAT), slice);
      for (int i = 0; i < shard.rows(); i++) {
        contents.add(
            "%d: %s %s %d"
                .formatted(
                    shard.number(),
                    slice.features()[2 * i],
                    slice.features()[2 * i + 1],
                    slice.labels()[i]));
      }
    }
    return contents;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 50})
  void shardsAreTheSameForAnyPartitions(int partitions) {
    ShardPlan plan = ShardPlan.all(5, 1);
    try (Shards one = pack(numbered(100), format(FeatureType.FLOAT), plan, 1);
        Shards many =
            pack(numbered(100).repartition(9), format(FeatureType.FLOAT), plan, partitions)) {
      assertEquals(contents(one), contents(many));
      assertArrayEquals(one.rowsOfShard(), many.rowsOfShard());
      assertEquals(Math.min(5, partitions), many.rdd().getNumPartitions(), "none without shards");
    }
  }

  @Test
  void everyRowIsInOneShardAndRowsKeepTheirOrder() {
    try (Shards shards = pack(numbered(100), format(FeatureType.FLOAT), ShardPlan.all(4, 1), 2)) {
      List<String> contents = contents(shards);

      assertEquals(100, shards.rows());
      assertEquals(100, new HashSet<>(contents).size());
      assertTrue(contents.stream().anyMatch(row -> row.matches("\\d: 17.0 8.5 2")), "row 17");
      double last = -1;
      for (String row : contents.stream().filter(r -> r.startsWith("2:")).toList()) {
        double number = Double.parseDouble(row.split(" ", -1)[1]);
        assertTrue(number > last, row);
        last = number;
      }
    }
  }

  @Test
  void partitionsHoldRunsOfNeighbouringShards() {
    try (Shards shards = pack(numbered(200), format(FeatureType.FLOAT), ShardPlan.all(10, 1), 3)) {
      List<List<Integer>> byPartition = shards.rdd().map(Shard::number).glom().collect();
      for (int partition = 0; partition < 3; partition++) {
        for (int shard : byPartition.get(partition)) {
          assertEquals(partition, shards.partitionOf(shard));
        }
      }
      List<Integer> all = byPartition.stream().flatMap(List::stream).toList();
      assertEquals(all.stream().sorted().toList(), all);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 12})
  void shardsAreTheSameForAnyBlocks(int blocks) {
    ShardPlan plan = ShardPlan.all(12, 1);
    RowFormat format = format(FeatureType.FLOAT);
    try (Shards one = pack(numbered(200), format, plan, 1);
        Shards many =
            Shards.pack(
                numbered(200), format, plan, new Layout(12, blocks, blocks, Math.min(2, blocks)))) {
      assertEquals(contents(one), contents(many));
      assertEquals(Math.min(2, blocks), many.rdd().getNumPartitions());
    }
  }

  @Test
  void aTaskReadsOnlyTheBlocksThatHoldWhatIsAskedFor() {
    Layout layout = new Layout(12, 3, 6, 3); // two shards a block, two blocks a partition
    try (Shards shards =
        Shards.pack(numbered(500), format(FeatureType.FLOAT), ShardPlan.all(12, 1), layout)) {
      assertEquals(
          List.of(List.of(0, 1, 2, 3), List.of(10, 11)),
          shards.holding(11, 1, 2, 0).map(Shard::number).glom().collect());
      assertEquals(List.of(List.of(6, 7)), shards.holding(6).map(Shard::number).glom().collect());
    }
  }

  @Test
  void heldOutRowsAndTrainingRowsShareNothingAndMissNothing() {
    Dataset<Row> rows = numbered(1000);
    ShardPlan training = new ShardPlan(3, Selection.TRAINING, HoldOut.share(0.2), 5);
    ShardPlan validation = new ShardPlan(1, Selection.VALIDATION, HoldOut.share(0.2), 5);
    try (Shards trained = pack(rows, format(FeatureType.FLOAT), training, 2);
        Shards heldOut = pack(rows, format(FeatureType.FLOAT), validation, 2)) {
      Set<String> numbers = new HashSet<>();
      contents(trained).forEach(row -> numbers.add(row.split(" ", -1)[1]));
      contents(heldOut).forEach(row -> numbers.add(row.split(" ", -1)[1]));

      assertEquals(1000, trained.rows() + heldOut.rows());
      assertEquals(1000, numbers.size());
      // 1000 draws at 0.2 have a standard deviation of 12.6; this is four of them.
      assertEquals(200.0, (double) heldOut.rows(), 51);
    }
  }

  /** Training has the bits that it had when each part was packed by a pass of its own. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void partsOfOnePassAreThoseOfAPassEach(int partitions) {
    Dataset<Row> rows = numbered(1000);
    RowFormat format = format(FeatureType.FLOAT);
    HoldOut share = HoldOut.share(0.2);
    List<ShardPlan> plans =
        List.of(
            new ShardPlan(9, Selection.TRAINING, share, 5),
            new ShardPlan(2, Selection.VALIDATION, share, 5));
    List<Layout> layouts =
        List.of(new Layout(9, 9, 9, partitions), new Layout(2, 2, 2, Math.min(2, partitions)));
    List<Shards> together = Shards.pack(rows, format, plans, layouts);
    for (int part = 0; part < 2; part++) {
      try (Shards alone = pack(rows.repartition(3), format, plans.get(part), 1)) {
        Shards found = together.get(part);
        assertEquals(contents(alone), contents(found));
        assertArrayEquals(alone.rowsOfShard(), found.rowsOfShard());
        assertEquals(alone.fingerprint(), found.fingerprint());
        assertEquals(layouts.get(part).partitions(), found.rdd().getNumPartitions());
        assertEquals(List.of(1), found.holding(1).map(Shard::number).collect());
      }
    }
    assertEquals(partitions, layouts.get(0).partitions());
    together.forEach(Shards::close);
  }

  /** A pack of a task is bounded by all that a row takes, not by its features alone. */
  @ParameterizedTest
  @ValueSource(ints = {0, 2000})
  void aTaskHoldsFewRowsAtATimeWhereTheyHaveManyTargets(int targets) {
    LabelFormat labels =
        targets == 0
            ? LabelFormat.classes(3)
            : new LabelFormat(LearningTask.REGRESSION, targets, false);
    RowFormat format = new RowFormat("rows", FeatureType.FLOAT, 10, labels, false);
    AtomicLong read = new AtomicLong();
    Iterator<InternalRow> rows =
        Stream.<InternalRow>generate(
                () ->
                    new GenericInternalRow(
                        new Object[] {
                          read.getAndIncrement(),
                          ArrayData.toArrayData(new float[10]),
                          targets == 0 ? 1.0 : ArrayData.toArrayData(new float[targets]),
                          null,
                          null
                        }))
            .limit(1_000_000)
            .iterator();
    Division one = new Division(List.of(ShardPlan.all(1, 1)), List.of(new Layout(1, 1, 1, 1)));

    RowPacker packer = new RowPacker(rows, format, one);
    assertTrue(packer.hasNext());
    Fragment first = packer.next()._2();

    assertEquals((double) (16 << 20) / format.packedRowBytes(), first.rows(), 1);
    assertTrue(read.get() - first.rows() <= 1);
  }

  @Test
  void aShardOfManyTargetsIsAsLargeAsOneOfManyFeatures() {
    LabelFormat many = new LabelFormat(LearningTask.MULTI_LABEL, 50_000, false);
    RowFormat format = new RowFormat("rows", FeatureType.FLOAT, 64, many, false);
    assertEquals(24_391, ShardPlan.defaultShards(1_000_000, format), "41 rows of 200 kB each");
  }

  @Test
  void theSeedDecidesTheShard() {
    assertNotEquals(shardsOf(1), shardsOf(2));
    assertEquals(shardsOf(1), shardsOf(1));
  }

  private static List<Integer> shardsOf(long seed) {
    List<Integer> shards = new ArrayList<>();
    for (long row = 0; row < 100; row++) {
      shards.add(ShardPlan.all(8, seed).shardOf(row));
    }
    return shards;
  }

  @Test
  void bytesAreScaledToOne() {
    Dataset<Row> rows =
        table(
            DataTypes.BinaryType,
            DataTypes.IntegerType,
            RowFactory.create(0L, new byte[] {0, (byte) 255}, 2));
    try (Shards shards = pack(rows, format(FeatureType.BYTE), ShardPlan.all(1, 1), 1)) {
      Workspace slice =
          new Workspace(Topology.of(2, List.of(new LayerSpec(3, Activation.LINEAR))), 1);
      Shard shard = shards.rdd().first();
      shard.decode(new int[] {0}, 0, 1, Preprocessing.raw(FeatureType.BYTE), slice);

      assertArrayEquals(new float[] {0, 1}, slice.features());
      assertEquals(2, slice.labels()[0]);
    }
  }

  @Test
  void anEpochsOrderIsAPermutationThatTheSeedEpochAndShardDecide() {
    try (Shards shards = pack(numbered(60), format(FeatureType.FLOAT), ShardPlan.all(1, 1), 1)) {
      Shard shard = shards.rdd().first();
      int[] first = shard.epochOrder(1, 1).clone();

      assertArrayEquals(shard.storedOrder(), Arrays.stream(first).sorted().toArray());
      assertNotEquals(Arrays.toString(first), Arrays.toString(shard.epochOrder(1, 2)));
      assertNotEquals(Arrays.toString(first), Arrays.toString(shard.epochOrder(2, 1)));
      assertArrayEquals(first, shard.epochOrder(1, 1));
    }
  }

  @Test
  void theFirstRowThatCannotBeUsedIsNamed() {
    assertRefused(
        "Cannot use rows: row 1 has 3 features (expected 2)",
        RowFactory.create(0L, new float[] {1, 2}, 0),
        RowFactory.create(1L, new float[] {1, 2, 3}, 0),
        RowFactory.create(2L, new float[] {1}, 0));
    assertRefused(
        "Cannot use rows: row 4 has 1 features (expected 2)",
        RowFactory.create(4L, new float[] {1}, 0));
    assertRefused(
        "Cannot use rows: row 0 has label 3 (expected 0 to 2 for the last layer's width)",
        RowFactory.create(0L, new float[] {1, 2}, 3));
    assertRefused(
        "Cannot use rows: row 0 has label -1 (expected 0 to 2 for the last layer's width)",
        RowFactory.create(0L, new float[] {1, 2}, -1));
    assertRefused(
        "Cannot use rows: row 7 has no label (expected 0 to 2 for the last layer's width)",
        RowFactory.create(7L, new float[] {1, 2}, null));
    assertRefused(
        "Cannot use rows: row 7 has no features (expected 2)", RowFactory.create(7L, null, 1));
    assertRefused(
        "Cannot use rows: row 0 has NaN as feature 1 (expected a finite number)",
        RowFactory.create(0L, new float[] {1, Float.NaN}, 1));
    assertRefused(
        "Cannot use rows: row 0 has Infinity as feature 0 (expected a finite number)",
        RowFactory.create(0L, new float[] {Float.POSITIVE_INFINITY, 0}, 1));
    assertRefused(
        "Cannot use rows: row 0 has null as feature 1 (expected a finite number)",
        RowFactory.create(0L, Arrays.asList(1f, null), 1));
    assertRefused(
        "Cannot use rows: a row has no number", RowFactory.create(null, new float[] {1, 2}, 1));
  }

  private static void assertRefused(String message, Row... rows) {
    String refused =
        Refusal.of(
            () ->
                pack(
                    table(FLOATS, DataTypes.IntegerType, rows),
                    format(FeatureType.FLOAT),
                    ShardPlan.all(2, 1),
                    2));
    assertEquals(message, refused);
  }

  @Test
  void numbersOfAnyTypeBecomeFloats() {
    for (DataType type : List.of(DataTypes.DoubleType, DataTypes.LongType, DataTypes.ShortType)) {
      Dataset<Row> rows =
          numbered(3)
              .withColumn(
                  "features", functions.col("features").cast(DataTypes.createArrayType(type)));
      try (Shards shards = pack(rows, format(FeatureType.FLOAT), ShardPlan.all(1, 1), 1)) {
        String half = type == DataTypes.DoubleType ? "0.5" : "0.0";
        assertEquals(
            List.of("0: 0.0 0.0 0", "0: 1.0 %s 1".formatted(half), "0: 2.0 1.0 2"),
            contents(shards),
            type.simpleString());
      }
    }
  }

  /** Their order, and with it the bits, would depend on which comes first through the shuffle. */
  @Test
  void aRowNumberThatOccursTwiceIsRefused() {
    assertRefused(
        "Cannot use rows: there are two rows with the number 5",
        RowFactory.create(5L, new float[] {1, 2}, 0),
        RowFactory.create(6L, new float[] {1, 2}, 0),
        RowFactory.create(5L, new float[] {3, 4}, 1));
  }

  @Test
  void labelsAreWholeNumbersOfAnyType() {
    String refused =
        Refusal.of(
            () ->
                pack(
                    table(
                        FLOATS,
                        DataTypes.DoubleType,
                        RowFactory.create(0L, new float[] {1, 2}, 2.0),
                        RowFactory.create(1L, new float[] {1, 2}, 0.5)),
                    format(FeatureType.FLOAT),
                    ShardPlan.all(1, 1),
                    1));
    assertEquals(
        "Cannot use rows: row 1 has label 0.5 (expected 0 to 2 for the last layer's width)",
        refused);
  }

  @Test
  void tablesOfOtherFormsAreRefused() {
    Dataset<Row> text = table(DataTypes.StringType, DataTypes.IntegerType);
    Dataset<Row> named = table(FLOATS, DataTypes.StringType);
    assertEquals(
        "Cannot use t: column features is string (must be binary or an array of numbers)",
        Refusal.of(() -> RowFormat.featureType(text, "t")));
    assertEquals(
        "Cannot use t: column label is string (must be a whole number for classification)",
        Refusal.of(() -> RowFormat.of(named, "t", LabelFormat.classes(2))));
    assertEquals(
        "Cannot use t: no column label (it has row, features)",
        Refusal.of(() -> RowFormat.featureType(text.drop("label"), "t")));
    assertEquals("Cannot use t: it has no rows", Refusal.of(() -> RowFormat.firstWidth(text, "t")));
  }

  @Test
  void theNumberOfShardsFollowsFromTheRows() {
    RowFormat mnist = new RowFormat("mnist", FeatureType.BYTE, 784, LabelFormat.classes(10), false);
    RowFormat wide =
        new RowFormat("wide", FeatureType.FLOAT, 1 << 20, LabelFormat.classes(10), false);
    assertEquals(59, ShardPlan.defaultShards(60_000, mnist));
    assertEquals(1, ShardPlan.defaultShards(0, mnist));
    assertEquals(1, ShardPlan.defaultShards(1024, mnist));
    assertEquals(2, ShardPlan.defaultShards(1025, mnist));
    assertEquals(4, ShardPlan.defaultShards(64, wide), "16 rows each, since 4 MiB is a row");
  }
}
