package dev.voicebridge.emulator.wire;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One HTTP call and its answer, well or badly behaved. Its event loop only. */
public final class HttpCall {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Vertx vertx;
  private final HttpServerRequest request;
  private final Faults faults;
  private final String id = UUID.randomUUID().toString();

  private Fault.@Nullable OnCall fault;
  private String operation = "";
  private long sent;
  private boolean begun;
  private boolean over;

  public HttpCall(Vertx vertx, HttpServerRequest request, Faults faults) {
    this.vertx = vertx;
    this.request = request;
    this.faults = faults;
    request.response().exceptionHandler(gone -> over = true);
    request.response().closeHandler(gone -> over = true);
  }

  public HttpServerRequest request() {
    return request;
  }

  /** The id that the answer carries. */
  public String id() {
    return id;
  }

  /** Whether the answer has a head already. */
  boolean isBegun() {
    return begun;
  }

  /** Whether nobody listens any more. */
  public boolean isOver() {
    return over;
  }

  /**
   * Spends a fault on the call, if one is meant for it.
   *
   * @return the fault, for those that the dialect itself has to play: {@link Fault.RefuseCall} and
   *     {@link Fault.LimitCall} in its own words, {@link Fault.UndeployVoice}
   */
  public Fault.@Nullable OnCall strike(String operation) {
    this.operation = operation;
    fault = faults.takeCall(operation);
    return fault;
  }

  /** A body as large as that at most; fails with {@link TooBigException}, or when it takes long. */
  public Future<Buffer> body(int mostBytes) {
    Promise<Buffer> all = Promise.promise();
    Buffer bytes = Buffer.buffer();
    long timer =
        vertx.setTimer(
            PATIENCE.toMillis(),
            late -> {
              if (all.tryFail("the body takes too long")) {
                cut();
              }
            });
    request.handler(
        chunk -> {
          if (bytes.length() + chunk.length() > mostBytes) {
            all.tryFail(new TooBigException());
          } else {
            bytes.appendBuffer(chunk);
          }
        });
    request.exceptionHandler(all::tryFail);
    request.endHandler(v -> all.tryComplete(bytes));
    return all.future().onComplete(done -> vertx.cancelTimer(timer));
  }

  /** More than the call may hold. */
  public static final class TooBigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooBigException() {
      super("the body is too big", null, false, false);
    }
  }

  /**
   * All that is needed has come.
   *
   * @return completes when the work is to begin: at once, unless a {@link Fault.LateWork} is spent
   */
  public Future<Void> work() {
    Fault.LateWork late = faults.takeLateWork(operation);
    return late == null
        ? Future.succeededFuture()
        : vertx.timer(Math.max(1, late.delay().toMillis()), TimeUnit.MILLISECONDS).mapEmpty();
  }

  /** Answers with all of a body. */
  public void answer(int status, String contentType, Buffer body) {
    if (over) {
      return;
    }
    if (fault instanceof Fault.GarbageCall garbage) {
      request.response().putHeader(HttpHeaders.CONTENT_TYPE, contentType).end(garbage.body());
      return;
    }
    begin(status, contentType, body.length());
    var unused = write(body).onSuccess(written -> end());
  }

  /**
   * Begins an answer that is sent in parts.
   *
   * @param length −1: not known
   */
  public void begin(int status, String contentType, long length) {
    begun = true;
    HttpServerResponse response = request.response();
    response.setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, contentType);
    if (length >= 0) {
      response.putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(length));
    } else {
      response.setChunked(true);
    }
  }

  /** Completes when the next part may come; never when a fault has struck or nobody listens. */
  public Future<Void> write(Buffer bytes) {
    Promise<Void> written = Promise.promise();
    if (over || fault instanceof Fault.LoseAnswer) {
      cut();
    } else if (fault instanceof Fault.StallCall stall && sent + bytes.length() >= stall.bytes()) {
      part(bytes, stall.bytes() - sent);
      over = true;
    } else if (fault instanceof Fault.CutCall cut && sent + bytes.length() >= cut.bytes()) {
      over = true;
      part(bytes, cut.bytes() - sent).onComplete(out -> cut());
    } else if (fault instanceof Fault.SlowCall slow) {
      vertx.setTimer(Math.max(1, slow.delay().toMillis()), timer -> write(bytes, written));
    } else {
      write(bytes, written);
    }
    return written.future();
  }

  private void write(Buffer bytes, Promise<Void> written) {
    if (over) {
      return;
    }
    sent += bytes.length();
    request.response().write(bytes).onSuccess(out -> written.tryComplete());
  }

  private Future<Void> part(Buffer bytes, long length) {
    if (length <= 0) {
      return Future.succeededFuture();
    }
    return request.response().write(bytes.getBuffer(0, (int) Math.min(bytes.length(), length)));
  }

  public void end() {
    if (!over) {
      over = true;
      request.response().end();
    }
  }

  private void cut() {
    over = true;
    var unused = request.connection().close();
  }
}
