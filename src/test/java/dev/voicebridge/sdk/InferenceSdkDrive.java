package dev.voicebridge.sdk;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.alibaba.dashscope.audio.tts.SpeechSynthesisResult;
import com.alibaba.dashscope.audio.ttsv2.SpeechSynthesisAudioFormat;
import com.alibaba.dashscope.audio.ttsv2.SpeechSynthesisParam;
import com.alibaba.dashscope.audio.ttsv2.SpeechSynthesizer;
import com.alibaba.dashscope.audio.ttsv2.SpeechSynthesizerV2;
import com.alibaba.dashscope.common.ResultCallback;
import com.alibaba.dashscope.utils.Constants;
import com.google.gson.JsonObject;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The official clients of CosyVoice and Sambert, unmodified, aimed at any server that speaks {@code
 * /api-ws/v1/inference}. Every wait is bounded. One at a time in a process: the SDK keeps the
 * address in a static field.
 */
public final class InferenceSdkDrive implements AutoCloseable {
  public static final long PATIENCE_MS = 20_000;

  private final String urlBefore = Constants.baseWebsocketApiUrl;
  private final String key;

  private InferenceSdkDrive(String key) {
    this.key = key;
  }

  /**
   * @param url {@code ws://host:port/api-ws/v1/inference}, with or without a slash behind it
   */
  public static InferenceSdkDrive on(String url, String key) {
    InferenceSdkDrive drive = new InferenceSdkDrive(key);
    Constants.baseWebsocketApiUrl = url;
    return drive;
  }

  @Override
  public void close() {
    Constants.baseWebsocketApiUrl = urlBefore;
  }

  /** What a task of CosyVoice is ordered with. */
  public SpeechSynthesisParam cosyVoice(
      String model, @Nullable String voice, SpeechSynthesisAudioFormat format) {
    return SpeechSynthesisParam.builder()
        .apiKey(key)
        .model(model)
        .voice(voice)
        .format(format)
        .build();
  }

  /** The whole audio of a text, on a socket of its own: more than 32 at a time hang in the SDK. */
  public static byte[] speak(SpeechSynthesisParam param, String text) {
    SpeechSynthesizer sdk = new SpeechSynthesizer(param, null);
    ByteBuffer audio = sdk.call(text, PATIENCE_MS);
    sdk.getDuplexApi().close(1000, "bye");
    return bytes(audio);
  }

  public static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  /** What is said to a fresh client of the second version. */
  public interface Conversation {
    /**
     * @param heard what it has said so far; nothing where the client blocks
     */
    void with(SpeechSynthesizerV2 sdk, Heard heard) throws Exception;
  }

  /**
   * The second version of the client sends before it has set up what it waits with: a server on the
   * same machine may answer in between, and then it waits in vain until its own patience ends. Such
   * a conversation is held again.
   *
   * @param blocking without a callback, for {@code call}
   */
  public static void secondVersion(SpeechSynthesisParam param, boolean blocking, Conversation talk)
      throws Exception {
    for (int attempt = 1; ; attempt++) {
      Heard heard = new Heard();
      SpeechSynthesizerV2 sdk = new SpeechSynthesizerV2(param, blocking ? null : heard);
      try {
        sdk.connect();
        talk.with(sdk, heard);
        return;
      } catch (RuntimeException late) {
        if (attempt == 3 || !String.valueOf(late.getMessage()).startsWith("TimeoutError")) {
          throw late;
        }
      } finally {
        sdk.close();
      }
    }
  }

  /** What a callback heard. */
  public static final class Heard extends ResultCallback<SpeechSynthesisResult> {
    private final ByteArrayOutputStream audio = new ByteArrayOutputStream();
    private final List<JsonObject> outputs = new ArrayList<>();
    private final CountDownLatch first = new CountDownLatch(1);
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile boolean complete;
    private volatile @Nullable Exception error;
    private volatile int characters;

    @Override
    public synchronized void onEvent(SpeechSynthesisResult result) {
      if (result.getAudioFrame() != null) {
        audio.writeBytes(bytes(result.getAudioFrame()));
        first.countDown();
      }
      if (result.getOutput() != null) {
        outputs.add(result.getOutput());
      }
      if (result.getUsage() != null && result.getUsage().getCharacters() != null) {
        characters = result.getUsage().getCharacters();
      }
    }

    @Override
    public void onComplete() {
      complete = true;
      over.countDown();
    }

    @Override
    public void onError(Exception e) {
      error = e;
      over.countDown();
    }

    /** Waits for the end, good or bad. */
    public void await() throws InterruptedException {
      assertTrue(over.await(PATIENCE_MS, TimeUnit.MILLISECONDS));
    }

    public void awaitAudio() throws InterruptedException {
      assertTrue(first.await(PATIENCE_MS, TimeUnit.MILLISECONDS));
    }

    public boolean isComplete() {
      return complete;
    }

    public @Nullable Exception error() {
      return error;
    }

    public int characters() {
      return characters;
    }

    public synchronized int size() {
      return audio.size();
    }

    public synchronized byte[] audio() {
      return audio.toByteArray();
    }

    /** {@code payload.output} of every result, in order. */
    public synchronized List<JsonObject> outputs() {
      return List.copyOf(outputs);
    }
  }
}
