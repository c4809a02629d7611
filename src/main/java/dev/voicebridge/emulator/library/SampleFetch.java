package dev.voicebridge.emulator.library;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Reads a sample from a URL on this machine, and nowhere else: every step of a redirect must name a
 * host all of whose addresses are loopback, and the address that was checked is the one that is
 * connected to.
 */
public final class SampleFetch {
  private static final int MOST_REDIRECTS = 3;
  private static final int PATIENCE_SECONDS = 10;

  private final Vertx vertx;
  private final HttpClient client;

  public SampleFetch(Vertx vertx) {
    this.vertx = vertx;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setConnectTimeout(3000)
                // certificates of a loopback host prove nothing
                .setTrustAll(true)
                .setVerifyHost(false));
  }

  /**
   * @return at most {@link SampleRules#MOST_BYTES}; fails with a {@link SampleException}
   */
  public Future<byte[]> fetch(String url) {
    AtomicReference<@Nullable HttpClientRequest> running = new AtomicReference<>();
    return step(url, MOST_REDIRECTS, running)
        .timeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .recover(
            cause -> {
              HttpClientRequest request = running.get();
              if (request != null) {
                request.reset();
              }
              return Future.failedFuture(
                  cause instanceof SampleException
                      ? cause
                      : SampleException.notFetched("no answer."));
            });
  }

  public Future<Void> close() {
    return client.close();
  }

  private Future<byte[]> step(
      String url, int redirects, AtomicReference<@Nullable HttpClientRequest> running) {
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException e) {
      return Future.failedFuture(SampleException.notFetched("invalid URL."));
    }
    String host = uri.getHost();
    boolean tls = "https".equalsIgnoreCase(uri.getScheme());
    if (host == null || !(tls || "http".equalsIgnoreCase(uri.getScheme()))) {
      return Future.failedFuture(SampleException.notFetched("invalid URL."));
    }
    int port = uri.getPort() >= 0 ? uri.getPort() : tls ? 443 : 80;
    return vertx
        .executeBlocking(() -> loopback(host), false)
        .compose(
            address ->
                client.request(
                    new RequestOptions()
                        .setMethod(HttpMethod.GET)
                        .setServer(SocketAddress.inetSocketAddress(port, address))
                        .setHost(host)
                        .setPort(port)
                        .setSsl(tls)
                        .setURI(target(uri))
                        .setFollowRedirects(false)))
        .compose(
            request -> {
              running.set(request);
              return request.send();
            })
        .compose(
            response -> {
              String next = response.getHeader("Location");
              if (response.statusCode() / 100 == 3 && next != null) {
                if (redirects == 0) {
                  return Future.failedFuture(SampleException.notFetched("too many redirects."));
                }
                response.request().reset();
                return step(resolved(uri, next), redirects - 1, running);
              }
              if (response.statusCode() != 200) {
                return Future.failedFuture(
                    SampleException.notFetched("HTTP " + response.statusCode() + "."));
              }
              return body(response);
            });
  }

  private static Future<byte[]> body(HttpClientResponse response) {
    Promise<byte[]> all = Promise.promise();
    Buffer bytes = Buffer.buffer();
    response.handler(
        chunk -> {
          if (bytes.length() + chunk.length() > SampleRules.MOST_BYTES) {
            all.tryFail(SampleException.tooBig());
            response.request().reset();
          } else {
            bytes.appendBuffer(chunk);
          }
        });
    response.exceptionHandler(all::tryFail);
    response.endHandler(v -> all.tryComplete(bytes.getBytes()));
    return all.future();
  }

  private static String resolved(URI from, String location) {
    try {
      return from.resolve(location).toString();
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  private static String target(URI uri) {
    String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
  }

  private static String loopback(String host) throws UnknownHostException {
    String name = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    InetAddress[] addresses = InetAddress.getAllByName(name);
    for (InetAddress address : addresses) {
      if (!address.isLoopbackAddress()) {
        throw SampleException.notFetched("the guest reads from this machine only.");
      }
    }
    return addresses[0].getHostAddress();
  }
}
