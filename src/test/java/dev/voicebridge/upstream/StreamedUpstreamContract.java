package dev.voicebridge.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServerResponse;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is said further of services whose answer is the sound. */
public abstract class StreamedUpstreamContract extends HttpUpstreamContract {
  @Test
  void anEmptyAnswerIsAskedForAgainAndThenFails() throws Exception {
    answers.add((request, response) -> close(response));
    say("你好。").heard().completed();
    assertEquals(2, asked.size());

    answers.add((request, response) -> close(response));
    answers.add((request, response) -> close(response));
    assertEquals(UpstreamException.Kind.CLOSED, say("你好。").heard().failure().kind());
    assertEquals(4, asked.size());
  }

  /** A head, and then nothing. */
  private void close(HttpServerResponse response) {
    head(response);
    response.end();
  }

  @Test
  void aConnectionThatBreaksInTheMiddleFailsOnce() throws Exception {
    answers.add(
        (request, response) -> {
          head(response);
          sound(response, tone());
          vertx.setTimer(100, late -> request.connection().close());
        });
    Listening listener = say("你好。");

    Heard heard = listener.heard();
    assertEquals(UpstreamException.Kind.CLOSED, heard.failure().kind());
    assertTrue(heard.audio().length() > 0);
    assertEquals(1, asked.size());
    expectNothing(listener);
  }

  @Test
  void closingEndsTheRequestAtOnceAndNothingFollows() throws Exception {
    answers.add((request, response) -> drip(response));
    Listening listener = say("你好。");
    listener.next();
    closed.clear();

    onLoop(
        () -> {
          Objects.requireNonNull(session).close();
          listener.events.clear();
          return Future.<Void>succeededFuture();
        });
    assertNotNull(closed.poll(5, TimeUnit.SECONDS), "the service does not hear of it");
    expectNothing(listener);
  }

  private void drip(HttpServerResponse response) {
    head(response);
    vertx.setPeriodic(
        20,
        tick -> {
          if (response.closed()) {
            vertx.cancelTimer(tick);
          } else {
            sound(response, tone());
          }
        });
  }

  @Test
  void aPauseStopsTheSound() throws Exception {
    answers.add((request, response) -> drip(response));
    Listening listener = say("你好。");
    listener.next();

    onLoop(
        () -> {
          Objects.requireNonNull(session).pause();
          listener.events.clear();
          return Future.<Void>succeededFuture();
        });
    expectNothing(listener);

    onLoop(
        () -> {
          Objects.requireNonNull(session).resume();
          return Future.<Void>succeededFuture();
        });
    listener.next();
  }
}
