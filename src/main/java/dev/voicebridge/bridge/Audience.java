package dev.voicebridge.bridge;

import dev.voicebridge.upstream.UpstreamListener.Word;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where speech goes: everything that a client is told, in the order it is told, and how it says
 * that it takes no more. Event loop only.
 */
interface Audience {
  /** How a response ended. */
  enum Status {
    COMPLETED("completed"),
    CANCELLED("cancelled"),
    FAILED("failed"),
    /** Everything there is was spoken, but the language model was cut short. */
    INCOMPLETE("incomplete");

    final String wireName;

    Status(String wireName) {
      this.wireName = wireName;
    }
  }

  void committed(String responseId);

  void queued(String responseId, int place, long etaMs);

  /**
   * The next words of the language model for a response, as it wrote them. Only who asks one hears
   * of it.
   */
  default void textDelta(String responseId, String delta) {}

  /** All the words that there are. */
  default void textDone(String responseId, String text) {}

  void responseCreated(Response response);

  /** Never empty; the callee owns it. */
  void audio(Response response, Buffer audio);

  void timestamps(Response response, List<Word> words);

  /**
   * The service begins a sentence, perhaps before the first audio of its response. Many services
   * don't say so.
   */
  default void sentenceBegins(String text) {}

  /** The sentence that was begun last has been spoken. */
  default void sentenceEnds() {}

  /** The end of a response that has spoken. */
  void responseDone(Response response, Status status, JsonObject outcome);

  /** The end of a response that never spoke. */
  void responseDone(String responseId, String voice, Status status, JsonObject outcome);

  /**
   * @param clientEventId the client's message that it is about; null: none
   */
  void error(SessionError error, @Nullable String clientEventId);

  /** Whether what comes now would only wait; false once the client is gone. */
  boolean isFull();

  /** Called once when {@link #isFull} is over; the latest caller counts. */
  void onDrain(Runnable action);
}
