package dev.voicebridge.enrolment;

import org.jspecify.annotations.Nullable;

/**
 * A voice from a sample.
 *
 * @param targetModel empty: the provider's default
 * @param language of the sample, a BCP 47 tag; a Chinese dialect ({@code yue}, {@code zh-sichuan})
 *     is sent as {@code zh}. Null: the provider's default
 * @param transcript what the sample says; SiliconFlow demands it, CosyVoice has no field for it
 * @param maxPromptSeconds how much of the sample is used, 3–30 s; null: the provider's default
 * @param preprocess whether the provider shall clean the sample; null: its default
 */
public record CloneRequest(
    String targetModel,
    String prefix,
    Sample sample,
    @Nullable String language,
    @Nullable String transcript,
    @Nullable Double maxPromptSeconds,
    @Nullable Boolean preprocess)
    implements EnrolmentRequest {

  /** With nothing but what every provider needs. */
  public CloneRequest(String targetModel, String prefix, Sample sample) {
    this(targetModel, prefix, sample, null, null, null, null);
  }
}
