package dev.voicebridge.scripted;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** How the scripted service behaves; fields may change between turns. Any thread. */
final class Script {
  /** Audio of a text, bytes; odd counts welcome. */
  volatile ToIntFunction<String> audioBytes = text -> 3_000 * text.codePointCount(0, text.length());

  /** Smallest and largest delta, bytes; chosen from {@link #seed}. */
  volatile int minDelta = 4_800;

  volatile int maxDelta = 4_800;

  /** Milliseconds between deltas; zero: as fast as the socket takes them. */
  volatile int paceMs;

  /** Longest frame; messages above are fragmented. */
  volatile int maxFrame = Integer.MAX_VALUE;

  /** Longest write, so that frames are split over segments. */
  volatile int maxWrite = Integer.MAX_VALUE;

  volatile long seed = 1;
  volatile boolean shuffleKeys;
  volatile boolean blanks;
  volatile boolean extraFields;
  volatile boolean escapes;

  /** As the vendor's table has it: part and item are done before the audio is. */
  volatile boolean tableDoneOrder;

  volatile boolean usage = true;
  volatile boolean tokenUsage;

  /** Every event that acknowledges or ends something comes twice. */
  volatile boolean duplicates;

  volatile Ack created = Ack.WITH_UPGRADE;
  volatile Ack updated = Ack.AT_ONCE;

  /** Realtime: whether {@code committed}, {@code response.created} and the like are sent. */
  volatile boolean bare;

  /** Whether {@code session.finished} is followed by the service's own close. */
  volatile boolean closesAfterFinished;

  /** Inference: sentence events as in the older documents: none. */
  volatile boolean sentenceEvents = true;

  /** Inference: whether {@code payload} and {@code attributes} are there. */
  volatile boolean payloads = true;

  volatile int startDelayMs;
  volatile boolean wordTimesRestart = true;

  /** Sambert: how often a growing sentence is reported. */
  volatile int sentenceReports = 1;

  /** Answers to a close frame; a rude service goes on talking. */
  volatile boolean answersClose = true;

  /** What happens to every connection; null: it is accepted. */
  volatile @Nullable Fault door;

  /** Faults wait for the next connection or utterance that they fit. */
  final ConcurrentLinkedQueue<Fault> faults = new ConcurrentLinkedQueue<>();

  enum Ack {
    WITH_UPGRADE,
    AT_ONCE,
    LATE,
    NEVER
  }

  Script next(Fault... more) {
    faults.addAll(java.util.List.of(more));
    return this;
  }
}
