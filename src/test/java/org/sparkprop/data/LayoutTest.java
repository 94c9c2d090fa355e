package org.sparkprop.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LayoutTest {
  private static final long MIB = 1 << 20;

  @Test
  void thereIsATaskForEachCore() {
    assertEquals(2, Layout.of(59, 47 * MIB, 2, null).partitions());
    assertEquals(16, Layout.of(59, 47 * MIB, 16, null).partitions());
    assertEquals(3, Layout.of(3, 1, 16, null).partitions(), "but none without a shard");
    assertEquals(7, Layout.of(59, 47 * MIB, 2, 7).partitions(), "but as many as the user asks for");
    assertEquals(200, Layout.of(59, 47 * MIB, 2, 200).partitions());
  }

  @Test
  void blocksFollowFromTheBytesAndAreEquallyManyATask() {
    assertEquals(2, Layout.of(5, 100, 2, null).blocks());
    assertEquals(24, Layout.of(59, 47 * MIB, 2, null).blocks(), "47 MiB in blocks of about 2");
    assertEquals(500, Layout.of(1000, 1000 * MIB, 4, null).blocks());
    assertEquals(20, Layout.of(20, 1000 * MIB, 4, null).blocks(), "no more than shards");
    assertEquals(4096, Layout.of(1_000_000, 1_000_000 * MIB, 4, null).blocks());
    assertEquals(200, Layout.of(59, 47 * MIB, 2, 200).blocks(), "a task has one, if empty");
  }

  @Test
  void neighboursLieTogetherAndTasksAreEquallyLarge() {
    Layout layout = Layout.of(977, 750 * MIB, 16, null);
    int[] shardsOfTask = new int[16];
    for (int shard = 0; shard < 977; shard++) {
      shardsOfTask[layout.partitionOf(shard)]++;
      assertTrue(shard == 0 || layout.blockOf(shard) - layout.blockOf(shard - 1) <= 1);
      assertTrue(shard == 0 || layout.blockOf(shard) >= layout.blockOf(shard - 1));
    }
    assertEquals(layout.blocks() - 1, layout.blockOf(976));
    for (int shards : shardsOfTask) {
      assertEquals(977 / 16.0, shards, 3.0);
    }
  }
}
