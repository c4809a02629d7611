package dev.voicebridge.emulator.wire;

import dev.voicebridge.emulator.library.CustomVoice;
import dev.voicebridge.emulator.library.SampleException;
import dev.voicebridge.emulator.library.SampleFetch;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.Set;

/**
 * The DashScope's HTTP calls about voices: the customization API and the upload policy. Every
 * answer is JSON with a {@code request_id}. Event loop only.
 */
final class CustomizationDoor {
  /** A sample of 10 MB as base64, and room for the rest. */
  private static final int MOST_BODY_BYTES = 16 << 20;

  private static final Set<String> DECODING =
      Set.of(
          "Audio.DecoderError",
          "Audio.FileSizeExceed",
          "Audio.AudioRateError",
          "Audio.AudioSilentError");

  private final Uploads uploads;
  private final int uploadPort;
  private final CosyVoiceEnrolment cosyVoice;
  private final QwenEnrolment qwenClone;
  private final QwenEnrolment qwenDesign;

  /**
   * @param uploadPort where the storage listens, on the same host
   */
  CustomizationDoor(SampleFetch fetch, Uploads uploads, int uploadPort) {
    this.uploads = uploads;
    this.uploadPort = uploadPort;
    Enrolment enrolment = new Enrolment(fetch, uploads);
    this.cosyVoice = new CosyVoiceEnrolment(enrolment);
    this.qwenClone = new QwenEnrolment(enrolment, CustomVoice.Kind.QWEN_CLONE);
    this.qwenDesign = new QwenEnrolment(enrolment, CustomVoice.Kind.QWEN_DESIGN);
  }

  void customize(Guest guest, HttpCall call) {
    var unused =
        call.body(MOST_BODY_BYTES)
            .compose(body -> act(guest, call, body))
            .onSuccess(
                reply ->
                    answer(
                        call,
                        200,
                        new JsonObject()
                            .put("output", reply.output())
                            .put("usage", new JsonObject().put("count", reply.count()))))
            .onFailure(cause -> refuse(guest, call, cause));
  }

  private Future<Enrolment.Reply> act(Guest guest, HttpCall call, Buffer body) {
    JsonObject message = Json.parse(body.toString());
    if (message == null) {
      throw WireError.invalid("Invalid JSON body.");
    }
    JsonObject input = Json.object(message, "input");
    String model = Json.text(message, "model");
    String action = Json.text(input, "action");
    if (model == null || model.isEmpty()) {
      throw WireError.invalid("Required parameter(model) missing or invalid.");
    }
    if (action == null || action.isEmpty()) {
      throw WireError.invalid("Required parameter(action) missing or invalid.");
    }
    boolean qwen = !model.equals(CosyVoiceEnrolment.MODEL);
    Fault.OnCall fault = call.strike(action);
    if (fault instanceof Fault.RefuseCall refusal) {
      refuse(call, refusal.status(), refusal.code(), refusal.message());
      return Future.future(never -> {});
    }
    if (fault instanceof Fault.GarbageCall) {
      return Future.succeededFuture(new Enrolment.Reply(new JsonObject(), 0));
    }
    if (fault instanceof Fault.LimitCall
        || (guest.settings().rateLimits() && !guest.rates().admitEnrolment(qwen))) {
      throw new WireError(
          "Throttling.RateQuota", "Requests rate limit exceeded, please try again later.");
    }
    Enrolment.Order order =
        new Enrolment.Order(
            guest,
            action,
            input,
            Json.object(message, "parameters"),
            fault instanceof Fault.UndeployVoice,
            "enable".equals(call.request().getHeader("X-DashScope-OssResourceResolve")),
            Uploads.host(call.request(), uploadPort));
    return call.work().compose(now -> act(model, order));
  }

  private Future<Enrolment.Reply> act(String model, Enrolment.Order order) {
    return switch (model) {
      case CosyVoiceEnrolment.MODEL -> cosyVoice.act(order);
      case QwenEnrolment.CLONE_MODEL -> qwenClone.act(order);
      case QwenEnrolment.DESIGN_MODEL -> qwenDesign.act(order);
      default -> throw new WireError("ModelNotFound", "Model not exist.");
    };
  }

  void policy(Guest guest, HttpCall call) {
    HttpServerRequest request = call.request();
    String model = request.getParam("model", "");
    Fault.OnCall fault = call.strike("getPolicy");
    if (fault instanceof Fault.RefuseCall refusal) {
      refuse(call, refusal.status(), refusal.code(), refusal.message());
    } else if (fault instanceof Fault.LimitCall
        || (guest.settings().rateLimits() && !guest.rates().admitPolicy())) {
      refuse(call, 429, "Throttling.RateQuota", "Requests rate limit exceeded.");
    } else if (!request.getParam("action", "").equals("getPolicy")) {
      refuse(call, 400, "InvalidParameter", "action is not supported.");
    } else if (model.isEmpty()) {
      refuse(call, 400, "InvalidParameter", "Required parameter(model) missing or invalid.");
    } else {
      answer(
          call,
          200,
          new JsonObject()
              .put(
                  "data",
                  uploads.policy(guest.account(), model, Uploads.host(request, uploadPort))));
    }
  }

  static void refuse(Guest guest, HttpCall call, Throwable cause) {
    if (cause instanceof WireError error) {
      refuse(call, status(guest, error.code()), error.code(), error.words());
    } else if (cause instanceof SampleException error) {
      refuse(call, status(guest, error.code()), error.code(), error.words());
    } else if (cause instanceof HttpCall.TooBigException) {
      refuse(call, 400, "InvalidParameter", "The request body is too large.");
    } else if (!call.isOver()) {
      refuse(call, 500, "InternalError", "Internal server error.");
    }
  }

  private static int status(Guest guest, String code) {
    if (guest.settings().oldErrors()) {
      if (code.equals("BadRequest.UnsupportedFileFormat")) {
        return 415;
      }
      if (code.equals("BadRequest.ResourceNotExist")) {
        return 416;
      }
      if (DECODING.contains(code)) {
        return 430;
      }
    }
    if (code.startsWith("Throttling")) {
      return 429;
    }
    return switch (code) {
      case "ModelNotFound" -> 404;
      case "InternalError" -> 500;
      default -> 400;
    };
  }

  static void refuse(HttpCall call, int status, String code, String message) {
    answer(call, status, new JsonObject().put("code", code).put("message", message));
  }

  private static void answer(HttpCall call, int status, JsonObject body) {
    call.answer(status, "application/json", body.put("request_id", call.id()).toBuffer());
  }
}
