package dev.voicebridge.http;

import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** The one table of what can go wrong with a request: status, type and code of the answer. */
enum Problem {
  BAD_REQUEST(400, "invalid_request_error", "bad_request", "The request cannot be read."),
  NOT_JSON(400, "invalid_request_error", "invalid_json", "The body is not a JSON object."),
  BAD_FIELD(400, "invalid_request_error", "invalid_value", "A field of the request is wrong."),
  NO_PROVIDER_KEY(
      400,
      "invalid_request_error",
      "provider_key_unsupported",
      "X-Provider-Key is not taken here: nothing is kept of voices made with a key of one's own."),
  NO_CHAT(
      400,
      "invalid_request_error",
      "llm_not_configured",
      "This server has no language model for this caller."),
  NO_CONSENT(
      400, "invalid_request_error", "consent_required", "The speaker's consent must be stated."),
  UNSUPPORTED(400, "invalid_request_error", "unsupported", "The provider cannot do this."),
  NO_KEY(
      401,
      "invalid_request_error",
      "invalid_api_key",
      "An API key is needed: send it as Authorization: Bearer <key>."),
  BAD_KEY(401, "invalid_request_error", "invalid_api_key", "This API key is not known here."),
  LOOPBACK_ONLY(
      403, "permission_error", "loopback_only", "This is answered on the same machine only."),
  FOREIGN_HOST(
      403,
      "permission_error",
      "foreign_host",
      "Without API keys this server answers to localhost, 127.0.0.1 and [::1] only."),
  FOREIGN_ORIGIN(
      403,
      "permission_error",
      "foreign_origin",
      "Pages of this origin may not call; VOICEBRIDGE_ALLOWED_ORIGINS lists those that may."),
  NOT_ALLOWED(403, "permission_error", "not_allowed", "This key may not do that."),
  NOT_FOUND(404, "invalid_request_error", "not_found", "There is nothing at this address."),
  NO_SUCH_MODEL(404, "invalid_request_error", "model_not_found", "There is no such model."),
  NO_SUCH_VOICE(404, "invalid_request_error", "voice_not_found", "There is no such voice."),
  METHOD(405, "invalid_request_error", "method_not_allowed", "This address takes other methods."),
  TOO_SLOW(408, "invalid_request_error", "body_too_slow", "The body did not arrive in time."),
  CONFLICT(409, "conflict_error", "voice_changed", "The voice changed meanwhile: read it again."),
  TAKEN(409, "conflict_error", "voice_taken", "Another voice stands for it already."),
  QUOTA(409, "conflict_error", "quota_exceeded", "The account has no place for another voice."),
  TOO_LARGE(413, "invalid_request_error", "body_too_large", "The body is too large."),
  ADDRESS_TOO_LONG(414, "invalid_request_error", "uri_too_long", "The address is too long."),
  MEDIA_TYPE(
      415,
      "invalid_request_error",
      "unsupported_media_type",
      "The body must be application/json or multipart/form-data."),
  SAMPLE_REFUSED(
      422, "invalid_request_error", "sample_refused", "No voice can be made of this sample."),
  PROVIDER_REFUSED(
      422, "invalid_request_error", "provider_refused", "The provider refused the request."),
  UPGRADE(
      426,
      "invalid_request_error",
      "upgrade_required",
      "This is a WebSocket: connect with ws:// or wss://."),
  TOO_MANY(429, "rate_limit_error", "rate_limit_exceeded", "Too many at once; try again later."),
  HEADERS_TOO_LARGE(
      431, "invalid_request_error", "headers_too_large", "The headers are too large."),
  INTERNAL(500, "server_error", "internal_error", "Something went wrong here."),
  PROVIDER_FAILED(
      502, "server_error", "provider_failed", "The provider could not do what was asked."),
  PROVIDER_AWAY(503, "server_error", "provider_unreachable", "The provider cannot be reached."),
  LIBRARY_AWAY(
      503,
      "server_error",
      "library_unavailable",
      "The library works from memory and cannot write now; later."),
  NOT_READY(503, "server_error", "not_ready", "This instance takes no calls now."),
  PROVIDER_LATE(504, "server_error", "provider_timeout", "The provider did not answer in time.");

