package dev.voicebridge.http;

import dev.voicebridge.enrolment.Diagnosis;
import dev.voicebridge.enrolment.EnrolmentException;
import dev.voicebridge.library.LibraryException;
import dev.voicebridge.voice.VoiceStoreException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * What went wrong, in DashScope's shape: its clients read {@code code}, {@code message} and {@code
 * request_id}. Expected trouble, therefore without a stack trace.
 */
final class VendorProblem extends RuntimeException {
  private static final long serialVersionUID = 1;

  static final String INVALID = "InvalidParameter";
  private static final String INTERNAL = "InternalError";
  private static final String UNAVAILABLE = "ServiceUnavailable";
  private static final String RATE = "Throttling.RateQuota";

  private final int status;
  private final String code;

  /** The vendor's own; null: it was not asked, or did not say. */
  private final @Nullable String vendorRequestId;

  private VendorProblem(
      int status, String code, @Nullable String message, @Nullable String vendorRequestId) {
    super(message, null, false, false);
    this.status = status;
    this.code = code;
    this.vendorRequestId = vendorRequestId;
  }

  private VendorProblem(int status, String code, @Nullable String message) {
    this(status, code, message, null);
  }

  int status() {
    return status;
  }

  String code() {
    return code;
  }

  @Nullable String vendorRequestId() {
    return vendorRequestId;
  }

  boolean isInternal() {
    return status == 500;
  }

  /** Whether the same request may succeed later. */
  boolean isThrottled() {
    return status == 429;
  }

  JsonObject toJson(String requestId) {
    return new JsonObject()
        .put("code", code)
        .put("message", String.valueOf(getMessage()))
        .put("request_id", requestId);
  }

  static VendorProblem invalid(String message) {
    return new VendorProblem(400, INVALID, message);
  }

  /** Also of a voice that is somebody else's: which of the two, nobody learns. */
  static VendorProblem noSuchVoice() {
    return new VendorProblem(
        400, "BadRequest.ResourceNotExist", "The Required resource not exist.");
  }

  static VendorProblem noSuchModel() {
    return new VendorProblem(404, "ModelNotFound", "Model not exist.");
  }

  static VendorProblem notForThisKey(String model) {
    return new VendorProblem(403, "Model.AccessDenied", "This key may not use " + model + ".");
  }

  static VendorProblem noConsent() {
    return new VendorProblem(
        403,
        "AccessDenied",
        "This server clones only with the speaker's consent: send "
            + CustomizationEndpoint.CONSENT_HEADER
            + ": true when the speaker agreed.");
  }

  /** Whatever a handler threw, or the status that the router gave without a cause. */
  static VendorProblem of(@Nullable Throwable cause, int status) {
    if (cause instanceof VendorProblem known) {
      return known;
    }
    if (cause instanceof LibraryException refused) {
      return of(refused, "");
    }
    if (cause instanceof EnrolmentException refused) {
      return of(refused);
    }
    if (cause instanceof VoiceStoreException store) {
      return of(store);
    }
    return cause instanceof Problem.Failure problem
        ? of(problem.problem(), problem.getMessage())
        : of(Problem.ofStatus(status > 0 ? status : 500), null);
  }

  private static VendorProblem of(Problem problem, @Nullable String message) {
    String words = message == null ? problem.message() : message;
    return switch (problem.status()) {
      case 401 -> new VendorProblem(401, "InvalidApiKey", "Invalid API-key provided.");
      case 403 -> new VendorProblem(403, "AccessDenied", words);
      case 404 -> new VendorProblem(404, "NotFound", words);
      case 405 -> new VendorProblem(405, "MethodNotAllowed", words);
      case 429 -> new VendorProblem(429, RATE, words);
      case 503 -> new VendorProblem(503, UNAVAILABLE, words);
      default ->
          problem.status() >= 500
              ? new VendorProblem(problem.status(), INTERNAL, words)
              : new VendorProblem(problem.status(), INVALID, words);
    };
  }

  /**
   * @param provider whose verdict on a sample counts, as the doctor's report names it; empty:
   *     unknown
   */
  static VendorProblem of(LibraryException refused, String provider) {
    String words = refused.words().en();
    return switch (refused.reason()) {
      case NOT_FOUND -> noSuchVoice();
      case INVALID, UNSUPPORTED -> invalid(words);
      case SAMPLE_REFUSED -> new VendorProblem(400, sampleCode(refused.details(), provider), words);
      case NO_CONSENT -> noConsent();
      case MODEL_NOT_ALLOWED -> new VendorProblem(403, "Model.AccessDenied", words);
      case NOT_ALLOWED -> new VendorProblem(403, "AccessDenied", words);
      case QUOTA -> new VendorProblem(400, "Throttling.AllocationQuota", words);
      case CONFLICT -> new VendorProblem(409, "Conflict", words);
    };
  }

