package dev.voicebridge.llm;

import org.jspecify.annotations.Nullable;

/**
 * How a language model's answer ended.
 *
 * @param finishReason {@code stop}, {@code length} …; null: it did not say
 * @param inputTokens as the service counts; null: it did not say
 * @param outputTokens likewise
 */
public record ChatEnd(
    @Nullable String finishReason, @Nullable Integer inputTokens, @Nullable Integer outputTokens) {}
