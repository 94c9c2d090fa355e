package org.sparkprop.data;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.zip.GZIPInputStream;

/** A web folder with gzipped files. */
final class MirrorFetcher implements Fetcher {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final String mirror;
  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(PATIENCE)
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
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(mirror + file + ".gz")).timeout(PATIENCE).build();
    try {
      HttpResponse<InputStream> response =
          client.send(request, HttpResponse.BodyHandlers.ofInputStream());
      if (response.statusCode() != 200) {
        response.body().close();
        throw new IOException("answered with status " + response.statusCode());
      }
      return new GZIPInputStream(response.body());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", interrupted);
    } catch (IOException failed) {
      throw failed.getMessage() == null ? new IOException("no connection", failed) : failed;
    }
  }

  @Override
  public void close() {}

  @Override
  public String toString() {
    return mirror;
  }
}
