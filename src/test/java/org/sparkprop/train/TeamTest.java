package org.sparkprop.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkprop.Eventually;

/** A hand-over that is lost would hang, so each test has its time on a thread of its own. */
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class TeamTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void everyPartRunsExactlyOnce(int threads) {
    try (Team team = new Team(threads)) {
      for (int parts = 0; parts <= 40; parts++) {
        assertRunsOnce(team, parts);
      }
      assertRunsOnce(team, 10_000);
    }
  }

  private static void assertRunsOnce(Team team, int parts) {
    AtomicIntegerArray runs = new AtomicIntegerArray(parts);
    team.run(parts, runs::incrementAndGet);
    for (int part = 0; part < parts; part++) {
      assertEquals(1, runs.get(part), "part %d of %d".formatted(part, parts));
    }
  }

  /** Waking a thread takes as long as some thousand elements do. */
  @Test
  void fewElementsWakeFewThreads() {
    try (Team team = new Team(64)) {
      for (int run = 0; run < 200; run++) {
        Set<Thread> used = ConcurrentHashMap.newKeySet();
        team.forBlocks(16_384, 64, (from, to) -> used.add(Thread.currentThread()));
        assertTrue(used.size() <= 2, "%d threads for 16,384 elements".formatted(used.size()));
      }
    }
  }

  /** Around the lengths where a block is full, and where sharing begins. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void blocksCoverEveryElementExactlyOnce(int threads) {
    try (Team team = new Team(threads)) {
      for (int length :
          new int[] {0, 1, 2, 1023, 1024, 1025, 2048, 16_383, 16_384, 16_385, 100_003}) {
        AtomicIntegerArray runs = new AtomicIntegerArray(length);
        team.forBlocks(
            length,
            (from, to) -> {
              for (int i = from; i < to; i++) {
                runs.incrementAndGet(i);
              }
            });
        for (int i = 0; i < length; i++) {
          assertEquals(1, runs.get(i), "element %d of %d".formatted(i, length));
        }
      }
    }
  }

  /** Blocks of 1000 and more, so that the threads' first blocks lie at odd places. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void blocksStartAtMultiplesOfTheirSizeForAnyThreads(int threads) {
    try (Team team = new Team(threads)) {
      for (int block : new int[] {1, 784, 1000, 1024, 60_000}) {
        for (int length : new int[] {1, 20_000, 100_003}) {
          Set<List<Integer>> ranges = ConcurrentHashMap.newKeySet();
          team.forBlocks(length, block, (from, to) -> ranges.add(List.of(from, to)));

          Set<List<Integer>> expected = new HashSet<>();
          for (int from = 0; from < length; from += block) {
            expected.add(List.of(from, Math.min(length, from + block)));
          }
          assertEquals(expected, ranges);
        }
      }
    }
  }

  /** A double has no room for 1e17 and a small number: what is added before 1e17 goes together. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void blocksAreAddedInTheirOrderForAnyThreads(int threads) {
    double expected = 20 * 5 + 1e17; // as one number, 100 is not lost
    for (int block = 21; block < 40; block++) {
      expected += 5;
    }
    try (Team team = new Team(threads)) {
      assertEquals(expected, team.sum(40 * 1024, (from, to) -> from == 20 * 1024 ? 1e17 : 5));
    }
    assertEquals(1e17 + 96, expected);
  }

  /** A topology may have so many parameters. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void blocksCoverTheLongestArray(int threads) {
    int longest = Integer.MAX_VALUE - 8;
    LongAdder covered = new LongAdder();
    try (Team team = new Team(threads)) {
      team.forBlocks(
          longest,
          (from, to) -> {
            if (from < 0 || to <= from || to > longest) {
              throw new IllegalStateException("%d to %d".formatted(from, to));
            }
            covered.add(to - from);
          });
    }

    assertEquals(longest, covered.sum());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void whatAPartThrowsReachesTheCallerAndTheTeamGoesOn(int threads) {
    List<Throwable> failures =
        List.of(new IllegalStateException("no"), new AssertionError("no"), new IOException("no"));
    try (Team team = new Team(threads)) {
      for (int round = 0; round < 50; round++) {
        for (Throwable failure : failures) {
          for (int failing : new int[] {0, 3, 6}) {
            Throwable thrown =
                assertThrows(
                    Throwable.class,
                    () ->
                        team.run(
                            7,
                            part -> {
                              if (part == failing) {
                                TeamTest.<RuntimeException>throwUnseen(failure);
                              }
                            }));
            assertSame(failure, thrown);
          }
          assertRunsOnce(team, 7);
        }
      }
    }
  }

  /** As Scala does, and so all of Spark: it throws checked exceptions that Java does not see. */
  @SuppressWarnings("unchecked")
  private static <T extends Throwable> void throwUnseen(Throwable failure) throws T {
    throw (T) failure;
  }

  @Test
  void allPartsFailingIsOneFailure() {
    try (Team team = new Team(3)) {
      IllegalStateException thrown =
          assertThrows(
              IllegalStateException.class,
              () ->
                  team.run(
                      100,
                      part -> {
                        throw new IllegalStateException("part " + part);
                      }));
      assertTrue(String.valueOf(thrown.getMessage()).startsWith("part "));
      assertRunsOnce(team, 100);
    }
  }

  @Test
  void manyThousandHandOversLoseNothing() {
    LongAdder sum = new LongAdder();
    try (Team team = new Team(3)) {
      for (int i = 0; i < 20_000; i++) {
        team.run(3, sum::add);
      }
    }

    assertEquals(20_000 * (1L + 2), sum.sum());
  }

  /** The other half of a hand-over: not to a helper that looks, but to one that sleeps. */
  @Test
  void helpersThatSleepAreWoken() {
    LongAdder sum = new LongAdder();
    List<Thread.State> asleep = List.of(Thread.State.WAITING, Thread.State.WAITING);
    try (Team team = new Team(3)) {
      for (int i = 0; i < 100; i++) {
        Eventually.holds(
            () -> helpersAtWork().stream().map(Thread::getState).toList().equals(asleep),
            "both helpers sleep");
        team.run(30, sum::add);
      }
    }

    assertEquals(100 * 435L, sum.sum());
  }

  @Test
  void helpersLeaveAClosedTeamEvenIfTheyComeLate() {
    for (int i = 0; i < 200; i++) {
      try (Team team = new Team(4)) {
        if (i % 2 == 0) {
          assertRunsOnce(team, 4);
        }
      }
    }
    List<Team> open = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      open.add(new Team(4));
    }
    open.forEach(Team::close);

    Eventually.holds(() -> helpersAtWork().isEmpty(), "all helpers have left");
  }

  /** Threads that look for work of a team; others wait in their pool for the next team. */
  private static List<Thread> helpersAtWork() {
    return BusyThreads.in(Team.class, "help");
  }
}
