package dev.voicebridge.enrolment;

import static dev.voicebridge.enrolment.ScriptedVendor.KEY;
import static dev.voicebridge.enrolment.ScriptedVendor.failure;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A vendor that doesn't keep to its documents, or doesn't answer at all. */
final class VendorFaultsTest {
  private static final Patience HASTY =
      new Patience(
          Duration.ofMillis(300),
          Duration.ofMillis(300),
          Duration.ofMillis(300),
          Duration.ofMillis(300),
          Duration.ofMillis(300),
          10_000,
          20_000);
  private static final CloneRequest CLONE =
      new CloneRequest("", "anna", new Sample.AtUrl("https://files.example/a.wav"));

  private final ScriptedVendor vendor = new ScriptedVendor();
  private final CosyVoiceEnrolment enrolment = vendor.cosyVoice();

  @AfterEach
  void close() {
    vendor.close();
  }

  @Test
  void silenceEndsInTimeAndMayHaveHappened() {
    vendor.then(request -> {});

    EnrolmentException failed =
        failure(
            new CosyVoiceEnrolment(vendor.http(HASTY), vendor.account(), Pace.UNHURRIED)
                .create(CLONE));

    assertEquals("vendor_timeout", failed.diagnosis().code());
    assertTrue(failed.mayHaveHappened());
  }

  @Test
  void anAnswerThatDripsEndsInTime() {
    vendor.then(request -> request.response().setChunked(true).write("{\"output\":"));

    EnrolmentException failed =
        failure(
            new CosyVoiceEnrolment(vendor.http(HASTY), vendor.account(), Pace.UNHURRIED).list());

    assertEquals("vendor_timeout", failed.diagnosis().code());
  }

  @Test
  void aCutAnswerIsNoAnswer() {
    vendor.then(
        request -> {
          request.response().putHeader("Content-Length", "100").write("{\"output\":{");
          vendor.vertx.setTimer(50, cut -> request.connection().close());
        });

    EnrolmentException failed = failure(enrolment.create(CLONE));

    assertEquals("vendor_answer_cut", failed.diagnosis().code());
    assertTrue(failed.mayHaveHappened());
  }

  @Test
  void aConnectionCutBeforeTheAnswerMayHaveHappened() {
    vendor.then(request -> request.connection().close());

    EnrolmentException failed = failure(enrolment.create(CLONE));

    assertEquals("vendor_answer_cut", failed.diagnosis().code());
    assertTrue(failed.mayHaveHappened());
  }

  @Test
  void aHugeAnswerIsNotRead() {
    vendor.then(200, "x".repeat(ScriptedVendor.SHORT.maxAnswerBytes() + 1));

    assertEquals("vendor_answer_too_large", failure(enrolment.list()).diagnosis().code());
  }

  @Test
  void aRefusedConnectionDidNotHappen() {
    EnrolmentException failed =
        failure(
            new QwenEnrolment(
                    vendor.http(HASTY), new Account("http://127.0.0.1:1", KEY), Pace.UNHURRIED)
                .create(CLONE));

    assertEquals("vendor_unreachable", failed.diagnosis().code());
    assertFalse(failed.mayHaveHappened());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "null",
        "[]",
        "7",
        "\"ok\"",
        "{}",
        "{\"output\":null}",
        "{\"output\":[]}",
        "{\"output\":{}}",
        "{\"output\":{\"voice_id\":null}}",
        "{\"output\":{\"voice_id\":{}}}",
        "<html>proxy</html>",
        "{\"output\":{\"voice_id\":\"\"}}",
        "\u0000\uffff"
      })
  void garbageAfterACreateMayHaveHappened(String body) {
    vendor.then(200, body);

    EnrolmentException failed = failure(enrolment.create(CLONE));

    assertEquals("vendor_answer_unreadable", failed.diagnosis().code());
    assertTrue(failed.mayHaveHappened());
  }

  @Test
  void deepJsonIsGarbage() {
    vendor.then(200, "[".repeat(30_000));

    assertEquals("vendor_answer_unreadable", failure(enrolment.create(CLONE)).diagnosis().code());
  }

  @Test
  void aBareRefusalOfAWorkspaceHostIsExplained() {
    vendor.then(400, "{}");

    EnrolmentException failed = failure(enrolment.create(CLONE));

    assertEquals("request_refused_silently", failed.diagnosis().code());
    assertFalse(failed.mayHaveHappened());
  }

  @Test
  void anErrorInAnotherContentTypeIsStillAnError() {
    vendor.then(request -> request.response().setStatusCode(502).end("<html>Bad gateway</html>"));

    EnrolmentException failed = failure(enrolment.create(CLONE));

    assertEquals("vendor_failed", failed.diagnosis().code());
    assertTrue(failed.mayHaveHappened());
  }

  @Test
  void aRedirectIsNotFollowed() {
    vendor.then(
        request ->
            request.response().setStatusCode(302).putHeader("Location", vendor.url() + "/x").end());

    assertEquals("vendor_error", failure(enrolment.create(CLONE)).diagnosis().code());
    assertEquals(1, vendor.asked.size());
  }

  @Test
  void theKeyIsInNoTextEvenIfTheVendorRepeatsIt() {
    vendor.then(
        401,
        "{\"code\":\""
            + KEY
            + "\",\"message\":\"Invalid API-key provided: "
            + KEY
            + "\",\"request_id\":\"r-1\"}");

    EnrolmentException failed = failure(enrolment.create(CLONE));

    assertFalse((failed + failed.diagnosis().toJson().encode()).contains(KEY));
    assertEquals("api_key_invalid", failed.diagnosis().code());
    assertEquals("r-1", failed.diagnosis().evidence().getString("request_id"));
    assertFalse(vendor.account().toString().contains(KEY));
  }

  @Test
  void aKeyWithALineBreakIsNotShown() {
    String broken = KEY + "\nx";

    EnrolmentException failed =
        failure(
            new CosyVoiceEnrolment(
                    vendor.http(ScriptedVendor.SHORT),
                    new Account(vendor.url(), broken),
                    Pace.UNHURRIED)
                .create(CLONE));

    assertFalse((failed + failed.diagnosis().toJson().encode()).contains(KEY));
    assertFalse(failed.mayHaveHappened());
    assertEquals(0, vendor.asked.size());
  }

  @Test
  void aVeryLongMessageIsShortened() {
    vendor.then(400, "{\"code\":\"InvalidParameter\",\"message\":\"" + "y".repeat(9000) + "\"}");

    Diagnosis told = failure(enrolment.create(CLONE)).diagnosis();

    assertEquals(300, told.evidence().getString("vendor_message").length());
  }

  @Test
  void aTurnThatNeverComesEnds() {
    Pace stuck = (provider, operation) -> Promise.<Duration>promise().future();

    EnrolmentException failed =
        failure(new CosyVoiceEnrolment(vendor.http(HASTY), vendor.account(), stuck).create(CLONE));

    assertEquals("call_not_sent", failed.diagnosis().code());
    assertFalse(failed.mayHaveHappened());
    assertEquals(0, vendor.asked.size());
  }

  @Test
  void aTurnThatIsRefusedFailsTheCall() {
    Pace no = (provider, operation) -> Future.failedFuture("no");

    assertEquals(
        "call_not_sent",
        failure(new QwenEnrolment(vendor.http(HASTY), vendor.account(), no).list())
            .diagnosis()
            .code());
  }
}
