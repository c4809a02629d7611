package dev.voicebridge.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.enrolment.EnrolmentException;
import dev.voicebridge.enrolment.EnrolmentRefusals;
import dev.voicebridge.library.LibraryException;
import dev.voicebridge.library.LibraryRefusals;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class VendorProblemTest {
  @ParameterizedTest
  @CsvSource({
    "400, BadRequest.UnsupportedFileFormat, 400",
    "415, BadRequest.UnsupportedFileFormat, 415",
    "430, Audio.DecoderError, 430",
    "200, Audio.AudioShortError, 400",
    "403, Model.AccessDenied, 403",
    "400, Throttling.RateQuota, 429",
    "429, Throttling, 429",
    "400, Throttling.AllocationQuota, 400",
    "500, InternalError, 500"
  })
  void theVendorsWordsArePassedOn(int answered, String code, int status) {
    VendorProblem problem =
        VendorProblem.of(EnrolmentRefusals.answered(answered, code, "In so many words."), 500);

    assertEquals(status, problem.status());
    assertEquals(
        new JsonObject()
            .put("code", code)
            .put("message", "In so many words.")
            .put("request_id", "ours"),
        problem.toJson("ours"));
    assertEquals("vendor-request-1", problem.vendorRequestId());
    assertEquals(status == 429, problem.isThrottled());
  }

  @Test
  void thatTheServersOwnKeyIsBadIsNotTheCallersFault() {
    VendorProblem problem =
        VendorProblem.of(EnrolmentRefusals.answered(401, "InvalidApiKey", "Invalid API-key."), 500);

    assertEquals(500, problem.status());
    assertEquals("InternalError", problem.code());
  }

  @ParameterizedTest
  @CsvSource({
    "throttled,                 429, Throttling.RateQuota",
    "voice_quota_reached,       400, Throttling.AllocationQuota",
    "voice_not_found,           400, BadRequest.ResourceNotExist",
    "url_forbidden_address,     400, BadRequest.InputDownloadFailed",
    "url_unreachable,           400, BadRequest.InputDownloadFailed",
    "url_timeout,               400, BadRequest.InputDownloadFailed",
    "url_malformed,             400, InvalidParameter",
    "prefix_illegal,            400, InvalidParameter",
    "provider_model_mismatch,   400, InvalidParameter",
    "description_too_long,      400, InvalidParameter",
    "preview_text_length,       400, InvalidParameter",
    "wrong_region,              400, wrong_region",
    "vendor_timeout,            504, vendor_timeout",
    "vendor_unreachable,        503, vendor_unreachable"
  })
  void whatTheVendorWasNotAskedOrDidNotSayHasItsCodeOrOurs(
      String diagnosis, int status, String code) {
    EnrolmentException refusal = EnrolmentRefusals.unasked(diagnosis, false);

    VendorProblem problem = VendorProblem.of(refusal, 500);

    assertEquals(status, problem.status());
    assertEquals(code, problem.code());
    assertTrue(
        String.valueOf(problem.getMessage()).startsWith(refusal.diagnosis().cause().en()),
        problem.getMessage());
  }

  @Test
  void itSaysThatAVoiceMayExistAllTheSame() {
    VendorProblem lost = VendorProblem.of(EnrolmentRefusals.unasked("vendor_timeout", true), 500);

    assertTrue(String.valueOf(lost.getMessage()).contains("list the voices before asking again"));
  }

  @Test
  void aRefusedSampleHasTheCodeOfItsProvider() {
    JsonObject report =
        new JsonObject()
            .put(
                "verdicts",
                new JsonArray()
                    .add(verdict("cosyvoice", "Audio.AudioShortError"))
                    .add(verdict("qwen", "Audio.AudioRateError"))
                    .add(verdict("siliconflow", null)));
    LibraryException refused =
        LibraryRefusals.of(
            LibraryException.Reason.SAMPLE_REFUSED, new JsonObject().put("report", report));

    assertEquals("Audio.AudioShortError", VendorProblem.of(refused, "cosyvoice").code());
    assertEquals("Audio.AudioRateError", VendorProblem.of(refused, "qwen").code());
    assertEquals("Audio.PreprocessError", VendorProblem.of(refused, "siliconflow").code());
    assertEquals(400, VendorProblem.of(refused, "qwen").status());
  }

  private static JsonObject verdict(String provider, @Nullable String code) {
    return new JsonObject().put("provider", provider).put("vendor_code", code);
  }

  @ParameterizedTest
  @CsvSource({
    "NOT_FOUND,   400, BadRequest.ResourceNotExist",
    "INVALID,     400, InvalidParameter",
    "UNSUPPORTED, 400, InvalidParameter",
    "NO_CONSENT,  403, AccessDenied",
    "QUOTA,       400, Throttling.AllocationQuota",
    "CONFLICT,    409, Conflict"
  })
  void theLibrarysRefusalsHaveCodes(LibraryException.Reason reason, int status, String code) {
    VendorProblem problem = VendorProblem.of(LibraryRefusals.of(reason, new JsonObject()), 500);

    assertEquals(status, problem.status());
    assertEquals(code, problem.code());
  }

  @ParameterizedTest
  @EnumSource(Problem.class)
  void everyProblemHasTheVendorsShapeAndItsOwnStatus(Problem own) {
    VendorProblem problem = VendorProblem.of(own.asException(), 500);

    assertEquals(own.status(), problem.status());
    assertEquals(Set.of("code", "message", "request_id"), problem.toJson("r").fieldNames());
    assertFalse(problem.code().isEmpty());
  }

  @Test
  void aStatusAloneAndABugAreTold() {
    assertEquals("NotFound", VendorProblem.of(null, 404).code());
    assertEquals(413, VendorProblem.of(null, 413).status());
    VendorProblem bug = VendorProblem.of(new IllegalStateException("secret"), 500);
    assertEquals("InternalError", bug.code());
    assertFalse(String.valueOf(bug.getMessage()).contains("secret"));
    assertNull(bug.vendorRequestId());
  }
}
