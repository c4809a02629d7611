package dev.voicebridge.catalogue;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A system voice that goes by its model's name and its own.
 *
 * @param provider {@code siliconflow}
 * @param name what travels: {@code <model>:<name>}
 * @param model the only one that speaks with it
 * @param gender {@code female}, {@code male} or null where the sources do not say
 */
public record PresetVoice(
    String provider,
    String name,
    String model,
    @Nullable String gender,
    @Nullable String keywordsZh,
    @Nullable String keywordsEn) {
  private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9_.-]+");

  /** For places where the model's name gets in the way; the name itself where it is harmless. */
  public String alias() {
    return SAFE.matcher(name).matches()
        ? name
        : name.substring(name.lastIndexOf('/') + 1)
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9_]+", "-");
  }
}
