package dev.voicebridge.bridge;

import org.jspecify.annotations.Nullable;

/**
 * A voice as its client knows it; what the service calls it is in the settings.
 *
 * @param shown the name that the client chose, or the default's; empty where the model is the voice
 * @param customId our id of it; null: no voice of the library
 */
record VoiceName(String shown, @Nullable String customId) {}
