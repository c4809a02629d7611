package dev.voicebridge.library;

import dev.voicebridge.enrolment.Provider;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A voice from a description.
 *
 * @param targetModel empty: the provider's default
 * @param displayName any script, at most 100 characters, not blank
 * @param prefix exactly this hint for the vendor; null: one is made from the name
 * @param language of the preview text, BCP 47; null: the provider's default
 * @param sampleRateHz of the preview; null: 24,000
 * @param format of the preview; null: {@code wav}
 * @param take whether it is one try of several: deleted after an hour unless it is kept, see {@link
 *     VoiceLibrary#edit}
 */
public record DesignOrder(
    Provider provider,
    String targetModel,
    String displayName,
    @Nullable String prefix,
    String description,
    String previewText,
    List<String> tags,
    @Nullable String language,
    @Nullable Integer sampleRateHz,
    @Nullable String format,
    boolean take) {}
