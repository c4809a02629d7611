package dev.voicebridge.enrolment;

import io.vertx.core.json.JsonObject;

/** Providers' refusals, for those who show them. */
public final class EnrolmentRefusals {
  private EnrolmentRefusals() {}

  /** As a provider answered. */
  public static EnrolmentException answered(int status, String code, String message) {
    return new EnrolmentException(
        Diagnosis.of(
            Provider.COSYVOICE,
            status,
            code,
            message,
            new JsonObject().put("request_id", "vendor-request-1")),
        false);
  }

  /** Without an answer; {@code code} is a row of {@code errors.json}. */
  public static EnrolmentException unasked(String code, boolean mayHaveHappened) {
    return new EnrolmentException(Diagnosis.named(code), mayHaveHappened);
  }
}
