package dev.voicebridge.http;

import io.netty.util.NetUtil;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The far end of a request, as far as it can be believed.
 *
 * @param address the client's; null when a trusted proxy hides it
 * @param scheme {@code http} or {@code https}, as the client called
 * @param host the name the client called, lower case, IPv6 in brackets; empty when there is none
 * @param port the port the client called
 * @param hidden whether somebody who is not trusted says that he calls for another
 */
record Peer(@Nullable InetAddress address, String scheme, String host, int port, boolean hidden) {

  static Peer of(HttpServerRequest request, TrustedProxies proxies) {
    InetAddress direct = directAddress(request);
    String scheme = request.isSSL() ? "https" : "http";
    HostAndPort authority = request.authority();
    TrustedProxies.Claim claim = proxies.claim(direct, request.headers());
    if (claim == null) {
      return new Peer(
          direct,
          scheme,
          hostOf(authority),
          portOf(authority, scheme),
          TrustedProxies.claimsAnything(request.headers()));
    }
    String claimedScheme = claim.scheme() == null ? scheme : claim.scheme();
    HostAndPort claimedAuthority =
        claim.host() == null ? authority : HostAndPort.parseAuthority(claim.host(), -1);
    return new Peer(
        claim.address(),
        claimedScheme,
        hostOf(claimedAuthority),
        portOf(claimedAuthority, claimedScheme),
        false);
  }

  private static @Nullable InetAddress directAddress(HttpServerRequest request) {
    String literal = request.remoteAddress().hostAddress();
    return literal == null ? null : NetUtil.createInetAddressFromIpAddressString(literal);
  }

  private static String hostOf(@Nullable HostAndPort authority) {
    return authority == null ? "" : authority.host().toLowerCase(Locale.ROOT);
  }

  private static int portOf(@Nullable HostAndPort authority, String scheme) {
    int port = authority == null ? -1 : authority.port();
    return port > 0 ? port : defaultPort(scheme);
  }

  private static int defaultPort(String scheme) {
    return scheme.equals("https") ? 443 : 80;
  }

  /** Whether the request began on this machine. */
  boolean isLoopback() {
    return address != null && address.isLoopbackAddress() && !hidden;
  }

  /** Whether a host name can only mean this machine; a rebound DNS name cannot pass for one. */
  static boolean isLoopbackHost(String host) {
    return host.equals("localhost")
        || host.equals("[::1]")
        || host.equals("::1")
        || (host.startsWith("127.") && NetUtil.isValidIpV4Address(host));
  }

  /** The origin of a page that this server gave to the client. */
  String origin() {
    return scheme + "://" + host + (port == defaultPort(scheme) ? "" : ":" + port);
  }

  static InetSocketAddress socketAddress(InetAddress address) {
    return new InetSocketAddress(address, 0);
  }
}
