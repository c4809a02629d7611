package dev.voicebridge.voice;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The library of a fleet, in Redis 5 or later: one server, a cluster or sentinels, see {@link
 * RedisUrl}.
 *
 * <p><b>Keys</b>, all in the slot of {@code voicebridge}, none with an expiry (let the server's
 * {@code maxmemory-policy} be {@code noeviction} or {@code volatile-…}):
 *
 * <ul>
 *   <li>{@code {voicebridge}:voices}, hash: our id → the record as JSON, without its last use
 *   <li>{@code {voicebridge}:providers}, hash: provider, line feed, the provider's id → our id
 *   <li>{@code {voicebridge}:gone}, hash: id of a deleted voice → {@code {id, version, at}},
 *       forgotten after 40 days
 *   <li>{@code {voicebridge}:used}, hash: our id → last use, Unix ms
 *   <li>{@code {voicebridge}:meta}, hash: {@code library} (a random id, drawn at the first write),
 *       {@code born} (when, Unix ms), {@code revision} (counts the changes), {@code seen}
 *   <li>{@code {voicebridge}:changes}, channel: {@code {revision, voice}}, {@code {revision,
 *       gone}}, {@code {used, at}}
 *   <li>{@code {voicebridge}:rate:<pot>}, list: see {@link SharedRate}
 * </ul>
 *
 * Every change is one script: record, index, revision and message, or nothing.
 *
 * <p><b>When Redis is away</b> reads are answered from memory, writes fail at once, and {@link
 * #health} says so. When it is back, this copy and Redis are joined, voice by voice; of two
 * versions the higher one stays, and a deletion is a version. What Redis lost (restarted empty,
 * restored from an older backup, a failover to a replica that lagged) is so put back from the
 * copies, but only:
 *
 * <ol>
 *   <li>by a copy that once was read from Redis, and was out of touch for less than 30 days
 *       (deletions are remembered longer than that);
 *   <li>into the same library, into none at all, or into one that was begun after our last contact
 *       (another instance was quicker after the loss). Anything else is somebody else's library: it
 *       replaces the copy, and nothing is written;
 *   <li>where the provider's voice id doesn't belong to a voice of Redis already; only a found
 *       voice without owner gives way to one with an owner. Owners travel inside of the records and
 *       are never guessed.
 * </ol>
 *
 * So a wiped Redis comes back while an instance lives: to empty a library, delete its voices or
 * stop all instances first. A deletion that no surviving copy has heard of is undone by a restart
 * from nothing; the next refresh from the vendor, whose word existence is, does it again.
 */
public final class RedisVoiceStore implements VoiceStore {
  static final String PREFIX = "{voicebridge}:";
  static final String CHANNEL = PREFIX + "changes";

  private static final Logger log = LoggerFactory.getLogger(RedisVoiceStore.class);
  private static final List<String> KEYS =
      List.of(
          PREFIX + "meta",
          PREFIX + "voices",
          PREFIX + "providers",
          PREFIX + "gone",
          PREFIX + "used",
          PREFIX + "previews");
  private static final String VOICES = KEYS.get(1);
  private static final String PROVIDERS = KEYS.get(2);
  private static final String GONE = KEYS.get(3);
  private static final String PREVIEWS = KEYS.get(5);

  private static final Duration OUT_OF_TOUCH = Duration.ofDays(30);
  private static final long CLOCK_SLACK_MS = 60_000;
  private static final long USED_STEP_MS = 60_000;
  private static final long READ_MS = 500;
  private static final int PUSHED_AT_ONCE = 100;

  private final Vertx vertx;
  private final Context context;
  private final Shelf shelf = new Shelf();
  private final Watchers watchers;
  private final RedisLink link;
  private volatile StoreHealth health =
      new StoreHealth(StoreHealth.State.DOWN, Instant.now(), "Redis was not reached yet");

  // What is known of Redis's library. Context only.
  private boolean joined;
  private @Nullable String library;
  private long seen;
  private long seenByLastBeat;
  private long lastContactMs;

  /** What came while a snapshot is on its way, which may be older. Context only; null: none is. */
  private @Nullable Meanwhile meanwhile;

  private record Meanwhile(Set<String> ids, Set<Long> revisions) {
    Meanwhile() {
      this(new HashSet<>(), new HashSet<>());
    }
  }

  private RedisVoiceStore(Vertx vertx, RedisOptions options) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.watchers = new Watchers(context);
    this.link = new RedisLink(vertx, context, options, CHANNEL, new Reader());
  }

  /**
   * Starts at once; the library can be read when {@link #ready} is done, and until then everything
   * is {@code UNAVAILABLE}.
   *
   * @param url see {@link RedisUrl}
   * @throws IllegalArgumentException in words for an operator, without the URL
   */
  public static RedisVoiceStore start(Vertx vertx, String url) {
    RedisVoiceStore store = new RedisVoiceStore(vertx, RedisUrl.parse(url));
    store.link.start();
    return store;
  }

  /** Done when Redis was reached for the first time, however long that takes: wait with a bound. */
  public Future<Void> ready() {
    return Rules.here(link.firstUp());
  }

  RedisLink link() {
    return link;
  }

  // ---- writing

  @Override
  public Future<Voice> put(Voice voice) {
    Voice next = Rules.next(voice, shelf.get(voice.id()));
    return Rules.here(
        link.send(
                RedisScripts.eval(RedisScripts.PUT, KEYS, CHANNEL, UUID.randomUUID(), record(next)))
            .compose(
                answer ->
                    switch (answer.get(0).toString()) {
                      case "OK" -> stored(next);
                      case "GONE" -> Future.failedFuture(Rules.gone());
                      case "TAKEN" -> Future.failedFuture(Rules.taken(other(answer)));
                      default -> Future.failedFuture(Rules.conflict(other(answer)));
                    }));
  }

  private Future<Voice> stored(Voice voice) {
    Promise<Voice> promise = Promise.promise();
    context.runOnContext(
        v -> {
          take(voice);
          promise.complete(voice);
        });
    return promise.future();
  }

  private static @Nullable Voice other(Response answer) {
    String json = answer.size() < 2 ? "" : answer.get(1).toString();
    return json.isEmpty() ? null : parse(json);
  }

  @Override
  public Future<Boolean> delete(String id, long version) {
    return Rules.here(
        link.send(RedisScripts.eval(RedisScripts.DELETE, KEYS, CHANNEL, id, version))
            .compose(
                answer ->
                    switch (answer.get(0).toString()) {
                      case "OK" -> deleted(new Shelf.Gone(id, version + 1, Instant.now()));
                      case "NONE" -> Future.succeededFuture(false);
                      default -> Future.failedFuture(Rules.conflict(other(answer)));
                    }));
  }

  private Future<Boolean> deleted(Shelf.Gone gone) {
    Promise<Boolean> promise = Promise.promise();
    context.runOnContext(
        v -> {
          take(gone);
          promise.complete(true);
        });
    return promise.future();
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
    link.send(RedisScripts.eval(RedisScripts.USED, KEYS, CHANNEL, id, at.toEpochMilli()))
        .onFailure(e -> log.atDebug().setCause(e).log("a use was not noted"));
  }

  @Override
  public Future<Void> keepPreview(String id, Buffer audio) {
    Request keeping = RedisScripts.eval(RedisScripts.KEEP_PREVIEW, KEYS, CHANNEL, id).arg(audio);
    return Rules.here(
        link.send(keeping)
            .compose(
                kept ->
                    kept.toLong() == 1
                        ? Future.succeededFuture()
                        : Future.failedFuture(Rules.gone())));
  }

  @Override
  @SuppressWarnings("NullAway") // a future of null
  public Future<Buffer> preview(String id) {
    return Rules.here(
        link.send(Request.cmd(Command.HGET).arg(PREVIEWS).arg(id))
            .map(audio -> audio == null ? null : audio.toBuffer()));
  }

  /** As Redis keeps it: the last use is beside it, so that noting one is no new version. */
  private static String record(Voice voice) {
    return voice.edit().lastUsed(null).done().toJson().encode();
  }

  // ---- reading

  @Override
  public Future<Voice> get(String id) {
    return Rules.here(
        asked(Request.cmd(Command.HGET).arg(VOICES).arg(id))
            .map(answer -> read(id, answer))
            .recover(e -> remembered(shelf.get(id))));
  }

  @Override
  @SuppressWarnings("NullAway") // a future of null
  public Future<Voice> byProviderId(String provider, String providerVoiceId) {
    return Rules.here(
        asked(Request.cmd(Command.HGET).arg(PROVIDERS).arg(provider + "\n" + providerVoiceId))
            .compose(id -> id == null ? Future.<Voice>succeededFuture(null) : get(id.toString()))
            .recover(e -> remembered(shelf.byProviderId(provider, providerVoiceId))));
  }

  private Future<Response> asked(Request request) {
    return link.send(request).timeout(READ_MS, TimeUnit.MILLISECONDS);
  }

  @SuppressWarnings("NullAway") // null: there is none
  private Voice read(String id, @Nullable Response answer) {
    Voice voice = answer == null ? null : parse(answer.toString());
    Voice known = shelf.get(id);
    return voice == null || known == null || known.lastUsed() == null
        ? voice
        : voice.edit().lastUsed(known.lastUsed()).done();
  }

  @SuppressWarnings("NullAway") // a future of null
  private <T> Future<T> remembered(@Nullable T answer) {
    return health.state() == StoreHealth.State.DOWN
        ? Future.failedFuture(VoiceStoreException.unavailable(String.valueOf(health.detail())))
        : Future.succeededFuture(answer);
  }

  @Override
  public Future<VoicePage> list(VoiceQuery query) {
    return remembered(shelf.list(query));
  }

  @Override
  public Future<List<Voice>> pending(Instant modifiedBefore) {
    return remembered(shelf.pending(modifiedBefore));
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
    health = new StoreHealth(StoreHealth.State.DOWN, Instant.now(), "closed");
    return Rules.here(link.close());
  }

  private static @Nullable Voice parse(String json) {
    try {
      return Voice.parse(new JsonObject(json));
    } catch (RuntimeException e) {
      log.atWarn()
          .addKeyValue("why", e.getMessage())
          .log("a record can't be read; it is left as it is");
      return null;
    }
  }

  // ---- the copy

  private void take(Voice voice) {
    touch(voice.id());
    if (shelf.put(voice)) {
      watchers.tell(new VoiceChange(voice.id(), shelf.get(voice.id())));
    }
  }

  private void touch(String id) {
    if (meanwhile != null) {
      meanwhile.ids().add(id);
    }
  }

  private void take(Shelf.Gone gone) {
    touch(gone.id());
    if (shelf.remove(gone)) {
      watchers.tell(new VoiceChange(gone.id(), null));
    }
  }

  /** What Redis held at one moment. */
  private record Snapshot(
      String library,
      long bornMs,
      long revision,
      long timeMs,
      Map<String, Voice> voices,
      Map<String, Shelf.Gone> gone,
      Map<String, Instant> used) {

    static Snapshot parse(Response answer) {
      Map<String, Voice> voices = new HashMap<>();
      Map<String, Shelf.Gone> gone = new HashMap<>();
      Map<String, Instant> used = new HashMap<>();
      pairs(
          answer.get(4),
          (id, json) -> {
            Voice voice = RedisVoiceStore.parse(json);
            if (voice != null) {
              voices.put(id, voice);
            }
          });
      pairs(answer.get(5), (id, json) -> gone.put(id, tombstone(new JsonObject(json))));
      pairs(answer.get(6), (id, ms) -> used.put(id, Instant.ofEpochMilli(Long.parseLong(ms))));
      return new Snapshot(
          answer.get(0).toString(),
          Long.parseLong(answer.get(1).toString()),
          Long.parseLong(answer.get(2).toString()),
          Long.parseLong(answer.get(3).toString()),
          voices,
          gone,
          used);
    }

    private static void pairs(Response flat, BiConsumer<String, String> consumer) {
      for (int i = 0; i + 1 < flat.size(); i += 2) {
        consumer.accept(flat.get(i).toString(), flat.get(i + 1).toString());
      }
    }
  }

  private static Shelf.Gone tombstone(JsonObject json) {
    return new Shelf.Gone(
        json.getString("id"), json.getLong("version"), Instant.ofEpochMilli(json.getLong("at")));
  }

  private Future<Void> load(RedisLink.Line line) {
    Meanwhile arriving = new Meanwhile();
    meanwhile = arriving;
    return line.send(RedisScripts.eval(RedisScripts.SNAPSHOT, KEYS, CHANNEL))
        .compose(answer -> vertx.executeBlocking(() -> Snapshot.parse(answer), false))
        .compose(
            snapshot -> {
              Promise<Void> promise = Promise.promise();
              context.runOnContext(
                  v -> {
                    try {
                      join(line, snapshot, arriving).onComplete(promise);
                    } catch (RuntimeException e) {
                      promise.fail(e);
                    }
                  });
              return promise.future();
            });
  }

  private Future<Void> join(RedisLink.Line line, Snapshot redis, Meanwhile arrived) {
    meanwhile = null;
    List<Request> lost = new ArrayList<>();
    List<String> lostIds = new ArrayList<>();
    if (joined) {
      if (isOurs(redis)) {
        String into = library == null ? UUID.randomUUID().toString() : library;
        for (Shelf.Gone gone : shelf.gone()) {
          if (!arrived.ids().contains(gone.id())
              && !knows(redis, gone)
              && !gone.forgotten(Instant.now())) {
            lost.add(
                RedisScripts.eval(
                    RedisScripts.RESTORE_GONE,
                    KEYS,
                    CHANNEL,
                    into,
                    gone.id(),
                    gone.version(),
                    gone.at().toEpochMilli()));
            lostIds.add("");
          }
        }
        for (Voice voice : shelf.voices()) {
          if (!arrived.ids().contains(voice.id()) && !knows(redis, voice)) {
            lost.add(RedisScripts.eval(RedisScripts.RESTORE, KEYS, CHANNEL, into, record(voice)));
            lostIds.add(voice.id());
          }
        }
      } else {
        log.atError().log("Redis holds another library: it replaces what was in memory");
        for (Shelf.Gone gone : List.copyOf(shelf.gone())) {
          shelf.forgetGone(gone.id());
        }
        for (Voice voice : List.copyOf(shelf.voices())) {
          if (!redis.voices.containsKey(voice.id())) {
            forget(voice.id());
          } else {
            shelf.forget(voice.id());
          }
        }
      }
    }
    redis.gone.values().forEach(this::take);
    for (Voice voice : redis.voices.values()) {
      Voice known = shelf.get(voice.id());
      if (known != null
          && known.version() == voice.version()
          && !record(known).equals(record(voice))) {
        shelf.forget(voice.id()); // written twice after a rollback: Redis's word
      }
      take(voice);
    }
    redis.used.forEach(shelf::used);
    joined = true;
    library = redis.library.isEmpty() ? library : redis.library;
    seen = redis.revision;
    while (arrived.revisions().contains(seen + 1)) {
      seen++;
    }
    seenByLastBeat = redis.revision;
    lastContactMs = redis.timeMs;
    if (!lost.isEmpty()) {
      log.atWarn().addKeyValue("records", lost.size()).log("Redis lost records: putting back");
    }
    return putBack(line, lost, lostIds, 0).compose(v -> forgetOld(line, redis));
  }

  private boolean isOurs(Snapshot redis) {
    boolean inTouch = redis.timeMs - lastContactMs < OUT_OF_TOUCH.toMillis();
    return inTouch
        && (redis.library.isEmpty()
            || redis.library.equals(library)
            || redis.bornMs + CLOCK_SLACK_MS >= lastContactMs);
  }

  private static boolean knows(Snapshot redis, Shelf.Gone gone) {
    Shelf.Gone there = redis.gone.get(gone.id());
    return there != null && there.version() >= gone.version();
  }

  private static boolean knows(Snapshot redis, Voice voice) {
    Voice there = redis.voices.get(voice.id());
    Shelf.Gone deleted = redis.gone.get(voice.id());
    return (there != null && there.version() >= voice.version())
        || (deleted != null && deleted.version() >= voice.version());
  }

  private Future<Void> putBack(
      RedisLink.Line line, List<Request> lost, List<String> ids, int from) {
    if (from >= lost.size()) {
      return Future.succeededFuture();
    }
    int to = Math.min(from + PUSHED_AT_ONCE, lost.size());
    List<Future<Response>> answers = lost.subList(from, to).stream().map(line::send).toList();
    return Future.all(answers)
        .compose(
            all -> {
              context.runOnContext(
                  v -> {
                    for (int i = from; i < to; i++) {
                      Response answer = all.<Response>resultAt(i - from);
                      if ("TAKEN".equals(answer.get(0).toString())) {
                        log.atWarn()
                            .addKeyValue("voice", ids.get(i))
                            .log("its provider id belongs to another voice now: forgotten");
                        forget(ids.get(i));
                      }
                    }
                  });
              return putBack(line, lost, ids, to);
            });
  }

  private void forget(String id) {
    if (shelf.forget(id)) {
      watchers.tell(new VoiceChange(id, null));
    }
  }

  private Future<Void> forgetOld(RedisLink.Line line, Snapshot redis) {
    Instant now = Instant.ofEpochMilli(redis.timeMs);
    List<String> old =
        redis.gone.values().stream()
            .filter(gone -> gone.forgotten(now))
            .map(Shelf.Gone::id)
            .toList();
    if (old.isEmpty()) {
      return Future.succeededFuture();
    }
    old.forEach(shelf::forgetGone);
    Request request = Request.cmd(Command.HDEL).arg(GONE);
    old.forEach(request::arg);
    return line.send(request).mapEmpty();
  }

  private final class Reader implements RedisLink.User {
    @Override
    public Future<Void> join(RedisLink.Line line) {
      return load(line);
    }

    @Override
    public void message(String payload) {
      JsonObject message;
      try {
        message = new JsonObject(payload);
      } catch (RuntimeException e) {
        log.atWarn().log("a message that is not ours on our channel");
        return;
      }
      long revision = message.getLong("revision", 0L);
      if (meanwhile != null) {
        meanwhile.revisions().add(revision);
      }
      if (revision == seen + 1) {
        seen = revision;
      }
      JsonObject voice = message.getJsonObject("voice");
      JsonObject gone = message.getJsonObject("gone");
      String used = message.getString("used");
      if (voice != null) {
        Voice parsed = parse(voice.encode());
        if (parsed != null) {
          take(parsed);
        }
      } else if (gone != null) {
        take(tombstone(gone));
      } else if (used != null) {
        shelf.used(used, Instant.ofEpochMilli(message.getLong("at", 0L)));
      }
    }

    @Override
    public Future<Void> beat(RedisLink.Line line) {
      long seenBefore = seen;
      return line.send(RedisScripts.eval(RedisScripts.BEAT, KEYS, CHANNEL))
          .compose(
              answer -> {
                String now = answer.get(0).toString();
                long revision = Long.parseLong(answer.get(1).toString());
                boolean other = !now.equals(library == null ? "" : library);
                // A message may still be on its way: only what is late by a beat is missing.
                boolean missed = revision < seenBefore || seen < seenByLastBeat;
                if (other || missed) {
                  return load(line);
                }
                seenByLastBeat = revision;
                lastContactMs = Long.parseLong(answer.get(2).toString());
                return Future.succeededFuture();
              });
    }

    @Override
    public void up() {
      log.atInfo().log("the library is in touch with Redis");
      health = new StoreHealth(StoreHealth.State.OK, Instant.now(), null);
    }

    @Override
    public void down(String why) {
      meanwhile = null;
      if (health.state() == StoreHealth.State.OK) {
        log.atWarn().addKeyValue("why", why).log("Redis is away: working from memory");
        health =
            new StoreHealth(
                StoreHealth.State.FROM_MEMORY, Instant.now(), "working from memory: " + why);
      }
    }
  }
}
