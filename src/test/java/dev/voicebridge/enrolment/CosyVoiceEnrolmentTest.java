package dev.voicebridge.enrolment;

import static dev.voicebridge.enrolment.ScriptedVendor.failure;
import static dev.voicebridge.enrolment.ScriptedVendor.within;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.enrolment.EnrolledVoice.Status;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class CosyVoiceEnrolmentTest {
  private static final Sample URL = new Sample.AtUrl("https://files.example/anna.wav");
  private static final String POLICY =
      """
      {"request_id":"p","data":{"policy":"pol","signature":"sig=","upload_dir":"dashscope-instant/a/b",
      "upload_host":"%s/oss","expire_in_seconds":300,"max_file_size_mb":100,"capacity_limit_mb":99,
      "oss_access_key_id":"LTAI","x_oss_object_acl":"private","x_oss_forbid_overwrite":"true"}}""";

  private final ScriptedVendor vendor = new ScriptedVendor();
  private final CosyVoiceEnrolment enrolment = vendor.cosyVoice();

  @AfterEach
  void close() {
    vendor.close();
  }

  private static CloneRequest clone(String model, String language) {
    return new CloneRequest(model, "anna", URL, language, null, 12.5, true);
  }

  @Test
  void aCloneByUrlSendsWhatTheModelTakes() {
    vendor.output("{\"voice_id\":\"cosyvoice-v3.5-plus-anna-5f0c\"}");

    Enrolled made = within(enrolment.create(clone("", "en-US")));

    assertEquals("/api/v1/services/audio/tts/customization", vendor.last().uri());
    assertEquals("Bearer " + ScriptedVendor.KEY, vendor.last().headers().get("Authorization"));
    assertEquals("application/json", vendor.last().headers().get("Content-Type"));
    assertNull(vendor.last().headers().get("X-DashScope-OssResourceResolve"));
    assertEquals(
        new JsonObject(
            """
            {"model":"voice-enrollment","input":{"action":"create_voice",
            "target_model":"cosyvoice-v3.5-plus","prefix":"anna","url":"https://files.example/anna.wav",
            "language_hints":["en"],"max_prompt_audio_length":12.5,"enable_preprocess":true}}"""),
        vendor.last().json());
    assertEquals("cosyvoice-v3.5-plus-anna-5f0c", made.voice().providerVoiceId());
    assertEquals(Status.DEPLOYING, made.voice().status());
    assertEquals("url", made.sampleRoute());
    assertEquals(List.of("req-0"), made.receipt().requestIds());
    assertEquals(1, made.receipt().usageCount());
    assertEquals(List.of(), made.leftOut());
  }

  @Test
  void fieldsThatTheModelHasNotAreLeftOutAndNamed() {
    vendor.output("{\"voice_id\":\"cosyvoice-v2-anna-1\"}");

    Enrolled made = within(enrolment.create(clone("cosyvoice-v2", "zh")));

    assertEquals(
        List.of("action", "target_model", "prefix", "url"),
        List.copyOf(vendor.last().json().getJsonObject("input").fieldNames()));
    assertEquals(
        List.of("language_hints", "max_prompt_audio_length", "enable_preprocess"), made.leftOut());
  }

  @Test
  void v3PlusTakesALanguageAndNoPreprocessing() {
    vendor.output("{\"voice_id\":\"cosyvoice-v3-plus-anna-1\"}");

    Enrolled made = within(enrolment.create(clone("cosyvoice-v3-plus", "ja")));

    assertEquals(
        new JsonArray().add("ja"),
        vendor.last().json().getJsonObject("input").getJsonArray("language_hints"));
    assertEquals(List.of("max_prompt_audio_length", "enable_preprocess"), made.leftOut());
  }

  @Test
  void aDialectSampleStaysChinese() {
    for (String dialect : List.of("yue", "zh-sichuan", "zh-CN", "wuu", "nan")) {
      vendor.output("{\"voice_id\":\"x\"}");

      within(enrolment.create(clone("cosyvoice-v3-flash", dialect)));

      assertEquals(
          new JsonArray().add("zh"),
          vendor.last().json().getJsonObject("input").getJsonArray("language_hints"),
          dialect);
    }
  }

  @Test
  void aSampleAtHandGoesThroughTheTemporaryStore() {
    vendor.then(200, POLICY.formatted(vendor.url()));
    vendor.then(200, "");
    vendor.output("{\"voice_id\":\"cosyvoice-v3-flash-anna-1\"}");
    Sample.Inline sample = new Sample.Inline(Buffer.buffer("RIFFaudio"), "audio/wav");

    Enrolled made =
        within(enrolment.create(new CloneRequest("cosyvoice-v3-flash", "anna", sample)));

    assertEquals("temporary_upload", made.sampleRoute());
    assertEquals(
        "GET /api/v1/uploads?action=getPolicy&model=voice-enrollment",
        vendor.asked.get(0).method() + " " + vendor.asked.get(0).uri());
    ScriptedVendor.Asked form = vendor.asked.get(1);
    assertEquals("/oss", form.uri());
    assertNull(form.headers().get("Authorization"), "the store must not see the key");
    assertEquals(String.valueOf(form.body().length()), form.headers().get("Content-Length"));
    String key = "dashscope-instant/a/b/" + sample.fileName();
    String boundary = form.boundary();
    assertEquals(
        part(boundary, "OSSAccessKeyId", "LTAI")
            + part(boundary, "Signature", "sig=")
            + part(boundary, "policy", "pol")
            + part(boundary, "key", key)
            + part(boundary, "x-oss-object-acl", "private")
            + part(boundary, "x-oss-forbid-overwrite", "true")
            + part(boundary, "success_action_status", "200")
            + part(boundary, "x-oss-content-type", "audio/wav")
            + "--"
            + boundary
            + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\""
            + sample.fileName()
            + "\"\r\nContent-Type: audio/wav\r\n\r\nRIFFaudio\r\n--"
            + boundary
            + "--\r\n",
        form.body().toString());
    assertEquals("enable", vendor.last().headers().get("X-DashScope-OssResourceResolve"));
    assertEquals("oss://" + key, vendor.last().json().getJsonObject("input").getString("url"));
  }

  private static String part(String boundary, String name, String value) {
    return "--"
        + boundary
        + "\r\nContent-Disposition: form-data; name=\""
        + name
        + "\"\r\n\r\n"
        + value
        + "\r\n";
  }

  @Test
  void anExpiredPermitIsExplainedAndNoVoiceWasAskedFor() {
    vendor.then(200, POLICY.formatted(vendor.url()));
    vendor.then(
        403,
        "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code><Message>Invalid according to Policy: Policy expired.</Message></Error>");

    EnrolmentException failed =
        failure(
            enrolment.create(
                new CloneRequest("", "anna", new Sample.Inline(Buffer.buffer("x"), "audio/wav"))));

    assertEquals("upload_expired", failed.diagnosis().code());
    assertFalse(failed.mayHaveHappened());
    assertEquals(2, vendor.asked.size());
  }

  @Test
  void aPermitForAnotherKindOfHostGetsNoSample() {
    for (String host : List.of("ftp://h/x", "http://user@127.0.0.1/", "", "::")) {
      vendor.then(200, "{\"data\":{\"upload_host\":\"" + host + "\",\"upload_dir\":\"d\"}}");

      EnrolmentException failed =
          failure(
              enrolment.create(
                  new CloneRequest(
                      "", "anna", new Sample.Inline(Buffer.buffer("x"), "audio/wav"))));

      assertEquals("upload_host_refused", failed.diagnosis().code(), host);
    }
  }

  @Test
  void aDesignBringsItsPreview() {
    vendor.output(
        """
        {"preview_audio":{"data":"UklGRg==","sample_rate":24000,"response_format":"wav"},
        "target_model":"cosyvoice-v3.5-plus","voice_id":"cosyvoice-v3.5-plus-vd-narr-0a1b"}""");

    Enrolled made =
        within(
            enrolment.create(
                new DesignRequest(
                    "",
                    "narr",
                    "A calm male narrator in his fifties, low and slow.",
                    "Welcome back to the evening news.",
                    "en")));

    assertEquals(
        new JsonObject(
            """
            {"model":"voice-enrollment","input":{"action":"create_voice",
            "target_model":"cosyvoice-v3.5-plus","prefix":"narr",
            "voice_prompt":"A calm male narrator in his fifties, low and slow.",
            "preview_text":"Welcome back to the evening news.","language_hints":["en"]},
            "parameters":{"sample_rate":24000,"response_format":"wav"}}"""),
        vendor.last().json());
    assertEquals(new Preview(Buffer.buffer("RIFF"), "wav", 24000), made.preview());
    assertEquals(Status.OK, made.voice().status());
    assertEquals("none", made.sampleRoute());
  }

  @Test
  void aQueryReadsCloneAndDesign() {
    vendor.output(
        """
        {"gmt_create":"2026-03-02 09:15:00","resource_link":"https://f/a","target_model":"cosyvoice-v3-flash",
        "gmt_modified":"2026-03-02 09:15:07.250","status":"OK"}""");

    EnrolledVoice voice = within(enrolment.query("cosyvoice-v3-flash-anna-5f0c")).voice();

    assertEquals(
        "{\"model\":\"voice-enrollment\",\"input\":{\"action\":\"query_voice\",\"voice_id\":\"cosyvoice-v3-flash-anna-5f0c\"}}",
        vendor.last().body().toString());
    assertEquals("cosyvoice-v3-flash-anna-5f0c", voice.providerVoiceId());
    assertEquals(Status.OK, voice.status());
    assertEquals("anna", voice.name());
    assertEquals(Instant.parse("2026-03-02T01:15:00Z"), voice.created());
    assertEquals(Instant.parse("2026-03-02T01:15:07.250Z"), voice.modified());

    vendor.output(
        """
        {"voice_id":"cosyvoice-v3.5-plus-vd-narr-0a","gmt_create":"soon","preview_text":"p",
        "status":"UNDEPLOYED","voice_prompt":"v"}""");
    EnrolledVoice design = within(enrolment.query("cosyvoice-v3.5-plus-vd-narr-0a")).voice();
    assertEquals("cosyvoice-v3.5-plus", design.targetModel());
    assertEquals(Status.UNDEPLOYED, design.status());
    assertEquals("narr", design.name());
    assertNull(design.created());
    assertEquals("v", design.description());
    assertEquals("p", design.previewText());
  }

  @Test
  void updateAndDeleteSayWhichVoice() {
    vendor.output("{}").output("{}");

    within(enrolment.update("v-1", URL));
    assertEquals(
        "{\"model\":\"voice-enrollment\",\"input\":{\"action\":\"update_voice\",\"voice_id\":\"v-1\",\"url\":\"https://files.example/anna.wav\"}}",
        vendor.last().body().toString());
    Receipt gone = within(enrolment.delete("v-1"));
    assertEquals(
        "{\"model\":\"voice-enrollment\",\"input\":{\"action\":\"delete_voice\",\"voice_id\":\"v-1\"}}",
        vendor.last().body().toString());
    assertEquals(1, gone.requestIds().size());
  }

  private static String page(int from, int to) {
    JsonArray list = new JsonArray();
    for (int i = from; i < to; i++) {
      list.add(new JsonObject().put("voice_id", "cosyvoice-v3-flash-a-" + i).put("status", "OK"));
    }
    return new JsonObject().put("voice_list", list).encode();
  }

  @Test
  void allPagesAreReadAlsoWhereTheServiceCapsThem() {
    vendor.output(page(0, 50)).output(page(50, 100)).output(page(99, 103));

    VoiceList all = within(enrolment.list());

    assertEquals(103, all.voices().size());
    assertEquals(3, all.receipt().requestIds().size());
    assertEquals(3, all.receipt().usageCount());
    assertEquals(
        "{\"model\":\"voice-enrollment\",\"input\":{\"action\":\"list_voice\",\"page_index\":2,\"page_size\":100}}",
        vendor.last().body().toString());
  }

  @Test
  void aServiceThatRepeatsItsPageIsAskedNoFurther() {
    vendor.output(page(0, 20)).output(page(0, 20));

    assertEquals(20, within(enrolment.list()).voices().size());
    assertEquals(2, vendor.asked.size());
  }

  @Test
  void aShortListIsOneCallAndAnEmptyOneToo() {
    vendor.output(page(0, 3)).output("{\"voice_list\":[]}");

    assertEquals(3, within(enrolment.list()).voices().size());
    assertEquals(0, within(enrolment.list()).voices().size());
    assertEquals(2, vendor.asked.size());
  }

  @Test
  void aListIsNeverAPart() {
    vendor
        .output(page(0, 100))
        .then(429, "{\"code\":\"Throttling.RateQuota\",\"message\":\"m\",\"request_id\":\"r\"}");
    assertEquals("throttled", failure(enrolment.list()).diagnosis().code());

    vendor.output("{}");
    assertEquals("vendor_answer_unreadable", failure(enrolment.list()).diagnosis().code());
  }

  @Test
  void unreadableItemsAreLeftOut() {
    vendor.output(
        "{\"voice_list\":[null,7,{\"voice_id\":null},{\"voice_id\":\"ok-1\",\"gmt_create\":[]}]}");

    assertEquals(
        List.of(EnrolledVoice.of("ok-1", null, Status.DEPLOYING)),
        within(enrolment.list()).voices());
  }

  @Test
  void aDryRunSendsNothingAndShowsTheSameBody() {
    JsonObject shown = enrolment.dryRun(clone("cosyvoice-v3-flash", "yue"));
    vendor.output("{\"voice_id\":\"x\"}");
    within(enrolment.create(clone("cosyvoice-v3-flash", "yue")));

    assertEquals(1, vendor.asked.size());
    assertEquals(vendor.last().json(), shown.getJsonObject("body"));
    assertFalse(shown.encode().contains(ScriptedVendor.KEY));
    assertEquals(new JsonArray(), shown.getJsonArray("problems"));
  }

  @Test
  void aDryRunOfASampleAtHandShowsLengthAndHashOnly() {
    Sample.Inline sample = new Sample.Inline(Buffer.buffer("RIFFaudio"), "audio/wav");

    JsonObject shown = enrolment.dryRun(new CloneRequest("", "Too Long A Name", sample));

    assertEquals(9, shown.getJsonObject("sample").getInteger("bytes"));
    assertEquals(sample.sha256(), shown.getJsonObject("sample").getString("sha256"));
    assertEquals("temporary_upload", shown.getJsonObject("sample").getString("route"));
    assertTrue(
        shown.getJsonObject("body").getJsonObject("input").getString("url").startsWith("oss://"));
    assertEquals(
        "prefix_illegal", shown.getJsonArray("problems").getJsonObject(0).getString("code"));
  }

  @Test
  void everyCallWaitsItsTurn() {
    List<Operation> turns = new java.util.concurrent.CopyOnWriteArrayList<>();
    CosyVoiceEnrolment paced =
        new CosyVoiceEnrolment(
            vendor.http(ScriptedVendor.SHORT),
            vendor.account(),
            (provider, operation) -> {
              turns.add(operation);
              return io.vertx.core.Future.succeededFuture(java.time.Duration.ofDays(1));
            });
    vendor.output(page(0, 100)).output(page(100, 101));

    within(paced.list());

    assertEquals(List.of(Operation.LIST, Operation.LIST), turns);
  }
}
