package dev.voicebridge.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code VOICEBRIDGE_UPSTREAMS}; tells every mistake, and shows no key. */
final class EngineFile {
  private static final int DEFAULT_RATE_HZ = 24_000;
  private static final int DEFAULT_CONCURRENCY = 8;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .build();

  private record Line(
      @Nullable String name,
      @Nullable String baseUrl,
      @Nullable String key,
      @Nullable String dialect,
      @Nullable List<@Nullable String> models,
      @Nullable List<@Nullable String> voices,
      @Nullable Integer sampleRate,
      @Nullable String responseFormat,
      @Nullable Integer concurrency) {}

  private final SettingsReader settings;
  private final Set<String> names = new HashSet<>(Set.of("dashscope", "siliconflow"));
  private final Set<String> models = new HashSet<>();

  private EngineFile(SettingsReader settings) {
    this.settings = settings;
  }

  /** The engines of the file that the setting names; what is wrong is told to the reader. */
  static List<Config.Engine> read(SettingsReader settings) {
    int before = settings.mistakes().size();
    Path path = settings.jsonFile(Setting.VOICEBRIDGE_UPSTREAMS);
    return path == null || settings.mistakes().size() > before
        ? List.of()
        : new EngineFile(settings).engines(path);
  }

  private List<Config.Engine> engines(Path path) {
    JsonNode root;
    try {
      root = JSON.readTree(Files.readAllBytes(path));
    } catch (IOException broken) {
      // Not Jackson's own words: they quote the file, which holds keys.
      settings.refuse(
          Setting.VOICEBRIDGE_UPSTREAMS, path.toString(), "a JSON file, no field twice");
      return List.of();
    }
    if (root.isObject() && root.isEmpty()) {
      return List.of();
    }
    JsonNode lines = root.isObject() && root.size() == 1 ? root.path("upstreams") : root;
    if (!lines.isArray()) {
      settings.refuse(
          Setting.VOICEBRIDGE_UPSTREAMS,
          path.toString(),
          "[{\"name\", \"base_url\", \"models\", …}, …]");
      return List.of();
    }
    List<Config.Engine> engines = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      Config.Engine engine = engine(lines.get(i), "[" + i + "]");
      if (engine != null) {
        engines.add(engine);
      }
    }
    return List.copyOf(engines);
  }

  private Config.@Nullable Engine engine(JsonNode json, String where) {
    Line line;
    try {
      line = JSON.treeToValue(json, Line.class);
    } catch (UnrecognizedPropertyException unknown) {
      wrong(
          where + "." + SettingsReader.shortened(unknown.getPropertyName()),
          "there is no such field; known are " + unknown.getKnownPropertyIds());
      return null;
    } catch (JsonProcessingException e) {
      wrong(where, "a field is of the wrong type");
      return null;
    }
    int before = settings.mistakes().size();
    String name = line.name == null ? "" : line.name;
    if (!name.matches("[A-Za-z0-9._-]{1,64}")) {
      wrong(where + ".name", "expected 1 to 64 letters, digits, dots, dashes or _");
    } else if (!names.add(name)) {
      wrong(where + ".name", "is taken");
    }
    String url = line.baseUrl == null ? "" : line.baseUrl.replaceAll("/+$", "");
    if (!SettingsReader.isHttpUrl(url)) {
      wrong(where + ".base_url", "expected http(s)://host[:port][/path]");
    }
    if (line.key != null && !line.key.isEmpty() && !SettingsReader.isKey(line.key)) {
      wrong(where + ".key", "(not shown) needs visible ASCII characters, without blanks");
    }
    if (line.dialect != null && !line.dialect.equals("openai")) {
      wrong(where + ".dialect", "expected openai");
    }
    if (line.responseFormat != null && !Set.of("pcm", "wav").contains(line.responseFormat)) {
      wrong(where + ".response_format", "expected pcm or wav");
    }
    List<String> speaks = namesOf(line.models, where + ".models");
    if (speaks.isEmpty()) {
      wrong(where + ".models", "expected at least one name");
    }
    for (String model : speaks) {
      if (!models.add(model)) {
        wrong(where + ".models", '"' + SettingsReader.shortened(model) + "\" is there twice");
      }
    }
    Config.Engine engine =
        new Config.Engine(
            name,
            url,
            line.key == null ? "" : line.key,
            speaks,
            namesOf(line.voices, where + ".voices"),
            within(line.sampleRate, 8_000, 48_000, DEFAULT_RATE_HZ, where + ".sample_rate"),
            "wav".equals(line.responseFormat),
            within(line.concurrency, 1, 10_000, DEFAULT_CONCURRENCY, where + ".concurrency"));
    return settings.mistakes().size() == before ? engine : null;
  }

  private List<String> namesOf(@Nullable List<@Nullable String> some, String where) {
    List<String> good = new ArrayList<>();
    if (some != null) {
      for (String one : some) {
        if (one == null || one.isBlank() || one.length() > 256 || good.contains(one)) {
          wrong(where, "expected names, none blank and none twice");
        } else {
          good.add(one);
        }
      }
    }
    return List.copyOf(good);
  }

  private int within(@Nullable Integer number, int from, int to, int otherwise, String where) {
    if (number != null && (number < from || number > to)) {
      wrong(where, "expected a whole number from " + from + " to " + to);
    }
    return number == null ? otherwise : number;
  }

  private void wrong(String where, String what) {
    settings.mistake(Setting.VOICEBRIDGE_UPSTREAMS + ": " + where + ": " + what);
  }
}
