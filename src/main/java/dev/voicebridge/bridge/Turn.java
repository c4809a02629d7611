package dev.voicebridge.bridge;

import dev.voicebridge.catalogue.Dialect;
import dev.voicebridge.text.SpeechMarkup;
import dev.voicebridge.upstream.Mode;
import dev.voicebridge.upstream.SpeechSettings;
import dev.voicebridge.upstream.SpeechText;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Text with the settings it was appended under, up to its commit. Speaks as one response, or as
 * several where the service decides.
 */
final class Turn {
  final SpeechSettings settings;
  final Dialect dialect;
  final VoiceName voice;
  final Wording wording;

  /** What is done to its text before it is spoken. */
  private final Diction diction;

  /** Ids that the client has been told and that have not begun to speak. */
  final Deque<String> named = new ArrayDeque<>();

  private final long firstTextNanos = System.nanoTime();

  /** Zero until committed. */
  private long committedNanos;

  /**
   * When nobody was before it any more; zero: somebody is. {@link System#nanoTime} here and below.
   */
  private long headNanos;

  /** When the conversation that speaks it was open, and when its first text went there; or zero. */
  private long openNanos;

  private long fedNanos;

  /** How much of the spoken text the service has. */
  int fed;

  /** No more text. */
  boolean ended;

  /** The service has been told so. */
  boolean endSent;

  /** The response that speaks; null before, between and after. */
  @Nullable Response response;

  /** Where the text of the next response begins in the spoken text. */
  int spokenTo;

  /** Whether any response of it has spoken. */
  boolean spoke;

  boolean retried;

  /** Who writes its text while it is spoken, as one response; null: the client. */
  @Nullable Scribe scribe;

  private boolean speakable;

  /** Text as a client appends it. */
  Turn(SessionSettings chosen) {
    this(chosen, chosen.speech(), chosen.diction());
  }

  /**
   * @param settings those of the choice, in another mode
   * @param diction see {@link SessionSettings}
   */
  Turn(SessionSettings chosen, SpeechSettings settings, Diction diction) {
    this.settings = settings;
    this.diction = diction;
    this.wording = new Wording(diction);
    this.dialect = chosen.dialect();
    this.voice = chosen.voiceName();
  }

  /** Whether text appended under these settings may go on with it. */
  boolean fits(SessionSettings chosen) {
    return settings.equals(chosen.speech())
        && voice.equals(chosen.voiceName())
        && diction.equals(chosen.diction());
  }

  /** What the service counted in the parts of a response; null: it has not said. */
  @Nullable Integer characters;

  void count(@Nullable Integer more) {
    if (more != null) {
      characters = characters == null ? more : characters + more;
    }
  }

  /** Whether the service has all there is, and the model has not written the next. */
  boolean awaitsText() {
    return scribe != null && !ended && !isBehind();
  }

  /** Whether there is text that the service does not have. */
  boolean isBehind() {
    return fed < spoken().length();
  }

  void append(String more) {
    hear(wording.append(more));
  }

  /** No more text. Idempotent. */
  void end() {
    ended = true;
    hear(wording.end());
  }

  private void hear(String piece) {
    speakable = speakable || SpeechText.speakable(piece);
  }

  /** As the client appended it. */
  StringBuilder text() {
    return wording.original();
  }

  /** As the service gets it. */
  StringBuilder spoken() {
    return wording.spoken();
  }

  /** Why the service need not be asked; null: nothing is wrong with the text so far. */
  SpeechMarkup.@Nullable Flaw flaw() {
    return isMarkup() && fed < spoken().length() ? SpeechMarkup.flaw(text().toString()) : null;
  }

  private boolean isMarkup() {
    return settings.ssml() && SpeechMarkup.isMarkup(text());
  }

  /** The original of what has not been spoken. */
  String unspoken() {
    return text().substring(wording.originalTo(spokenTo));
  }

  int unspokenChars() {
    return text().length() - wording.originalTo(spokenTo);
  }

  void committed(long nowNanos) {
    end();
    committedNanos = nowNanos;
  }

  /** What {@code first_audio_ms} counts from. */
  long sinceNanos() {
    return committedNanos == 0 ? firstTextNanos : committedNanos;
  }

  /** It is its turn. */
  void atHead(long nowNanos) {
    headNanos = headNanos == 0 ? nowNanos : headNanos;
  }

  /**
   * The service gets text of it.
   *
   * @param openedNanos since when it could
   */
  void feeding(long openedNanos, long nowNanos) {
    openNanos = fedNanos == 0 ? openedNanos : openNanos;
    fedNanos = fedNanos == 0 ? nowNanos : fedNanos;
  }

  /** What its first sound was waited for, if it comes now. */
  Timings timings(long nowNanos) {
    return Timings.of(sinceNanos(), headNanos, openNanos, fedNanos, nowNanos);
  }

  boolean isSpeakable() {
    return speakable;
  }

  /** Whether the service may have its text now. */
  boolean mayFlow() {
    return ended
        || (settings.mode() == Mode.SERVER_COMMIT
            && speakable
            && (!isMarkup() || SpeechMarkup.isComplete(text())));
  }

  /** The service forgot everything, so it gets everything again. */
  void rewind() {
    fed = 0;
    fedNanos = 0;
    endSent = false;
    retried = true;
  }

  boolean has(String responseId) {
    return named.contains(responseId) || (response != null && response.id.equals(responseId));
  }
}
