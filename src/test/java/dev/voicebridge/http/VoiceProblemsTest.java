package dev.voicebridge.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.enrolment.Diagnosis;
import dev.voicebridge.enrolment.EnrolmentException;
import dev.voicebridge.enrolment.Provider;
import dev.voicebridge.library.LibraryException;
import dev.voicebridge.library.TestLibrary;
import dev.voicebridge.voice.TestVoices;
import dev.voicebridge.voice.VoiceStoreException;
import io.vertx.core.json.JsonObject;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class VoiceProblemsTest {
  private static Problem.Failure of(Throwable cause) {
    return Objects.requireNonNull(VoiceProblems.of(cause));
  }

  private static JsonObject error(Problem.Failure failure) {
    return failure.toJson().getJsonObject("error");
  }

  @ParameterizedTest
  @CsvSource({
    "NOT_FOUND,      404, voice_not_found",
    "INVALID,        400, invalid_value",
    "SAMPLE_REFUSED, 422, sample_refused",
    "NO_CONSENT,     400, consent_required",
    "QUOTA,          409, quota_exceeded",
    "UNSUPPORTED,    400, unsupported",
    "CONFLICT,       409, voice_changed",
  })
  void theLibrarysRefusals(LibraryException.Reason reason, int status, String code) {
    Problem.Failure failure =
        of(
            TestLibrary.refusal(
                reason,
                "name",
                new JsonObject().put("report", new JsonObject()).put("code", "sly")));

    assertEquals(status, failure.problem().status());
    JsonObject error = error(failure);
    assertEquals(code, error.getString("code"));
    assertEquals("it cannot be", error.getString("message"));
    assertEquals("不行", error.getString("message_zh"));
    assertEquals("name", error.getString("param"));
    assertTrue(error.containsKey("report"), "the details");
  }

  @Test
  void aVoiceThatWasMadeButNotNotedIsNotToBeOrderedAgain() {
    Problem.Failure failure = of(EnrolmentException.notNoted(Provider.QWEN));

    assertEquals(503, failure.problem().status());
    assertEquals("voice_not_noted", error(failure).getString("code"));
    assertEquals("never", error(failure).getString("retry"));
    assertEquals(true, error(failure).getBoolean("may_have_happened"));
    assertTrue(failure.retryAfterSeconds() <= 0, "no Retry-After");
  }

  @ParameterizedTest
  @CsvSource({
    "CONFLICT,    409",
    "TAKEN,       409",
    "GONE,        404",
    "UNAVAILABLE, 503",
  })
  void theStoresRefusals(VoiceStoreException.Kind kind, int status) {
    Problem.Failure failure = of(TestVoices.failure(kind));

    assertEquals(status, failure.problem().status());
    assertEquals(status == 503, failure.retryAfterSeconds() > 0);
    assertTrue(error(failure).containsKey("message_zh"));
    assertFalse(failure.toJson().encode().contains("secret"), "the store's own words");
  }

  @ParameterizedTest
  @CsvSource({
    "COSYVOICE,   429, Throttling.RateQuota,       429, throttled",
    "COSYVOICE,   400, Audio.AudioShortError,      422, sample_too_short",
    "QWEN,        400, DataInspectionFailed,       422, content_refused",
    "COSYVOICE,   400, Arrearage,                  502, arrears",
    "QWEN,        401, InvalidApiKey,              502, api_key_invalid",
    "SILICONFLOW, 503, 50505,                      429, model_overloaded",
    "COSYVOICE,   500, InternalError,              502, vendor_failed",
    "COSYVOICE,   400, BadRequest.VoiceNotFound,   404, voice_not_found",
    "COSYVOICE,   400, Throttling.VoiceQuotaReach, 409, voice_quota_reached",
    "COSYVOICE,   504, '',                         502, vendor_timeout",
  })
  void theVendorsRefusals(
      Provider provider, int vendorStatus, String vendorCode, int status, String code) {
    Diagnosis diagnosis = Diagnosis.of(provider, vendorStatus, vendorCode, "", new JsonObject());

    Problem.Failure failure = VoiceProblems.of(diagnosis);

    JsonObject error = error(failure);
    assertEquals(code, error.getString("code"));
    assertEquals(status, failure.problem().status());
    assertEquals(diagnosis.cause().en(), error.getString("message"));
    assertEquals(diagnosis.cause().zh(), error.getString("message_zh"));
    assertEquals(diagnosis.advice().en(), error.getString("hint"));
    assertEquals(vendorStatus, error.getJsonObject("evidence").getInteger("http_status"));
    assertEquals(
        diagnosis.retry() == Diagnosis.Retry.LATER, failure.retryAfterSeconds() > 0, "Retry-After");
  }

  @Test
  void whatIsNotTheirsStaysOurs() {
    assertNull(VoiceProblems.of(new IllegalStateException("x")));
  }
}
