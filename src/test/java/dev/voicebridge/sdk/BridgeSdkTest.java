package dev.voicebridge.sdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import dev.voicebridge.FreshServer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The official {@code QwenTtsRealtime}, unmodified, on the bridge's own door for it. */
final class BridgeSdkTest {
  private static final String MODEL = "qwen3-tts-flash-realtime";
  private static final String ANY_KEY = "sk-any-will-do";

  /** Half a second at 24 kHz, 16 bit. */
  private static final int HALF_A_SECOND = 24_000;

  @RegisterExtension static final FreshServer server = FreshServer.with();

  private static String url() {
    return "ws://127.0.0.1:" + server.port() + "/api-ws/v1/realtime";
  }

  @Test
  void speaksWhatStreamsInWithoutACommit() throws Exception {
    try (QwenSdkDrive sdk = QwenSdkDrive.connect(url(), ANY_KEY, MODEL)) {
      sdk.update("Cherry", "server_commit");
      sdk.sdk().appendText("你好，很高兴");
      sdk.sdk().appendText("见到你。今天天气很好。");
      sdk.sdk().finish();
      sdk.await("session.finished");

      assertEquals("session.created", sdk.types().get(0));
      assertTrue(sdk.audio().length > HALF_A_SECOND, "audio: " + sdk.audio().length);
      assertEquals(sdk.count("response.created"), sdk.count("response.done"));
      assertFalse(sdk.types().contains("error"));
    }
  }

  @Test
  void speaksOneResponsePerCommitAndForgetsWhatIsCleared() throws Exception {
    try (QwenSdkDrive sdk = QwenSdkDrive.connect(url(), ANY_KEY, MODEL)) {
      sdk.update("Ethan", "commit");
      sdk.sdk().appendText("This is never said.");
      sdk.sdk().clearAppendedText();
      sdk.await("input_text_buffer.cleared");
      sdk.sdk().appendText("Good evening.");
      sdk.sdk().commit();
      JsonObject first = sdk.await("response.done").getAsJsonObject("response");
      sdk.sdk().appendText("And good night.");
      sdk.sdk().commit();
      JsonObject second = sdk.await("response.done").getAsJsonObject("response");
      sdk.sdk().finish();
      sdk.await("session.finished");

      assertEquals("completed", first.get("status").getAsString());
      assertEquals("completed", second.get("status").getAsString());
      assertEquals(2, sdk.count("response.created"));
      assertEquals(2, sdk.count("input_text_buffer.committed"));
      assertTrue(sdk.audio().length > HALF_A_SECOND, "audio: " + sdk.audio().length);
    }
  }

  @Test
  void closesWithDoneSomeTimeAfterItFinished() throws Exception {
    try (QwenSdkDrive sdk = QwenSdkDrive.connect(url(), ANY_KEY, MODEL)) {
      sdk.sdk().finish();
      sdk.await("session.finished");

      assertEquals(1000, sdk.awaitClose());
    }
  }

  @Test
  void cancelsWithOneEnd() throws Exception {
    try (QwenSdkDrive sdk = QwenSdkDrive.connect(url(), ANY_KEY, MODEL)) {
      sdk.update("Cherry", "commit");
      sdk.sdk().appendText("一二三四五六七八九十。".repeat(30));
      sdk.sdk().commit();
      sdk.await("response.audio.delta");
      sdk.sdk().cancelResponse();
      JsonObject cancelled = sdk.await("response.done").getAsJsonObject("response");
      sdk.sdk().appendText("好的。");
      sdk.sdk().commit();
      JsonObject next = sdk.await("response.done").getAsJsonObject("response");

      assertEquals("completed", next.get("status").getAsString());
      // The guest is faster than any listener: it may have said everything by then.
      assertTrue(
          cancelled.get("status").getAsString().matches("cancelled|completed"),
          cancelled.toString());
    }
  }

  @Test
  void refusesABadKeyBeforeTheUpgrade() throws Exception {
    try (FreshServer guarded =
        FreshServer.with("VOICEBRIDGE_API_KEYS", "app=a-key-of-some-length").start()) {
      String guardedUrl = "ws://127.0.0.1:" + guarded.port() + "/api-ws/v1/realtime";

      assertFalse(
          QwenSdkDrive.connects(guardedUrl, "a-key-of-another-kind", MODEL, Duration.ofSeconds(2)));
      QwenSdkDrive.connect(guardedUrl, "a-key-of-some-length", MODEL).close();
    }
  }
}
