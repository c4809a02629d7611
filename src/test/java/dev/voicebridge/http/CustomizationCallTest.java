package dev.voicebridge.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.voicebridge.enrolment.Provider;
import dev.voicebridge.library.Agreement;
import dev.voicebridge.library.CloneOrder;
import dev.voicebridge.library.DesignOrder;
import dev.voicebridge.library.SampleSource;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CustomizationCallTest {
  private static CustomizationCall parse(String json, boolean resolvesOss) {
    return CustomizationCall.parse(
        Buffer.buffer(json.replace('\'', '"')),
        new CustomizationCall.Headers(resolvesOss, Agreement.KEY_HOLDER));
  }

  private static CustomizationCall parse(String json) {
    return parse(json, false);
  }

  private static CloneOrder cloneOf(String json) {
    return assertInstanceOf(CustomizationCall.Clone.class, parse(json)).order();
  }

  private static DesignOrder designOf(String json) {
    return assertInstanceOf(CustomizationCall.Design.class, parse(json)).order();
  }

  @Test
  void aCloneAsTheJavaClientWritesIt() {
    assertEquals(
        new CloneOrder(
            Provider.COSYVOICE,
            "cosyvoice-v3-flash",
            "anna",
            "anna",
            new SampleSource.AtUrl("https://files.example/anna.wav"),
            Agreement.KEY_HOLDER,
            List.of(),
            null,
            null,
            null,
            null,
            true),
        cloneOf(
            "{'input':{'action':'create_voice','target_model':'cosyvoice-v3-flash','prefix':'anna',"
                + "'url':'https://files.example/anna.wav'},'model':'voice-enrollment'}"));
  }

  @Test
  void aCloneWithEveryFieldAndOneNobodyKnows() {
    CloneOrder order =
        cloneOf(
            "{'model':'voice-enrollment','parameters':{},'x':1,'input':{'action':'create_voice',"
                + "'target_model':'cosyvoice-v3.5-plus','prefix':'anna','url':'http://a/b.wav',"
                + "'language_hints':['en','zh'],'max_prompt_audio_length':12.5,"
                + "'enable_preprocess':true,'y':{}}}");

    assertEquals("en", order.language());
    assertEquals(12.5, order.maxPromptSeconds());
    assertEquals(true, order.preprocess());
  }

  @Test
  void aDesignOfEachFamily() {
    assertEquals(
        new DesignOrder(
            Provider.COSYVOICE,
            "cosyvoice-v3.5-plus",
            "narr",
            "narr",
            "A calm narrator.",
            "Welcome back to the evening news.",
            List.of(),
            "en",
            48_000,
            "mp3",
            false),
        designOf(
            "{'model':'voice-enrollment','input':{'action':'create_voice','prefix':'narr',"
                + "'target_model':'cosyvoice-v3.5-plus','voice_prompt':'A calm narrator.',"
                + "'preview_text':'Welcome back to the evening news.','language_hints':['en']},"
                + "'parameters':{'sample_rate':48000,'response_format':'mp3'}}"));
    assertEquals(
        new DesignOrder(
            Provider.QWEN,
            "qwen3-tts-vd-2026-01-26",
            "narrator",
            "narrator",
            "沉稳的中年男声。",
            "各位听众朋友，晚上好。",
            List.of(),
            "zh",
            null,
            null,
            false),
        designOf(
            "{'model':'qwen-voice-design','input':{'action':'create','preferred_name':'narrator',"
                + "'target_model':'qwen3-tts-vd-2026-01-26','voice_prompt':'沉稳的中年男声。',"
                + "'preview_text':'各位听众朋友，晚上好。','language':'zh'}}"));
  }

  private static String qwenClone(String data) {
    return "{'model':'qwen-voice-enrollment','input':{'action':'create','preferred_name':'anna_1',"
        + "'target_model':'qwen3-tts-vc-2026-01-22','audio':{'data':'"
        + data
        + "'},'text':'Hello.','language':'en'}}";
  }

  @Test
  void aQwenSampleInTheBodyOrAtAnAddress() {
    CloneOrder order = cloneOf(qwenClone("data:audio/wav;base64,UklGRg=="));
    SampleSource.Given given = assertInstanceOf(SampleSource.Given.class, order.sample());

    assertArrayEquals(new byte[] {'R', 'I', 'F', 'F'}, given.bytes().getBytes());
    assertEquals("audio/wav", given.mediaType());
    assertEquals(Provider.QWEN, order.provider());
    assertEquals("anna_1", order.prefix());
    assertEquals("Hello.", order.transcript());
    assertEquals("en", order.language());
    assertEquals(
        new SampleSource.AtUrl("https://files.example/a.mp3"),
        cloneOf(qwenClone("https://files.example/a.mp3")).sample());
    assertNull(
        assertInstanceOf(
                SampleSource.Given.class,
                cloneOf(qwenClone("DATA:;charset=x;base64,AA==")).sample())
            .mediaType());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "data:audio/wav;base64,UklG Rg==",
        "data:audio/wav;base64,UklGRg==!",
        "data:audio/wav;base64,U",
        "data:audio/wav,RIFF",
        "data:audio/wav",
        "ftp://files.example/a.wav",
        "UklGRg=="
      })
  void aQwenSampleOfAnotherFormIsRefused(String data) {
    assertRefused("InvalidParameter", qwenClone(data));
  }

  @Test
  void aTemporaryUploadNeedsTheHeader() {
    String call =
        "{'model':'voice-enrollment','input':{'action':'%s','target_model':'cosyvoice-v2',"
            + "'prefix':'up','voice_id':'v','url':'oss://dashscope-instant/x/a.wav'}}";

    for (String action : List.of("create_voice", "update_voice")) {
      assertRefused("InvalidParameter", call.formatted(action));
    }
    assertEquals(
        new SampleSource.AtUrl("oss://dashscope-instant/x/a.wav"),
        assertInstanceOf(CustomizationCall.Clone.class, parse(call.formatted("create_voice"), true))
            .order()
            .sample());
  }

  @Test
  void listsQueriesUpdatesAndDeletes() {
    assertEquals(
        new CustomizationCall.Listing(CustomizationApi.COSYVOICE, "", 0, 10),
        parse("{'model':'voice-enrollment','input':{'action':'list_voice'}}"));
    assertEquals(
        new CustomizationCall.Listing(CustomizationApi.COSYVOICE, "anna", 2, 100),
        parse(
            "{'model':'voice-enrollment','input':{'action':'list_voice','prefix':'anna',"
                + "'page_index':2,'page_size':100}}"));
    assertEquals(
        new CustomizationCall.Query(CustomizationApi.COSYVOICE, "v-1"),
        parse("{'model':'voice-enrollment','input':{'action':'query_voice','voice_id':'v-1'}}"));
    assertEquals(
        new CustomizationCall.Update(
            CustomizationApi.COSYVOICE,
            "v-1",
            new SampleSource.AtUrl("http://a/b.wav"),
            Agreement.KEY_HOLDER),
        parse(
            "{'model':'voice-enrollment','input':{'action':'update_voice','voice_id':'v-1',"
                + "'url':'http://a/b.wav'}}"));
    assertEquals(
        new CustomizationCall.Deletion(CustomizationApi.QWEN_DESIGN, "v-2"),
        parse("{'model':'qwen-voice-design','input':{'action':'delete','voice':'v-2'}}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ModelNotFound|{'model':'voice-design','input':{'action':'create'}}",
        "InvalidParameter|{'input':{'action':'create'}}",
        "InvalidParameter|{'model':'voice-enrollment'}",
        "InvalidParameter|{'model':'voice-enrollment','input':{}}",
        "InvalidParameter|{'model':'voice-enrollment','input':[]}",
        "InvalidParameter|{'model':7,'input':{'action':'create'}}",
        "InvalidParameter|{'model':'voice-enrollment','input':{'action':'create'}}",
        "InvalidParameter|{'model':'voice-enrollment','input':{'action':'delete'}}",
        "InvalidParameter|{'model':'qwen-voice-enrollment','input':{'action':'create_voice'}}",
        "InvalidParameter|{'model':'qwen-voice-enrollment','input':{'action':'query','voice':'v'}}",
        "InvalidParameter|{'model':'qwen-voice-enrollment','input':{'action':'delete','voice_id':'v'}}",
        "InvalidParameter|{'model':'voice-enrollment','input':{'action':'query_voice'}}",
        "InvalidParameter|{'model':'voice-enrollment','input':{'action':'list_voice','page_size':0}}",
        "InvalidParameter|{'model':'voice-enrollment','input':{'action':'list_voice','page_index':'x'}}",
        "InvalidParameter|[]",
        "InvalidParameter|nonsense",
        "InvalidParameter|{'model':"
      })
  void whatIsNoCallIsRefused(String code, String json) {
    assertRefused(code, json);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'prefix':'too-long'",
        "'prefix':'elevenchars'",
        "'prefix':''",
        "'prefix':null",
        "'prefix':5",
        "'target_model':null",
        "'url':'ftp://x/y'",
        "'url':null",
        "'language_hints':'zh'",
        "'language_hints':[1]",
        "'max_prompt_audio_length':2",
        "'max_prompt_audio_length':'x'",
        "'enable_preprocess':1",
        "'voice_prompt':'both','preview_text':'both'"
      })
  void aBadFieldOfACloneIsRefused(String field) {
    assertRefused(
        "InvalidParameter",
        "{'model':'voice-enrollment','input':{'action':'create_voice','prefix':'a',"
            + "'target_model':'cosyvoice-v2','url':'http://x/y',"
            + field
            + "}}");
  }

  private static void assertRefused(String code, String json) {
    VendorProblem problem = assertThrows(VendorProblem.class, () -> parse(json));

    assertEquals(code, problem.code());
    assertEquals(code.equals("ModelNotFound") ? 404 : 400, problem.status());
  }
}
