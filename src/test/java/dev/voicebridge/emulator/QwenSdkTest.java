package dev.voicebridge.emulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.gson.JsonObject;
import dev.voicebridge.sdk.QwenSdkDrive;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The official QwenTtsRealtime against the guest. */
@Timeout(30)
class QwenSdkTest {
  private static final String MODEL = "qwen3-tts-flash-realtime";
  private static GuestHouse house;

  @BeforeAll
  static void open() throws Exception {
    house = new GuestHouse();
  }

  @AfterAll
  static void close() {
    house.close();
  }

  private static QwenSdkDrive connect() throws Exception {
    return QwenSdkDrive.connect(house.realtimeUrl(), GuestHouse.KEY, MODEL);
  }

  @Test
  void serverCommitSpeaksEverySentenceAndTheRestBeforeItFinishes() throws Exception {
    try (QwenSdkDrive drive = connect()) {
      drive.update("Cherry", "server_commit");
      drive.sdk().appendText("第一句。第二");
      drive.sdk().appendText("句。还有");
      drive.sdk().finish();

      drive.await("session.finished");

      assertEquals(List.of("session.created", "session.updated"), drive.types().subList(0, 2));
      assertEquals(drive.count("response.created"), drive.count("response.done"));
      assertEquals(10 * ToneEngine.MS_PER_CHAR * 48, drive.audio().length);
    }
  }

  @Test
  void commitModeSpeaksOncePerCommitAndForgetsWhatWasCleared() throws Exception {
    try (QwenSdkDrive drive = connect()) {
      drive.update("Ethan", "commit");
      drive.sdk().appendText("Good evening.");
      drive.sdk().commit();
      JsonObject first = drive.await("response.done");
      drive.sdk().appendText("never said");
      drive.sdk().clearAppendedText();
      drive.await("input_text_buffer.cleared");
      drive.sdk().appendText("Bye.");
      drive.sdk().commit();
      drive.await("response.done");
      drive.sdk().finish();
      drive.await("session.finished");

      assertEquals(2, drive.count("input_text_buffer.committed"));
      assertEquals(2, drive.count("response.done"));
      assertEquals(17 * ToneEngine.MS_PER_CHAR * 48, drive.audio().length);
      assertEquals(
          13,
          first.getAsJsonObject("response").getAsJsonObject("usage").get("characters").getAsInt());
    }
  }

  @Test
  void theServerClosesWith1000SomeTimeAfterSessionFinished() throws Exception {
    QwenSdkDrive drive = connect();
    drive.update("Cherry", "server_commit");
    drive.sdk().finish();
    drive.await("session.finished");

    assertEquals(1000, drive.awaitClose());
  }

  @Test
  void theClientMayCloseRightAfterSessionFinished() throws Exception {
    QwenSdkDrive drive = connect();
    drive.update("Cherry", "server_commit");
    drive.sdk().appendText("好");
    drive.sdk().finish();
    drive.await("session.finished");

    drive.sdk().close(1000, "bye");

    assertEquals(1000, drive.awaitClose());
  }

  @Test
  void cancelEndsTheResponseAndTheSessionGoesOn() throws Exception {
    try (GuestHouse slow = new GuestHouse(new io.vertx.core.json.JsonObject().put("paced", true));
        QwenSdkDrive drive = QwenSdkDrive.connect(slow.realtimeUrl(), GuestHouse.KEY, MODEL)) {
      drive.update("Cherry", "commit");
      drive.sdk().appendText("a".repeat(100));
      drive.sdk().commit();
      drive.await("response.audio.delta");
      drive.sdk().cancelResponse();
      JsonObject done = drive.await("response.done");
      drive.sdk().appendText("ok");
      drive.sdk().commit();
      JsonObject next = drive.await("response.done");

      assertEquals("incomplete", done.getAsJsonObject("response").get("status").getAsString());
      assertEquals("completed", next.getAsJsonObject("response").get("status").getAsString());
    }
  }

  @Test
  void aBadKeyNeverConnects() throws Exception {
    assertFalse(
        QwenSdkDrive.connects(house.realtimeUrl(), "sk-wrong", MODEL, Duration.ofMillis(1500)));
  }
}
