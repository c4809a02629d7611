package dev.voicebridge.scripted;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.alibaba.dashscope.audio.tts.SpeechSynthesisAudioFormat;
import com.alibaba.dashscope.audio.tts.SpeechSynthesisParam;
import com.alibaba.dashscope.audio.tts.SpeechSynthesisResult;
import com.alibaba.dashscope.audio.tts.SpeechSynthesizer;
import com.alibaba.dashscope.audio.tts.timestamp.Sentence;
import dev.voicebridge.sdk.InferenceSdkDrive;
import io.reactivex.Flowable;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The official clients that subscribe only after they have sent everything: without a network in
 * between they miss what comes at once, so the service behind the bridge takes its time.
 */
@Timeout(60)
class LateSubscriberTest {
  private static final int SUBSCRIBED_MS = 300;
  private static final String TEXT = "今天天气不错。";

  private final TestBridge bridge = new TestBridge();
  private final InferenceSdkDrive drive = InferenceSdkDrive.on(bridge.tasksUrl(), "any");

  @BeforeEach
  void takeTime() {
    bridge.script.startDelayMs = SUBSCRIBED_MS;
  }

  @AfterEach
  void close() {
    drive.close();
    bridge.close();
  }

  private static byte[] audio(Flowable<SpeechSynthesisResult> results) {
    Buffer all = Buffer.buffer();
    results
        .timeout(InferenceSdkDrive.PATIENCE_MS, TimeUnit.MILLISECONDS)
        .blockingForEach(
            result -> {
              if (result.getAudioFrame() != null) {
                all.appendBytes(InferenceSdkDrive.bytes(result.getAudioFrame()));
              }
            });
    return all.getBytes();
  }

  private com.alibaba.dashscope.audio.ttsv2.SpeechSynthesizer cosyVoice() {
    return new com.alibaba.dashscope.audio.ttsv2.SpeechSynthesizer(
        drive.cosyVoice(
            TestBridge.COSYVOICE,
            "longanyang",
            com.alibaba.dashscope.audio.ttsv2.SpeechSynthesisAudioFormat.PCM_24000HZ_MONO_16BIT),
        null);
  }

  @Test
  void flowablesCarryTheWholeAudio() throws Exception {
    assertArrayEquals(bridge.upstream.audioOf(TEXT), audio(cosyVoice().callAsFlowable(TEXT)));
    assertArrayEquals(
        bridge.upstream.audioOf(TEXT),
        audio(cosyVoice().streamingCallAsFlowable(Flowable.just("今天", "天气不错。"))));
  }

  @Test
  void sambertGivesAudioAndWords() {
    SpeechSynthesizer sdk = new SpeechSynthesizer();

    byte[] audio =
        InferenceSdkDrive.bytes(
            sdk.call(
                SpeechSynthesisParam.builder()
                    .apiKey("any")
                    .model(TestBridge.SAMBERT)
                    .text(TEXT)
                    .format(SpeechSynthesisAudioFormat.PCM)
                    .sampleRate(48_000)
                    .enableWordTimestamp(true)
                    .enablePhonemeTimestamp(true)
                    .build()));

    assertArrayEquals(bridge.upstream.audioOf(TEXT), audio);
    List<Sentence> sentences = sdk.getTimestamps();
    assertEquals(1, sentences.size());
    assertEquals(700, sentences.get(0).getEndTime());
    assertEquals("今", sentences.get(0).getWords().get(0).getText());
    assertEquals(7, sentences.get(0).getWords().size());
  }
}
