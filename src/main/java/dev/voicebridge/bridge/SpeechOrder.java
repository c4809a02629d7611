package dev.voicebridge.bridge;

import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * One text to be spoken, as a request asks for it.
 *
 * @param model empty, or a name that stands for any: the voice's own
 * @param voice our id, the service's id or name, or a system voice's alias; empty: the model's own
 * @param speed 1 is as the voice comes
 * @param instructions how to speak; empty: nothing said
 * @param further fields of {@code session.update} that the request names alike
 * @param providerKey the caller's own key at the service; null: the server's
 * @param prompt what a language model is to write the text for; null: {@code text} is the text
 */
public record SpeechOrder(
    String model,
    String voice,
    String text,
    SpeechFormat format,
    double speed,
    String instructions,
    JsonObject further,
    @Nullable String providerKey,
    @Nullable Prompt prompt) {
  /** Whether that name stands for whatever model the voice speaks with, as {@code tts-1} does. */
  public static boolean isAnyModel(String name) {
    return SessionSettings.isAnyModel(name);
  }

  /** Voices of the library were made with the server's account and speak with no other. */
  VoiceBook bookOf(SessionHost host) {
    return providerKey == null ? host.voices() : VoiceBook.EMPTY;
  }

  @Override
  public String toString() {
    return "SpeechOrder[model=" + model + ", voice=" + voice + ", format=" + format + "]";
  }
}
