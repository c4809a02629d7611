package dev.voicebridge.emulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.alibaba.dashscope.audio.ttsv2.enrollment.Voice;
import com.alibaba.dashscope.exception.ApiException;
import dev.voicebridge.emulator.wire.Fault;
import dev.voicebridge.sdk.EnrolmentSdkDrive;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The official VoiceEnrollmentService and OSSUtils against the guest. */
@Timeout(60)
class EnrolmentSdkTest {
  private static final String TARGET = "cosyvoice-v3-flash";

  private static GuestHouse house;
  private static RawHttp http;
  private static String sample;

  @BeforeAll
  static void open() throws Exception {
    house = new GuestHouse(new JsonObject().put("deployMs", 300));
    http = new RawHttp(house.vertx());
    sample = http.serve(Samples.wav(120, 6, 16_000));
  }

  @AfterAll
  static void close() throws Exception {
    http.close();
    house.close();
  }

  private static EnrolmentSdkDrive drive() {
    return EnrolmentSdkDrive.on(house.httpUrl(), GuestHouse.KEY);
  }

  @Test
  void aVoiceLivesFromCreationToDeletion() throws Exception {
    try (EnrolmentSdkDrive drive = drive()) {
      String id = drive.create(TARGET, "anna", sample);
      assertTrue(id.matches("cosyvoice-v3-flash-anna-[0-9a-f]{32}"), id);
      assertEquals("DEPLOYING", drive.query(id).getStatus());

      Voice voice = drive.awaitOk(id);
      assertEquals(TARGET, voice.getTargetModel());
      assertEquals(sample, voice.getResourceLink());
      assertEquals(List.of(id), drive.list("anna"));
      assertEquals(List.of(), drive.list("bert"));

      drive.update(id, sample);
      assertEquals("DEPLOYING", drive.query(id).getStatus());
      drive.delete(id);
      assertEquals("BadRequest.VoiceNotFound", EnrolmentSdkDrive.refusal(() -> drive.query(id)));
    }
  }

  @Test
  void anUploadedSampleIsReadWithTheHeaderOnly(@TempDir Path folder) throws Exception {
    Path file = Files.write(folder.resolve("me.wav"), Samples.wav(120, 6, 16_000));
    try (EnrolmentSdkDrive drive = drive()) {
      String url = drive.upload(file);
      assertTrue(url.startsWith("oss://dashscope-instant/"), url);
      assertEquals(
          "InvalidParameter", EnrolmentSdkDrive.refusal(() -> drive.create(TARGET, "up", url)));

      String id = drive.createFromFile(TARGET, "up", file);
      String link = drive.awaitOk(id).getResourceLink();
      assertEquals(Files.size(file), http.get(link, "none").body().length);
    }
  }

  @Test
  void anotherAccountSeesNothing() throws Exception {
    String id;
    try (EnrolmentSdkDrive drive = drive()) {
      id = drive.create(TARGET, "mine", sample);
    }
    try (EnrolmentSdkDrive other = EnrolmentSdkDrive.on(house.httpUrl(), GuestHouse.OTHER_KEY)) {
      assertEquals(List.of(), other.list("mine"));
      for (EnrolmentSdkDrive.Attempt attempt :
          List.<EnrolmentSdkDrive.Attempt>of(
              () -> other.query(id), () -> other.delete(id), () -> other.update(id, sample))) {
        assertEquals("BadRequest.VoiceNotFound", EnrolmentSdkDrive.refusal(attempt));
      }
    }
    try (EnrolmentSdkDrive stranger = EnrolmentSdkDrive.on(house.httpUrl(), "sk-wrong")) {
      assertEquals("InvalidApiKey", EnrolmentSdkDrive.refusal(() -> stranger.list("mine")));
    }
  }

  @Test
  void badInputIsRefusedInTheVendorsWords() throws Exception {
    try (EnrolmentSdkDrive drive = drive()) {
      assertEquals(
          "InvalidParameter",
          EnrolmentSdkDrive.refusal(() -> drive.create(TARGET, "too-long-prefix", sample)));
      assertEquals(
          "InvalidParameter",
          EnrolmentSdkDrive.refusal(() -> drive.create("cosyvoice-v9", "a", sample)));
      assertEquals(
          "InvalidParameter",
          EnrolmentSdkDrive.refusal(() -> drive.create(TARGET, "a", "ftp://x/y")));
      for (String url : List.of(http.url("/gone"), http.url("/away"), "http://192.0.2.1/a.wav")) {
        assertEquals(
            "BadRequest.InputDownloadFailed",
            EnrolmentSdkDrive.refusal(() -> drive.create(TARGET, "a", url)),
            url);
      }
      String text = http.serve("this is no sound, whatever its name says".getBytes(UTF_8));
      ApiException refused =
          Assertions.assertThrows(ApiException.class, () -> drive.create(TARGET, "a", text));
      assertEquals("BadRequest.UnsupportedFileFormat", refused.getStatus().getCode());
      assertEquals(400, refused.getStatus().getStatusCode());
      assertFalse(refused.getStatus().getRequestId().isEmpty());
    }
  }

  @Test
  void aVoiceMayEndUndeployed() throws Exception {
    try (GuestHouse quick = new GuestHouse();
        EnrolmentSdkDrive drive = EnrolmentSdkDrive.on(quick.httpUrl(), GuestHouse.KEY)) {
      quick.faults().add(new Fault.UndeployVoice("create_voice"));
      String id = drive.create(TARGET, "bad", sample);

      assertEquals("UNDEPLOYED", drive.query(id).getStatus());
      assertNull(drive.query(id).getVoiceId());
    }
  }
}
