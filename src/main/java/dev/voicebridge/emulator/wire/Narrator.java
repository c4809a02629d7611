package dev.voicebridge.emulator.wire;

import dev.voicebridge.audio.AudioEncoder;
import dev.voicebridge.audio.Encoders;
import dev.voicebridge.emulator.engine.SpeechEngine;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The engine and the threads it needs: one that speaks, a sentence at a time for whoever asked
 * first, and a few that encode. Every future completes on the caller's event loop.
 */
public final class Narrator {
  private final Supplier<SpeechEngine> source;
  private final WorkerExecutor voice;
  private final WorkerExecutor codecs;

  /** Null until opened. Only the voice thread sees it. */
  private @Nullable SpeechEngine engine;

  public Narrator(Vertx vertx, Supplier<SpeechEngine> source) {
    this.source = source;
    String name = "guest-" + UUID.randomUUID();
    this.voice = vertx.createSharedWorkerExecutor(name + "-voice", 1);
    this.codecs =
        vertx.createSharedWorkerExecutor(
            name + "-codecs", Runtime.getRuntime().availableProcessors());
  }

  /** Fails with what the engine's supplier throws. */
  public Future<Void> open() {
    return voice.executeBlocking(
        () -> {
          SpeechEngine opened = source.get();
          engine = opened;
          // Not waited for: whoever speaks meanwhile takes turns with it.
          Thread warming = new Thread(opened::warmUp, "guest-warm-up");
          warming.setDaemon(true);
          warming.start();
          return null;
        },
        true);
  }

  public Future<Void> close() {
    return voice
        .<Void>executeBlocking(
            () -> {
              if (engine != null) {
                engine.close();
                engine = null;
              }
              return null;
            },
            true)
        .eventually(voice::close)
        .eventually(codecs::close);
  }

  AudioEncoder encoder(Voicing voicing) {
    return Encoders.of(voicing.format(), voicing.sampleRateHz(), voicing.bitRateKbps());
  }

  Future<Void> speak(SpeechEngine.Utterance utterance, Take take) {
    return voice.executeBlocking(
        () -> {
          SpeechEngine open = engine;
          if (open == null) {
            throw new IllegalStateException("the engine is closed");
          }
          if (!take.isAbandoned()) {
            open.speak(utterance, take);
          }
          return null;
        },
        false);
  }

  /** All the samples of a text that isn't long: they are held in memory. */
  public Future<short[]> samples(SpeechEngine.Utterance utterance) {
    Take take = new Take(utterance.text(), () -> {});
    return speak(utterance, take)
        .map(
            spoken -> {
              take.ended(null);
              short[] all = take.next(0, Integer.MAX_VALUE);
              return all == null ? new short[0] : all;
            });
  }

  /** Runs what takes too long for an event loop; fails with what it throws. */
  public <T> Future<T> compute(Callable<T> work) {
    return codecs.executeBlocking(work, false);
  }

  Future<byte[]> encode(Callable<byte[]> work) {
    return codecs.executeBlocking(work, false);
  }
}
