package dev.voicebridge.library;

import dev.voicebridge.catalogue.Catalogue;
import dev.voicebridge.config.Config;
import dev.voicebridge.enrolment.Prefix;
import dev.voicebridge.enrolment.SampleUrlGuard;
import dev.voicebridge.voice.CachedVoices;
import dev.voicebridge.voice.MvVoiceStore;
import dev.voicebridge.voice.RedisVoiceStore;
import dev.voicebridge.voice.SharedRate;
import dev.voicebridge.voice.VoiceStore;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Opens the store, keeps the library fresh, and does its work; one in a process. */
public final class VoiceLibraryVerticle extends VerticleBase {
  private static final int SAMPLES_AT_ONCE = 2;

  private final Config config;
  private final Catalogue catalogue;
  private final Times times;

  private @Nullable VoiceStore store;
  private @Nullable CachedVoices voices;
  private @Nullable WorkerExecutor doctor;
  private @Nullable Follower follower;
  private @Nullable VoiceLibrary library;
  private boolean stopped;

  public VoiceLibraryVerticle(Config config, Catalogue catalogue) {
    this(config, catalogue, Times.USUAL);
  }

  VoiceLibraryVerticle(Config config, Catalogue catalogue, Times times) {
    this.config = config;
    this.catalogue = catalogue;
    this.times = times;
  }

  /** Fails with an exception whose message an operator can act upon. */
  @Override
  public Future<?> start() {
    String redis = config.redisUrl();
    if (redis != null) {
      RedisVoiceStore shared = RedisVoiceStore.start(vertx, redis);
      store = shared;
      // Not waited for: speech doesn't need it.
      open(shared, CachedVoices.following(shared), SharedRate.in(vertx, shared));
      return Future.succeededFuture();
    }
    return MvVoiceStore.open(vertx, config.dataDir())
        .compose(
            opened -> {
              store = opened;
              return CachedVoices.of(opened)
                  .onSuccess(read -> open(opened, read, SharedRate.local(vertx)));
            });
  }

  private void open(VoiceStore store, CachedVoices voices, SharedRate rate) {
    this.voices = voices;
    WorkerExecutor doctor = vertx.createSharedWorkerExecutor("sample-doctor", SAMPLES_AT_ONCE);
    this.doctor = doctor;
    Records records = new Records(store, voices);
    Vendors vendors = new Vendors(vertx, config, rate);
    Examination examination =
        new Examination(new SampleUrlGuard(vertx, Set.copyOf(config.sampleHosts())), doctor);
    Follower follower = new Follower(vertx, records, times);
    this.follower = follower;
    SampleLinks links = new SampleLinks();
    Enroller enroller = new Enroller(records, vendors, examination, follower, links, linkBase());
    Refresh refresh = new Refresh(records, vendors, rate, times);
    library =
        new VoiceLibrary(
            vertx, context, catalogue, records, vendors, examination, enroller, refresh, links);
    vertx.<Void>executeBlocking(
        () -> {
          Prefix.warmUp();
          return null;
        });
    refreshAgain(refresh);
  }

  /** A vendor fetches from whichever instance it meets; only a lone one has the sample for sure. */
  private @Nullable String linkBase() {
    String publicUrl = config.publicUrl();
    return publicUrl == null || config.redisUrl() != null ? null : publicUrl + SampleLinks.PATH;
  }

  /** The next look begins when the last one is over. */
  private void refreshAgain(Refresh refresh) {
    refresh
        .all()
        .onComplete(
            done -> {
              if (!stopped) {
                vertx.setTimer(times.refresh().toMillis(), again -> refreshAgain(refresh));
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
    if (follower != null) {
      follower.close();
    }
    if (library != null) {
      library.close();
    }
    if (voices != null) {
      voices.close();
    }
    Future<Void> hands = doctor == null ? Future.succeededFuture() : doctor.close();
    return hands.eventually(() -> store == null ? Future.succeededFuture() : store.close());
  }
}
