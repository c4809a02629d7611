package dev.voicebridge.bridge;

import dev.voicebridge.audio.AudioEncoder;
import dev.voicebridge.audio.AudioFormat;
import dev.voicebridge.audio.Encoders;
import dev.voicebridge.audio.JoinableMp3;
import dev.voicebridge.audio.Recoder;
import dev.voicebridge.upstream.SpeechSettings;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * From what the service gives to what the client asked for. Event loop only. A codec works
 * elsewhere, one piece at a time and in order: a second of Opus takes it many milliseconds, in
 * which no other session of the loop would hear anything.
 */
final class Recoding {
  /** More than this that waits for the codec makes it full; about 1.4 s of samples at 24 kHz. */
  private static final int MAX_WAITING_BYTES = 64 * 1024;

  /** What becomes of it. */
  interface Listener {
    /** Never empty. */
    void recoded(Buffer bytes);

    /** There is room again. */
    void relieved();

    /** The last bytes are out. */
    void ended();

    void broke(Throwable bug);
  }

  private final Vertx vertx;
  private final Listener listener;

  /** Null where the service's own bytes will do. */
  private final @Nullable Recoder recoder;

  private final @Nullable JoinableMp3 mp3;
  private final boolean elsewhere;

  /** What waits for the codec: audio, and what is to be done when the audio before it is out. */
  private final Deque<Object> waiting = new ArrayDeque<>();

  private int waitingBytes;
  private boolean working;
  private boolean ending;
  private boolean over;

  Recoding(Vertx vertx, SpeechSettings settings, SpeechFormat format, Listener listener) {
    this(
        vertx,
        settings,
        format.rateHz() == 0 ? settings.sampleRateHz() : format.rateHz(),
        format == SpeechFormat.PCM,
        format.isCodec(),
        format::encoder,
        listener);
  }

  /**
   * @param bitRateKbps null: the codec's usual
   */
  Recoding(
      Vertx vertx,
      SpeechSettings settings,
      AudioFormat format,
      int toHz,
      @Nullable Integer bitRateKbps,
      Listener listener) {
    this(
        vertx,
        settings,
        toHz,
        format == AudioFormat.PCM,
        !format.isLinear(),
        hz -> Encoders.of(format, hz, bitRateKbps),
        listener);
  }

  private Recoding(
      Vertx vertx,
      SpeechSettings settings,
      int toHz,
      boolean plain,
      boolean codec,
      IntFunction<AudioEncoder> encoder,
      Listener listener) {
    this.vertx = vertx;
    this.listener = listener;
    int fromHz = settings.sampleRateHz();
    boolean linear = settings.format() == AudioFormat.PCM;
    // Samples at the right rate are what is wanted, or are made so.
    boolean asItIs = !linear || (plain && fromHz == toHz);
    this.elsewhere = codec && !asItIs;
    this.recoder = asItIs ? null : new Recoder(fromHz, toHz, encoder.apply(toHz));
    this.mp3 = settings.format() == AudioFormat.MP3 ? new JoinableMp3() : null;
  }

  /**
   * @param audio whole samples, or any bytes of an encoded stream
   */
  void add(Buffer audio) {
    if (recoder == null) {
      give(mp3 == null ? audio : Buffer.buffer(mp3.add(audio.getBytes())));
    } else if (elsewhere) {
      waiting.add(audio);
      waitingBytes += audio.length();
      work(recoder);
    } else {
      give(Buffer.buffer(recoder.add(audio.getBytes())));
    }
  }

  /**
   * Does something when all audio that was added before is out, as far as a codec lets go of it.
   */
  void then(Runnable action) {
    if (over) {
      return;
    }
    if (working || !waiting.isEmpty()) {
      waiting.add(action);
    } else {
      action.run();
    }
  }

  /** No more audio. */
  void end() {
    ending = true;
    if (recoder == null) {
      over();
    } else if (elsewhere) {
      work(recoder);
    } else {
      give(Buffer.buffer(recoder.finish()));
      over();
    }
  }

  boolean isFull() {
    return waitingBytes > MAX_WAITING_BYTES;
  }

  /** Nobody listens any more. */
  void close() {
    over = true;
    waiting.clear();
    waitingBytes = 0;
  }

  private void over() {
    if (!over) {
      over = true;
      listener.ended();
    }
  }

  private void give(Buffer bytes) {
    if (!over && bytes.length() > 0) {
      listener.recoded(bytes);
    }
  }

  /** All audio up to the next thing to be done. */
  private byte[] nextPiece() {
    Buffer piece = Buffer.buffer();
    while (waiting.peek() instanceof Buffer audio) {
      waiting.remove();
      piece.appendBuffer(audio);
    }
    waitingBytes -= piece.length();
    return piece.getBytes();
  }

  private void work(Recoder codec) {
    while (!working && !over && waiting.peek() instanceof Runnable due) {
      waiting.remove();
      due.run();
    }
    if (working || over || (waiting.isEmpty() && !ending)) {
      return;
    }
    working = true;
    byte[] piece = nextPiece();
    boolean last = piece.length == 0;
    Callable<byte[]> task = last ? codec::finish : () -> codec.add(piece);
    vertx
        .executeBlocking(task, false)
        .onComplete(
            bytes -> {
              working = false;
              give(Buffer.buffer(bytes));
              if (last) {
                over();
              } else {
                listener.relieved();
                work(codec);
              }
            },
            bug -> {
              working = false;
              if (!over) {
                over = true;
                listener.broke(bug);
              }
            });
  }
}
