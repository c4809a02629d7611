package dev.voicebridge.http;

import dev.voicebridge.metrics.Metrics;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What every answer has in common: a request id, a count, and one shape of failure. */
final class Answers {
  static final String REQUEST_ID = "x-request-id";

  private static final Logger log = LoggerFactory.getLogger(Answers.class);

  /** The vendor-shaped doors, which fail in the vendor's shape. */
  private static final String VENDOR_PATHS = "/api/v1/";

  private static final int MAX_REQUEST_ID_CHARS = 128;

  private final Metrics metrics;

  Answers(Metrics metrics) {
    this.metrics = metrics;
  }

  /** First handler of every request. */
  void begin(RoutingContext ctx) {
    long began = System.nanoTime();
    ctx.response()
        .putHeader(REQUEST_ID, requestId(ctx.request().getHeader(REQUEST_ID)))
        .putHeader("x-content-type-options", "nosniff");
    ctx.addEndHandler(
        done ->
            metrics.httpRequest(
                routeName(ctx),
                ctx.response().getStatusCode(),
                Duration.ofNanos(System.nanoTime() - began)));
    ctx.next();
  }

  /** The id that the answer to this request carries. */
  static String requestIdOf(RoutingContext ctx) {
    return ctx.response().headers().get(REQUEST_ID);
  }

  /** The caller's own id if it is short and visible ASCII, else a fresh one. */
  private static String requestId(@Nullable String given) {
    boolean usable =
        given != null
            && !given.isEmpty()
            && given.length() <= MAX_REQUEST_ID_CHARS
            && given.chars().allMatch(c -> c > 0x20 && c < 0x7f);
    return usable && given != null ? given : UUID.randomUUID().toString();
  }

  private static String routeName(RoutingContext ctx) {
    Route route = ctx.currentRoute();
    String name = route == null ? null : route.getName();
    return name == null || ctx.response().getStatusCode() == 404 ? "other" : name;
  }

  /** Answers whatever a handler threw, failed with, or left unmatched. */
  void failure(RoutingContext ctx) {
    HttpServerResponse response = ctx.response();
    if (response.ended()) {
      return;
    }
    Throwable cause = ctx.failure();
    if (response.headWritten()) {
      // Too late for a status: a broken connection is all that still tells the truth.
      response.reset();
      return;
    }
    if (ctx.normalizedPath().startsWith(VENDOR_PATHS)) {
      vendorProblem(ctx, cause);
      return;
    }
    Problem.Failure problem = problemOf(cause, ctx.statusCode());
    if (problem.problem() == Problem.INTERNAL) {
      logFailure(ctx, cause);
    }
    problem(ctx, problem);
  }

  private static void logFailure(RoutingContext ctx, @Nullable Throwable cause) {
    log.atError().addKeyValue("request", requestIdOf(ctx)).setCause(cause).log("a request failed");
  }

  /** Its clients read the vendor's shape only, and only as JSON. */
  private static void vendorProblem(RoutingContext ctx, @Nullable Throwable cause) {
    VendorProblem problem = VendorProblem.of(cause, ctx.statusCode());
    if (problem.isInternal()) {
      logFailure(ctx, cause);
    }
    if (problem.isThrottled()) {
      ctx.response().putHeader("retry-after", "1");
    }
    CustomizationEndpoint.vendorRequestId(ctx, problem.vendorRequestId());
    json(ctx, problem.status(), problem.toJson(requestIdOf(ctx)));
  }

  /** What a failure is to the caller. */
  static Problem.Failure problemOf(@Nullable Throwable cause, int status) {
    if (cause instanceof Problem.Failure problem) {
      return problem;
    }
    Problem.Failure ofVoices = cause == null ? null : VoiceProblems.of(cause);
    if (ofVoices != null) {
      return ofVoices;
    }
    // Without a cause the status is the router's or a library handler's own word.
    return Problem.ofStatus(status > 0 ? status : 500).asException();
  }

  /** Writes the problem in OpenAI's envelope. */
  static void problem(RoutingContext ctx, Problem.Failure problem) {
    if (problem.problem().status() == 401) {
      ctx.response().putHeader("www-authenticate", "Bearer");
    }
    if (problem.problem() == Problem.UPGRADE) {
      ctx.response().putHeader("upgrade", "websocket").putHeader("connection", "upgrade");
    }
    if (problem.retryAfterSeconds() > 0) {
      ctx.response().putHeader("retry-after", Integer.toString(problem.retryAfterSeconds()));
    }
    if (problem.isForGood()) {
      ctx.response().putHeader("x-should-retry", "false");
    }
    json(ctx, problem.problem().status(), problem.toJson());
  }

  static void json(RoutingContext ctx, int status, JsonObject body) {
    json(ctx, status, body.toBuffer());
  }

  /**
   * @param body JSON; not changed by anyone afterwards
   */
  static void json(RoutingContext ctx, int status, Buffer body) {
    if (ctx.response().ended() || ctx.response().closed()) {
      return;
    }
    ctx.response()
        .setStatusCode(status)
        .putHeader("content-type", "application/json; charset=utf-8")
        .putHeader("cache-control", "no-store")
        .end(body);
  }

  /** Before the router, so that nothing behind it meets what cannot be decoded or means two. */
  Handler<HttpServerRequest> before(Router router) {
    return request -> {
      if (isPlain(request)) {
        router.handle(request);
      } else {
        unrouted(request, Problem.BAD_REQUEST);
      }
    };
  }

  private static boolean isPlain(HttpServerRequest request) {
    String path = request.path();
    try {
      QueryStringDecoder.decodeComponent(path == null ? "" : path);
      request.params();
      // An absolute address or a second Host would name another host than the one that is checked.
      return request.uri().startsWith("/") && request.headers().getAll("host").size() <= 1;
    } catch (IllegalArgumentException undecodable) {
      return false;
    }
  }

  private Future<Void> unrouted(HttpServerRequest request, Problem problem) {
    metrics.httpRequest("other", problem.status(), Duration.ZERO);
    return request
        .response()
        .setStatusCode(problem.status())
        .putHeader(REQUEST_ID, requestId(null))
        .putHeader("content-type", "application/json; charset=utf-8")
        .end(problem.toJson(problem.message(), null).toBuffer());
  }

  /** What isn't HTTP, or is too long to be read; the router never sees it. */
  void invalid(HttpServerRequest request) {
    Throwable cause = request.decoderResult().cause();
    Problem problem =
        cause instanceof TooLongHttpLineException
            ? Problem.ADDRESS_TOO_LONG
            : cause instanceof TooLongFrameException
                ? Problem.HEADERS_TOO_LARGE
                : Problem.BAD_REQUEST;
    request.response().putHeader("connection", "close");
    unrouted(request, problem).eventually(() -> request.connection().close());
  }
}
