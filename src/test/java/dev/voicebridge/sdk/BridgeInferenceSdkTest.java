package dev.voicebridge.sdk;

import static dev.voicebridge.sdk.InferenceSdkDrive.PATIENCE_MS;
import static dev.voicebridge.sdk.InferenceSdkDrive.speak;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.alibaba.dashscope.audio.ttsv2.SpeechSynthesisAudioFormat;
import com.alibaba.dashscope.audio.ttsv2.SpeechSynthesisParam;
import com.alibaba.dashscope.audio.ttsv2.SpeechSynthesizer;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.voicebridge.FreshServer;
import dev.voicebridge.audio.AudioFormat;
import dev.voicebridge.audio.Decoded;
import dev.voicebridge.sdk.InferenceSdkDrive.Heard;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** The official clients of CosyVoice, unmodified, on the bridge's own door for them. */
@Timeout(60)
final class BridgeInferenceSdkTest {
  private static final String MODEL = "cosyvoice-v3-flash";
  private static final String VOICE = "longanyang";
  private static final String TEXT = "今天天气不错。我们去散步吧。";
  private static final SpeechSynthesisAudioFormat PCM =
      SpeechSynthesisAudioFormat.PCM_16000HZ_MONO_16BIT;

  @RegisterExtension static final FreshServer server = FreshServer.with();
  private static InferenceSdkDrive drive;

  @BeforeAll
  static void start() {
    drive = InferenceSdkDrive.on(url(server), "sk-any-will-do");
  }

  @AfterAll
  static void stop() {
    drive.close();
  }

  private static String url(FreshServer at) {
    return "ws://127.0.0.1:" + at.port() + "/api-ws/v1/inference/";
  }

  private static SpeechSynthesisParam pcm() {
    return drive.cosyVoice(MODEL, VOICE, PCM);
  }

  private static double seconds(AudioFormat format, int hz, byte[] audio) throws Exception {
    Decoded decoded = Decoded.of(format, hz, audio);
    return decoded.samples().length / (double) decoded.sampleRateHz();
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "DEFAULT")
  void callGivesTheSameSpeechInEveryFormat(SpeechSynthesisAudioFormat format) throws Exception {
    byte[] whole = speak(drive.cosyVoice(MODEL, VOICE, format), TEXT);
    byte[] plain = speak(pcm(), TEXT);

    AudioFormat kind = AudioFormat.parse(format.getFormat());
    assertNotNull(kind, format.getFormat());
    Decoded decoded = Decoded.of(kind, format.getSampleRate(), whole);
    if (kind != AudioFormat.OPUS) {
      assertEquals(format.getSampleRate(), decoded.sampleRateHz());
    }
    assertEquals(
        seconds(AudioFormat.PCM, 16_000, plain),
        decoded.samples().length / (double) decoded.sampleRateHz(),
        // An encoder's delay and its last frame, which are long at 8 kHz.
        kind.isLinear() ? 0.02 : 0.25);
  }

  @Test
  void callWithoutAFormatIsMp3At22050() throws Exception {
    byte[] audio = speak(drive.cosyVoice(MODEL, VOICE, SpeechSynthesisAudioFormat.DEFAULT), TEXT);

    Decoded decoded = Decoded.of(AudioFormat.MP3, 0, audio);
    assertEquals(22_050, decoded.sampleRateHz());
    assertTrue(decoded.samples().length > 22_050);
  }

  @ParameterizedTest
  @CsvSource({
    "qwen3-tts-flash-realtime, Cherry",
    "FunAudioLLM/CosyVoice2-0.5B, FunAudioLLM/CosyVoice2-0.5B:anna",
    "cosyvoice-v1, longxiaochun",
    "sambert-zhichu-v1, "
  })
  void anyModelSpeaksInAnyFormat(String model, String voice) throws Exception {
    double pcm = 0;
    for (SpeechSynthesisAudioFormat format :
        List.of(
            PCM,
            SpeechSynthesisAudioFormat.WAV_22050HZ_MONO_16BIT,
            SpeechSynthesisAudioFormat.MP3_44100HZ_MONO_256KBPS)) {
      byte[] audio = speak(drive.cosyVoice(model, voice, format), TEXT);
      AudioFormat kind = AudioFormat.parse(format.getFormat());
      assertNotNull(kind);
      double seconds = seconds(kind, format.getSampleRate(), audio);
      pcm = pcm == 0 ? seconds : pcm;
      assertTrue(seconds > 1, format + ": " + seconds);
      assertEquals(pcm, seconds, 0.25, format.toString());
    }
  }

  @Test
  void duplexStreamingSpeaksPiecesAsOneText() throws Exception {
    Heard heard = new Heard();
    SpeechSynthesizer sdk = new SpeechSynthesizer(pcm(), heard);

    for (String piece : List.of("明天上午", "九点开会。记得", "带电脑")) {
      sdk.streamingCall(piece);
    }
    sdk.streamingComplete(PATIENCE_MS);
    heard.await();
    sdk.getDuplexApi().close(1000, "bye");

    assertNull(heard.error());
    assertTrue(heard.isComplete());
    assertTrue(heard.size() > 32_000, "audio: " + heard.size());
    assertEquals(27, heard.characters());
  }

