package dev.voicebridge.emulator.wire;

import dev.voicebridge.emulator.engine.SpeechEngine;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One sentence between the engine's thread, which fills it, and a socket's event loop, which
 * empties it. Holds at most one sentence of audio, because a reader that stops asks for no further
 * one.
 */
final class Take implements SpeechEngine.Sink {
  /**
   * @param beginMs from the sentence's first sample
   */
  record Word(int beginIndex, int endIndex, int beginMs, int endMs) {}

  private final String text;

  /** Has the event loop look again; called on any thread. */
  private final Runnable wake;

  private final ArrayDeque<short[]> ready = new ArrayDeque<>();
  private final List<Word> words = new ArrayList<>();
  private int readySamples;
  private int headOffset;
  private boolean woken;
  private boolean complete;
  private @Nullable Throwable failure;
  private volatile boolean abandoned;

  Take(String text, Runnable wake) {
    this.text = text;
    this.wake = wake;
  }

  String text() {
    return text;
  }

  @Override
  public boolean samples(short[] samples) {
    if (abandoned) {
      return false;
    }
    boolean first;
    synchronized (this) {
      ready.add(samples);
      readySamples += samples.length;
      first = !woken;
      woken = true;
    }
    if (first) {
      wake.run();
    }
    return true;
  }

  @Override
  public synchronized void word(int beginIndex, int endIndex, int beginMs, int endMs) {
    words.add(new Word(beginIndex, endIndex, beginMs, endMs));
  }

  synchronized void ended(@Nullable Throwable cause) {
    complete = true;
    failure = cause;
  }

  /** Nobody wants the rest. */
  void abandon() {
    abandoned = true;
  }

  boolean isAbandoned() {
    return abandoned;
  }

  synchronized boolean isSpoken() {
    return complete && readySamples == 0;
  }

  synchronized @Nullable Throwable failure() {
    return failure;
  }

  synchronized List<Word> words() {
    return List.copyOf(words);
  }

  /**
   * @param least less than that is given only at the end
   * @return null when there is nothing (yet)
   */
  synchronized short @Nullable [] next(int least, int most) {
    woken = false;
    if (readySamples == 0 || (readySamples < least && !complete)) {
      return null;
    }
    short[] slice = new short[Math.min(readySamples, most)];
    int filled = 0;
    while (filled < slice.length) {
      short[] head = ready.element();
      int count = Math.min(head.length - headOffset, slice.length - filled);
      System.arraycopy(head, headOffset, slice, filled, count);
      filled += count;
      headOffset += count;
      if (headOffset == head.length) {
        ready.remove();
        headOffset = 0;
      }
    }
    readySamples -= slice.length;
    return slice;
  }
}
