package dev.voicebridge.catalogue;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A voice that the vendor ships.
 *
 * @param name the vendor's name, blanks and all ({@code Eldric Sage})
 * @param gender {@code female}, {@code male} or null where the sources do not say
 * @param firstLanguage BCP 47 tag, with a region for dialects ({@code zh-shanghai}, {@code yue})
 * @param models the models that speak with it
 */
public record SystemVoice(
    String name,
    @Nullable String nameZh,
    @Nullable String gender,
    String firstLanguage,
    Set<String> models,
    @Nullable String keywordsZh,
    @Nullable String keywordsEn) {

  /** The name in {@code [a-z0-9_-]}, for places where blanks and capitals get lost. */
  public String alias() {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]+", "-");
  }
}
