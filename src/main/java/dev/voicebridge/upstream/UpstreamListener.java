package dev.voicebridge.upstream;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Called on the event loop of {@link Upstream#open}, only after it has completed. */
public interface UpstreamListener {
  /**
   * The next bytes of the response that is speaking, in the settings' service format; slices of any
   * length. The first after an {@link #onResponseDone} begins the next response.
   */
  void onAudio(Buffer audio);

  /** Times of words of the response that is speaking, in order, from its first sample. */
  void onWords(List<Word> words);

  /**
   * A sentence begins, as the service cut it; perhaps before the first audio of its response. Only
   * from services that say so.
   */
  default void onSentenceBegin(String text) {}

  /** That sentence has been spoken; its words came before. */
  default void onSentenceEnd() {}

  /**
   * The response has been spoken; also called when there was no audio for it.
   *
   * @param characters what the service counts, null where it does not say
   */
  void onResponseDone(@Nullable Integer characters);

  /**
   * The service takes no more text for this turn, though the caller has not ended it; only what is
   * appended within this call is still spoken.
   */
  void onTurnClosed();

  /** Everything of the turn has been spoken. */
  void onTurnDone();

  /** The conversation is over; nothing follows. Also called between turns. */
  void onFailed(UpstreamException cause);

  /**
   * @param beginIndex first UTF-16 index in the text of the response
   * @param endIndex index after the last
   */
  record Word(String text, int beginIndex, int endIndex, int beginMs, int endMs) {}
}
