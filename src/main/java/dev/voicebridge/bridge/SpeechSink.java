package dev.voicebridge.bridge;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the speech of one request goes. Called on the event loop of {@link SpeechStream#open}:
 * {@link #begun} once before the first {@link #audio} or {@link #text}, then exactly one of {@link
 * #done} and {@link #failed}, unless the stream was closed from outside.
 */
public interface SpeechSink {
  /** The first audio or text is about to follow. */
  void begun(Begun what);

  /** The next words of the language model, where one writes. */
  default void text(String delta) {}

  /** All of its words. */
  default void textDone(String text) {}

  /** The next bytes of the one stream; never empty. */
  void audio(Buffer bytes);

  /**
   * Where words are in the sound, where they were asked for; between pieces of audio.
   *
   * @param words {@code {text, begin_index, end_index, begin_ms, end_ms}}, from the first sample
   */
  void words(JsonArray words);

  void done(Usage usage);

  /** Also after audio: then nothing more of it comes. */
  void failed(SessionError why);

  /** Whether what comes now would only wait. */
  boolean isFull();

  /** Called once when {@link #isFull} is over. */
  void onDrain(Runnable action);

  /**
   * What is about to be heard.
   *
   * @param voice as its service calls it, or as the caller did
   * @param ignored fields that the model cannot follow
   * @param speed the speed that is spoken with; null: the one that was asked for
   * @param vendorRequest how the service calls its part of it; null: not known
   */
  record Begun(
      String model,
      String voice,
      List<String> ignored,
      @Nullable Double speed,
      @Nullable String vendorRequest) {}

  /**
   * @param characters as the service counts; code points where it does not say
   * @param chat what the language model counted, {@code input_tokens} and {@code output_tokens}, as
   *     far as it did
   * @param cut why the language model did not write on, as {@code status_details} of a response;
   *     null: it wrote all it wanted
   */
  record Usage(int characters, long audioMs, JsonObject chat, @Nullable JsonObject cut) {}
}
