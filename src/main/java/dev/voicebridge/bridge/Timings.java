package dev.voicebridge.bridge;

import io.vertx.core.json.JsonObject;
import java.util.concurrent.TimeUnit;

/**
 * What the first sound of a response was waited for: moments after the commit (or after the first
 * text, where audio came before a commit), ms. None is earlier than the one before it; what was
 * there already before the commit is 0.
 *
 * @param queuedMs those before it were spoken
 * @param upstreamOpenMs the conversation with the service was open
 * @param firstTextMs the service had the first of its text
 * @param firstAudioMs the service gave the first sound
 */
record Timings(long queuedMs, long upstreamOpenMs, long firstTextMs, long firstAudioMs) {

  /**
   * All of {@link System#nanoTime}; zero where something did not happen, as text without a letter
   * is not sent anywhere.
   */
  static Timings of(long sinceNanos, long head, long open, long text, long audio) {
    long firstAudio = after(sinceNanos, audio, 0, Long.MAX_VALUE);
    long queued = after(sinceNanos, head, 0, firstAudio);
    long opened = after(sinceNanos, open, queued, firstAudio);
    return new Timings(queued, opened, after(sinceNanos, text, opened, firstAudio), firstAudio);
  }

  private static long after(long sinceNanos, long nanos, long least, long most) {
    long ms = nanos == 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(nanos - sinceNanos);
    return Math.min(Math.max(ms, least), most);
  }

  JsonObject toJson() {
    return new JsonObject()
        .put("queued_ms", queuedMs)
        .put("upstream_open_ms", upstreamOpenMs)
        .put("first_text_ms", firstTextMs)
        .put("first_audio_ms", firstAudioMs);
  }
}
