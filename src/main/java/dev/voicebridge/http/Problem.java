package dev.voicebridge.http;

import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** The one table of what can go wrong with a request: status, type and code of the answer. */
enum Problem {
  BAD_REQUEST(400, "invalid_request_error", "bad_request", "The request cannot be read."),
  NOT_JSON(400, "invalid_request_error", "invalid_json", "The body is not a JSON object."),
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
  NOT_FOUND(404, "invalid_request_error", "not_found", "There is nothing at this address."),
  NO_SUCH_MODEL(404, "invalid_request_error", "model_not_found", "There is no such model."),
  METHOD(405, "invalid_request_error", "method_not_allowed", "This address takes other methods."),
  TOO_LARGE(413, "invalid_request_error", "body_too_large", "The body is too large."),
  ADDRESS_TOO_LONG(414, "invalid_request_error", "uri_too_long", "The address is too long."),
  MEDIA_TYPE(
      415,
      "invalid_request_error",
      "unsupported_media_type",
      "The body must be application/json or multipart/form-data."),
  UPGRADE(
      426,
      "invalid_request_error",
      "upgrade_required",
      "This is a WebSocket: connect with ws:// or wss://."),
  TOO_MANY(429, "rate_limit_error", "rate_limit_exceeded", "Too many at once; try again later."),
  HEADERS_TOO_LARGE(
      431, "invalid_request_error", "headers_too_large", "The headers are too large."),
  INTERNAL(500, "server_error", "internal_error", "Something went wrong here."),
  NOT_READY(503, "server_error", "not_ready", "This instance takes no calls now.");

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
    private final Problem problem;
    private final @Nullable String param;

    private Failure(Problem problem, String message, @Nullable String param) {
      super(message, null, false, false);
      this.problem = problem;
      this.param = param;
    }

    Problem problem() {
      return problem;
    }

    @Nullable String param() {
      return param;
    }

    JsonObject toJson() {
      return problem.toJson(String.valueOf(getMessage()), param);
    }
  }
}
