package dev.voicebridge.upstream.pieces;

import dev.voicebridge.audio.AudioEncoder;
import dev.voicebridge.audio.Recoder;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * From the samples of one response to the bytes that are wanted. A codec works elsewhere, one piece
 * at a time and in order (ADR 0003). Event loop only.
 */
final class Outlet {
  /** More than this that waits for the codec makes it full; about 1.4 s of samples at 24 kHz. */
  private static final int MAX_WAITING_BYTES = 64 * 1024;

  /** Whose outlet it is. */
  interface Owner {
    /** There is more to poll, or room again, or it is over. */
    void moved();

    void broke();
  }

  private final Vertx vertx;
  private final Owner owner;

  /** Null: samples are what is wanted. */
  private final @Nullable Recoder codec;

  private final Deque<Buffer> ready = new ArrayDeque<>();
  private Buffer waiting = Buffer.buffer();
  private boolean working;
  private boolean ending;
  private boolean ended;
  private boolean closed;

  /**
   * @param encoder null: samples are what is wanted
   */
  Outlet(Vertx vertx, @Nullable AudioEncoder encoder, int hz, Owner owner) {
    this.vertx = vertx;
    this.owner = owner;
    this.codec = encoder == null ? null : new Recoder(hz, hz, encoder);
  }

  /** Whole samples. */
  void add(Buffer pcm) {
    if (pcm.length() == 0) {
      return;
    }
    if (codec == null) {
      ready.add(pcm);
    } else {
      waiting.appendBuffer(pcm);
      work(codec);
    }
  }

  /** No more samples. */
  void end() {
    ending = true;
    if (codec == null) {
      ended = true;
    } else {
      work(codec);
    }
  }

  boolean isEnding() {
    return ending;
  }

  /** Whether all of it has been polled. */
  boolean isOver() {
    return ended && ready.isEmpty();
  }

  boolean isFull() {
    return waiting.length() > MAX_WAITING_BYTES;
  }

  /** Whether nothing is with the codec. */
  boolean isIdle() {
    return !working && waiting.length() == 0;
  }

  @Nullable Buffer poll() {
    return ready.poll();
  }

  /** Nobody listens any more. */
  void close() {
    closed = true;
    ready.clear();
    waiting = Buffer.buffer();
  }

  private void work(Recoder with) {
    if (working || closed || ended || (waiting.length() == 0 && !ending)) {
      return;
    }
    working = true;
    byte[] piece = waiting.getBytes();
    waiting = Buffer.buffer();
    boolean last = piece.length == 0;
    Callable<byte[]> task = last ? with::finish : () -> with.add(piece);
    vertx
        .executeBlocking(task, false)
        .onComplete(
            bytes -> {
              working = false;
              if (closed) {
                return;
              }
              if (bytes.length > 0) {
                ready.add(Buffer.buffer(bytes));
              }
              ended = last;
              work(with);
              owner.moved();
            },
            bug -> {
              if (!closed) {
                closed = true;
                owner.broke();
              }
            });
  }
}
