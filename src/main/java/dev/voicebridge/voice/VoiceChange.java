package dev.voicebridge.voice;

import org.jspecify.annotations.Nullable;

/**
 * @param voice as it is now; null: deleted
 */
public record VoiceChange(String id, @Nullable Voice voice) {}
