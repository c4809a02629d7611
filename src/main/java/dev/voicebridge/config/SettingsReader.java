package dev.voicebridge.config;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.voicebridge.text.Nearest;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.io.Reader;
import java.net.IDN;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads single settings through their layers and collects mistakes instead of stopping at the
 * first. After a mistake a method answers with something harmless, so that reading can go on.
 */
final class SettingsReader {
  private static final List<String> NAMES =
      Arrays.stream(Setting.values()).map(Setting::name).toList();
  private static final Pattern HOST_NAME =
      Pattern.compile("(?=.{1,253}$)([A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\\.?)+");
  private static final Pattern ALL_DIGITS_LAST = Pattern.compile("(.*\\.)?\\d+\\.?");
  private static final Pattern ORIGIN =
      Pattern.compile("([a-z][a-z0-9+.-]*)://(\\[[0-9a-fA-F:.]+]|[^/?#@:\\[\\]\\s]+)(?::(\\d+))?");
  private static final Pattern HOST_AND_PORT =
      Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^/?#@:\\[\\]\\s]+):(\\d+)");

  /** Kubernetes puts these into every pod of a namespace with a service called voicebridge. */
  private static final Pattern SERVICE_LINK =
      Pattern.compile("VOICEBRIDGE_(SERVICE_(HOST|PORT.*)|PORT_\\d+_(TCP|UDP|SCTP).*)");

  private static final Set<String> METADATA_HOSTS =
      Set.of("169.254.169.254", "100.100.100.200", "fd00:ec2::254", "metadata.google.internal");

  private final List<String> mistakes = new ArrayList<>();
  private final List<Map<String, String>> layers = new ArrayList<>();

  SettingsReader(Map<String, String> properties, Map<String, String> environment) {
    Map<String, String> system = new HashMap<>(environment);
    system.keySet().removeIf(name -> SERVICE_LINK.matcher(name).matches());
    layers.add(properties);
    layers.add(system);
    refuseUnknownNames();
    Path file = path(Setting.VOICEBRIDGE_CONFIG);
    if (file != null) {
      layers.add(readPropertiesFile(file));
    }
  }

  List<String> mistakes() {
    return mistakes;
  }

  private void refuseUnknownNames() {
    Set<String> unknown = new TreeSet<>();
    for (Map<String, String> layer : layers) {
      for (String name : layer.keySet()) {
        if (name.regionMatches(true, 0, "VOICEBRIDGE_", 0, 12) && !NAMES.contains(name)) {
          unknown.add(name);
        }
      }
    }
    for (String name : unknown) {
      mistakes.add(shortened(name) + ": there is no such setting; " + didYouMean(name));
    }
  }

