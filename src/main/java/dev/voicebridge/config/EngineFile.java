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
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads {@code VOICEBRIDGE_UPSTREAMS}; tells every mistake, and shows no key. */
final class EngineFile {
  private static final int DEFAULT_RATE_HZ = 24_000;
  private static final int DEFAULT_CONCURRENCY = 8;

  private static final Map<String, Config.Engine.Dialect> DIALECTS =
      Arrays.stream(Config.Engine.Dialect.values())
          .collect(
              Collectors.toMap(
                  each -> each.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                  each -> each,
                  (one, other) -> one,
                  TreeMap::new));

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
      @Nullable List<@Nullable JsonNode> voices,
      @Nullable Integer sampleRate,
      @Nullable String responseFormat,
      @Nullable Integer concurrency,
      @Nullable List<@Nullable Fallback> fallbacks) {}

  private record Voice(@Nullable String name, @Nullable String clip, @Nullable String text) {}

  private record Fallback(@Nullable String model, @Nullable String voice) {}

  private static final int MOST_CLIP_BYTES = 10 * 1024 * 1024;

  private static final Map<String, String> CLIP_TYPES =
      Map.of(
          "wav",
          "audio/wav",
          "mp3",
          "audio/mpeg",
          "m4a",
          "audio/mp4",
          "opus",
          "audio/ogg",
          "ogg",
          "audio/ogg",
          "flac",
          "audio/flac");

  private final SettingsReader settings;
  private final Path folder;
  private final Set<String> names = new HashSet<>(Set.of("dashscope", "siliconflow"));
  private final Set<String> models = new HashSet<>();

  private EngineFile(SettingsReader settings, Path file) {
    this.settings = settings;
    this.folder = Objects.requireNonNullElse(file.toAbsolutePath().getParent(), file);
  }

  /** The engines of the file that the setting names; what is wrong is told to the reader. */
  static List<Config.Engine> read(SettingsReader settings) {
    int before = settings.mistakes().size();
    Path path = settings.jsonFile(Setting.VOICEBRIDGE_UPSTREAMS);
    return path == null || settings.mistakes().size() > before
        ? List.of()
        : new EngineFile(settings, path).engines(path);
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
    Config.Engine.Dialect dialect =
        line.dialect == null ? Config.Engine.Dialect.OPENAI : DIALECTS.get(line.dialect);
    if (dialect == null) {
      wrong(where + ".dialect", "expected one of " + DIALECTS.keySet());
      dialect = Config.Engine.Dialect.OPENAI;
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
    Map<String, Config.Clip> clips = new LinkedHashMap<>();
    List<String> voices = voices(line.voices, where + ".voices", clips);
    Config.Engine engine =
        new Config.Engine(
            name,
            url,
            dialect,
            line.key == null ? "" : line.key,
            speaks,
            voices,
            clips,
            within(line.sampleRate, 8_000, 48_000, DEFAULT_RATE_HZ, where + ".sample_rate"),
            "wav".equals(line.responseFormat),
            within(line.concurrency, 1, 10_000, DEFAULT_CONCURRENCY, where + ".concurrency"),
            fallbacks(line.fallbacks, where + ".fallbacks"));
    return settings.mistakes().size() == before ? engine : null;
  }

  /** Names, or objects of a name, a clip and what is said in it. */
  private List<String> voices(
      @Nullable List<@Nullable JsonNode> some, String where, Map<String, Config.Clip> clips) {
    List<String> good = new ArrayList<>();
    for (JsonNode one : some == null ? List.<@Nullable JsonNode>of() : some) {
      Voice voice = null;
      try {
        voice =
            one == null || !one.isObject()
                ? new Voice(one == null || !one.isTextual() ? null : one.asText(), null, null)
                : JSON.treeToValue(one, Voice.class);
      } catch (JsonProcessingException e) {
        wrong(where, "expected names, or objects of name, clip and text");
        continue;
      }
      String name = voice.name;
      if (name == null || name.isBlank() || name.length() > 256 || good.contains(name)) {
        wrong(where, "expected names, none blank and none twice");
        continue;
      }
      good.add(name);
      if (voice.clip != null || voice.text != null) {
        Config.Clip clip = clip(voice, where + "." + name);
        if (clip != null) {
          clips.put(name, clip);
        }
      }
    }
    return List.copyOf(good);
  }

  private Config.@Nullable Clip clip(Voice voice, String where) {
    String text = voice.text;
    if (voice.clip == null || text == null || text.isBlank()) {
      wrong(where, "a clip needs its transcript, and a transcript its clip");
      return null;
    }
    String type =
        CLIP_TYPES.get(
            voice.clip.substring(voice.clip.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
    try {
      Path file = folder.resolve(voice.clip);
      if (type == null || Files.size(file) > MOST_CLIP_BYTES) {
        wrong(where + ".clip", "expected a file of at most 10 MB, one of " + CLIP_TYPES.keySet());
        return null;
      }
      return new Config.Clip(
          Base64.getEncoder().encodeToString(Files.readAllBytes(file)), type, text);
    } catch (IOException | InvalidPathException unreadable) {
      wrong(where + ".clip", "cannot be read");
      return null;
    }
  }

  private List<Config.Fallback> fallbacks(@Nullable List<@Nullable Fallback> some, String where) {
    List<Config.Fallback> good = new ArrayList<>();
    for (Fallback one : some == null ? List.<@Nullable Fallback>of() : some) {
      if (one == null
          || one.model == null
          || one.model.isBlank()
          || one.voice == null
          || one.voice.isBlank()) {
        wrong(where, "expected objects of a model and a voice");
      } else {
        good.add(new Config.Fallback(one.model, one.voice));
      }
    }
    return List.copyOf(good);
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
