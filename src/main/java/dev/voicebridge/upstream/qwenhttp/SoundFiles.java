package dev.voicebridge.upstream.qwenhttp;

import dev.voicebridge.net.Addresses;
import dev.voicebridge.upstream.UpstreamException;
import dev.voicebridge.upstream.UpstreamException.Kind;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Judges the links that the service gives: they lead to the vendor's storage, at a public address,
 * or to the very host that the operator named. The connection goes to an address that was judged,
 * redirects are not followed, and no key travels.
 */
final class SoundFiles {
  private static final int MOST_URL = 4096;
  private static final String VENDORS = ".aliyuncs.com";

  private final Vertx vertx;
  private final String operatorsHost;

  /**
   * @param baseUrl where the service is
   */
  SoundFiles(Vertx vertx, String baseUrl) {
    this.vertx = vertx;
    this.operatorsHost =
        Objects.requireNonNullElse(URI.create(baseUrl).getHost(), "").toLowerCase(Locale.ROOT);
  }

  /**
   * @return the request; fails with {@link UpstreamException}
   */
  Future<RequestOptions> judge(String url) {
    URI uri;
    try {
      uri = url.length() > MOST_URL ? null : new URI(url);
    } catch (URISyntaxException e) {
      uri = null;
    }
    String named = uri == null ? null : uri.getHost();
    String scheme = uri == null || uri.getScheme() == null ? "" : uri.getScheme();
    boolean secure = scheme.equalsIgnoreCase("https");
    if (uri == null
        || named == null
        || uri.getRawUserInfo() != null
        || !(secure || scheme.equalsIgnoreCase("http"))
        || uri.getPort() == 0
        || uri.getPort() > 65_535) {
      return refused("that cannot be followed");
    }
    String host = named.toLowerCase(Locale.ROOT);
    boolean operators = host.equals(operatorsHost);
    if (!operators && !host.endsWith(VENDORS)) {
      return refused("to a host that is not the vendor's");
    }
    int port = uri.getPort() > 0 ? uri.getPort() : secure ? 443 : 80;
    String path = uri.getRawPath();
    String query = uri.getRawQuery();
    String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    return vertx
        .executeBlocking(() -> List.of(InetAddress.getAllByName(bare)), false)
        .recover(
            unknown ->
                Future.failedFuture(
                    new UpstreamException(
                        Kind.UNREACHABLE, "the host of the service's sound is unknown")))
        .compose(
            addresses -> {
              for (InetAddress address : addresses) {
                if (!Addresses.reachable(address, operators)) {
                  return refused("to an address inside");
                }
              }
              return Future.succeededFuture(
                  new RequestOptions()
                      .setMethod(HttpMethod.GET)
                      // The address that was judged; the name is for the header and certificate.
                      .setServer(
                          SocketAddress.inetSocketAddress(
                              new InetSocketAddress(addresses.get(0), port)))
                      .setHost(bare)
                      .setPort(port)
                      .setSsl(secure)
                      .setURI(
                          (path == null || path.isEmpty() ? "/" : path)
                              + (query == null ? "" : "?" + query))
                      .setFollowRedirects(false));
            });
  }

  private static Future<RequestOptions> refused(String where) {
    return Future.failedFuture(
        new UpstreamException(
            Kind.GARBAGE, "the service answered with a link " + where + ", instead of sound"));
  }
}