  private final int status;
  private final String type;
  private final String code;
  private final String message;

  Problem(int status, String type, String code, String message) {
    this.status = status;
    this.type = type;
    this.code = code;
    this.message = message;
  }

  int status() {
    return status;
  }

  String code() {
    return code;
  }

  String message() {
    return message;
  }

  /** This problem as it stands. */
  Failure asException() {
    return about(message, null);
  }

  /**
   * @param message what is wrong and what to change; never a secret
   * @param param the field or parameter it is about
   */
  Failure about(String message, @Nullable String param) {
    return new Failure(this, message, param);
  }

  /** The general problem for a status that no handler explained. */
  static Problem ofStatus(int status) {
    return switch (status) {
      case 404 -> NOT_FOUND;
      case 405 -> METHOD;
      case 408 -> TOO_SLOW;
      case 413 -> TOO_LARGE;
      case 414 -> ADDRESS_TOO_LONG;
      case 415 -> MEDIA_TYPE;
      case 426 -> UPGRADE;
      case 431 -> HEADERS_TOO_LARGE;
      default -> status >= 400 && status < 500 ? BAD_REQUEST : INTERNAL;
    };
  }

  /** OpenAI's envelope. */
  JsonObject toJson(String text, @Nullable String param) {
    return new JsonObject()
        .put(
            "error",
            new JsonObject()
                .put("message", text)
                .put("type", type)
                .put("param", param)
                .put("code", code));
  }

  /** Thrown by handlers; answered in one place, {@link Answers#failure}. */
  static final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Problem problem;
    private final @Nullable String param;
    private final transient JsonObject further;
    private final int retryAfterSeconds;
    private final boolean lasting;

    private Failure(Problem problem, String message, @Nullable String param) {
      this(problem, message, param, new JsonObject(), 0, false);
    }

    private Failure(
        Problem problem,
        String message,
        @Nullable String param,
        JsonObject further,
        int retryAfterSeconds,
        boolean lasting) {
      super(message, null, false, false);
      this.problem = problem;
      this.param = param;
      this.further = further;
      this.retryAfterSeconds = retryAfterSeconds;
      this.lasting = lasting;
    }

    /**
     * The same with more to say.
     *
     * @param fields beside those of the envelope, or in place of them, such as a nearer {@code
     *     code}; never a secret
     */
    Failure with(JsonObject fields) {
      return new Failure(
          problem,
          String.valueOf(getMessage()),
          param,
          further.copy().mergeIn(fields),
          retryAfterSeconds,
          lasting);
    }

    /** The same with its message in Chinese. */
    Failure inChinese(String message) {
      return with(new JsonObject().put("message_zh", message));
    }

    /** The same with a {@code Retry-After}. */
    Failure retryAfter(int seconds) {
      return new Failure(problem, String.valueOf(getMessage()), param, further, seconds, lasting);
    }

    /** The same for clients that would try again by themselves: it is no use, or costs twice. */
    Failure forGood() {
      return new Failure(
          problem, String.valueOf(getMessage()), param, further, retryAfterSeconds, true);
    }

    /** Whether clients should not try again by themselves. */
    boolean isForGood() {
      return lasting;
    }

    /** 0: nothing is said about it. */
    int retryAfterSeconds() {
      return retryAfterSeconds;
    }

    Problem problem() {
      return problem;
    }

    @Nullable String param() {
      return param;
    }

    JsonObject toJson() {
      JsonObject json = problem.toJson(String.valueOf(getMessage()), param);
      json.getJsonObject("error").mergeIn(further);
      // Some clients look for it here.
      return json.put("message", String.valueOf(getMessage()));
    }
  }
}
