package dev.voicebridge.emulator;

import static dev.voicebridge.sdk.InferenceSdkDrive.bytes;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.alibaba.dashscope.audio.tts.SpeechSynthesisResult;
import com.alibaba.dashscope.audio.tts.timestamp.Sentence;
import com.alibaba.dashscope.audio.tts.timestamp.Word;
import com.alibaba.dashscope.audio.ttsv2.SpeechSynthesisAudioFormat;
import com.alibaba.dashscope.audio.ttsv2.SpeechSynthesisParam;
import com.alibaba.dashscope.audio.ttsv2.SpeechSynthesizer;
import dev.voicebridge.emulator.wire.Fault;
import dev.voicebridge.sdk.InferenceSdkDrive;
import dev.voicebridge.sdk.InferenceSdkDrive.Heard;
import io.reactivex.Flowable;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The official clients of CosyVoice and Sambert against the guest. */
@Timeout(30)
class InferenceSdkTest {
  private static final int BYTES_PER_CHAR = ToneEngine.MS_PER_CHAR * 2 * 16;
  private static final long PATIENCE_MS = 10_000;
  private static final int IDLE_MS = 700;
  private static final Duration SUBSCRIBED = Duration.ofMillis(150);

  private static GuestHouse house;
  private static InferenceSdkDrive drive;

  @BeforeAll
  static void open() throws Exception {
    house = new GuestHouse(new JsonObject().put("inferenceIdleMs", IDLE_MS));
    drive = InferenceSdkDrive.on(house.inferenceUrl(), GuestHouse.KEY);
  }

  @AfterAll
  static void close() {
    drive.close();
    house.close();
  }

  @AfterEach
  void everyFaultWasSpent() {
    assertTrue(house.faults().isEmpty());
  }

  private static SpeechSynthesisParam cosyVoice(SpeechSynthesisAudioFormat format) {
    return drive.cosyVoice("cosyvoice-v3-flash", "longanyang", format);
  }

  private static SpeechSynthesisParam pcm() {
    return cosyVoice(SpeechSynthesisAudioFormat.PCM_16000HZ_MONO_16BIT);
  }

  @Test
  void callReturnsTheWholeAudio() {
    ByteBuffer audio = new SpeechSynthesizer(pcm(), null).call("你好。世界", PATIENCE_MS);

    assertEquals(5 * BYTES_PER_CHAR, audio.remaining());
  }

  @Test
  void callWithoutAFormatIsMp3At22050() {
    ByteBuffer audio =
        new SpeechSynthesizer(cosyVoice(SpeechSynthesisAudioFormat.DEFAULT), null)
            .call("你好", PATIENCE_MS);

    assertTrue(audio.remaining() > 0);
  }

  @Test
  void wavIsOneFileHoweverManySentences() {
    byte[] audio =
        bytes(
            new SpeechSynthesizer(
                    cosyVoice(SpeechSynthesisAudioFormat.WAV_16000HZ_MONO_16BIT), null)
                .call("一。二。三。", PATIENCE_MS));

    assertEquals("RIFF", new String(audio, 0, 4, java.nio.charset.StandardCharsets.US_ASCII));
    assertEquals(44 + 6 * BYTES_PER_CHAR, audio.length);
  }

  @Test
  void theFirstVersionTakesPlainTextThoughTheSdkSaysSsml() {
    SpeechSynthesisParam param =
        drive.cosyVoice(
            "cosyvoice-v1", "longxiaochun", SpeechSynthesisAudioFormat.PCM_16000HZ_MONO_16BIT);

    ByteBuffer audio = new SpeechSynthesizer(param, null).call("你好", PATIENCE_MS);

    assertEquals(2 * BYTES_PER_CHAR, audio.remaining());
  }

  @Test
  void aCallbackHearsEverySample() throws Exception {
    Heard heard = new Heard();

    new SpeechSynthesizer(pcm(), heard).call("你好。");
    heard.await();

    assertTrue(heard.isComplete());
    assertEquals(3 * BYTES_PER_CHAR, heard.size());
    assertEquals(5, heard.characters());
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

    assertEquals(14 * BYTES_PER_CHAR, heard.size());
    assertEquals(27, heard.characters());
  }

  @Test
  void flowablesCarryTheSameAudio() throws Exception {
    // without a network in between, this release subscribes too late for a server that answers at
    // once
    house.faults().add(new Fault.LateStart(SUBSCRIBED)).add(new Fault.LateStart(SUBSCRIBED));
    int whole =
        new SpeechSynthesizer(pcm(), null)
            .callAsFlowable("你好。世界")
            .map(InferenceSdkTest::frameSize)
            .reduce(0, Integer::sum)
            .timeout(10, TimeUnit.SECONDS)
            .blockingGet();
    int pieces =
        new SpeechSynthesizer(pcm(), null)
            .streamingCallAsFlowable(Flowable.just("你好。", "世界"))
            .map(InferenceSdkTest::frameSize)
            .reduce(0, Integer::sum)
            .timeout(10, TimeUnit.SECONDS)
            .blockingGet();

    assertEquals(5 * BYTES_PER_CHAR, whole);
    assertEquals(whole, pieces);
  }

  private static int frameSize(SpeechSynthesisResult result) {
    return result.getAudioFrame() == null ? 0 : result.getAudioFrame().limit();
  }

  @Test
  void oneObjectSpeaksTaskAfterTask() throws Exception {
    SpeechSynthesizer sdk = new SpeechSynthesizer(pcm(), null);

    ByteBuffer first = sdk.call("你好", PATIENCE_MS);
    String firstTask = sdk.getLastRequestId();
    sdk.updateParamAndCallback(pcm(), null);
    ByteBuffer second = sdk.call("再见了", PATIENCE_MS);

    assertEquals(2 * BYTES_PER_CHAR, first.remaining());
    assertEquals(3 * BYTES_PER_CHAR, second.remaining());
    assertNotEquals(firstTask, sdk.getLastRequestId());
  }

