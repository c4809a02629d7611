package dev.voicebridge.emulator.wire;

import dev.voicebridge.audio.AudioEncoder;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Speaks sentences in order into one encoded stream, as fast as the client reads (or plays, when
 * paced). The socket's event loop only.
 */
final class SpeechStream {
  /** What the dialect makes of it. Not called after {@link #stop()}. */
  interface Listener {
    /** Before the sentence's first audio. */
    void onSentence(String text);

    /** The next bytes of the stream. */
    void onAudio(byte[] bytes);

    /**
     * After the sentence's last audio.
     *
     * @param beginMs where the sentence begins in the stream
     * @param words their times count from the sentence's begin
     */
    void onSentenceEnd(String text, List<Take.Word> words, int beginMs, int endMs);

    /** After {@link #finish()}: the last byte is out. */
    void onFinished();

    /** The engine gave up, or a fault says so. Nothing follows. */
    void onFailed(String code, String message);
  }

  private static final int FIRST_SLICE_MS = 20;
  private static final int BIG_SLICE_MS = 5000;

  private final Vertx vertx;
  private final Context context;
  private final Narrator narrator;
  private final Voicing voicing;
  private final AudioEncoder encoder;
  private final Peer peer;
  private final boolean paced;
  private final int sliceSamples;
  private final @Nullable Fault fault;
  private final Listener listener;

  private final ArrayDeque<String> waiting = new ArrayDeque<>();

  /** The sentence being spoken; null between sentences. */
  private @Nullable Take take;

  /** A timer, an encoder or the client's drain will go on. */
  private boolean held;

  private boolean finishing;
  private boolean flushed;
  private boolean stopped;
  private boolean released;
  private long samplesSent;
  private long sentenceBegin;
  private long bytesSent;
  private byte[] carry = new byte[0];

  /** When the next slice is due in paced mode, nanoseconds. */
  private long clock;