  /** What the vendor would have said of that sample. */
  private static String sampleCode(JsonObject details, String provider) {
    if (details.getValue("report") instanceof JsonObject report
        && report.getValue("verdicts") instanceof JsonArray verdicts) {
      for (Object each : verdicts) {
        if (each instanceof JsonObject verdict
            && provider.equals(verdict.getValue("provider"))
            && verdict.getValue("vendor_code") instanceof String code) {
          return code;
        }
      }
    }
    return "Audio.PreprocessError";
  }

  private static VendorProblem of(VoiceStoreException store) {
    return switch (store.kind()) {
      case GONE -> noSuchVoice();
      case CONFLICT, TAKEN ->
          new VendorProblem(409, "Conflict", "The voice changed meanwhile: query it again.");
      case UNAVAILABLE ->
          new VendorProblem(
              503, UNAVAILABLE, "The library of voices can't be reached; try again later.");
    };
  }

  private static VendorProblem of(EnrolmentException refused) {
    Diagnosis diagnosis = refused.diagnosis();
    JsonObject evidence = diagnosis.evidence();
    String requestId = text(evidence, "request_id");
    String vendorCode = text(evidence, "vendor_code");
    if (diagnosis.code().equals("api_key_invalid")) {
      // As 401 it would tell the caller that his own key is wrong: it is the server's.
      return new VendorProblem(
          500, INTERNAL, "The provider refuses this server's own key.", requestId);
    }
    if (vendorCode != null) {
      String message = text(evidence, "vendor_message");
      return new VendorProblem(
          vendorStatus(evidence, vendorCode),
          vendorCode,
          message == null ? diagnosis.cause().en() : message,
          requestId);
    }
    String words = diagnosis.cause().en() + " " + diagnosis.advice().en();
    return new VendorProblem(
        ownStatus(diagnosis),
        ownCode(diagnosis),
        refused.mayHaveHappened()
            ? words + " It may have been done all the same: list the voices before asking again."
            : words,
        requestId);
  }

  private static int vendorStatus(JsonObject evidence, String code) {
    if (code.startsWith("Throttling") && !code.startsWith("Throttling.AllocationQuota")) {
      return 429;
    }
    int status = evidence.getValue("http_status") instanceof Integer given ? given : 400;
    return status >= 400 && status <= 599 && status != 401 ? status : 400;
  }

  private static int ownStatus(Diagnosis diagnosis) {
    return switch (diagnosis.code()) {
      case "throttled" -> 429;
      case "vendor_timeout" -> 504;
      case "voice_not_noted" -> 503;
      default ->
          diagnosis.retry() == Diagnosis.Retry.LATER && !isAboutUrl(diagnosis.code()) ? 503 : 400;
    };
  }

  /** Where the vendor was not asked, or had no code: the code that it has for such a thing. */
  private static String ownCode(Diagnosis diagnosis) {
    return switch (diagnosis.code()) {
      case "throttled" -> RATE;
      case "voice_quota_reached", "allocation_quota_reached" -> "Throttling.AllocationQuota";
      case "voice_not_found", "resource_not_found" -> "BadRequest.ResourceNotExist";
      case "voice_model_mismatch", "model_differs_from_target" -> "BadRequest.VoiceModelMismatch";
      case "url_too_large" -> "Audio.FileSizeExceed";
      case "sample_empty" -> "Audio.DecoderError";
      case "url_malformed",
          "sample_url_scheme",
          "sample_must_be_url",
          "sample_must_be_inline",
          "prefix_illegal",
          "provider_model_mismatch",
          "clone_unsupported",
          "design_unsupported",
          "operation_unsupported",
          "wrong_language",
          "prompt_length_out_of_range",
          "parameter_invalid" ->
          INVALID;
      default -> {
        if (isAboutUrl(diagnosis.code())) {
          yield "BadRequest.InputDownloadFailed";
        }
        boolean isAboutText =
            diagnosis.code().startsWith("description_") || diagnosis.code().startsWith("preview_");
        yield isAboutText ? INVALID : diagnosis.code();
      }
    };
  }

  private static boolean isAboutUrl(String code) {
    return code.startsWith("url_");
  }

  private static @Nullable String text(JsonObject of, String field) {
    return of.getValue(field) instanceof String text && !text.isEmpty() ? text : null;
  }
}
