package dev.voicebridge.enrolment;

import static dev.voicebridge.enrolment.ScriptedVendor.failure;
import static dev.voicebridge.enrolment.ScriptedVendor.within;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SiliconFlowEnrolmentTest {
  private static final Sample.Inline SAMPLE =
      new Sample.Inline(Buffer.buffer("ID3audio"), "audio/mpeg");

  private final ScriptedVendor vendor = new ScriptedVendor();
  private final SiliconFlowEnrolment enrolment = vendor.siliconFlow();

  @AfterEach
  void close() {
    vendor.close();
  }

  private static CloneRequest request() {
    return new CloneRequest("", "anna", SAMPLE, null, "你好 \"世界\"", null, null);
  }

  @Test
  void aCloneIsAFormOfFourParts() {
    vendor.then(200, "{\"uri\":\"speech:anna:acc:id\"}");

    Enrolled made = within(enrolment.create(request()));

    assertEquals("POST /uploads/audio/voice", vendor.last().method() + " " + vendor.last().uri());
    String boundary = vendor.last().boundary();
    String head = "--" + boundary + "\r\nContent-Disposition: form-data; name=";
    assertEquals(
        head
            + "\"model\"\r\n\r\nFunAudioLLM/CosyVoice2-0.5B\r\n"
            + head
            + "\"customName\"\r\n\r\nanna\r\n"
            + head
            + "\"text\"\r\n\r\n你好 \"世界\"\r\n"
            + head
            + "\"file\"; filename=\""
            + SAMPLE.fileName()
            + "\"\r\nContent-Type: audio/mpeg\r\n\r\nID3audio\r\n--"
            + boundary
            + "--\r\n",
        vendor.last().body().toString());
    assertEquals("speech:anna:acc:id", made.voice().providerVoiceId());
    assertEquals(EnrolledVoice.Status.OK, made.voice().status());
  }

  @Test
  void theListIsReadUnderBothNames() {
    for (String name : List.of("result", "results")) {
      vendor.then(
          200,
          "{\""
              + name
              + "\":[{\"model\":\"m\",\"customName\":\"c\",\"text\":\"t\",\"uri\":\"speech:c:1:2\"},{}]}");

      VoiceList all = within(enrolment.list());

      assertEquals(1, all.voices().size(), name);
      assertEquals("c", all.voices().get(0).name());
      assertEquals("t", all.voices().get(0).transcript());
      assertEquals("m", all.voices().get(0).targetModel());
    }
    assertEquals("GET /audio/voice/list", vendor.last().method() + " " + vendor.last().uri());
  }

  @Test
  void aDeletionIsJudgedByItsStatusAlone() {
    vendor
        .then(200, "\"ok\"")
        .then(200, "")
        .then(400, "{\"code\":20012,\"message\":\"x\",\"data\":null}");

    within(enrolment.delete("speech:a:1:2"));
    assertEquals("{\"uri\":\"speech:a:1:2\"}", vendor.last().body().toString());
    within(enrolment.delete("speech:a:1:2"));
    assertEquals("parameter_invalid", failure(enrolment.delete("x")).diagnosis().code());
  }

  @Test
  void aTranscriptIsFreedOfItsMarks() {
    vendor.then(200, "{\"text\":\"<|zh|><|HAPPY|><|Speech|>你好，世界。😊\"}");

    assertEquals("你好，世界。", within(enrolment.transcribe(SAMPLE)));
    assertTrue(vendor.last().body().toString().contains("FunAudioLLM/SenseVoiceSmall"));
    assertEquals("/audio/transcriptions", vendor.last().uri());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "400|{\"code\":20012,\"message\":\"Model does not exist\",\"data\":null}|model_not_found",
        "400|{\"code\":20012,\"message\":\"bad\",\"data\":null}|parameter_invalid",
        "401|\"Invalid token\"|api_key_invalid",
        "403|{\"code\":30014,\"message\":\"Token is invalid.\"}|api_key_invalid",
        "403|\"Forbidden\"|account_unverified",
        "403|{\"message\":\"verify\"}|account_unverified",
        "404|404 page not found|path_not_found",
        "429|{\"message\":\"Details:TPM limit reached.\",\"data\":1}|throttled",
        "500|[]|vendor_failed",
        "503|{\"code\":50505,\"message\":\"Model service overloaded.\",\"data\":null}|model_overloaded",
        "504|\"timeout\"|vendor_timeout",
        "418|``|vendor_error",
      })
  void everyShapeOfErrorIsExplained(int status, String body, String code) {
    vendor.then(status, body);

    EnrolmentException failed = failure(enrolment.create(request()));

    assertEquals(code, failed.diagnosis().code());
    assertEquals(status, failed.diagnosis().evidence().getInteger("http_status"));
  }

  @Test
  void whatItNeedsIsAskedForBeforeTheCall() {
    assertEquals(
        "transcript_missing",
        failure(enrolment.create(new CloneRequest("", "anna", SAMPLE))).diagnosis().code());
    assertEquals(
        "sample_must_be_inline",
        failure(
                enrolment.create(
                    new CloneRequest(
                        "", "anna", new Sample.AtUrl("https://h/a"), null, "t", null, null)))
            .diagnosis()
            .code());
    assertEquals(
        "operation_unsupported",
        failure(enrolment.create(new DesignRequest("", "a", "d", "p", null))).diagnosis().code());
    assertEquals(0, vendor.asked.size());
  }

  @Test
  void aDryRunNamesTheParts() {
    JsonObject shown = enrolment.dryRun(request());

    assertEquals(
        List.of("model", "customName", "text", "file"),
        List.copyOf(shown.getJsonObject("body").fieldNames()));
  }
}