  @Test
  void wordsComeWithTheirSentencesAndFromTheFirstSample() throws Exception {
    SpeechSynthesisParam param =
        SpeechSynthesisParam.builder()
            .apiKey("any")
            .model(MODEL)
            .voice(VOICE)
            .format(SpeechSynthesisAudioFormat.MP3_22050HZ_MONO_256KBPS)
            .enableWordTimestamp(true)
            .build();
    Heard heard = new Heard();

    SpeechSynthesizer sdk = new SpeechSynthesizer(param, heard);
    sdk.streamingCall(TEXT);
    sdk.streamingComplete(PATIENCE_MS);
    heard.await();
    sdk.getDuplexApi().close(1000, "bye");

    List<JsonObject> ends =
        heard.outputs().stream()
            .filter(output -> output.get("type").getAsString().equals("sentence-end"))
            .toList();
    assertEquals(
        List.of("今天天气不错。", "我们去散步吧。"),
        ends.stream().map(end -> end.get("original_text").getAsString()).toList());
    int last = 0;
    for (JsonObject end : ends) {
      String text = end.get("original_text").getAsString();
      JsonArray words = end.getAsJsonObject("sentence").getAsJsonArray("words");
      assertFalse(words.isEmpty());
      for (int i = 0; i < words.size(); i++) {
        JsonObject word = words.get(i).getAsJsonObject();
        assertEquals(
            word.get("text").getAsString(),
            text.substring(word.get("begin_index").getAsInt(), word.get("end_index").getAsInt()));
        assertTrue(word.get("begin_time").getAsInt() >= last, end.toString());
        last = word.get("end_time").getAsInt();
      }
    }
    double whole = seconds(AudioFormat.MP3, 22_050, heard.audio());
    assertTrue(last <= whole * 1000 + 100 && last > whole * 600, last + " of " + whole);
  }

  @Test
  void oneObjectSpeaksTaskAfterTask() {
    SpeechSynthesizer sdk = new SpeechSynthesizer(pcm(), null);

    ByteBuffer first = sdk.call("你好。", PATIENCE_MS);
    String firstTask = sdk.getLastRequestId();
    sdk.updateParamAndCallback(
        drive.cosyVoice(MODEL, "longanhuan", SpeechSynthesisAudioFormat.MP3_22050HZ_MONO_256KBPS),
        null);
    ByteBuffer second = sdk.call("再见了。", PATIENCE_MS);

    assertTrue(first.remaining() > 10_000);
    assertTrue(second.remaining() > 1_000);
    assertNotEquals(firstTask, sdk.getLastRequestId());
    assertTrue(sdk.getDuplexApi().close(1000, "bye"));
  }

  @Test
  void afterCancelNothingIsHeardAndTheServerSpeaksToOthers() throws Exception {
    Heard heard = new Heard();
    SpeechSynthesizer sdk = new SpeechSynthesizer(pcm(), heard);

    sdk.streamingCall("这一句话说了一半。");
    sdk.streamingCancel();

    assertTrue(speak(pcm(), "你好。").length > 10_000);
    assertNull(heard.error());
    sdk.getDuplexApi().close(1000, "bye");
  }

  @Test
  void aVoiceOfAnotherModelIsRefusedWithTheRightOne() throws Exception {
    SpeechSynthesisParam param = drive.cosyVoice(MODEL, "longxiaochun_v2", PCM);
    Heard heard = new Heard();

    new SpeechSynthesizer(param, heard).streamingCall("你好");
    heard.await();

    String error = String.valueOf(heard.error());
    assertTrue(error.contains("InvalidParameter") && error.contains("418"), error);
    assertTrue(error.contains("cosyvoice-v2"), error);
    assertNull(new SpeechSynthesizer(param, null).call("你好", PATIENCE_MS));
  }

  @Test
  void aBadKeyIsAConnectionErrorAtOnce() throws Exception {
    try (FreshServer guarded =
            FreshServer.with("VOICEBRIDGE_API_KEYS", "app=a-key-of-some-length").start();
        InferenceSdkDrive wrong = InferenceSdkDrive.on(url(guarded), "a-key-of-another-kind");
        InferenceSdkDrive right = InferenceSdkDrive.on(url(guarded), "a-key-of-some-length")) {
      Heard heard = new Heard();
      new SpeechSynthesizer(wrong.cosyVoice(MODEL, VOICE, PCM), heard).call("你好");
      heard.await();

      String error = String.valueOf(heard.error());
      assertTrue(error.contains("ConnectionError") && error.contains("401 Unauthorized"), error);
      assertTrue(speak(right.cosyVoice(MODEL, VOICE, PCM), "你好。").length > 10_000);
    }
  }

  @Test
  void theSecondVersionOfTheClientSpeaksToo() throws Exception {
    InferenceSdkDrive.secondVersion(
        pcm(),
        false,
        (sdk, heard) -> {
          sdk.streamingCall("你好。");
          sdk.streamingCall("世界");
          sdk.streamingComplete(PATIENCE_MS);
          assertTrue(heard.size() > 16_000, "audio: " + heard.size());
        });
  }
}
