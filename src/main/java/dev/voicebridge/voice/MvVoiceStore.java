package dev.voicebridge.voice;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The library of a single instance, in one file ({@value #FILE}) of the data folder. A put is
 * answered after its commit has reached the disk, so neither {@code kill -9} nor a power cut takes
 * it back. The file is locked while it is open: no second process can share it.
 *
 * <p>Maps of the file: {@code voices} (id → record as JSON), {@code gone} (id → what remains of a
 * deleted voice), {@code used} (id → last use, Unix ms), {@code previews} (id → audio). A record
 * that this version can't read is left as it is and not shown.
 */
public final class MvVoiceStore implements VoiceStore {
  static final String FILE = "voices.mv";

  private static final Logger log = LoggerFactory.getLogger(MvVoiceStore.class);
  private static final Duration WRITE = Duration.ofSeconds(10);
  private static final long USED_STEP_MS = 60_000;

  private final Shelf shelf = new Shelf();
  private final Watchers watchers;

  /** One thread, so that writes come one after the other. */
  private final WorkerExecutor writer;

  private final MVStore file;
  private final MVMap<String, String> voices;
  private final MVMap<String, String> gone;
  private final MVMap<String, Long> used;
  private final MVMap<String, byte[]> previews;
  private volatile StoreHealth health = new StoreHealth(StoreHealth.State.OK, Instant.now(), null);

  private MvVoiceStore(Vertx vertx, WorkerExecutor writer, MVStore file) {
    this.watchers = new Watchers(vertx.getOrCreateContext());
    this.writer = writer;
    this.file = file;
    this.voices = file.openMap("voices");
    this.gone = file.openMap("gone");
    this.used = file.openMap("used");
    this.previews = file.openMap("previews");
    read();
  }

  /**
   * @param folder made if it isn't there
   * @return fails with an {@link IOException} whose message an operator can act upon: the folder
   *     can't be written, the file is damaged, or another process has it
   */
  public static Future<MvVoiceStore> open(Vertx vertx, Path folder) {
    WorkerExecutor writer =
        vertx.createSharedWorkerExecutor("voices-" + folder.toAbsolutePath().normalize(), 1);
    return Rules.here(
        writer
            .executeBlocking(() -> new MvVoiceStore(vertx, writer, openFile(folder)))
            .onFailure(e -> writer.close()));
  }

  private static MVStore openFile(Path folder) throws IOException {
    Path path = folder.resolve(FILE);
    try {
      Files.createDirectories(folder);
      // Commits are ours: an automatic one could tear a put from the tombstone that goes with it.
      return new MVStore.Builder()
          .fileName(path.toAbsolutePath().toString())
          .autoCommitDisabled()
          .open();
    } catch (MVStoreException e) {
      if (e.getErrorCode() == DataUtils.ERROR_FILE_LOCKED) {
        throw new IOException(
            path
                + " is in use by another process: an instance of its own needs a"
                + " VOICEBRIDGE_DATA_DIR of its own, several that share voices need REDIS_URL",
            e);
      }
      throw new IOException(path + " can't be opened: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new IOException("the data folder " + folder + " can't be used: " + e, e);
    }
  }

  private void read() {
    Instant now = Instant.now();
    for (Map.Entry<String, String> entry : gone.entrySet()) {
      shelf.remove(tombstone(entry.getKey(), new JsonObject(entry.getValue())));
    }
    for (Shelf.Gone old : List.copyOf(shelf.gone())) {
      if (old.forgotten(now)) {
        gone.remove(old.id());
        shelf.forgetGone(old.id());
      }
    }
    for (Map.Entry<String, String> entry : voices.entrySet()) {
      try {
        shelf.put(Voice.parse(new JsonObject(entry.getValue())));
      } catch (RuntimeException e) {
        log.atWarn()
            .addKeyValue("voice", entry.getKey())
            .setCause(e)
            .log("a record can't be read; it is left as it is");
      }
    }
    used.forEach((id, at) -> shelf.used(id, Instant.ofEpochMilli(at)));
  }

  private static Shelf.Gone tombstone(String id, JsonObject json) {
    return new Shelf.Gone(
        id, json.getLong("version", 0L), Instant.ofEpochMilli(json.getLong("at", 0L)));
  }

  @Override
  public Future<Voice> put(Voice voice) {
    return write(
        () -> {
          if (shelf.get(voice.id()) == null && voices.containsKey(voice.id())) {
            throw Rules.conflict(null); // one of those that can't be read
          }
          Rules.Put put = Rules.put(shelf, voice, Instant.now());
          if (put.yielding() != null) {
            bury(put.yielding());
          }
          voices.put(voice.id(), put.stored().edit().lastUsed(null).done().toJson().encode());
          commit();
          if (put.yielding() != null) {
            shelf.remove(put.yielding());
          }
          shelf.put(put.stored());
          Rules.changes(put).forEach(watchers::tell);
          return put.stored();
        });
  }

  @Override
  public Future<Boolean> delete(String id, long version) {
    return write(
        () -> {
          Shelf.Gone deleted = Rules.delete(shelf, id, version, Instant.now());
          if (deleted == null) {
            return false;
          }
          bury(deleted);
          commit();
          shelf.remove(deleted);
          watchers.tell(new VoiceChange(id, null));
          return true;
        });
  }

  private void bury(Shelf.Gone deleted) {
    voices.remove(deleted.id());
    used.remove(deleted.id());
    previews.remove(deleted.id());
    gone.put(
        deleted.id(),
        new JsonObject()
            .put("version", deleted.version())
            .put("at", deleted.at().toEpochMilli())
            .encode());
  }

  @Override
  public Future<Void> keepPreview(String id, Buffer audio) {
    return write(
            () -> {
              if (!voices.containsKey(id)) {
                throw Rules.gone();
              }
              previews.put(id, audio.getBytes());
              commit();
              return true;
            })
        .mapEmpty();
  }

  @Override
  @SuppressWarnings("NullAway") // a future of null
  public Future<Buffer> preview(String id) {
    return write(
        () -> {
          byte[] audio = previews.get(id);
          return audio == null ? null : Buffer.buffer(audio);
        });
  }

  @Override
  public void used(String id, Instant at) {
    Voice voice = shelf.get(id);
    if (voice == null) {
      return;
    }
    Instant before = voice.lastUsed();
    if (before != null && at.toEpochMilli() - before.toEpochMilli() < USED_STEP_MS) {
      return;
    }
    shelf.used(id, at);
    write(
            () -> {
              if (voices.containsKey(id)) {
                used.put(id, at.toEpochMilli());
                commit();
              }
              return true;
            })
        .onFailure(e -> log.atDebug().setCause(e).log("a use was not noted"));
  }

  @Override
  @SuppressWarnings("NullAway") // a future of null
  public Future<Voice> get(String id) {
    return read(shelf.get(id));
  }

  @Override
  @SuppressWarnings("NullAway") // a future of null
  public Future<Voice> byProviderId(String provider, String providerVoiceId) {
    return read(shelf.byProviderId(provider, providerVoiceId));
  }

  @Override
  public Future<VoicePage> list(VoiceQuery query) {
    return read(shelf.list(query));
  }

  @Override
  public Future<List<Voice>> pending(Instant modifiedBefore) {
    return read(shelf.pending(modifiedBefore));
  }

  private <T> Future<T> read(T answer) {
    return health.state() == StoreHealth.State.DOWN
        ? Future.failedFuture(VoiceStoreException.unavailable("closed"))
        : Future.succeededFuture(answer);
  }

  @Override
  public Watch watch(Consumer<VoiceChange> listener) {
    return watchers.add(listener);
  }

  @Override
  public StoreHealth health() {
    return health;
  }

  @Override
  public Future<Void> close() {
    if (health.state() == StoreHealth.State.DOWN) {
      return Future.succeededFuture();
    }
    health = new StoreHealth(StoreHealth.State.DOWN, Instant.now(), "closed");
    return Rules.here(
        writer
            .executeBlocking(
                () -> {
                  file.close();
                  return true;
                })
            .eventually(writer::close)
            .mapEmpty());
  }

  private void commit() {
    file.commit();
    file.sync();
  }

  private <T> Future<T> write(Callable<T> task) {
    if (health.state() == StoreHealth.State.DOWN) {
      return Future.failedFuture(VoiceStoreException.unavailable("closed"));
    }
    return Rules.here(
        writer
            .executeBlocking(() -> guarded(task))
            .timeout(WRITE.toMillis(), TimeUnit.MILLISECONDS)
            .recover(
                e ->
                    Future.failedFuture(
                        e instanceof VoiceStoreException
                            ? e
                            : VoiceStoreException.unavailable("the disk does not answer"))));
  }

  private <T> T guarded(Callable<T> task) throws Exception {
    try {
      T done = task.call();
      settle(StoreHealth.State.OK, null);
      return done;
    } catch (VoiceStoreException e) {
      throw e;
    } catch (Exception e) {
      log.atError().setCause(e).log("voices can't be written");
      settle(StoreHealth.State.FROM_MEMORY, "working from memory: voices can't be written to disk");
      if (!file.isClosed()) {
        file.rollback();
      }
      throw VoiceStoreException.unavailable("voices can't be written to disk");
    }
  }

  private void settle(StoreHealth.State state, @Nullable String detail) {
    StoreHealth before = health;
    if (before.state() != state && before.state() != StoreHealth.State.DOWN) {
      health = new StoreHealth(state, Instant.now(), detail);
    }
  }
}
