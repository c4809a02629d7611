package dev.voicebridge.enrolment;

import org.jspecify.annotations.Nullable;

/**
 * A voice from a description.
 *
 * @param targetModel empty: the provider's default
 * @param language of the preview text, a BCP 47 tag; null: the provider's default
 * @param sampleRateHz of the preview; null: 24,000
 * @param format of the preview: {@code wav}, {@code pcm}, {@code mp3}, Qwen also {@code opus};
 *     null: {@code wav}
 */
public record DesignRequest(
    String targetModel,
    String prefix,
    String description,
    String previewText,
    @Nullable String language,
    @Nullable Integer sampleRateHz,
    @Nullable String format)
    implements EnrolmentRequest {

  public DesignRequest(
      String targetModel,
      String prefix,
      String description,
      String previewText,
      @Nullable String language) {
    this(targetModel, prefix, description, previewText, language, null, null);
  }
}
