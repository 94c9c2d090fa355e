package org.sparkprop.data.source.fetch;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPInputStream;

/** A web folder with gzipped files. */
final class MirrorFetcher implements Fetcher {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration PATIENCE_TO_CONNECT = Duration.ofSeconds(10);

  private static final long MAX_BYTES = 64 << 20;

  private final String mirror;
  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(PATIENCE_TO_CONNECT)
          .followRedirects(HttpClient.Redirect.NORMAL)
          .build();

  /**
   * @param mirror the address of the folder, with a slash at its end
   */
  MirrorFetcher(String mirror) {
    this.mirror = mirror;
  }

  @Override
  public InputStream open(String file) throws IOException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(mirror + file + ".gz")).build();
    try {
      // A file is 10 MB at most; the patience is for all of it, not for the first byte.
      HttpResponse<byte[]> response =
          client
              .sendAsync(request, MirrorFetcher::limitedBody)
              .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      if (response.statusCode() != 200) {
        throw new IOException("answered with status " + response.statusCode());
      }
      return new GZIPInputStream(new ByteArrayInputStream(response.body()));
    } catch (TimeoutException slow) {
      throw new IOException("took more than %d s".formatted(PATIENCE.toSeconds()), slow);
    } catch (ExecutionException failed) {
      String reason = failed.getCause() == null ? null : failed.getCause().getMessage();
      throw new IOException(reason == null ? "no connection" : reason, failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", interrupted);
    }
  }

  /** A server that sends more than any of our files has is cut off. */
  private static HttpResponse.BodySubscriber<byte[]> limitedBody(HttpResponse.ResponseInfo about) {
    return new LimitedBody(HttpResponse.BodySubscribers.ofByteArray(), MAX_BYTES);
  }

  @Override
  public void close() {}

  @Override
  public String toString() {
    return mirror;
  }
}
