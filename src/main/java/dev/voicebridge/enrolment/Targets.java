package dev.voicebridge.enrolment;

import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The models that voices are made for; read once from {@code targets.json}. Any thread. */
final class Targets {
  private static final Map<String, Target> TARGETS = new LinkedHashMap<>();
  private static final Map<Provider, JsonObject> DEFAULTS = new LinkedHashMap<>();
  private static final Map<Pattern, Provider> RULES = new LinkedHashMap<>();
  private static final Set<String> CHINESE;

  /** The longest first: {@code cosyvoice-v3.5-plus} before a {@code cosyvoice-v3}. */
  private static final List<String> NAMES_LONGEST_FIRST;

  static {
    JsonObject file = DataFile.read("targets.json");
    for (JsonObject line : DataFile.objects(file, "targets")) {
      Target target = Target.parse(line);
      TARGETS.put(target.name(), target);
    }
    for (Provider provider : Provider.values()) {
      DEFAULTS.put(provider, file.getJsonObject("defaults").getJsonObject(provider.id()));
    }
    for (JsonObject rule : DataFile.objects(file, "rules")) {
      RULES.put(Pattern.compile(rule.getString("pattern")), provider(rule));
    }
    CHINESE = Set.copyOf(DataFile.strings(file, "dialects_of_chinese"));
    NAMES_LONGEST_FIRST =
        TARGETS.keySet().stream()
            .sorted((a, b) -> Integer.compare(b.length(), a.length()))
            .toList();
  }

  private Targets() {}

  /**
   * @param known false: vendors add models all the time; nothing is assumed but whose it is
   * @param can {@code clone}, {@code design}
   * @param fields optional fields it takes
   * @param languages empty: it has no such field
   */
  record Target(
      String name,
      Provider provider,
      boolean known,
      Set<String> can,
      Set<String> fields,
      List<String> languages,
      Map<Region, Set<String>> withheld) {

    static Target parse(JsonObject line) {
      Map<Region, Set<String>> withheld = new LinkedHashMap<>();
      JsonObject regions = line.getJsonObject("withheld", new JsonObject());
      for (String region : regions.fieldNames()) {
        withheld.put(
            Region.valueOf(region.toUpperCase(Locale.ROOT)),
            Set.copyOf(DataFile.strings(regions, region)));
      }
      return new Target(
          line.getString("name"),
          Targets.provider(line),
          true,
          Set.copyOf(DataFile.strings(line, "can")),
          Set.copyOf(DataFile.strings(line, "fields")),
          DataFile.strings(line, "languages"),
          withheld);
    }

    boolean takes(String field) {
      return !known || fields.contains(field);
    }

    boolean takesLanguage() {
      return !known || !languages.isEmpty();
    }

    boolean withholds(Region region, String what) {
      return withheld.getOrDefault(region, Set.of()).contains(what);
    }
  }

  private static Provider provider(JsonObject line) {
    return Provider.valueOf(line.getString("provider").toUpperCase(Locale.ROOT));
  }

  static Collection<Target> all() {
    return TARGETS.values();
  }

  /**
   * @param what {@code clone} or {@code design}
   * @return null when the provider has no such models
   */
  static @Nullable String defaultOf(Provider provider, String what) {
    JsonObject defaults = DEFAULTS.get(provider);
    return defaults == null ? null : defaults.getString(what);
  }

  static @Nullable Target known(String name) {
    return TARGETS.get(name);
  }

  /** The model, or an unlisted one whose name says whose it is; else null. */
  static @Nullable Target of(String name) {
    Target known = TARGETS.get(name);
    if (known != null) {
      return known;
    }
    String shown = name.length() <= 200 ? name : name.substring(0, 200);
    for (Map.Entry<Pattern, Provider> rule : RULES.entrySet()) {
      if (rule.getKey().matcher(shown).matches()) {
        return new Target(
            name, rule.getValue(), false, Set.of("clone", "design"), Set.of(), List.of(), Map.of());
      }
    }
    return null;
  }

  static List<String> thatCan(Provider provider, String what, Region region) {
    return TARGETS.values().stream()
        .filter(target -> target.provider() == provider && target.can().contains(what))
        .filter(target -> !target.withholds(region, what))
        .map(Target::name)
        .toList();
  }

  /** The known model that a CosyVoice voice id begins with; else null. */
  static @Nullable String beginningOf(String voiceId) {
    for (String name : NAMES_LONGEST_FIRST) {
      if (voiceId.startsWith(name + "-")) {
        return name;
      }
    }
    return null;
  }

  /** {@code zh-CN} → {@code zh}, {@code yue} → {@code zh}, {@code en-US} → {@code en}. */
  static String languageCode(String tag) {
    String primary = tag.strip().split("[-_]", 2)[0].toLowerCase(Locale.ROOT);
    return CHINESE.contains(primary) ? "zh" : primary;
  }
}
