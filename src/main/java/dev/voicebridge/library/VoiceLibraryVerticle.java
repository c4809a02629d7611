package dev.voicebridge.library;

import dev.voicebridge.catalogue.Catalogue;
import dev.voicebridge.config.Config;
import dev.voicebridge.enrolment.Prefix;
import dev.voicebridge.voice.CachedVoices;
import dev.voicebridge.voice.MvVoiceStore;
import dev.voicebridge.voice.RedisVoiceStore;
import dev.voicebridge.voice.SharedRate;
import dev.voicebridge.voice.VoiceStore;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import org.jspecify.annotations.Nullable;

/** Opens the store, keeps the library fresh, and does its work; one in a process. */
public final class VoiceLibraryVerticle extends VerticleBase {
  private final Config config;
  private final Catalogue catalogue;
  private final Times times;
  private final EnrolmentMeter meter;

  private @Nullable VoiceStore store;
  private @Nullable CachedVoices voices;
  private @Nullable VoiceLibrary library;
  private boolean stopped;

  public VoiceLibraryVerticle(Config config, Catalogue catalogue, EnrolmentMeter meter) {
    this(config, catalogue, Times.USUAL, meter);
  }

  VoiceLibraryVerticle(Config config, Catalogue catalogue, Times times) {
    this(config, catalogue, times, EnrolmentMeter.NONE);
  }

  private VoiceLibraryVerticle(
      Config config, Catalogue catalogue, Times times, EnrolmentMeter meter) {
    this.config = config;
    this.catalogue = catalogue;
    this.times = times;
    this.meter = meter;
  }

  /** Fails with an exception whose message an operator can act upon. */
  @Override
  public Future<?> start() {
    String redis = config.redisUrl();
    if (redis != null) {
      RedisVoiceStore shared;
      try {
        shared = RedisVoiceStore.start(vertx, redis);
      } catch (IllegalArgumentException wrong) {
        return Future.failedFuture(new UnusableStoreException("REDIS_URL", wrong));
      }
      store = shared;
      // Not waited for: speech doesn't need it.
      VoiceLibrary opened =
          open(shared, CachedVoices.following(shared), SharedRate.in(vertx, shared));
      shared.ready().onSuccess(reached -> refreshAgain(opened));
      return Future.succeededFuture();
    }
    return MvVoiceStore.open(vertx, config.dataDir())
        .recover(
            cause -> Future.failedFuture(new UnusableStoreException("VOICEBRIDGE_DATA_DIR", cause)))
        .compose(
            opened -> {
              store = opened;
              return CachedVoices.of(opened)
                  .onSuccess(read -> refreshAgain(open(opened, read, SharedRate.local(vertx))));
            });
  }

  private VoiceLibrary open(VoiceStore store, CachedVoices voices, SharedRate rate) {
    this.voices = voices;
    VoiceLibrary opened =
        new VoiceLibrary(vertx, config, catalogue, store, voices, rate, times, meter);
    library = opened;
    vertx.<Void>executeBlocking(
        () -> {
          Prefix.warmUp();
          return null;
        });
    return opened;
  }

  /** The voices can't be kept where the settings say; the message tells the operator why. */
  public static final class UnusableStoreException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private UnusableStoreException(String setting, Throwable cause) {
      super(setting + ": " + cause.getMessage(), cause);
    }
  }

  /** The next look begins when the last one is over. */
  private void refreshAgain(VoiceLibrary library) {
    if (stopped) {
      return;
    }
    library
        .refresh()
        .onComplete(
            done -> {
              if (!stopped) {
                vertx.setTimer(times.refresh().toMillis(), again -> refreshAgain(library));
              }
            });
  }

  /** Once started. */
  public VoiceLibrary library() {
    if (library == null) {
      throw new IllegalStateException("not started");
    }
    return library;
  }

  @Override
  public Future<?> stop() {
    stopped = true;
    if (voices != null) {
      voices.close();
    }
    Future<Void> work = library == null ? Future.succeededFuture() : library.close();
    return work.eventually(() -> store == null ? Future.succeededFuture() : store.close());
  }
}
