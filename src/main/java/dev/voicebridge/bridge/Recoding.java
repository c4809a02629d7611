package dev.voicebridge.bridge;

import dev.voicebridge.audio.AudioFormat;
import dev.voicebridge.audio.JoinableMp3;
import dev.voicebridge.audio.Recoder;
import dev.voicebridge.upstream.SpeechSettings;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.concurrent.Callable;
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
  private Buffer waiting = Buffer.buffer();
  private boolean working;
  private boolean ending;
  private boolean over;

  Recoding(Vertx vertx, SpeechSettings settings, SpeechOrder order, Listener listener) {
    SpeechFormat format = order.format();
    this.vertx = vertx;
    this.listener = listener;
    this.elsewhere = format.isCodec();
    boolean linear = settings.format() == AudioFormat.PCM;
    int fromHz = settings.sampleRateHz();
    // Opus is 48,000 Hz whatever goes in.
    boolean free = order.rateHz() == 0 || format == SpeechFormat.OPUS;
    int toHz = free ? fromHz : order.rateHz();
    // Samples at the right rate are what is wanted, or are made so.
    boolean asItIs = !linear || (format == SpeechFormat.PCM && fromHz == toHz);
    this.recoder = asItIs ? null : new Recoder(fromHz, toHz, format.encoder(toHz));
    this.mp3 = settings.format() == AudioFormat.MP3 ? new JoinableMp3() : null;
  }

  /**
   * @param audio whole samples, or any bytes of an encoded stream
   */
  void add(Buffer audio) {
    if (recoder == null) {
      give(mp3 == null ? audio : Buffer.buffer(mp3.add(audio.getBytes())));
    } else if (elsewhere) {
      waiting.appendBuffer(audio);
      work(recoder);
    } else {
      give(Buffer.buffer(recoder.add(audio.getBytes())));
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
    return waiting.length() > MAX_WAITING_BYTES;
  }

  /** Nobody listens any more. */
  void close() {
    over = true;
    waiting = Buffer.buffer();
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

  private void work(Recoder codec) {
    if (working || over || (waiting.length() == 0 && !ending)) {
      return;
    }
    working = true;
    byte[] piece = waiting.getBytes();
    waiting = Buffer.buffer();
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
