package dev.voicebridge.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.enrolment.Provider;
import dev.voicebridge.library.Agreement;
import dev.voicebridge.library.CloneOrder;
import dev.voicebridge.library.DesignOrder;
import dev.voicebridge.library.SampleSource;
import dev.voicebridge.library.VoiceLibrary;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class VoiceOrdersTest {
  private static final byte[] AUDIO = {'R', 'I', 'F', 'F', -1};
  private static final String DATA =
      "data:audio/wav;base64," + Base64.getEncoder().encodeToString(AUDIO);

  private static Body json(JsonObject fields) {
    return new Body(fields, null, false);
  }

  private static Body form(JsonObject fields) {
    return new Body(fields, new Body.FilePart(Buffer.buffer(AUDIO), "audio/wav"), true);
  }

  private static JsonObject cloning() {
    return new JsonObject()
        .put("name", "外婆的声音")
        .put("sample", new JsonObject().put("data", DATA))
        .put("consent", true);
  }

  private static JsonObject designing() {
    return new JsonObject()
        .put("name", "Narrator")
        .put("description", "A calm, deep male narrator")
        .put("preview_text", "Good evening, and welcome.");
  }

  @Test
  void aCloneNeedsNoMoreThanANameASampleAndConsent() {
    VoiceOrders.Order order = VoiceOrders.order(json(cloning()));
    CloneOrder clone = Objects.requireNonNull(order.cloning());

    assertNull(order.designing());
    assertEquals(Provider.COSYVOICE, clone.provider());
    assertEquals("", clone.targetModel());
    assertEquals("外婆的声音", clone.displayName());
    assertEquals(Agreement.STATED, clone.agreement());
    assertEquals(List.of(), clone.tags());
    assertNull(clone.maxPromptSeconds());
    SampleSource.Given given = assertInstanceOf(SampleSource.Given.class, clone.sample());
    assertArrayEquals(AUDIO, given.bytes().getBytes());
    assertEquals("audio/wav", given.mediaType());
  }

  @Test
  void everyWishOfACloneIsHeard() {
    CloneOrder clone =
        Objects.requireNonNull(
            VoiceOrders.order(
                    json(
                        cloning()
                            .put("provider", "siliconflow")
                            .put("target_model", "FunAudioLLM/CosyVoice2-0.5B")
                            .put("sample", new JsonObject().put("url", "https://a.example/x.wav"))
                            .put("language", "zh-CN")
                            .put("transcript", "你好")
                            .put("max_prompt_seconds", 12.5)
                            .put("preprocess", false)
                            .put("tags", new JsonArray().add("a").add(" b ").add("a"))
                            .put("prefix", "nana")
                            .put("again", true)
                            .putNull("format")))
                .cloning());

    assertEquals(
        new CloneOrder(
            Provider.SILICONFLOW,
            "FunAudioLLM/CosyVoice2-0.5B",
            "外婆的声音",
            "nana",
            new SampleSource.AtUrl("https://a.example/x.wav"),
            Agreement.STATED,
            List.of("a", "b"),
            "zh-CN",
            "你好",
            12.5,
            false,
            true),
        clone);
  }

  @Test
  void aFormSaysTheSameInText() {
    JsonObject fields =
        new JsonObject()
            .put("name", "Anna")
            .put("provider", "qwen")
            .put("consent", "true")
            .put("dry_run", "true")
            .put("max_prompt_seconds", "10")
            .put("tags", "warm, slow");

    VoiceOrders.Order order = VoiceOrders.order(form(fields));
    CloneOrder clone = Objects.requireNonNull(order.cloning());

    assertTrue(order.dryRun());
    assertEquals(Provider.QWEN, clone.provider());
    assertEquals(Agreement.STATED, clone.agreement());
    assertEquals(10.0, clone.maxPromptSeconds());
    assertEquals(List.of("warm", "slow"), clone.tags());
  }

  @Test
  void withoutConsentTheLibraryDecides() {
    JsonObject unsaid = cloning();
    unsaid.remove("consent");

    assertEquals(
        Agreement.NONE,
        Objects.requireNonNull(VoiceOrders.order(json(unsaid)).cloning()).agreement());
    assertEquals(
        Agreement.NONE,
        Objects.requireNonNull(VoiceOrders.order(json(cloning().put("consent", false))).cloning())
            .agreement());
  }

  @Test
  void aDescriptionIsADesign() {
    VoiceOrders.Order order =
        VoiceOrders.order(
            json(designing().put("sample_rate", 16_000).put("format", "mp3").put("consent", true)));
    DesignOrder design = Objects.requireNonNull(order.designing());

    assertNull(order.cloning());
    assertEquals("A calm, deep male narrator", design.description());
    assertEquals(16_000, design.sampleRateHz());
    assertEquals("mp3", design.format());
  }

  private static String paramOf(Body body) {
    Problem.Failure wrong = assertThrows(Problem.Failure.class, () -> VoiceOrders.order(body));
    JsonObject error = wrong.toJson().getJsonObject("error");
    assertTrue(wrong.problem().status() == 400 || wrong.problem().status() == 413);
    assertTrue(error.getString("message_zh").codePoints().anyMatch(c -> c > 0x4e00), "Chinese");
    return String.valueOf(wrong.param());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"name\": 5}|name",
        "{\"name\": \"  \"}|name",
        "{\"name\": null}|name",
        "{\"name\": \"a\\nb\"}|name",
        "{\"name\": \"a\\u202eb\"}|name",
        "{\"provider\": \"acme\"}|provider",
        "{\"provider\": [\"qwen\"]}|provider",
        "{\"target_model\": \"a b\"}|target_model",
        "{\"target_model\": \"../x?\"}|target_model",
        "{\"prefix\": \"漢\"}|prefix",
        "{\"language\": \"z\"}|language",
        "{\"transcript\": {}}|transcript",
        "{\"max_prompt_seconds\": 2.9}|max_prompt_seconds",
        "{\"max_prompt_seconds\": 31}|max_prompt_seconds",
        "{\"max_prompt_seconds\": \"10\"}|max_prompt_seconds",
        "{\"preprocess\": \"true\"}|preprocess",
        "{\"again\": 1}|again",
        "{\"consent\": \"yes\"}|consent",
        "{\"dry_run\": \"true\"}|dry_run",
        "{\"tags\": \"a\"}|tags",
        "{\"tags\": [1]}|tags",
        "{\"tags\": [\"\"]}|tags",
        "{\"consnet\": true}|consnet",
        "{\"sample_rate\": 16000}|sample_rate",
        "{\"format\": \"wav\"}|format",
        "{\"description\": \"x\"}|sample",
        "{\"sample\": null}|sample",
        "{\"sample\": \"x\"}|sample",
        "{\"sample\": {}}|sample",
        "{\"sample\": {\"url\": \"http://a/\", \"data\": \"x\"}}|sample",
        "{\"sample\": {\"url\": \"http://a/\", \"path\": \"/etc/passwd\"}}|sample",
        "{\"sample\": {\"url\": \"file:///etc/passwd\"}}|sample.url",
        "{\"sample\": {\"url\": \"http://a b/\"}}|sample.url",
        "{\"sample\": {\"url\": 7}}|sample.url",
        "{\"sample\": {\"data\": \"AAAA\"}}|sample.data",
        "{\"sample\": {\"data\": \"data:audio/wav,AAAA\"}}|sample.data",
        "{\"sample\": {\"data\": \"data:audio/wav;base64,AAA\"}}|sample.data",
        "{\"sample\": {\"data\": \"data:audio/wav;base64,AA\\nAAA\"}}|sample.data",
        "{\"sample\": {\"data\": \"data:audio/wav;base64,AA-_\"}}|sample.data",
        "{\"sample\": {\"data\": \"data:a\\r\\nb/c;base64,AAAA\"}}|sample.data",
      })
  void whatIsWrongIsNamed(String change, String param) {
    assertEquals(param, paramOf(json(cloning().mergeIn(new JsonObject(change)))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"preview_text\": null}|preview_text",
        "{\"description\": null, \"preview_text\": \"x\"}|description",
        "{\"sample_rate\": 7999}|sample_rate",
        "{\"sample_rate\": 16000.5}|sample_rate",
        "{\"format\": \"flac\"}|format",
        "{\"transcript\": \"x\"}|transcript",
        "{\"again\": true}|again",
      })
  void whatIsWrongWithADesignIsNamed(String change, String param) {
    assertEquals(param, paramOf(json(designing().mergeIn(new JsonObject(change)))));
  }

  @Test
  void sizesAreBounded() {
    JsonArray many = new JsonArray();
    for (int i = 0; i <= VoiceLibrary.MAX_TAGS; i++) {
      many.add("t" + i);
    }

    assertEquals("name", paramOf(json(cloning().put("name", "声".repeat(101)))));
    assertEquals("tags", paramOf(json(cloning().put("tags", many))));
    assertEquals("tags", paramOf(json(cloning().put("tags", new JsonArray().add("x".repeat(51))))));
    assertEquals("transcript", paramOf(json(cloning().put("transcript", "x".repeat(2_001)))));
    assertEquals(
        "sample.url",
        paramOf(
            json(
                cloning()
                    .put(
                        "sample", new JsonObject().put("url", "https://a/" + "x".repeat(4_100))))));
    String large = "data:;base64," + Base64.getEncoder().encodeToString(new byte[(10 << 20) + 1]);
    assertEquals(
        "sample.data", paramOf(json(cloning().put("sample", new JsonObject().put("data", large)))));
    Body form =
        new Body(
            new JsonObject().put("name", "x"),
            new Body.FilePart(Buffer.buffer(new byte[(10 << 20) + 1]), null),
            true);
    assertEquals("file", paramOf(form));
  }

  @Test
  void aNameOfAHundredCharactersIsTakenWhateverTheirScript() {
    String name = "𠀋".repeat(100);

    assertEquals(
        name,
        Objects.requireNonNull(VoiceOrders.order(json(cloning().put("name", name))).cloning())
            .displayName());
  }

  @Test
  void neitherSampleNorDescriptionIsNothing() {
    assertEquals("sample", paramOf(json(new JsonObject().put("name", "x"))));
    assertEquals("file", paramOf(new Body(new JsonObject().put("name", "x"), null, true)));
  }

  @Test
  void anotherSampleTakesTheRestFromTheVoice() {
    CloneOrder order =
        VoiceOrders.resample(
            form(new JsonObject().put("consent", "true")),
            Provider.QWEN,
            "qwen3-tts-vc-realtime-2026-01-15",
            "Anna");

    assertEquals(Provider.QWEN, order.provider());
    assertEquals("qwen3-tts-vc-realtime-2026-01-15", order.targetModel());
    assertEquals("Anna", order.displayName());
    assertEquals(Agreement.STATED, order.agreement());
  }

  @Test
  void anEditSaysWhatItChanges() {
    VoiceOrders.Edit edit = VoiceOrders.edit(json(new JsonObject().put("tags", new JsonArray())));

    assertNull(edit.name());
    assertEquals(List.of(), edit.tags());
    assertNull(edit.pronunciations());
    JsonObject words = new JsonObject().put("行长", "航掌");
    assertEquals(
        words,
        VoiceOrders.edit(json(new JsonObject().put("pronunciations", words))).pronunciations());
    assertThrows(
        Problem.Failure.class,
        () ->
            VoiceOrders.edit(
                json(
                    new JsonObject()
                        .put("pronunciations", new JsonObject().put("x".repeat(41), "y")))));
    assertThrows(Problem.Failure.class, () -> VoiceOrders.edit(json(new JsonObject())));
    assertThrows(
        Problem.Failure.class, () -> VoiceOrders.edit(json(new JsonObject().put("owner", "x"))));
  }

  @Test
  void aFileWhoseTypeNobodyKnowsHasNone() {
    SampleSource.Given given =
        (SampleSource.Given)
            VoiceOrders.sample(
                new Body(
                    new JsonObject(),
                    new Body.FilePart(Buffer.buffer(AUDIO), "application/octet-stream"),
                    true));

    assertNull(given.mediaType());
  }
}
