package dev.voicebridge.net;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * Which addresses belong to the internet at large (the IANA special-purpose registries, RFC 6890,
 * and what clouds keep their secrets on). Any thread.
 */
public final class Addresses {
  /** {@code network/bits}, never to be reached from a sample's URL. */
  private static final List<Block> PRIVATE =
      blocks(
          "0.0.0.0/8",
          "10.0.0.0/8",
          "100.64.0.0/10",
          "127.0.0.0/8",
          "172.16.0.0/12",
          "192.0.0.0/24",
          "192.0.2.0/24",
          "192.88.99.0/24",
          "192.168.0.0/16",
          "198.18.0.0/15",
          "198.51.100.0/24",
          "203.0.113.0/24");

  /** Not even where the operator allowed the host. */
  private static final List<Block> NEVER =
      blocks(
          "169.254.0.0/16", "100.100.100.200/32", "168.63.129.16/32", "224.0.0.0/4", "240.0.0.0/4");

  private Addresses() {}

  private record Block(int network, int bits) {
    boolean holds(byte[] address) {
      int mask = -1 << (32 - bits);
      return (ByteBuffer.wrap(address).getInt() & mask) == (network & mask);
    }
  }

  /**
   * @param mayBePrivate whether the operator allowed the host
   */
  public static boolean reachable(InetAddress address, boolean mayBePrivate) {
    if (address instanceof Inet4Address) {
      return reachable4(address.getAddress(), mayBePrivate);
    }
    return address instanceof Inet6Address six && reachable6(six.getAddress(), mayBePrivate);
  }

  private static boolean reachable4(byte[] address, boolean mayBePrivate) {
    return !in(NEVER, address) && (mayBePrivate || !in(PRIVATE, address));
  }

  private static boolean reachable6(byte[] address, boolean mayBePrivate) {
    String hex = HexFormat.of().formatHex(address);
    if (hex.equals("0".repeat(31) + "1")) {
      return mayBePrivate;
    }
    // IPv4 in disguise: mapped, compatible, translated (NAT64), 6to4.
    if (hex.startsWith("00000000000000000000ffff")
        || hex.startsWith("0".repeat(24))
        || hex.startsWith("0064ff9b0000000000000000")
        || hex.startsWith("0000000000000000ffff0000")) {
      return reachable4(Arrays.copyOfRange(address, 12, 16), mayBePrivate);
    }
    if (hex.startsWith("2002")) {
      return reachable4(Arrays.copyOfRange(address, 2, 6), mayBePrivate);
    }
    if (hex.startsWith("fd000ec2")) {
      return false;
    }
    if ((address[0] & 0xfe) == 0xfc) {
      return mayBePrivate;
    }
    // Of the rest only global unicast, without Teredo and what is for documents.
    boolean global = (address[0] & 0xe0) == 0x20;
    return global
        && !hex.startsWith("20010000")
        && !hex.startsWith("20010db8")
        && !hex.startsWith("3fff0");
  }

  private static boolean in(List<Block> blocks, byte[] address) {
    return blocks.stream().anyMatch(block -> block.holds(address));
  }

  private static List<Block> blocks(String... written) {
    return Arrays.stream(written)
        .map(
            block -> {
              String[] parts = block.split("/", 2);
              int network = 0;
              for (String number : parts[0].split("\\.", 4)) {
                network = network << 8 | Integer.parseInt(number);
              }
              return new Block(network, Integer.parseInt(parts[1]));
            })
        .toList();
  }
}
