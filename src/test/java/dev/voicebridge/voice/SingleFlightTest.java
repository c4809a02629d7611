package dev.voicebridge.voice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SingleFlightTest {
  private final SingleFlight<String, Integer> flight = new SingleFlight<>(Duration.ofSeconds(10));
  private final AtomicInteger calls = new AtomicInteger();

  @Test
  void makesOneCallForAThousandWaiters() throws Exception {
    Promise<Integer> answer = Promise.promise();
    ExecutorService threads = Executors.newFixedThreadPool(8);
    CountDownLatch asked = new CountDownLatch(1_000);
    List<java.util.concurrent.Future<Integer>> waiters =
        IntStream.range(0, 1_000)
            .mapToObj(
                i ->
                    threads.submit(
                        () -> {
                          Future<Integer> mine = flight.run("list", () -> call(answer.future()));
                          boolean early = mine.isComplete();
                          asked.countDown();
                          return early ? -1 : i;
                        }))
            .toList();
    asked.await(10, TimeUnit.SECONDS);
    Future<Integer> last = flight.run("list", () -> call(answer.future()));

    answer.complete(42);

    assertEquals(42, last.await(5, TimeUnit.SECONDS));
    assertEquals(1, calls.get());
    for (int i = 0; i < 1_000; i++) {
      assertEquals(i, waiters.get(i).get(5, TimeUnit.SECONDS));
    }
    assertEquals(42, flight.run("list", () -> call(answer.future())).await(5, TimeUnit.SECONDS));
    assertEquals(2, calls.get());
    threads.shutdown();
  }

  private Future<Integer> call(Future<Integer> answer) {
    calls.incrementAndGet();
    return answer;
  }

  @Test
  void startsAnewAfterAFailure() throws Exception {
    assertThrows(
        IllegalStateException.class,
        () ->
            flight
                .run("a", () -> Future.failedFuture(new IllegalStateException()))
                .await(5, TimeUnit.SECONDS));
    assertThrows(
        IllegalStateException.class,
        () ->
            flight
                .run(
                    "a",
                    () -> {
                      throw new IllegalStateException();
                    })
                .await(5, TimeUnit.SECONDS));

    assertEquals(1, flight.run("a", () -> Future.succeededFuture(1)).await(5, TimeUnit.SECONDS));
  }

  @Test
  void endsACallThatNobodyAnswers() throws Exception {
    SingleFlight<String, Integer> impatient = new SingleFlight<>(Duration.ofMillis(50));

    Future<Integer> never = impatient.run("a", () -> Promise.<Integer>promise().future());
    Throwable why = assertThrows(Exception.class, () -> never.await(5, TimeUnit.SECONDS));

    assertInstanceOf(TimeoutException.class, why);
    assertEquals(1, impatient.run("a", () -> Future.succeededFuture(1)).await(5, TimeUnit.SECONDS));
  }
}
