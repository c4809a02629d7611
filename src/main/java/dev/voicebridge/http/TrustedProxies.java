package dev.voicebridge.http;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import io.vertx.core.MultiMap;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whose {@code Forwarded} (RFC 7239) and {@code X-Forwarded-*} headers count. A header is read from
 * its end, one hop per trusted proxy: what stands before the first stranger is that stranger's own
 * tale.
 */
final class TrustedProxies {
  private static final Pattern FORWARDED_PAIR =
      Pattern.compile("([A-Za-z]+)=(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^\\s;,\"]*))\\s*([;,]?)\\s*");

  private final List<IpSubnetFilterRule> rules;

  /**
   * @param proxies addresses or CIDR ranges
   * @throws IllegalArgumentException when one is neither
   */
  TrustedProxies(List<String> proxies) {
    this.rules = proxies.stream().map(TrustedProxies::rule).toList();
  }

  private static IpSubnetFilterRule rule(String proxy) {
    int slash = proxy.indexOf('/');
    String literal = slash < 0 ? proxy : proxy.substring(0, slash);
    InetAddress address = NetUtil.createInetAddressFromIpAddressString(literal);
    if (address == null) {
      throw new IllegalArgumentException("not an address or CIDR range: " + proxy);
    }
    int bits =
        slash < 0 ? address.getAddress().length * 8 : Integer.parseInt(proxy.substring(slash + 1));
    return new IpSubnetFilterRule(address, bits, IpFilterRuleType.ACCEPT);
  }

  /**
   * What the nearest trusted proxies say of the client.
   *
   * @param address null when it is hidden or no address
   * @param scheme null when nothing is said
   * @param host host and perhaps port; null when nothing is said
   */
  record Claim(@Nullable InetAddress address, @Nullable String scheme, @Nullable String host) {}

  /** Whether any header speaks for somebody else. */
  static boolean claimsAnything(MultiMap headers) {
    return headers.contains("forwarded") || headers.contains("x-forwarded-for");
  }

  /**
   * @return null when the peer is not trusted or says nothing
   */
  @Nullable Claim claim(@Nullable InetAddress peer, MultiMap headers) {
    if (!isTrusted(peer)) {
      return null;
    }
    List<Claim> hops =
        headers.contains("forwarded") ? forwarded(headers) : xForwarded(headers, peer);
    for (int i = hops.size() - 1; i >= 0; i--) {
      if (i == 0 || !isTrusted(hops.get(i).address())) {
        return hops.get(i);
      }
    }
    return null;
  }

  private boolean isTrusted(@Nullable InetAddress address) {
    return address != null
        && rules.stream().anyMatch(rule -> rule.matches(Peer.socketAddress(address)));
  }

  private static List<Claim> forwarded(MultiMap headers) {
    List<Claim> hops = new ArrayList<>();
    String address = null;
    String scheme = null;
    String host = null;
    Matcher pair = FORWARDED_PAIR.matcher(String.join(",", headers.getAll("forwarded")));
    int end = 0;
    while (pair.find(end) && pair.start() == end) {
      end = pair.end();
      String quoted = pair.group(2);
      String value = quoted == null ? pair.group(3) : quoted.replaceAll("\\\\(.)", "$1");
      switch (pair.group(1).toLowerCase(Locale.ROOT)) {
        case "for" -> address = value;
        case "proto" -> scheme = value;
        case "host" -> host = value;
        default -> {}
      }
      if (!pair.group(4).equals(";")) {
        hops.add(new Claim(address(address), scheme(scheme), host));
        address = null;
        scheme = null;
        host = null;
      }
    }
    return hops;
  }

  private static List<Claim> xForwarded(MultiMap headers, @Nullable InetAddress peer) {
    List<String> addresses = list(headers, "x-forwarded-for");
    List<String> schemes = list(headers, "x-forwarded-proto");
    List<String> hosts = list(headers, "x-forwarded-host");
    if (addresses.isEmpty()) {
      return schemes.isEmpty() && hosts.isEmpty()
          ? List.of()
          : List.of(new Claim(peer, scheme(fromEnd(schemes, 0)), fromEnd(hosts, 0)));
    }
    List<Claim> hops = new ArrayList<>();
    for (int i = 0; i < addresses.size(); i++) {
      int back = addresses.size() - 1 - i;
      hops.add(
          new Claim(
              address(addresses.get(i)), scheme(fromEnd(schemes, back)), fromEnd(hosts, back)));
    }
    return hops;
  }

  private static List<String> list(MultiMap headers, String name) {
    return headers.getAll(name).stream()
        .flatMap(line -> Stream.of(line.split(",", -1)))
        .map(String::trim)
        .filter(value -> !value.isEmpty())
        .toList();
  }

  /** The value a hop wrote; where only one hop writes the header, its one value. */
  private static @Nullable String fromEnd(List<String> values, int back) {
    return values.isEmpty() ? null : values.get(Math.max(0, values.size() - 1 - back));
  }

  private static @Nullable String scheme(@Nullable String value) {
    return "https".equalsIgnoreCase(value) || "wss".equalsIgnoreCase(value)
        ? "https"
        : "http".equalsIgnoreCase(value) || "ws".equalsIgnoreCase(value) ? "http" : null;
  }

  /**
   * Reads {@code 1.2.3.4}, {@code 1.2.3.4:567}, {@code ::1}, {@code [::1]} and {@code [::1]:80}.
   */
  private static @Nullable InetAddress address(@Nullable String node) {
    if (node == null) {
      return null;
    }
    String literal = node;
    if (node.startsWith("[")) {
      int bracket = node.indexOf(']');
      literal = bracket < 0 ? node : node.substring(1, bracket);
    } else if (node.indexOf(':') >= 0 && node.indexOf(':') == node.lastIndexOf(':')) {
      literal = node.substring(0, node.indexOf(':'));
    }
    return NetUtil.createInetAddressFromIpAddressString(literal);
  }
}
