package org.sparkprop.data.source.fetch;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** The body of an answer, which fails when it is longer than it may be. */
final class LimitedBody implements BodySubscriber<byte[]> {
  private final BodySubscriber<byte[]> whole;
  private final long maxBytes;
  private long bytes;
  private Flow.@Nullable Subscription subscription;

  LimitedBody(BodySubscriber<byte[]> whole, long maxBytes) {
    this.whole = whole;
    this.maxBytes = maxBytes;
  }

  @Override
  public CompletionStage<byte[]> getBody() {
    return whole.getBody();
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    this.subscription = subscription;
    whole.onSubscribe(subscription);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    for (ByteBuffer buffer : buffers) {
      bytes += buffer.remaining();
    }
    if (bytes > maxBytes) {
      if (subscription != null) {
        subscription.cancel();
      }
      whole.onError(new IOException("sent more than %,d bytes".formatted(maxBytes)));
      return;
    }
    whole.onNext(buffers);
  }

  @Override
  public void onError(Throwable failed) {
    whole.onError(failed);
  }

  @Override
  public void onComplete() {
    whole.onComplete();
  }
}