  @Test
  void aClientComesBackAfterTheIdleClose() throws Exception {
    SpeechSynthesizer sdk = new SpeechSynthesizer(pcm(), null);
    sdk.call("你好", PATIENCE_MS);

    // the idle close is the server's: nothing at the client tells when it has come
    CountDownLatch later = new CountDownLatch(1);
    house.vertx().setTimer(IDLE_MS + 500, id -> later.countDown());
    assertTrue(later.await(PATIENCE_MS, TimeUnit.MILLISECONDS));
    sdk.updateParamAndCallback(pcm(), null);

    assertEquals(2 * BYTES_PER_CHAR, sdk.call("你好", PATIENCE_MS).remaining());
  }

  @Test
  void afterCancelNothingIsHeardAndTheServerSpeaksToOthers() throws Exception {
    house.faults().add(new Fault.Slow(Duration.ofMillis(100)));
    Heard heard = new Heard();
    SpeechSynthesizer sdk = new SpeechSynthesizer(pcm(), heard);

    sdk.streamingCall("这一句话说了一半。");
    sdk.streamingCancel();
    ByteBuffer next = new SpeechSynthesizer(pcm(), null).call("你好", PATIENCE_MS);

    assertEquals(2 * BYTES_PER_CHAR, next.remaining());
    assertEquals(0, heard.size());
    assertNull(heard.error());
  }

  @Test
  void taskStartedMayComeLateOrNever() {
    house.faults().add(new Fault.LateStart(Duration.ofMillis(300)));
    ByteBuffer late = new SpeechSynthesizer(pcm(), null).call("你好", PATIENCE_MS);
    house.faults().add(new Fault.NoStart());
    ByteBuffer never = new SpeechSynthesizer(pcm(), null).call("你好", PATIENCE_MS);

    assertEquals(2 * BYTES_PER_CHAR, late.remaining());
    assertArrayEquals(bytes(late), bytes(never));
  }

  @Test
  void aFailedTaskIsAnErrorForTheCallbackAndNullForCall() throws Exception {
    SpeechSynthesisParam param = pcm();
    param.setVoice("nobody");
    Heard heard = new Heard();

    SpeechSynthesizer streaming = new SpeechSynthesizer(param, heard);
    streaming.streamingCall("你好");
    heard.await();

    String error = String.valueOf(heard.error());
    assertTrue(error.contains("418"), error);
    assertNull(new SpeechSynthesizer(param, null).call("你好", PATIENCE_MS));
  }

  @Test
  void aCloseInTheMiddleLooksCompleteToThisSdk() throws Exception {
    house.faults().add(new Fault.CloseAfter(BYTES_PER_CHAR, 1000, "gone"));
    Heard heard = new Heard();

    new SpeechSynthesizer(pcm(), heard).call("你好。世界");
    heard.await();

    assertTrue(heard.isComplete());
    assertEquals(BYTES_PER_CHAR, heard.size());
  }

  @Test
  void aBadKeyIsAConnectionErrorAtOnce() throws Exception {
    SpeechSynthesisParam param = pcm();
    param.setApiKey("sk-wrong");
    Heard heard = new Heard();

    new SpeechSynthesizer(param, heard).call("你好");
    heard.await();

    String error = String.valueOf(heard.error());
    assertTrue(error.contains("ConnectionError") && error.contains("401 Unauthorized"), error);
  }

  @Test
  void theSecondVersionOfTheClientSpeaksToo() throws Exception {
    // this release receives the audio of a blocking call, but hands back an emptied buffer
    InferenceSdkDrive.secondVersion(
        pcm(), true, (sdk, none) -> assertNotNull(sdk.call("你好", PATIENCE_MS)));
    InferenceSdkDrive.secondVersion(
        pcm(),
        false,
        (sdk, heard) -> {
          sdk.streamingCall("你好。");
          sdk.streamingCall("世界");
          sdk.streamingComplete(PATIENCE_MS);
          assertEquals(5 * BYTES_PER_CHAR, heard.size());
        });
  }

  @Test
  void sambertGivesAudioWordsAndPhonemes() {
    // this client, too, misses what comes before it has subscribed
    house.faults().add(new Fault.LateStart(SUBSCRIBED));
    com.alibaba.dashscope.audio.tts.SpeechSynthesizer sdk =
        new com.alibaba.dashscope.audio.tts.SpeechSynthesizer();

    ByteBuffer audio =
        sdk.call(
            com.alibaba.dashscope.audio.tts.SpeechSynthesisParam.builder()
                .apiKey(GuestHouse.KEY)
                .model("sambert-zhichu-v1")
                .text("今天天气不错。明天呢")
                .format(com.alibaba.dashscope.audio.tts.SpeechSynthesisAudioFormat.PCM)
                .sampleRate(16000)
                .enableWordTimestamp(true)
                .enablePhonemeTimestamp(true)
                .build());

    List<Sentence> sentences = sdk.getTimestamps();
    assertEquals(10 * BYTES_PER_CHAR, audio.remaining());
    assertEquals(2, sentences.size());
    assertEquals(7 * ToneEngine.MS_PER_CHAR, sentences.get(1).getBeginTime());
    Word word = sentences.get(0).getWords().get(0);
    assertEquals("今", word.getText());
    assertEquals(word.getEndTime(), word.getPhonemes().get(1).getEndTime());
  }
}