  SpeechStream(
      Vertx vertx,
      Narrator narrator,
      Voicing voicing,
      Peer peer,
      WireSettings settings,
      @Nullable Fault fault,
      Listener listener) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.narrator = narrator;
    this.voicing = voicing;
    this.encoder = narrator.encoder(voicing);
    this.peer = peer;
    this.paced = settings.paced();
    int sliceMs = fault instanceof Fault.BigFrames ? BIG_SLICE_MS : settings.deltaMs();
    this.sliceSamples = voicing.sampleRateHz() * sliceMs / 1000;
    this.fault = fault;
    this.listener = listener;
    this.clock = System.nanoTime();
  }

  void say(String text) {
    waiting.add(text);
    pump();
  }

  /** No more text: the rest is spoken, then the listener is told. */
  void finish() {
    finishing = true;
    pump();
  }

  /** Nothing more is heard of it. */
  void stop() {
    stopped = true;
    waiting.clear();
    if (take != null) {
      take.abandon();
    }
  }

  boolean isSpeaking() {
    return take != null || !waiting.isEmpty();
  }

  int sentMs() {
    return millis(samplesSent);
  }

  private void pump() {
    while (!stopped && !held && step()) {
      // each step does one small thing
    }
  }

  /**
   * @return false when there is nothing to do until something calls {@link #pump()}
   */
  private boolean step() {
    if (peer.isFull()) {
      held = true;
      peer.onDrain(this::resume);
      return false;
    }
    Take current = take;
    if (current == null) {
      return next();
    }
    if (!released && !due()) {
      return false;
    }
    int least =
        samplesSent == 0 && !(fault instanceof Fault.BigFrames)
            ? voicing.sampleRateHz() * FIRST_SLICE_MS / 1000
            : sliceSamples;
    short[] slice = current.next(least, sliceSamples);
    if (slice != null) {
      released = false;
      long begin = samplesSent;
      samplesSent += slice.length;
      clock = Math.max(clock, System.nanoTime()) + nanos(samplesSent) - nanos(begin);
      return encode(() -> encoder.encode(slice, 0, slice.length));
    }
    return current.isSpoken() && end(current);
  }

  private boolean next() {
    String text = waiting.poll();
    if (text != null) {
      Take fresh = new Take(text, () -> context.runOnContext(v -> pump()));
      take = fresh;
      sentenceBegin = samplesSent;
      listener.onSentence(text);
      narrator
          .speak(voicing.utterance(text), fresh)
          .onComplete(
              result -> {
                fresh.ended(result.cause());
                pump();
              });
      return true;
    }
    if (!finishing) {
      return false;
    }
    if (!flushed) {
      flushed = true;
      return encode(encoder::finish);
    }
    stopped = true;
    sendCarry();
    listener.onFinished();
    return false;
  }

  private boolean end(Take current) {
    if (current.failure() != null) {
      stopped = true;
      listener.onFailed("InternalError", "The speech engine failed.");
      return false;
    }
    if (finishing && waiting.isEmpty() && !flushed) {
      flushed = true;
      return encode(encoder::finish);
    }
    take = null;
    listener.onSentenceEnd(
        current.text(), current.words(), millis(sentenceBegin), millis(samplesSent));
    return true;
  }

  /**
   * @return whether it was done at once; compressing takes too long for the event loop
   */
  private boolean encode(Callable<byte[]> work) {
    if (voicing.format().isLinear()) {
      try {
        emit(work.call());
      } catch (Exception e) {
        fail();
      }
      return true;
    }
    held = true;
    narrator
        .encode(work)
        .onComplete(
            result -> {
              if (stopped) {
                return;
              }
              if (result.succeeded()) {
                emit(result.result());
                resume();
              } else {
                fail();
              }
            });
    return false;
  }

  private void fail() {
    stop();
    listener.onFailed("InternalError", "The encoder failed.");
  }

  /** Waits for the time of the next slice, if it has one. */
  private boolean due() {
    Duration wait = Duration.ZERO;
    if (fault instanceof Fault.Slow slow) {
      wait = slow.delay();
    } else if (paced) {
      wait = Duration.ofNanos(Math.max(0, clock - System.nanoTime()));
    }
    if (wait.toMillis() < 1) {
      return true;
    }
    held = true;
    vertx.setTimer(
        wait.toMillis(),
        id -> {
          released = true;
          resume();
        });
    return false;
  }

  private void resume() {
    held = false;
    pump();
  }

  private void emit(byte[] bytes) {
    if (bytes.length == 0 || stopped) {
      return;
    }
    if (bytesSent == 0 && fault instanceof Fault.Garbage garbage) {
      peer.sendText(garbage.frame());
    }
    if (fault instanceof Fault.AfterBytes after && bytesSent + bytes.length >= after.bytes()) {
      byte[] last = Arrays.copyOf(bytes, (int) (after.bytes() - bytesSent));
      if (last.length > 0) {
        listener.onAudio(last);
      }
      stop();
      strike(after);
      return;
    }
    bytesSent += bytes.length;
    if (fault instanceof Fault.NoAudio) {
      return;
    }
    listener.onAudio(fault instanceof Fault.OddBytes ? odd(bytes) : bytes);
  }

  private void strike(Fault.AfterBytes after) {
    if (after instanceof Fault.CutAfter) {
      peer.cut();
    } else if (after instanceof Fault.CloseAfter close) {
      peer.close(close.code(), close.reason());
    } else if (after instanceof Fault.FailAfter fail) {
      listener.onFailed(fail.code(), fail.message());
    }
  }

  private byte[] odd(byte[] bytes) {
    byte[] all = Arrays.copyOf(carry, carry.length + bytes.length);
    System.arraycopy(bytes, 0, all, carry.length, bytes.length);
    int send = all.length - (all.length % 2 == 0 ? 1 : 0);
    carry = Arrays.copyOfRange(all, send, all.length);
    return Arrays.copyOf(all, send);
  }

  private void sendCarry() {
    if (carry.length > 0) {
      listener.onAudio(carry);
      carry = new byte[0];
    }
  }

  private int millis(long samples) {
    return (int) (samples * 1000 / voicing.sampleRateHz());
  }

  private long nanos(long samples) {
    return samples * 1_000_000_000L / voicing.sampleRateHz();
  }
}
