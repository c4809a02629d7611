package dev.voicebridge.enrolment;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * HTTP to vendors, with an end: every call is over in time, no answer grows beyond its bound, no
 * redirect is followed, nothing is decompressed. One per event loop, shared by all enrolments on
 * it; keep it in a field of the verticle.
 */
public final class VendorHttp {
  private static final int CONNECTIONS = 16;

  private final Vertx vertx;
  private final HttpClient client;
  private final Patience patience;

  public VendorHttp(Vertx vertx, Patience patience) {
    this.vertx = vertx;
    this.patience = patience;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions().setDecompressionSupported(false).setKeepAliveTimeout(30),
            new PoolOptions().setHttp1MaxSize(CONNECTIONS).setMaxWaitQueueSize(1000));
  }

  public VendorHttp(Vertx vertx) {
    this(vertx, Patience.DEFAULTS);
  }

  Patience patience() {
    return patience;
  }

  Vertx vertx() {
    return vertx;
  }

  /**
   * @param headers without length and host
   */
  record Request(HttpMethod method, String url, Map<String, String> headers, Buffer body) {}

  /**
   * @param contentType perhaps empty
   * @param traceId SiliconFlow's name for the call; perhaps empty
   */
  record Answer(int status, String contentType, String traceId, Buffer body) {}

  /** Why there is no answer. */
  static final class NoAnswer extends RuntimeException {
    private static final long serialVersionUID = 1L;
    final String code;
    final boolean sent;

    /**
     * @param code a row of {@code errors.json}
     * @param sent whether the peer may have got the request
     */
    NoAnswer(String code, boolean sent) {
      super(code, null, false, false);
      this.code = code;
      this.sent = sent;
    }
  }

  /**
   * What a call must have to leave, and may lose while it waits for a connection.
   *
   * @param good how long it holds
   * @param another asked for in its place when it holds no longer; the call has its connection then
   */
  record Turn(Duration good, Supplier<Future<Duration>> another) {
    /** Calls that nobody counts. */
    static final Turn ANY =
        new Turn(Duration.ofDays(1), () -> Future.succeededFuture(Duration.ofDays(1)));
  }

  /**
   * @return fails with {@link NoAnswer}, or as the turn's {@code another} does
   */
  Future<Answer> send(Request request, Turn turn, Duration within, int maxBytes) {
    Promise<Answer> answered = Promise.promise();
    Context context = vertx.getOrCreateContext();
    Call call = new Call(request, turn, within, maxBytes, answered);
    // The timer, the request and the answer all on one loop, whoever calls.
    context.runOnContext(start -> call.start());
    return answered.future();
  }

  private final class Call {
    private final Request what;
    private final Turn turn;
    private final Duration within;
    private final int maxBytes;
    private final Promise<Answer> answered;
    private final Buffer body = Buffer.buffer();
    private final long bornNanos = System.nanoTime();

    /** Null until a connection stands. */
    private @Nullable HttpClientRequest request;

    private long timer;
    private boolean sent;
    private boolean over;

    Call(Request what, Turn turn, Duration within, int maxBytes, Promise<Answer> answered) {
      this.what = what;
      this.turn = turn;
      this.within = within;
      this.maxBytes = maxBytes;
      this.answered = answered;
    }

    void start() {
      timer =
          vertx.setTimer(
              patience.connect().plus(within).toMillis(), late -> fail("vendor_timeout"));
      Future<HttpClientRequest> connecting;
      try {
        connecting =
            client.request(
                new RequestOptions()
                    .setMethod(what.method())
                    .setAbsoluteURI(what.url())
                    .setFollowRedirects(false)
                    .setConnectTimeout(patience.connect().toMillis()));
      } catch (RuntimeException e) {
        // No such URL, or the client is closed.
        fail("vendor_unreachable");
        return;
      }
      connecting.onComplete(
          connected -> {
            if (connected.failed()) {
              fail("vendor_unreachable");
            } else if (over) {
              connected.result().reset();
            } else {
              connected(connected.result());
            }
          });
    }

    private void connected(HttpClientRequest connected) {
      request = connected;
      connected.exceptionHandler(gone -> fail(sent ? "vendor_answer_cut" : "vendor_unreachable"));
      if (System.nanoTime() - bornNanos <= turn.good().toNanos()) {
        send(connected);
        return;
      }
      vertx.cancelTimer(timer); // a turn comes in bounded time
      turn.another()
          .get()
          .onComplete(
              came -> {
                if (over) {
                  return;
                }
                if (came.failed()) {
                  over = true;
                  connected.reset();
                  answered.fail(came.cause());
                } else {
                  timer = vertx.setTimer(within.toMillis(), late -> fail("vendor_timeout"));
                  send(connected);
                }
              });
    }

    private void send(HttpClientRequest connected) {
      try {
        what.headers().forEach(connected::putHeader);
      } catch (IllegalArgumentException e) {
        // A key with a line break in it, say. The text of the exception would show it.
        fail("vendor_unreachable");
        return;
      }
      sent = true;
      connected
          .response()
          .onComplete(
              came -> {
                if (came.failed()) {
                  fail("vendor_answer_cut");
                } else if (!over) {
                  receive(came.result());
                }
              });
      connected.end(what.body());
    }

    private void receive(HttpClientResponse response) {
      response.exceptionHandler(cut -> fail("vendor_answer_cut"));
      response.handler(
          part -> {
            if (over) {
              return;
            }
            if (body.length() + part.length() > maxBytes) {
              fail("vendor_answer_too_large");
            } else {
              body.appendBuffer(part);
            }
          });
      response.endHandler(
          end -> {
            if (finish()) {
              answered.complete(
                  new Answer(
                      response.statusCode(),
                      header(response, "content-type"),
                      header(response, "x-siliconcloud-trace-id"),
                      body));
            }
          });
    }

    private static String header(HttpClientResponse response, String name) {
      String value = response.getHeader(name);
      return value == null ? "" : value;
    }

    private void fail(String code) {
      if (finish()) {
        if (request != null) {
          request.reset();
        }
        answered.fail(new NoAnswer(code, sent));
      }
    }

    private boolean finish() {
      if (over) {
        return false;
      }
      over = true;
      vertx.cancelTimer(timer);
      return true;
    }
  }
}
