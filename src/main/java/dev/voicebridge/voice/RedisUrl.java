package dev.voicebridge.voice;

import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code REDIS_URL}:
 *
 * <pre>
 * redis[s]://[[user]:password@]host[:port][,host[:port]…][/database][?type=…][&amp;master=…]
 *
 * redis://127.0.0.1:6379/0                            one server
 * rediss://:secret@redis.example:6380                 the same over TLS; the name must fit the certificate
 * redis://a:6379,b:6379,c:6379                        a cluster, by some of its members
 * redis://a:6379?type=cluster                         a cluster, by one of its members
 * redis://a:26379,b:26379/0?type=sentinel&amp;master=voices  sentinels (not the servers they watch)
 * </pre>
 *
 * User and password are percent-encoded and hold for every host. {@code type} is {@code
 * standalone}, {@code cluster} or {@code sentinel}; left out, several hosts are a cluster. {@code
 * master} is {@code mymaster} when left out. A cluster has database 0 only.
 */
final class RedisUrl {
  private static final Pattern FORM =
      Pattern.compile(
          "(rediss?)://(?:([^@/?#]*)@)?([^@/?#]+)(?:/(\\d{0,3}))?(?:\\?([^#]*))?",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern HOST =
      Pattern.compile("(?:[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(?::(\\d{1,5}))?");

  private RedisUrl() {}

  /**
   * @throws IllegalArgumentException in words for an operator, without the URL: it may hold a
   *     password
   */
  static RedisOptions parse(String url) {
    Matcher form = FORM.matcher(url.trim());
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "not of the form redis(s)://[user:password@]host[:port][,host…][/database][?type=…]");
    }
    String[] hosts = form.group(3).split(",", -1);
    Map<String, String> query = query(form.group(5));
    RedisClientType type = type(query.remove("type"), hosts.length);
    String master = query.remove("master");
    if (!query.isEmpty()) {
      throw new IllegalArgumentException("unknown: " + String.join(", ", query.keySet()));
    }
    if (master != null && type != RedisClientType.SENTINEL) {
      throw new IllegalArgumentException("master is for type=sentinel");
    }
    String database = form.group(4);
    boolean other = database != null && !database.matches("0*");
    if (other && type == RedisClientType.CLUSTER) {
      throw new IllegalArgumentException("a cluster has database 0 only");
    }
    RedisOptions options = new RedisOptions().setType(type);
    if (master != null) {
      options.setMasterName(master);
    }
    String scheme = form.group(1).toLowerCase(Locale.ROOT);
    if (scheme.equals("rediss")) {
      options.getNetClientOptions().setHostnameVerificationAlgorithm("HTTPS");
    }
    String user = form.group(2) == null ? "" : form.group(2) + "@";
    for (String host : hosts) {
      Matcher named = HOST.matcher(host);
      if (!named.matches() || !isPort(named.group(1))) {
        throw new IllegalArgumentException("not a host[:port]: " + host);
      }
      String port = named.group(1) == null ? defaultPort(type) : "";
      options.addConnectionString(
          scheme + "://" + user + host + port + (other ? "/" + database : ""));
    }
    return options;
  }

  private static boolean isPort(@Nullable String port) {
    return port == null || (Integer.parseInt(port) > 0 && Integer.parseInt(port) <= 65_535);
  }

  private static String defaultPort(RedisClientType type) {
    return type == RedisClientType.SENTINEL ? ":26379" : ":6379";
  }

  private static RedisClientType type(@Nullable String name, int hosts) {
    RedisClientType type =
        switch (name == null ? (hosts == 1 ? "standalone" : "cluster") : name) {
          case "standalone" -> RedisClientType.STANDALONE;
          case "cluster" -> RedisClientType.CLUSTER;
          case "sentinel" -> RedisClientType.SENTINEL;
          default -> throw new IllegalArgumentException("type is standalone, cluster or sentinel");
        };
    if (type == RedisClientType.STANDALONE && hosts > 1) {
      throw new IllegalArgumentException("several hosts are a cluster or sentinels");
    }
    return type;
  }

  private static Map<String, String> query(@Nullable String text) {
    Map<String, String> query = new HashMap<>();
    if (text != null && !text.isEmpty()) {
      for (String pair : text.split("&", -1)) {
        int at = pair.indexOf('=');
        query.put(at < 0 ? pair : pair.substring(0, at), at < 0 ? "" : pair.substring(at + 1));
      }
    }
    return query;
  }
}
