package org.sparkprop.data.source.fetch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;

class LimitedBodyTest {
  /** What the client is asked for. */
  private static final class Asked implements Flow.Subscription {
    private boolean isCancelled;

    @Override
    public void request(long items) {}

    @Override
    public void cancel() {
      isCancelled = true;
    }
  }

  private static List<ByteBuffer> bytes(int... bytes) {
    ByteBuffer buffer = ByteBuffer.allocate(bytes.length);
    for (int b : bytes) {
      buffer.put((byte) b);
    }
    return List.of(buffer.flip());
  }

  @Test
  void aBodyWithinTheBoundIsAllThere() throws Exception {
    LimitedBody body = new LimitedBody(BodySubscribers.ofByteArray(), 4);
    body.onSubscribe(new Asked());
    body.onNext(bytes(1, 2));
    body.onNext(bytes(3, 4));
    body.onComplete();

    assertArrayEquals(new byte[] {1, 2, 3, 4}, body.getBody().toCompletableFuture().get());
  }

  @Test
  void aServerThatSendsMoreIsCutOff() {
    LimitedBody body = new LimitedBody(BodySubscribers.ofByteArray(), 3);
    Asked asked = new Asked();
    body.onSubscribe(asked);
    body.onNext(bytes(1, 2));
    body.onNext(bytes(3, 4));

    ExecutionException failed =
        assertThrows(ExecutionException.class, () -> body.getBody().toCompletableFuture().get());
    assertEquals(
        "java.io.IOException: sent more than 3 bytes", String.valueOf(failed.getMessage()));
    assertTrue(asked.isCancelled);
  }
}
