package dev.voicebridge.upstream.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.audio.AudioFormat;
import dev.voicebridge.upstream.Deadlines;
import dev.voicebridge.upstream.Mode;
import dev.voicebridge.upstream.SpeechSettings;
import dev.voicebridge.upstream.StreamedUpstreamContract;
import dev.voicebridge.upstream.Upstream;
import dev.voicebridge.upstream.UpstreamMeter;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** CosyVoice's own server: forms in, samples without a word out. */
class CosyVoiceFormsTest extends StreamedUpstreamContract {
  @Override
  protected Upstream upstream(String baseUrl, Deadlines deadlines) {
    return new OpenAiSpeech(
        vertx,
        List.of(
            new Engine(
                "cosy",
                baseUrl,
                KEY,
                Engine.Manner.COSYVOICE_FASTAPI,
                Set.of(),
                HZ,
                false,
                4,
                Set.of("CosyVoice2-0.5B", "Fun-CosyVoice3-0.5B"),
                Map.of("mum", new Engine.Clip("AQID", "audio/wav", "今天天气很好。")),
                List.of())),
        UpstreamMeter.NONE,
        deadlines);
  }

  @Override
  protected String model() {
    return "CosyVoice2-0.5B";
  }

  @Override
  protected String voice() {
    return "中文女";
  }

  @Override
  protected boolean cutsShort() {
    return true;
  }

  /** No content type. */
  @Override
  protected void head(HttpServerResponse response) {
    response.setChunked(true);
  }

  @Override
  protected void sound(HttpServerResponse response, Buffer bytes) {
    response.write(bytes);
  }

  @Override
  protected void end(HttpServerResponse response) {
    response.end();
  }

  private static SpeechSettings told(SpeechSettings how, String instructions) {
    return new SpeechSettings(
        how.model(),
        how.voice(),
        how.mode(),
        how.format(),
        how.sampleRateHz(),
        1,
        1,
        50,
        null,
        "Auto",
        instructions,
        false,
        true,
        false,
        false,
        null,
        null,
        600);
  }

  private String form() {
    return asked.get(0).body().toString("ISO-8859-1");
  }

  private static String latin(String text) {
    return Buffer.buffer(text).toString("ISO-8859-1");
  }

  @Test
  void aSpeakerOfTheModelIsAskedByName() throws Exception {
    say("你好。").heard().completed();

    assertEquals("/inference_sft", asked.get(0).path());
    assertTrue(form().contains("name=\"tts_text\"\r\n\r\n" + latin("你好。") + "\r\n"), form());
    assertTrue(form().contains("name=\"spk_id\"\r\n\r\n" + latin("中文女") + "\r\n"), form());
    assertFalse(form().contains("prompt_wav"), form());
  }

  @ParameterizedTest
  @CsvSource({
    "CosyVoice2-0.5B,, /inference_zero_shot, prompt_text, 今天天气很好。",
    "Fun-CosyVoice3-0.5B,, /inference_zero_shot, prompt_text,"
        + " You are a helpful assistant.<|endofprompt|>今天天气很好。",
    "CosyVoice2-0.5B, 用粤语说, /inference_instruct2, instruct_text, 用粤语说<|endofprompt|>",
    "Fun-CosyVoice3-0.5B, 用粤语说, /inference_instruct2, instruct_text,"
        + " You are a helpful assistant. 用粤语说<|endofprompt|>"
  })
  void aClipIsSentWithItsPrompt(
      String model, String instructions, String path, String field, String prompt)
      throws Exception {
    SpeechSettings how = settings(AudioFormat.PCM, Mode.COMMIT).with(model, "mum");
    say(told(how, instructions), "你好。").heard().completed();

    assertEquals(path, asked.get(0).path());
    assertTrue(form().contains("name=\"" + field + "\"\r\n\r\n" + latin(prompt) + "\r\n"), form());
    assertTrue(form().contains("name=\"prompt_wav\"; filename="), form());
    assertTrue(form().contains("\r\n\r\n\u0001\u0002\u0003\r\n"), form());
  }
}
