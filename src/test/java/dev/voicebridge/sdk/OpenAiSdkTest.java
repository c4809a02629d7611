package dev.voicebridge.sdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.HttpResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.models.audio.speech.SpeechCreateParams;
import dev.voicebridge.FreshServer;
import dev.voicebridge.audio.AudioFormat;
import dev.voicebridge.audio.Decoded;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** OpenAI's own client, with nothing changed but the address. */
final class OpenAiSdkTest {
  @RegisterExtension static final FreshServer server = FreshServer.with();
  private static OpenAIClient client;

  @BeforeAll
  static void start() {
    client =
        OpenAIOkHttpClient.builder()
            .baseUrl(server.uri("/v1").toString())
            .apiKey("any-value-where-no-keys-are-set")
            .build();
  }

  @AfterAll
  static void stop() {
    client.close();
  }

  private static SpeechCreateParams.Builder order(String voice) {
    return SpeechCreateParams.builder()
        .model("gpt-4o-mini-tts")
        .voice(voice)
        .input("今天天气不错，我们去散步吧。");
  }

  private static byte[] speak(SpeechCreateParams order) throws Exception {
    try (HttpResponse answer = client.audio().speech().create(order)) {
      assertEquals(200, answer.statusCode());
      assertTrue(answer.requestId().isPresent());
      return answer.body().readAllBytes();
    }
  }

  @Test
  void speaks() throws Exception {
    Decoded mp3 = Decoded.of(AudioFormat.MP3, 0, speak(order("alloy").build()));
    Decoded pcm =
        Decoded.of(
            AudioFormat.PCM,
            24_000,
            speak(order("alloy").responseFormat(SpeechCreateParams.ResponseFormat.PCM).build()));
    assertTrue(pcm.ms() > 1_000, pcm.ms() + " ms");
    assertEquals(pcm.ms(), mp3.ms(), 130);
  }

  @Test
  void takesAVoiceByItsId() throws Exception {
    SpeechCreateParams.Voice.Id id =
        SpeechCreateParams.Voice.Id.builder().id("eldric-sage").build();
    assertTrue(speak(order("alloy").voice(id).build()).length > 1_000);
  }

  @Test
  void hearsEvents() throws Exception {
    byte[] events = speak(order("nova").streamFormat(SpeechCreateParams.StreamFormat.SSE).build());
    String text = new String(events, StandardCharsets.UTF_8);
    assertTrue(text.startsWith("data: {\"type\":\"speech.audio.delta\""), text.substring(0, 60));
    assertTrue(text.contains("data: {\"type\":\"speech.audio.done\",\"usage\":{\"input_tokens\":"));
  }

  @Test
  void understandsWhatIsWrong() {
    BadRequestException voice =
        assertThrows(BadRequestException.class, () -> speak(order("nobody").build()));
    assertEquals("voice", voice.param().orElse(""));
    assertEquals("voice_not_found", voice.code().orElse(""));
    NotFoundException model =
        assertThrows(
            NotFoundException.class, () -> speak(order("alloy").model("gpt-none").build()));
    assertEquals("model_not_found", model.code().orElse(""));
  }

  @Test
  void listsModels() {
    assertTrue(
        client.models().list().data().stream()
            .anyMatch(model -> model.id().equals("qwen3-tts-flash-realtime")));
    assertEquals("cosyvoice-v3-flash", client.models().retrieve("cosyvoice-v3-flash").id());
  }
}
