package dev.voicebridge.bench;

import dev.voicebridge.voice.CachedVoices;
import dev.voicebridge.voice.RedisProcess;
import dev.voicebridge.voice.RedisVoiceStore;
import dev.voicebridge.voice.Voice;
import dev.voicebridge.voice.VoicePage;
import dev.voicebridge.voice.VoiceQuery;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * Listing a library and looking one voice up in it while many ask, with Redis on the same machine.
 * Each caller asks, gets its answer on the event loop that all share, and asks again after a while;
 * another instance changes a voice ten times a second.
 *
 * <pre>
 * mvn -q test-compile
 * mvn -q exec:java -Dexec.classpathScope=test -Dexec.mainClass=dev.voicebridge.bench.VoiceLibraryBench
 * </pre>
 */
public final class VoiceLibraryBench {
  private static final int ANSWER_SECONDS = 60;

  private VoiceLibraryBench() {}

  /**
   * @param arguments {@code --voices 1000 --callers 200 --rounds 25 --pause-ms 100 --redis
   *     redis://…} (one that is emptied of nothing, but gets the voices; left out: a child process)
   */
  public static void main(String[] arguments) throws Exception {
    Arguments given = new Arguments(arguments);
    int voices = given.number("voices", 1_000);
    int callers = given.number("callers", 200);
    int rounds = given.number("rounds", 25);
    int pauseMs = given.number("pause-ms", 100);
    String url = given.text("redis");
    given.refuseOthers();
    if (url != null) {
      run(url, voices, callers, rounds, pauseMs);
    } else {
      try (RedisProcess redis = RedisProcess.start("--save", "")) {
        run(redis.url(), voices, callers, rounds, pauseMs);
      }
    }
    System.exit(0);
  }

  private static void run(String url, int count, int callers, int rounds, int pauseMs)
      throws Exception {
    Vertx vertx = Vertx.vertx();
    RedisVoiceStore writing = RedisVoiceStore.start(vertx, url);
    RedisVoiceStore store = RedisVoiceStore.start(vertx, url);
    await(writing.ready());
    await(store.ready());
    List<Future<Voice>> puts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      puts.add(writing.put(voice(i)));
    }
    await(Future.all(puts));
    CachedVoices voices = await(CachedVoices.of(store));
    while (voices.list(VoiceQuery.all().page(0, 1)).total() < count) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    long changing =
        vertx.setPeriodic(
            100,
            v -> {
              Voice old = voices.get("v" + ThreadLocalRandom.current().nextInt(count));
              writing.put(old.edit().displayName("renamed " + System.nanoTime()).done());
            });
    for (int pass = 0; pass < 2; pass++) { // the first one warms up
      ConcurrentLinkedQueue<Long> whole = new ConcurrentLinkedQueue<>();
      ConcurrentLinkedQueue<Long> page = new ConcurrentLinkedQueue<>();
      ConcurrentLinkedQueue<Long> lookUp = new ConcurrentLinkedQueue<>();
      ConcurrentLinkedQueue<Long> authoritative = new ConcurrentLinkedQueue<>();
      ask(vertx, callers, rounds, pauseMs, whole::add, () -> list(voices, VoiceQuery.all()));
      VoiceQuery query = VoiceQuery.all().ownedBy("key-3").containing("voice").page(20, 20);
      ask(vertx, callers, rounds, pauseMs, page::add, () -> list(voices, query));
      ask(
          vertx,
          callers,
          rounds,
          pauseMs,
          lookUp::add,
          () -> {
            int i = ThreadLocalRandom.current().nextInt(count);
            Voice byId = voices.get("v" + i);
            Voice byTheirs = voices.byProviderId(Voice.DASHSCOPE, "cosyvoice-v3.5-plus-" + i);
            return Future.succeededFuture(byId.id().equals(byTheirs.id()));
          });
      ask(
          vertx,
          callers,
          rounds,
          pauseMs,
          authoritative::add,
          () -> store.get("v" + ThreadLocalRandom.current().nextInt(count)));
      if (pass == 1) {
        say("%d voices, %d callers, %d questions each", count, callers, rounds);
        report("list all", whole, "target: p99 under 5 ms");
        report("list a page of one owner's that match a word", page, "target: p99 under 5 ms");
        report("look up by our id and by the provider's", lookUp, "target: p99 under 1 ms");
        report("look up in Redis itself", authoritative, "for comparison");
      }
    }
    vertx.cancelTimer(changing);
    voices.close();
    await(store.close());
    await(writing.close());
    await(vertx.close());
  }

  private static Future<Integer> list(CachedVoices voices, VoiceQuery query) {
    VoicePage page = voices.list(query);
    return Future.succeededFuture(page.voices().size());
  }

  private interface Question {
    Future<?> ask();
  }

  /** All callers at once, on one event loop; the time is from question to answer. */
  private static void ask(
      Vertx vertx, int callers, int rounds, int pauseMs, LongConsumer nanos, Question question)
      throws Exception {
    CountDownLatch done = new CountDownLatch(callers);
    for (int i = 0; i < callers; i++) {
      round(vertx, rounds, pauseMs, nanos, question, done);
    }
    if (!done.await(ANSWER_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException("not answered in time");
    }
  }

  private static void round(
      Vertx vertx,
      int left,
      int pauseMs,
      LongConsumer nanos,
      Question question,
      CountDownLatch done) {
    if (left == 0) {
      done.countDown();
      return;
    }
    long pause = 1 + ThreadLocalRandom.current().nextLong(2L * pauseMs);
    vertx.setTimer(
        pause,
        v -> {
          long start = System.nanoTime();
          // Behind whatever else this loop has to do: waiting in line is part of the answer.
          Context loop = vertx.getOrCreateContext();
          loop.runOnContext(
              w ->
                  question
                      .ask()
                      .onComplete(
                          answer -> {
                            nanos.accept(System.nanoTime() - start);
                            round(vertx, left - 1, pauseMs, nanos, question, done);
                          }));
        });
  }

  private static Voice voice(int i) {
    return Voice.draft(
            "v" + i,
            Voice.DASHSCOPE,
            "cosyvoice",
            "cosyvoice-v3.5-plus",
            Voice.Origin.CLONED,
            "key-" + i % 10,
            Instant.EPOCH.plus(Duration.ofHours(i)))
        .providerVoiceId("cosyvoice-v3.5-plus-" + i)
        .state(Voice.State.OK)
        .displayName("Voice " + i + " 外婆的声音")
        .tags(List.of("family", "warm"))
        .consent(new Voice.Consent("key-" + i % 10, "stated", Instant.EPOCH))
        .sample(new Voice.Sample("ab".repeat(32), "inline"))
        .done();
  }

  private static void report(String name, ConcurrentLinkedQueue<Long> nanos, String target) {
    say(
        "%s: median %.3f ms, p99 %.3f ms, longest %.3f ms (%s)",
        name, ms(nanos, 0.5), ms(nanos, 0.99), ms(nanos, 1), target);
  }

  private static double ms(ConcurrentLinkedQueue<Long> nanos, double part) {
    return Statistics.quantile(nanos, part) / 1e6;
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.await(ANSWER_SECONDS, TimeUnit.SECONDS);
  }

  private static void say(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
