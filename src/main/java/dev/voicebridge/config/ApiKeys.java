package dev.voicebridge.config;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The keys that callers show. Any thread; what {@link #find} sees changes only when {@link
 * #reloadIfChanged} has read a good file. Holds digests, never the keys themselves.
 */
public final class ApiKeys {
  /** Shorter keys can be guessed. */
  public static final int MIN_KEY_LENGTH = 16;

  /**
   * What a key stands for.
   *
   * @param name goes to logs and metrics; unique
   * @param models the models it may use; empty: all
   * @param voices the voices it may use; empty: all
   * @param limits what differs from the limits of the process
   * @param weight its share when callers wait for the same budget, 1 to 1000
   * @param operator whether it sees and may change everyone's voices
   */
  public record Key(
      String name,
      Set<String> models,
      Set<String> voices,
      Limits limits,
      int weight,
      boolean operator) {}

  /** Each null where the limit of the process holds; otherwise at least 1. */
  public record Limits(
      @Nullable Integer maxSessions,
      @Nullable Integer maxTextChars,
      @Nullable Integer maxQueuedChars,
      @Nullable Integer maxQueuedResponses,
      @Nullable Integer maxMessageBytes,
      @Nullable Integer maxMessagesPerSecond,
      @Nullable Integer maxLeadSeconds,
      @Nullable Integer idleSeconds,
      @Nullable Integer maxSessionSeconds) {
    public static final Limits NONE =
        new Limits(null, null, null, null, null, null, null, null, null);
  }

  private record Line(
      @Nullable String name,
      @Nullable String key,
      @Nullable List<@Nullable String> models,
      @Nullable List<@Nullable String> voices,
      @Nullable Limits limits,
      @Nullable Integer weight,
      @Nullable Boolean operator) {}

  private static final class Entry {
    private final byte[] digest;
    private final Key key;

    Entry(byte[] digest, Key key) {
      this.digest = digest;
      this.key = key;
    }
  }

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .build();

  /** Null: the keys stand in the setting itself. */
  private final @Nullable Path file;

  private volatile List<Entry> entries = List.of();

  /** Digest of the file when it was last read, good or bad; empty: it could not be read. */
  private byte[] lastSeen = {};

  private ApiKeys(@Nullable Path file) {
    this.file = file;
  }

  /**
   * @param raw {@code [name=]key,…} or {@code @file.json}; null or blank: no keys
   * @throws ConfigException with every mistake; none shows a key
   */
  public static ApiKeys load(@Nullable String raw) {
    if (raw == null || raw.isBlank()) {
      return new ApiKeys(null);
    }
    if (!raw.startsWith("@")) {
      ApiKeys keys = new ApiKeys(null);
      keys.entries = fromList(raw);
      return keys;
    }
    try {
      ApiKeys keys = new ApiKeys(Path.of(raw.substring(1).strip()));
      keys.reloadIfChanged();
      return keys;
    } catch (InvalidPathException e) {
      throw new ConfigException(List.of(told("what follows @ is not the name of a file")));
    }
  }

  /** Whether no keys are set: only loopback callers are served then. */
  public boolean isEmpty() {
    return entries.isEmpty();
  }

  /**
   * The time this takes does not depend on how much of a key was guessed.
   *
   * @return null when no such key is set
   */
  public @Nullable Key find(String secret) {
    byte[] digest = sha256(secret.getBytes(StandardCharsets.UTF_8));
    Key found = null;
    for (Entry entry : entries) {
      if (MessageDigest.isEqual(entry.digest, digest)) {
        found = entry.key;
      }
    }
    return found;
  }

  /**
   * The key that has that name now.
   *
   * @return null when there is none
   */
  public @Nullable Key named(String name) {
    return entries.stream()
        .map(entry -> entry.key)
        .filter(key -> key.name().equals(name))
        .findFirst()
        .orElse(null);
  }

  /**
   * Reads the key file again. Blocks on the disk: not for an event loop.
   *
   * @return whether other keys hold now; always false without a file
   * @throws ConfigException when the file changed and cannot be used; the old keys go on to hold,
   *     and the same broken file is told about once
   */
  public synchronized boolean reloadIfChanged() {
    if (file == null) {
      return false;
    }
    byte[] content;
    try {
      content = Files.readAllBytes(file);
    } catch (IOException e) {
      if (lastSeen.length == 0 && !entries.isEmpty()) {
        return false;
      }
      lastSeen = new byte[0];
      throw new ConfigException(List.of(told(shown() + " cannot be read")));
    }
    byte[] seen = sha256(content);
    if (MessageDigest.isEqual(seen, lastSeen)) {
      return false;
    }
    lastSeen = seen;
    entries = fromFile(content);
    return true;
  }

  @Override
  public String toString() {
    return "ApiKeys" + entries.stream().map(entry -> entry.key.name()).toList();
  }

  private static List<Entry> fromList(String raw) {
    List<String> mistakes = new ArrayList<>();
    List<Line> lines = new ArrayList<>();
    for (String part : raw.split(",", -1)) {
      String text = part.strip();
      int equals = text.indexOf('=');
      // A key may end in the equals signs of base64; then it has no name.
      boolean named = equals > 0 && !text.substring(equals).matches("=+");
      lines.add(
          new Line(
              named ? text.substring(0, equals).strip() : null,
              named ? text.substring(equals + 1).strip() : text,
              null,
              null,
              null,
              null,
              null));
    }
    // Not the name but the place: what looks like a name may be the beginning of a key.
    return checked(lines, i -> "entry " + (i + 1), mistakes);
  }

  private List<Entry> fromFile(byte[] content) {
    List<String> mistakes = new ArrayList<>();
    JsonNode keys;
    try {
      JsonNode root = JSON.readTree(content);
      keys = root.isObject() && root.size() == 1 ? root.path("keys") : root;
    } catch (JacksonException e) {
      // Not Jackson's own words: they quote the file.
      var at = e.getLocation();
      throw new ConfigException(
          List.of(
              told(
                  "%s is not JSON; it breaks at line %d, column %d"
                      .formatted(
                          shown(),
                          at == null ? 1 : at.getLineNr(),
                          at == null ? 1 : at.getColumnNr()))));
    } catch (IOException e) {
      throw new ConfigException(List.of(told(shown() + " cannot be read")));
    }
    if (!keys.isArray() || keys.isEmpty()) {
      throw new ConfigException(
          List.of(
              told(shown() + " has no keys; expected {\"keys\": [{\"name\", \"key\", …}, …]}")));
    }
    List<Line> lines = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      try {
        lines.add(JSON.treeToValue(keys.get(i), Line.class));
      } catch (JsonProcessingException e) {
        mistakes.add(told("%s: keys[%d]%s".formatted(shown(), i, explain(e))));
      }
    }
    if (!mistakes.isEmpty()) {
      throw new ConfigException(mistakes);
    }
    return checked(lines, i -> shown() + ": keys[" + i + "]", mistakes);
  }

  private static List<Entry> checked(
      List<Line> lines, IntFunction<String> place, List<String> mistakes) {
    List<Entry> entries = new ArrayList<>();
    Set<String> names = new LinkedHashSet<>();
    for (int i = 0; i < lines.size(); i++) {
      Line line = lines.get(i);
      String where = place.apply(i);
      String name = line.name() == null ? "key" + (i + 1) : line.name();
      String key = line.key() == null ? "" : line.key();
      int weight = line.weight() == null ? 1 : line.weight();
      Limits limits = line.limits() == null ? Limits.NONE : line.limits();
      if (!name.matches("[A-Za-z0-9._-]{1,64}")) {
        mistakes.add(told(where + ": a name has 1 to 64 letters, digits, dots, dashes or _"));
      } else if (!names.add(name)) {
        mistakes.add(told(where + ": its name is there twice"));
      }
      if (key.length() < MIN_KEY_LENGTH || key.length() > 512 || !SettingsReader.isKey(key)) {
        mistakes.add(
            told(
                where
                    + ": the key (not shown) needs 16 to 512 visible ASCII characters,"
                    + " without blanks or quotation marks"));
      }
      if (weight < 1 || weight > 1000) {
        mistakes.add(told(where + ".weight: expected a whole number from 1 to 1000"));
      }
      // A blank name must not shrink to an empty list: that would allow everything.
      if (hasBlank(line.models()) || hasBlank(line.voices())) {
        mistakes.add(told(where + ": models and voices hold names, without blank ones"));
        continue;
      }
      for (String limit : tooSmall(limits)) {
        mistakes.add(told(where + ".limits." + limit + ": expected a whole number of at least 1"));
      }
      byte[] digest = sha256(key.getBytes(StandardCharsets.UTF_8));
      if (!key.isEmpty()
          && entries.stream().anyMatch(other -> MessageDigest.isEqual(other.digest, digest))) {
        mistakes.add(told(where + ": its key is there twice"));
      }
      entries.add(
          new Entry(
              digest,
              new Key(
                  name,
                  set(line.models()),
                  set(line.voices()),
                  limits,
                  weight,
                  isOperator(line, lines.size()))));
    }
    if (!mistakes.isEmpty()) {
      throw new ConfigException(mistakes);
    }
    return List.copyOf(entries);
  }

  /** Said outright, by the name {@code operator}, or because nobody else has a key. */
  private static boolean isOperator(Line line, int keys) {
    Boolean said = line.operator();
    return said == null ? "operator".equals(line.name()) || keys == 1 : said;
  }

  private static List<String> tooSmall(Limits limits) {
    List<String> names = new ArrayList<>();
    JSON.<JsonNode>valueToTree(limits)
        .properties()
        .forEach(
            field -> {
              if (field.getValue().isInt() && field.getValue().intValue() < 1) {
                names.add(field.getKey());
              }
            });
    return names;
  }

  private static boolean hasBlank(@Nullable List<@Nullable String> names) {
    return names != null && names.stream().anyMatch(name -> name == null || name.isBlank());
  }

  private static Set<String> set(@Nullable List<@Nullable String> names) {
    return names == null
        ? Set.of()
        : names.stream().map(String::valueOf).collect(Collectors.toUnmodifiableSet());
  }

  /** Where and what, and never a value. */
  private static String explain(JsonProcessingException e) {
    String path =
        e instanceof JsonMappingException mapping
            ? mapping.getPath().stream()
                .map(
                    step ->
                        step.getFieldName() == null
                            ? "[" + step.getIndex() + "]"
                            : "." + step.getFieldName())
                .collect(Collectors.joining())
            : "";
    return e instanceof UnrecognizedPropertyException unknown
        ? path + ": there is no such field; known are " + unknown.getKnownPropertyIds()
        : path + ": is of the wrong type";
  }

  private String shown() {
    return SettingsReader.shortened(String.valueOf(file));
  }

  private static String told(String mistake) {
    return Setting.VOICEBRIDGE_API_KEYS + ": " + mistake;
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
