package dev.voicebridge.http;

import dev.voicebridge.bridge.SessionError;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** What stops speech, as the problem of a request. */
final class SpeechProblems {
  private SpeechProblems() {}

  static Problem.Failure of(SessionError error) {
    String hint = error.hint();
    String message = hint == null ? error.text() : error.text() + " (" + hint + ")";
    String code = error.code().wireName();
    return switch (error.code()) {
      case MODEL_NOT_FOUND -> Problem.NO_SUCH_MODEL.about(message, "model");
      case NOT_ALLOWED -> named(Problem.NOT_ALLOWED, message, error.param(), code);
      case TEXT_TOO_LONG -> named(Problem.BAD_FIELD, message, "input", code);
      case TOO_MANY, QUEUE_FULL -> Problem.TOO_MANY.about(message, null).retryAfter(1);
      case UPSTREAM_RATE_LIMITED ->
          Problem.TOO_MANY
              .about("The service is asked too often: " + error.text(), null)
              .retryAfter(2);
      case UPSTREAM_UNREACHABLE -> Problem.PROVIDER_AWAY.about(error.text(), null).retryAfter(1);
      // It may have spoken, and been paid for it.
      case UPSTREAM_TIMEOUT -> Problem.PROVIDER_LATE.about(error.text(), null).forGood();
      case UPSTREAM_CLOSED -> named(Problem.PROVIDER_FAILED, error.text(), null, code);
      case UPSTREAM_ERROR ->
          isAboutTheRequest(error.upstreamCode())
              ? named(Problem.BAD_FIELD, error.text(), null, String.valueOf(error.upstreamCode()))
              : named(Problem.PROVIDER_FAILED, error.text(), null, code).forGood();
      case LLM_NOT_CONFIGURED -> named(Problem.NO_CHAT, message, null, code).forGood();
      case LLM_RATE_LIMITED -> Problem.TOO_MANY.about(message, null).retryAfter(2);
      case LLM_UNREACHABLE -> Problem.PROVIDER_AWAY.about(message, null).retryAfter(1);
      case LLM_TIMEOUT -> Problem.PROVIDER_LATE.about(message, null).forGood();
      case LLM_CLOSED -> named(Problem.PROVIDER_FAILED, message, null, code);
      case LLM_REFUSED, LLM_GARBAGE, LLM_ERROR ->
          Problem.PROVIDER_FAILED
              .about(message, null)
              .with(new JsonObject().put("code", code).put("upstream_code", error.upstreamCode()))
              .forGood();
      case UPSTREAM_REFUSED, UPSTREAM_GARBAGE, NO_AUDIO ->
          named(Problem.PROVIDER_FAILED, message, null, code).forGood();
      case INTERNAL, SESSION_ENDED -> Problem.INTERNAL.asException().forGood();
      default -> named(Problem.BAD_FIELD, message, param(error.param()), code);
    };
  }

  private static Problem.Failure named(
      Problem problem, String message, @Nullable String param, String code) {
    return problem.about(message, param).with(new JsonObject().put("code", code));
  }

  private static boolean isAboutTheRequest(@Nullable String vendorCode) {
    return vendorCode != null
        && (vendorCode.startsWith("InvalidParameter") || vendorCode.startsWith("DataInspection"));
  }

  /** As the request has it. */
  private static @Nullable String param(@Nullable String field) {
    return "speech_rate".equals(field) ? "speed" : field;
  }
}
