package org.sparkprop.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkprop.Refusal;
import org.sparkprop.base.InvalidInputException;

class FolderLockTest {
  private static final Duration MOMENT = Duration.ofMillis(1);

  @TempDir Path scratch;

  private final Configuration hadoop = new Configuration();
  private final List<String> said = new ArrayList<>();

  private org.apache.hadoop.fs.Path folder() {
    return new org.apache.hadoop.fs.Path(scratch.resolve("m").toString());
  }

  private Path lock() {
    return scratch.resolve(".m.lock");
  }

  private FolderLock take() {
    return FolderLock.take(folder(), hadoop, said::add, FolderLock.Owner.here(), MOMENT);
  }

  private void left(FolderLock.Owner owner) throws IOException {
    Files.write(lock(), new ObjectMapper().writeValueAsBytes(owner));
  }

  private static FolderLock.Owner owner(String space, long pid, long started) {
    return new FolderLock.Owner("a token", "node-7", space, pid, started, "2026-01-01T00:00:00Z");
  }

  @Test
  void whoIsAtWorkIsNamedAndMayFinish() throws IOException {
    try (FolderLock first = take()) {
      String refused = Refusal.of(this::take);
      assertTrue(
          refused.matches(
              "Cannot write \\S+/m: process \\d+ of \\S+ is at work there since \\S+Z \\(give"
                  + " another name, or wait until it is done\\)"),
          refused);
      assertTrue(first.isHeld());
    }
    assertFalse(Files.exists(lock()));
    take().close();
  }

  @Test
  void aDeadProcessOfThisHostBlocksNobody() throws IOException, InterruptedException {
    Process ended = new ProcessBuilder("true").start();
    ended.waitFor();
    left(owner(FolderLock.processSpace(), ended.pid(), 0));

    take().close();

    // Nor one whose number another process has by now.
    left(owner(FolderLock.processSpace(), ProcessHandle.current().parent().orElseThrow().pid(), 1));
    take().close();
    assertEquals(List.of(), said);
  }

  @Test
  void aLivingProcessOfThisHostBlocks() throws IOException {
    ProcessHandle alive = ProcessHandle.current().parent().orElseThrow();
    long started = alive.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    left(owner(FolderLock.processSpace(), alive.pid(), started));

    assertEquals(
        "Cannot write %s: process %d of node-7 is at work there since 2026-01-01T00:00:00Z (give another name, or wait until it is done)"
            .formatted(folder(), alive.pid()),
        Refusal.of(this::take));
  }

  @Test
  void anotherHostIsWatchedAndOneThatIsSilentBlocksNobody() throws IOException {
    left(owner("another host", 1, 0));

    take().close();

    assertEquals(
        List.of(
            "waiting up to 1 s: process 1 of node-7 is at work there since 2026-01-01T00:00:00Z, or"
                + " was"),
        said);
  }

  @Test
  void anotherHostThatTouchesItsLockIsAlive() throws IOException {
    left(owner("another host", 1, 0));

    String refused =
        Refusal.of(
            () ->
                FolderLock.take(
                    folder(),
                    hadoop,
                    waiting -> touch(),
                    FolderLock.Owner.here(),
                    Duration.ofMinutes(1)));

    assertTrue(refused.contains("process 1 of node-7 is at work there"), refused);
  }

  private void touch() {
    try {
      Files.setLastModifiedTime(lock(), FileTime.from(Instant.now().minusSeconds(5)));
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Test
  void anotherHostThatHasBeenSilentForLongIsNotWaitedFor() throws IOException {
    left(owner("another host", 1, 0));
    Files.setLastModifiedTime(lock(), FileTime.from(Instant.now().minusSeconds(3600)));

    take().close();

    assertEquals(List.of(), said);
  }

  @Test
  void aLockThatWasCutShortBlocksNobody() throws IOException {
    Files.writeString(lock(), "{\"token\":\"a to");

    take().close();

    assertFalse(Files.exists(lock()));
  }

  @Test
  void whoLosesItsLockDoesNotDeleteThatOfTheNext() throws IOException {
    try (FolderLock lost = take()) {
      left(owner("another host", 1, 0));
      assertFalse(lost.isHeld());
    }
    assertTrue(Files.exists(lock()));
  }

  @Test
  void ofManyThatTryAtOnceOneGetsIt() throws Exception {
    int tries = 8;
    CountDownLatch start = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(tries);
    ExecutorService threads = Executors.newFixedThreadPool(tries);
    List<Future<Integer>> taken = new ArrayList<>();
    for (int i = 0; i < tries; i++) {
      taken.add(
          threads.submit(
              () -> {
                start.await();
                try (FolderLock mine = take()) {
                  end.countDown();
                  end.await(); // until all have tried
                  return mine.isHeld() ? 1 : 0;
                } catch (InvalidInputException refused) {
                  end.countDown();
                  return 0;
                }
              }));
    }
    start.countDown();
    int held = 0;
    for (Future<Integer> one : taken) {
      held += one.get();
    }
    threads.shutdown();
    assertEquals(1, held);
  }
}
