package dev.voicebridge.enrolment;

import static dev.voicebridge.enrolment.ScriptedVendor.failure;
import static dev.voicebridge.enrolment.ScriptedVendor.within;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.voicebridge.enrolment.EnrolledVoice.Status;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class QwenEnrolmentTest {
  private static final Sample.Inline SAMPLE =
      new Sample.Inline(Buffer.buffer("RIFFaudio"), "audio/wav");

  private final ScriptedVendor vendor = new ScriptedVendor();
  private final QwenEnrolment enrolment = vendor.qwen();

  @AfterEach
  void close() {
    vendor.close();
  }

  @Test
  void aCloneCarriesItsSample() {
    vendor.output(
        """
        {"voice":"qwen-tts-vc-anna-voice-20260302091500123-7f3a","target_model":"qwen3-tts-vc-realtime-2026-01-15",
        "fallback_mode":true,"fallback_reason":"no_merged_segments"}""");

    Enrolled made =
        within(
            enrolment.create(
                new CloneRequest("", "anna", SAMPLE, "yue", "what it says", null, true)));

    assertEquals(
        new JsonObject(
            """
            {"model":"qwen-voice-enrollment","input":{"action":"create",
            "target_model":"qwen3-tts-vc-realtime-2026-01-15","preferred_name":"anna",
            "audio":{"data":"data:audio/wav;base64,UklGRmF1ZGlv"},"text":"what it says","language":"zh"}}"""),
        vendor.last().json());
    assertEquals(Status.OK, made.voice().status());
    assertEquals("inline", made.sampleRoute());
    assertEquals("no_merged_segments", made.remarks().getString("fallback_reason"));
    assertEquals(List.of("enable_preprocess"), made.leftOut());
    assertNull(made.preview());
  }

  @Test
  void aUrlTravelsInTheSameField() {
    vendor.output("{\"voice\":\"v\"}");

    within(
        enrolment.create(
            new CloneRequest("", "anna", new Sample.AtUrl("https://files.example/a.wav"))));

    assertEquals(
        "https://files.example/a.wav",
        vendor.last().json().getJsonObject("input").getJsonObject("audio").getString("data"));
  }

  @Test
  void aDesignSpeaksOfVoiceAndLanguage() {
    vendor.output(
        """
        {"preview_audio":{"data":"AAAA","sample_rate":48000,"response_format":"opus"},
        "target_model":"qwen3-tts-vd-realtime-2026-01-15","voice":"qwen-tts-vd-narrator-voice-20260302093000456-1c9e"}""");

    Enrolled made =
        within(
            enrolment.create(
                new DesignRequest(
                    "", "narrator", "沉稳的中年男声，语速偏慢。", "各位听众朋友，晚上好。", "zh", 48000, "opus")));

    assertEquals(
        new JsonObject(
            """
            {"model":"qwen-voice-design","input":{"action":"create","target_model":"qwen3-tts-vd-realtime-2026-01-15",
            "preferred_name":"narrator","voice_prompt":"沉稳的中年男声，语速偏慢。","preview_text":"各位听众朋友，晚上好。","language":"zh"},
            "parameters":{"sample_rate":48000,"response_format":"opus"}}"""),
        vendor.last().json());
    assertEquals(new Preview(Buffer.buffer(new byte[3]), "opus", 48000), made.preview());
  }

  @Test
  void theTwoListsAreOne() {
    vendor.output(
        """
        {"page_index":0,"page_size":10,"total_count":1,"voice_list":[{"voice":"qwen-tts-vc-anna-voice-20260302091500123-7f3a",
        "gmt_create":"2026-03-02 09:15:00.123","gmt_modified":"2026-03-02 09:15:00","language":"zh","target_model":"m"}]}""");
    vendor.output(
        """
        {"page_index":0,"page_size":10,"total_count":1,"voice_list":[{"voice":"qwen-tts-vd-old_man-voice-20260302091500123-7f3b",
        "voice_prompt":"p","preview_text":"t"}]}""");

    VoiceList all = within(enrolment.list());

    assertEquals(
        List.of("anna", "old_man"), all.voices().stream().map(EnrolledVoice::name).toList());
    assertEquals("qwen-voice-enrollment", vendor.asked.get(0).json().getString("model"));
    assertEquals(
        "{\"model\":\"qwen-voice-design\",\"input\":{\"action\":\"list\",\"page_index\":0,\"page_size\":100}}",
        vendor.last().body().toString());
  }

  @Test
  void aCloneIsQueriedThroughTheListAndADesignDirectly() {
    vendor.output(
        "{\"voice_list\":[{\"voice\":\"qwen-tts-vc-a\"},{\"voice\":\"qwen-tts-vc-b\",\"language\":\"en\"}]}");
    assertEquals("en", within(enrolment.query("qwen-tts-vc-b")).voice().language());

    vendor.output("{\"voice_list\":[]}");
    EnrolmentException gone = failure(enrolment.query("qwen-tts-vc-b"));
    assertEquals("voice_not_found", gone.diagnosis().code());

    vendor.output("{\"voice\":\"qwen-tts-vd-n\",\"target_model\":\"t\",\"voice_prompt\":\"p\"}");
    assertEquals("p", within(enrolment.query("qwen-tts-vd-n")).voice().description());
    assertEquals(
        "{\"model\":\"qwen-voice-design\",\"input\":{\"action\":\"query\",\"voice\":\"qwen-tts-vd-n\"}}",
        vendor.last().body().toString());
  }

  @Test
  void deleteGoesToTheListThatHoldsTheVoice() {
    vendor.output("{\"voice\":\"qwen-tts-vc-a\"}").output("{\"voice\":\"qwen-tts-vd-a\"}");

    within(enrolment.delete("qwen-tts-vc-a"));
    assertEquals(
        "{\"model\":\"qwen-voice-enrollment\",\"input\":{\"action\":\"delete\",\"voice\":\"qwen-tts-vc-a\"}}",
        vendor.last().body().toString());
    within(enrolment.delete("qwen-tts-vd-a"));
    assertEquals("qwen-voice-design", vendor.last().json().getString("model"));
  }

  @Test
  void thereIsNoUpdate() {
    assertFalse(enrolment.operations().contains(Operation.UPDATE));
    assertEquals(
        "operation_unsupported", failure(enrolment.update("v", SAMPLE)).diagnosis().code());
    assertEquals(0, vendor.asked.size());
  }

  @Test
  void aDryRunShortensTheAudio() {
    JsonObject shown = enrolment.dryRun(new CloneRequest("", "anna", SAMPLE));

    assertEquals(
        "data:audio/wav;base64,<9 bytes, sha256 " + SAMPLE.sha256() + ">",
        shown
            .getJsonObject("body")
            .getJsonObject("input")
            .getJsonObject("audio")
            .getString("data"));
  }
}
