package org.sparkprop.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LayoutTest {
  private static final long MIB = 1 << 20;

  private static Layout layout(int shards, long bytes, int cores, @Nullable Integer partitions) {
    return Layout.of(shards, shards, bytes, cores, partitions);
  }

  @Test
  void thereIsATaskForEachCore() {
    assertEquals(2, layout(59, 47 * MIB, 2, null).partitions());
    assertEquals(16, layout(59, 47 * MIB, 16, null).partitions());
    assertEquals(7, layout(59, 47 * MIB, 2, 7).partitions(), "or as many as the user asks for");
    assertEquals(3, layout(3, 1, 16, null).partitions(), "but none without a shard");
    assertEquals(59, layout(59, 47 * MIB, 2, 200).partitions());
  }

  @Test
  void blocksFollowFromTheBytesAndAreEquallyManyATask() {
    assertEquals(2, layout(5, 100, 2, null).blocks());
    assertEquals(24, layout(59, 47 * MIB, 2, null).blocks(), "47 MiB in blocks of about 2");
    assertEquals(500, layout(1000, 1000 * MIB, 4, null).blocks());
    assertEquals(20, layout(23, 1000 * MIB, 4, null).blocks(), "no more than shards");
    assertEquals(4096, layout(1_000_000, 1_000_000 * MIB, 4, null).blocks());
    assertEquals(59, layout(59, 47 * MIB, 2, 200).blocks());
  }

  @Test
  void neighboursLieTogetherAndTasksAreEquallyLarge() {
    Layout layout = layout(977, 750 * MIB, 16, null);
    int[] shardsOfTask = new int[16];
    for (int shard = 0; shard < 977; shard++) {
      shardsOfTask[layout.partitionOf(shard)]++;
      int step = shard == 0 ? 0 : layout.blockOf(shard) - layout.blockOf(shard - 1);
      assertTrue(step == 0 || step == 1, "shard " + shard);
    }
    assertEquals(layout.blocks() - 1, layout.blockOf(976));
    for (int shards : shardsOfTask) {
      assertEquals(977 / 16.0, shards, 1.0);
    }
  }

  @Test
  void aGroupIsNotDivided() {
    for (int cores = 1; cores <= 8; cores++) {
      Layout layout = Layout.of(59, 7, 47 * MIB, cores, null);
      assertEquals(Math.min(7, cores), layout.partitions());
      assertEquals(28, layout.blocks(), "four a group");
      for (int shard = 1; shard < 59; shard++) {
        boolean sameGroup = shard * 7 / 59 == (shard - 1) * 7 / 59;
        if (sameGroup) {
          assertEquals(layout.partitionOf(shard - 1), layout.partitionOf(shard));
        } else {
          assertEquals(layout.blockOf(shard - 1) + 1, layout.blockOf(shard));
        }
      }
    }
  }
}
