package dev.voicebridge.http;

import dev.voicebridge.bridge.Caller;
import dev.voicebridge.enrolment.EnrolmentException;
import dev.voicebridge.enrolment.Provider;
import dev.voicebridge.library.Agreement;
import dev.voicebridge.library.Asker;
import dev.voicebridge.library.LibraryException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * DashScope's doors for voices, so that its clients work by changing the host: {@code POST
 * /api/v1/services/audio/tts/customization} and {@code GET /api/v1/uploads}.
 */
final class CustomizationEndpoint {
  /** A sample of 10 MB as base64, and room for the rest. */
  static final int MAX_BODY_BYTES = 15 << 20;

  static final String CONSENT_HEADER = "X-Voicebridge-Consent";

  /** The vendor's own request id, beside ours. */
  static final String VENDOR_REQUEST_ID = "x-upstream-request-id";

  /** What an event loop may decode while others' audio waits. */
  private static final int SHORT_BYTES = 64 * 1024;

  private static final Pattern MODEL = Pattern.compile("[A-Za-z0-9._-]{1,100}");

  private final Vertx vertx;
  private final VoiceDesk desk;
  private final boolean demandConsent;

  /**
   * @param demandConsent whether a sample is only taken with {@link #CONSENT_HEADER}
   */
  CustomizationEndpoint(Vertx vertx, VoiceDesk desk, boolean demandConsent) {
    this.vertx = vertx;
    this.desk = desk;
    this.demandConsent = demandConsent;
  }

  void customize(RoutingContext ctx) {
    Caller caller = Access.keyOf(ctx).caller();
    Asker asker = VoicesEndpoint.asker(ctx);
    CustomizationCall.Headers headers = headers(ctx.request());
    String visitors = VisitorEndpoint.key(ctx);
    Buffer body = ctx.body().buffer();
    end(
        ctx,
        read(body == null ? Buffer.buffer() : body, headers)
            .compose(
                call -> {
                  check(call, caller);
                  return call.ask(desk(visitors, call.api().provider()), asker)
                      .recover(cause -> Future.failedFuture(inVendorsWords(cause, call)))
                      .recover(cause -> Future.failedFuture(theirs(cause, visitors)));
                })
            .onSuccess(reply -> vendorRequestId(ctx, reply.vendorRequestId()))
            .map(
                reply ->
                    new JsonObject()
                        .put("output", reply.output())
                        .put("usage", new JsonObject().put("count", reply.count()))));
  }

  private static CustomizationCall.Headers headers(HttpServerRequest request) {
    return new CustomizationCall.Headers(
        "enable".equalsIgnoreCase(request.getHeader("X-DashScope-OssResourceResolve")),
        agreement(request));
  }

  /** What a request to a door that has no field for it says of the speaker. */
  static Agreement agreement(HttpServerRequest request) {
    return "true".equalsIgnoreCase(request.getHeader(CONSENT_HEADER))
        ? Agreement.STATED
        : Agreement.KEY_HOLDER;
  }

  private Future<CustomizationCall> read(Buffer body, CustomizationCall.Headers headers) {
    return body.length() <= SHORT_BYTES
        ? Future.succeededFuture(body).map(bytes -> CustomizationCall.parse(bytes, headers))
        : vertx.executeBlocking(() -> CustomizationCall.parse(body, headers), false);
  }

  private void check(CustomizationCall call, Caller caller) {
    String model = call.targetModel();
    if (!model.isEmpty() && !caller.mayUseModel(model)) {
      throw VendorProblem.notForThisKey(CustomizationCall.Input.shown(model));
    }
    if (demandConsent && call.agreement() == Agreement.KEY_HOLDER) {
      throw VendorProblem.noConsent();
    }
  }

  /**
   * @param visitors key; null: the operator's voices are meant
   */
  private VoiceDesk desk(@Nullable String visitors, Provider family) {
    return visitors == null ? desk : desk.visiting(visitors, family);
  }

  /** A key that the vendor refuses is the caller's trouble if the caller brought it. */
  private static Throwable theirs(Throwable cause, @Nullable String visitors) {
    return visitors != null
            && cause instanceof EnrolmentException refused
            && refused.diagnosis().code().equals("api_key_invalid")
        ? Problem.BAD_KEY.asException()
        : cause;
  }

  private static Throwable inVendorsWords(Throwable cause, CustomizationCall call) {
    return cause instanceof LibraryException refused
        ? VendorProblem.of(refused, call.api().provider().id())
        : cause;
  }

  /** {@code GET /api/v1/uploads?action=getPolicy&model=…}. */
  void uploads(RoutingContext ctx) {
    HttpServerRequest request = ctx.request();
    if (!"getPolicy".equals(request.getParam("action"))) {
      throw VendorProblem.invalid("action is not supported: getPolicy is the only one.");
    }
    String visitors = VisitorEndpoint.key(ctx);
    String model = request.getParam("model", "");
    if (!MODEL.matcher(model).matches()) {
      throw CustomizationCall.Input.missing("model");
    }
    end(
        ctx,
        desk(visitors, Provider.COSYVOICE)
            .uploadPolicy(model)
            .recover(cause -> Future.failedFuture(theirs(cause, visitors)))
            .map(
                policy ->
                    // As it is: the vendor's whole answer, or what it says.
                    new JsonObject()
                        .put(
                            "data",
                            policy.getValue("data") instanceof JsonObject data ? data : policy)));
  }

  private static void end(RoutingContext ctx, Future<JsonObject> answer) {
    answer.onComplete(
        done -> {
          if (ctx.response().closed() || ctx.response().ended()) {
            return;
          }
          if (done.failed()) {
            ctx.fail(done.cause());
          } else {
            Answers.json(ctx, 200, done.result().put("request_id", Answers.requestIdOf(ctx)));
          }
        });
  }

  static void vendorRequestId(RoutingContext ctx, @Nullable String id) {
    if (id != null && id.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
      ctx.response().putHeader(VENDOR_REQUEST_ID, id);
    }
  }
}