  private Map<String, String> readPropertiesFile(Path file) {
    Properties read = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      read.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      refuse(Setting.VOICEBRIDGE_CONFIG, file.toString(), "a readable properties file in UTF-8");
    }
    Map<String, String> layer = new LinkedHashMap<>();
    for (String name : new TreeSet<>(read.stringPropertyNames())) {
      if (name.equals(Setting.VOICEBRIDGE_CONFIG.name())) {
        mistakes.add(name + ": a settings file cannot name another one");
      } else if (!NAMES.contains(name)) {
        mistakes.add(
            "%s: there is no such setting, in the file %s; %s"
                .formatted(shortened(name), shortened(file.toString()), didYouMean(name)));
      } else {
        layer.put(name, read.getProperty(name));
      }
    }
    return layer;
  }

  private static String didYouMean(String name) {
    return "did you mean " + Nearest.to(name, NAMES, 1).get(0) + "?";
  }

  /** One line: what was set (unless it is secret), and what is expected. */
  void refuse(Setting setting, String value, String expected) {
    String shown = setting.isSecret() ? "the value (not shown)" : '"' + shortened(value) + '"';
    mistakes.add("%s: %s is not usable; expected %s".formatted(setting.name(), shown, expected));
  }

  void mistake(String line) {
    mistakes.add(line);
  }

  /** Fit for one line of a terminal, and without a password that stands in a URL. */
  static String shortened(String value) {
    String line = value.replaceAll("//[^/@]*@", "//***@").replaceAll("\\p{Cntrl}", "?").strip();
    return line.length() <= 80 ? line : line.substring(0, 79) + "…";
  }

  /**
   * @return null when not set; a blank value means not set, and hides what lies below it
   */
  @Nullable String set(Setting setting) {
    for (Map<String, String> layer : layers) {
      String value = layer.get(setting.name());
      if (value != null) {
        return value.isBlank() ? null : value.strip();
      }
    }
    return null;
  }

  /**
   * @return the default when not set, null when there is none
   */
  @Nullable String text(Setting setting) {
    String value = set(setting);
    return value == null ? setting.preset() : value;
  }

  /** For settings that have a default. */
  String textOrDefault(Setting setting) {
    String value = text(setting);
    if (value == null) {
      throw new IllegalArgumentException(setting + " has no default");
    }
    return value;
  }

  int whole(Setting setting, int from, int to, int otherwise) {
    String value = text(setting);
    if (value == null) {
      return otherwise;
    }
    try {
      int number = Integer.parseInt(value);
      if (number >= from && number <= to) {
        return number;
      }
    } catch (NumberFormatException e) {
      // told below, with the range
    }
    String hint =
        setting == Setting.VOICEBRIDGE_PORT && value.startsWith("tcp://")
            ? "; Kubernetes sets this for a service called voicebridge: enableServiceLinks: false"
                + " stops that"
            : "";
    refuse(setting, value, "a whole number from %d to %d%s".formatted(from, to, hint));
    return otherwise;
  }

  boolean flag(Setting setting) {
    String value = textOrDefault(setting);
    if (!value.equals("true") && !value.equals("false")) {
      refuse(setting, value, "true or false");
    }
    return value.equals("true");
  }

  /** A key that fits into a header. */
  @Nullable String key(Setting setting) {
    String value = set(setting);
    if (value != null && !isKey(value)) {
      refuse(setting, value, "visible ASCII characters, without blanks or quotation marks");
      return null;
    }
    return value;
  }

  static boolean isKey(String value) {
    return value.matches("[\\x21-\\x7e&&[^\"']]+");
  }

  String host(Setting setting) {
    String value = textOrDefault(setting);
    String host =
        value.startsWith("[") && value.endsWith("]")
            ? value.substring(1, value.length() - 1)
            : value;
    if (!isHost(host)) {
      refuse(setting, value, "an IP address or a host name, without scheme and port");
    }
    return host;
  }

  static boolean isHost(String host) {
    return NetUtil.isValidIpV4Address(host)
        || NetUtil.isValidIpV6Address(host)
        || (HOST_NAME.matcher(host).matches() && !ALL_DIGITS_LAST.matcher(host).matches());
  }

  /** By the look of it: a name other than localhost may lead anywhere tomorrow. */
  static boolean isLoopback(String host) {
    byte[] address = NetUtil.createByteArrayFromIpAddressString(host);
    if (address == null) {
      return host.equalsIgnoreCase("localhost");
    }
    try {
      return InetAddress.getByAddress(address).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address of 4 or 16 bytes", e);
    }
  }

  /**
   * A URL without query, fragment and user; a slash at its end is dropped.
   *
   * @param withPath whether a path may follow the host
   */
  @Nullable String httpUrl(Setting setting, boolean withPath) {
    String value = text(setting);
    if (value == null) {
      return null;
    }
    String url = value.replaceAll("/+$", "");
    URI uri = uri(url, Set.of("http", "https"));
    if (uri == null
        || uri.getRawUserInfo() != null
        || uri.getRawQuery() != null
        || uri.getRawFragment() != null
        || (!withPath && !uri.getRawPath().isEmpty())) {
      refuse(
          setting,
          value,
          "http(s)://host[:port]" + (withPath ? "[/path]" : ", without a path or user"));
    }
    return url;
  }

  /** Whether it is {@code http(s)://host[:port][/path]}, without query, fragment and user. */
  static boolean isHttpUrl(String url) {
    URI uri = uri(url, Set.of("http", "https"));
    return uri != null
        && uri.getRawUserInfo() == null
        && uri.getRawQuery() == null
        && uri.getRawFragment() == null;
  }

  @Nullable String redisUrl(Setting setting) {
    String value = set(setting);
    // Several hosts are no URI of java.net: the first one stands for the others, which are read
    // where the server is spoken to.
    if (value != null
        && uri(value.replaceFirst(",[^/?#]*", ""), Set.of("redis", "rediss")) == null) {
      refuse(setting, value, "redis(s)://[user:password@]host[:port][,host…][/database]");
    }
    return value;
  }

  private static @Nullable URI uri(String url, Set<String> schemes) {
    try {
      URI uri = new URI(url);
      boolean usable =
          uri.getScheme() != null
              && schemes.contains(uri.getScheme().toLowerCase(Locale.ROOT))
              && uri.getHost() != null
              && uri.getPort() <= 65535
              && uri.getPort() != 0;
      return usable ? uri : null;
    } catch (URISyntaxException e) {
      return null;
    }
  }

  /** Entries between commas or blanks, without empty ones. */
  private List<String> entries(Setting setting) {
    String value = text(setting);
    return value == null
        ? List.of()
        : Arrays.stream(value.split("[,\\s]+")).filter(entry -> !entry.isEmpty()).toList();
  }

  /** Origins as browsers write them: lower case, no default port. */
  List<String> origins(Setting setting) {
    List<String> origins = new ArrayList<>();
    for (String entry : entries(setting)) {
      String origin = origin(entry);
      if (origin == null) {
        refuse(setting, entry, "scheme://host[:port], without a path; * is not taken");
      } else {
        origins.add(origin);
      }
    }
    return List.copyOf(origins);
  }

  private static @Nullable String origin(String entry) {
    var parts = ORIGIN.matcher(entry);
    if (!parts.matches()) {
      return null;
    }
    String scheme = parts.group(1).toLowerCase(Locale.ROOT);
    String port = parts.group(3);
    String host;
    try {
      host = IDN.toASCII(parts.group(2)).toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException e) {
      return null;
    }
    if (!isHost(host.replaceAll("[\\[\\]]", "")) || (port != null && !isPort(port))) {
      return null;
    }
    boolean usual =
        port == null
            || (scheme.equals("https") && Integer.parseInt(port) == 443)
            || (scheme.equals("http") && Integer.parseInt(port) == 80);
    return scheme + "://" + host + (usual ? "" : ":" + Integer.parseInt(port));
  }

  private static boolean isPort(String digits) {
    return digits.length() <= 5
        && Integer.parseInt(digits) >= 1
        && Integer.parseInt(digits) <= 65535;
  }

  List<String> networks(Setting setting) {
    List<String> entries = entries(setting);
    for (String entry : entries) {
      String[] parts = entry.split("/", -1);
      int bits =
          NetUtil.isValidIpV4Address(parts[0])
              ? 32
              : NetUtil.isValidIpV6Address(parts[0]) && !parts[0].contains("%") ? 128 : -1;
      boolean usable =
          bits > 0
              && (parts.length == 1
                  || (parts.length == 2
                      && parts[1].matches("\\d{1,3}")
                      && Integer.parseInt(parts[1]) <= bits));
      if (!usable) {
        refuse(setting, entry, "an IP address or a range such as 10.0.0.0/8 or fd00::/8");
      }
    }
    return entries;
  }

  List<String> hostsAndPorts(Setting setting) {
    List<String> entries = entries(setting);
    for (String entry : entries) {
      var parts = HOST_AND_PORT.matcher(entry);
      String host = parts.matches() ? parts.group(1).replaceAll("[\\[\\]]", "") : "";
      if (!isHost(host) || !isPort(parts.group(2))) {
        refuse(setting, entry, "host:port");
      } else if (METADATA_HOSTS.contains(host.toLowerCase(Locale.ROOT))
          || host.startsWith("169.254.")) {
        refuse(setting, entry, "another host: metadata addresses are never fetched");
      }
    }
    return entries;
  }

  @Nullable Path path(Setting setting) {
    String value = text(setting);
    try {
      return value == null ? null : Path.of(value);
    } catch (InvalidPathException e) {
      refuse(setting, value == null ? "" : value, "the name of a file");
      return null;
    }
  }

  Path folder(Setting setting) {
    Path path = path(setting);
    if (path == null) {
      return Path.of("");
    }
    if (Files.exists(path) && !Files.isDirectory(path)) {
      refuse(setting, path.toString(), "a folder, and this is a file");
    }
    return path;
  }

  @Nullable Path jsonFile(Setting setting) {
    Path path = path(setting);
    if (path == null) {
      return null;
    }
    try {
      JsonNode json = new JsonMapper().readTree(Files.readAllBytes(path));
      if (!json.isContainerNode()) {
        refuse(setting, path.toString(), "a file with a JSON object or array");
      }
    } catch (JacksonException e) {
      var at = e.getLocation();
      // Not Jackson's own words: they quote the file, which holds keys.
      refuse(
          setting,
          path.toString(),
          "a JSON file; it breaks at line %d, column %d"
              .formatted(at == null ? 1 : at.getLineNr(), at == null ? 1 : at.getColumnNr()));
    } catch (IOException e) {
      refuse(setting, path.toString(), "a file that can be read");
    }
    return path;
  }
}
