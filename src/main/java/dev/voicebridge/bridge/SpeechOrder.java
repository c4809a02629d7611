package dev.voicebridge.bridge;

import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One text to be spoken, as a request asks for it.
 *
 * @param model empty, or a name that stands for any: the voice's own
 * @param voice our id, the service's id or name, or a system voice's alias; empty: the model's own
 * @param sampleRateHz 0: the format's own, or the model's
 * @param speed 1 is as the voice comes
 * @param gainDb 0 is as the voice comes
 * @param instructions how to speak; empty: nothing said
 * @param further fields of {@code session.update} that the request names alike
 * @param words whether to tell where words are in the sound
 * @param ignored further wishes that the caller's way of asking has no place for
 * @param providerKey the caller's own key at the service; null: the server's
 * @param prompt what a language model is to write the text for; null: {@code text} is the text
 */
public record SpeechOrder(
    String model,
    String voice,
    String text,
    SpeechFormat format,
    int sampleRateHz,
    double speed,
    double gainDb,
    String instructions,
    boolean words,
    List<String> ignored,
    JsonObject further,
    @Nullable String providerKey,
    @Nullable Prompt prompt) {
  /** Whether that name stands for whatever model the voice speaks with, as {@code tts-1} does. */
  public static boolean isAnyModel(String name) {
    return SessionSettings.isAnyModel(name);
  }

  /** Hertz of what is answered; 0: the model's. */
  int rateHz() {
    return sampleRateHz != 0 && format.takesRate(sampleRateHz) ? sampleRateHz : format.rateHz();
  }

  /** What is answered. */
  public String mediaType() {
    return format == SpeechFormat.PCM
        ? "audio/pcm;rate=" + rateHz() + ";channels=1"
        : format.mediaType();
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
