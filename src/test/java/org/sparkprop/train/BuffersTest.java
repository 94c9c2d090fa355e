package org.sparkprop.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Lengths here are like no network's, so that no other test has a part in these buffers. */
class BuffersTest {
  @Test
  void anArrayThatIsGivenBackIsTakenAgain() {
    float[] array = Buffers.take(12_347);
    assertEquals(12_347, array.length);
    Buffers.give(array);

    assertSame(array, Buffers.take(12_347));
  }

  @Test
  void anArrayBelongsToOneTaker() {
    Buffers.give(new float[12_349]);

    assertNotSame(Buffers.take(12_349), Buffers.take(12_349));
  }

  @Test
  void lengthsAreKeptApart() {
    Buffers.give(new float[12_351]);

    assertEquals(12_352, Buffers.take(12_352).length);
    assertEquals(0, Buffers.take(0).length);
  }

  /** Each taker marks its arrays; nobody else's mark may come in between. */
  @Test
  void noArrayIsSharedByTakersWhoCompete() throws InterruptedException, ExecutionException {
    int takers = 6;
    ExecutorService threads = Executors.newFixedThreadPool(takers);
    try {
      List<Future<Integer>> collisions = new ArrayList<>();
      for (int taker = 0; taker < takers; taker++) {
        float mark = taker;
        collisions.add(threads.submit(() -> collisions(mark)));
      }
      for (Future<Integer> ofTaker : collisions) {
        assertEquals(0, ofTaker.get());
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static int collisions(float mark) {
    int collisions = 0;
    for (int i = 0; i < 20_000; i++) {
      float[] first = Buffers.take(12_353);
      float[] second = Buffers.take(12_353);
      first[0] = mark;
      second[0] = mark + 0.5f;
      Thread.onSpinWait();
      if (first[0] != mark || second[0] != mark + 0.5f) {
        collisions++;
      }
      Buffers.give(first);
      Buffers.give(second);
    }
    return collisions;
  }
}
