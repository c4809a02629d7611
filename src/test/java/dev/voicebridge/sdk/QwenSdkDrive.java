package dev.voicebridge.sdk;

import com.alibaba.dashscope.audio.qwen_tts_realtime.QwenTtsRealtime;
import com.alibaba.dashscope.audio.qwen_tts_realtime.QwenTtsRealtimeAudioFormat;
import com.alibaba.dashscope.audio.qwen_tts_realtime.QwenTtsRealtimeCallback;
import com.alibaba.dashscope.audio.qwen_tts_realtime.QwenTtsRealtimeConfig;
import com.alibaba.dashscope.audio.qwen_tts_realtime.QwenTtsRealtimeParam;
import com.google.gson.JsonObject;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The official {@code QwenTtsRealtime}, unmodified, driven against any server that speaks {@code
 * /api-ws/v1/realtime}. Every wait is bounded.
 */
public final class QwenSdkDrive implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final QwenTtsRealtime sdk;
  private final LinkedBlockingQueue<JsonObject> events = new LinkedBlockingQueue<>();
  private final List<JsonObject> seen = new ArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile int closeCode = -1;

  private QwenSdkDrive(String url, String key, String model) {
    sdk =
        new QwenTtsRealtime(
            QwenTtsRealtimeParam.builder().url(url).apikey(key).model(model).build(),
            new QwenTtsRealtimeCallback() {
              @Override
              public void onEvent(JsonObject message) {
                events.add(message);
              }

              @Override
              public void onClose(int code, String reason) {
                closeCode = code;
                closed.countDown();
              }
            });
  }

  /**
   * SDK 2.22.13 begins to connect before it has set up what it waits with: a server on the same
   * machine may answer in between, and that connect() never comes back. So it is tried again.
   *
   * @param url {@code ws://host:port/api-ws/v1/realtime}
   */
  public static QwenSdkDrive connect(String url, String key, String model) throws Exception {
    for (int attempt = 0; attempt < 3; attempt++) {
      QwenSdkDrive drive = new QwenSdkDrive(url, key, model);
      if (drive.tryConnect(PATIENCE)) {
        return drive;
      }
    }
    throw new IllegalStateException("the SDK did not connect to " + url);
  }

  /**
   * This SDK's connect() waits for ever when the upgrade is refused.
   *
   * @return whether it came back in time
   */
  public static boolean connects(String url, String key, String model, Duration patience)
      throws Exception {
    QwenSdkDrive drive = new QwenSdkDrive(url, key, model);
    boolean connected = drive.tryConnect(patience);
    if (connected) {
      drive.close();
    }
    return connected;
  }

  private boolean tryConnect(Duration patience) throws InterruptedException {
    CountDownLatch connected = new CountDownLatch(1);
    Thread thread =
        new Thread(
            () -> {
              try {
                sdk.connect();
                connected.countDown();
              } catch (Exception e) {
                // seen as not connected
              }
            },
            "qwen-sdk-connect");
    thread.setDaemon(true);
    thread.start();
    boolean done = connected.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    thread.interrupt();
    return done;
  }

  /** {@code server_commit} or {@code commit}, PCM at 24 kHz. */
  public void update(String voice, String mode) {
    sdk.updateSession(
        QwenTtsRealtimeConfig.builder()
            .voice(voice)
            .mode(mode)
            .responseFormat(QwenTtsRealtimeAudioFormat.PCM_24000HZ_MONO_16BIT)
            .build());
  }

  public QwenTtsRealtime sdk() {
    return sdk;
  }

  /** The next event of that type; those before it are kept in {@link #types()}. */
  public JsonObject await(String type) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      JsonObject event =
          events.poll(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
      if (event == null) {
        throw new AssertionError("no " + type + " after " + types());
      }
      seen.add(event);
      if (type.equals(event.get("type").getAsString())) {
        return event;
      }
    }
  }

  /** Types of the events awaited so far. */
  public List<String> types() {
    return seen.stream().map(event -> event.get("type").getAsString()).toList();
  }

  public long count(String type) {
    return types().stream().filter(type::equals).count();
  }

  /** The audio of the events awaited so far. */
  public byte[] audio() {
    ByteArrayOutputStream audio = new ByteArrayOutputStream();
    for (JsonObject event : seen) {
      if (event.get("type").getAsString().equals("response.audio.delta")) {
        audio.writeBytes(Base64.getDecoder().decode(event.get("delta").getAsString()));
      }
    }
    return audio.toByteArray();
  }

  /**
   * @return the code with which the connection ended
   */
  public int awaitClose() throws InterruptedException {
    if (!closed.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("not closed after " + types());
    }
    return closeCode;
  }

  @Override
  public void close() {
    try {
      sdk.close();
    } catch (RuntimeException e) {
      // the SDK throws when the server was first
    }
  }
}
