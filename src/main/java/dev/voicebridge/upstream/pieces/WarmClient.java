package dev.voicebridge.upstream.pieces;

import dev.voicebridge.upstream.Deadlines;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;

/** Clients that keep connections for the next piece. */
public final class WarmClient {
  private WarmClient() {}

  /**
   * @param connections most at once to one host; how many requests there are is what {@link Places}
   *     decide
   */
  public static HttpClient of(Vertx vertx, int connections, Deadlines deadlines) {
    return vertx.createHttpClient(
        new HttpClientOptions()
            .setDecompressionSupported(false)
            .setTcpNoDelay(true)
            .setConnectTimeout((int) deadlines.connect().toMillis())
            .setKeepAliveTimeout((int) deadlines.keepIdle().toSeconds()),
        new PoolOptions().setHttp1MaxSize(connections).setMaxWaitQueueSize(connections));
  }
}
