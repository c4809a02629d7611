package dev.voicebridge.library;

import dev.voicebridge.enrolment.Provider;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A voice from a sample.
 *
 * @param targetModel empty: the provider's default
 * @param displayName any script, at most 100 characters, not blank
 * @param prefix exactly this hint for the vendor; null: one is made from the name
 * @param language of the sample, BCP 47; null: the provider's default
 * @param transcript what the sample says; null: not known
 * @param maxPromptSeconds 3–30; null: the provider's default
 * @param preprocess whether the vendor shall clean the sample; null: its default
 * @param again make another voice although this sample has one
 */
public record CloneOrder(
    Provider provider,
    String targetModel,
    String displayName,
    @Nullable String prefix,
    SampleSource sample,
    Agreement agreement,
    List<String> tags,
    @Nullable String language,
    @Nullable String transcript,
    @Nullable Double maxPromptSeconds,
    @Nullable Boolean preprocess,
    boolean again) {}
