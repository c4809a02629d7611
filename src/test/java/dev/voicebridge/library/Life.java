package dev.voicebridge.library;

import static dev.voicebridge.library.LibraryHouse.OPERATOR;
import static dev.voicebridge.library.LibraryHouse.result;

import dev.voicebridge.catalogue.Catalogue;
import dev.voicebridge.config.Config;
import dev.voicebridge.enrolment.Prefix;
import dev.voicebridge.voice.CachedVoices;
import dev.voicebridge.voice.MvVoiceStore;
import dev.voicebridge.voice.SharedRate;
import dev.voicebridge.voice.Voice;
import dev.voicebridge.voice.VoiceQuery;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.NullUnmarked;

/** One life of a process with a library; its folder and the vendors outlast it. */
@NullUnmarked
final class Life implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final Context loop = vertx.getOrCreateContext();
  final StagedStore store;
  final VoiceLibrary library;

  /**
   * Others than these two don't matter, or are short.
   *
   * @param pending as in {@link Times}
   * @param take as in {@link Times}
   */
  static Times times(Duration pending, Duration take) {
    return new Times(
        Duration.ofMillis(1),
        Duration.ZERO,
        pending,
        Duration.ofMillis(50),
        Duration.ofSeconds(20),
        take);
  }

  Life(Config config, Times times, StagedStore.Stage stage) throws TimeoutException {
    Prefix.warmUp(); // not on the loop
    store = new StagedStore(result(MvVoiceStore.open(vertx, config.dataDir())), stage);
    CachedVoices voices = result(CachedVoices.of(store));
    library =
        onLoop(
            () ->
                Future.succeededFuture(
                    new VoiceLibrary(
                        vertx,
                        config,
                        Catalogue.load(),
                        store,
                        voices,
                        SharedRate.local(vertx),
                        times,
                        EnrolmentMeter.NONE)));
  }

  private <T> T onLoop(Supplier<Future<T>> work) throws TimeoutException {
    Promise<T> done = Promise.promise();
    loop.runOnContext(v -> work.get().onComplete(done));
    return result(done.future());
  }

  /** Only the operator, who sees every record, also sees one too many. */
  List<Voice> voices() {
    return library.list(OPERATOR, VoiceQuery.all()).voices();
  }

  long places() {
    return library.quota().stream()
        .mapToLong(provider -> ((JsonObject) provider).getLong("used"))
        .sum();
  }

  void refresh() {
    try {
      onLoop(library::refresh);
    } catch (TimeoutException e) {
      throw new AssertionError("the refresh does not end", e);
    }
  }

  @Override
  public void close() throws TimeoutException {
    onLoop(library::close);
    result(store.close());
    result(vertx.close());
  }
}
