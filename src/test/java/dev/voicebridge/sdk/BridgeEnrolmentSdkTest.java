package dev.voicebridge.sdk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.alibaba.dashscope.audio.ttsv2.enrollment.Voice;
import com.alibaba.dashscope.exception.ApiException;
import com.sun.net.httpserver.HttpServer;
import dev.voicebridge.FreshServer;
import dev.voicebridge.sample.SpokenSample;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The official VoiceEnrollmentService and OSSUtils, unmodified, on the bridge's own doors. */
@Timeout(60)
class BridgeEnrolmentSdkTest {
  private static final String TARGET = "cosyvoice-v3-flash";
  private static final String KEY = "anna-key-of-some-length";
  private static final String OTHER_KEY = "bert-key-of-some-length";

  private static final Map<String, byte[]> files = new ConcurrentHashMap<>();
  private static HttpServer host;
  private static FreshServer server;

  @BeforeAll
  static void start() throws Exception {
    host = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    host.createContext(
        "/",
        exchange -> {
          byte[] file = files.get(exchange.getRequestURI().getPath());
          if (file == null) {
            exchange.sendResponseHeaders(404, -1);
          } else {
            exchange.sendResponseHeaders(200, file.length);
            exchange.getResponseBody().write(file);
          }
          exchange.close();
        });
    host.start();
    server =
        FreshServer.with(
                "VOICEBRIDGE_API_KEYS",
                "anna=" + KEY + ",bert=" + OTHER_KEY,
                "VOICEBRIDGE_SAMPLE_HOSTS",
                "127.0.0.1:" + host.getAddress().getPort())
            .start();
  }

  @AfterAll
  static void stop() {
    server.close();
    host.stop(0);
  }

  private static String url(String path) {
    return "http://127.0.0.1:" + host.getAddress().getPort() + path;
  }

  /** Each file is another one, so that no voice of another test stands for it. */
  private static String serve(byte[] file) {
    String path = "/" + files.size() + ".wav";
    files.put(path, file);
    return url(path);
  }

  private static EnrolmentSdkDrive drive(String key) {
    return EnrolmentSdkDrive.on(server.uri("/api/v1").toString(), key);
  }

  private static EnrolmentSdkDrive drive() {
    return drive(KEY);
  }

  @Test
  void aVoiceLivesFromCreationToDeletion() throws Exception {
    try (EnrolmentSdkDrive drive = drive()) {
      String id = drive.create(TARGET, "anna", serve(SpokenSample.wav(0)));
      assertTrue(id.matches("cosyvoice-v3-flash-anna-[0-9a-f]{32}"), id);

      Voice voice = drive.awaitOk(id);
      assertEquals(TARGET, voice.getTargetModel());
      assertEquals("", voice.getResourceLink());
      assertEquals(List.of(id), drive.list("anna"));
      assertEquals(List.of(), drive.list("bert"));

      drive.update(id, serve(SpokenSample.wav(1)));
      drive.awaitOk(id);
      assertEquals(List.of(id), drive.list("anna"));
      drive.delete(id);
      assertEquals("BadRequest.ResourceNotExist", EnrolmentSdkDrive.refusal(() -> drive.query(id)));
      assertEquals(List.of(), drive.list("anna"));
    }
  }

  @Test
  void anUploadedSampleIsReadWithTheHeaderOnly(@TempDir Path folder) throws Exception {
    Path file = Files.write(folder.resolve("me.wav"), SpokenSample.wav(2));
    try (EnrolmentSdkDrive drive = drive()) {
      String url = drive.upload(file);
      assertTrue(url.startsWith("oss://dashscope-instant/"), url);
      assertEquals(
          "InvalidParameter", EnrolmentSdkDrive.refusal(() -> drive.create(TARGET, "up", url)));

      String id = drive.createFromFile(TARGET, "up", file);
      assertEquals(TARGET, drive.awaitOk(id).getTargetModel());
    }
  }

  @Test
  void anotherKeySeesNothing() throws Exception {
    String sample = serve(SpokenSample.wav(3));
    String id;
    try (EnrolmentSdkDrive drive = drive()) {
      id = drive.create(TARGET, "mine", sample);
    }
    try (EnrolmentSdkDrive other = drive(OTHER_KEY)) {
      assertEquals(List.of(), other.list("mine"));
      for (EnrolmentSdkDrive.Attempt attempt :
          List.<EnrolmentSdkDrive.Attempt>of(
              () -> other.query(id), () -> other.delete(id), () -> other.update(id, sample))) {
        assertEquals("BadRequest.ResourceNotExist", EnrolmentSdkDrive.refusal(attempt));
      }
    }
    try (EnrolmentSdkDrive drive = drive()) {
      assertEquals(List.of(id), drive.list("mine"));
    }
  }

  @Test
  void aStrangerIsToldInTheVendorsWords() throws Exception {
    try (EnrolmentSdkDrive stranger = drive("sk-wrong")) {
      ApiException refused = assertThrows(ApiException.class, () -> stranger.list("mine"));

      assertEquals("InvalidApiKey", refused.getStatus().getCode());
      assertEquals(401, refused.getStatus().getStatusCode());
      assertFalse(refused.getStatus().getRequestId().isEmpty());
    }
  }

  @Test
  void whatIsNoOrderIsRefusedInTheVendorsWords() throws Exception {
    try (EnrolmentSdkDrive drive = drive()) {
      for (String prefix : List.of("too-long-prefix", "名字")) {
        assertEquals(
            "InvalidParameter",
            EnrolmentSdkDrive.refusal(() -> drive.create(TARGET, prefix, url("/x.wav"))));
      }
      assertEquals(
          "InvalidParameter",
          EnrolmentSdkDrive.refusal(() -> drive.create(TARGET, "a", "ftp://x/y")));
    }
  }

  @Test
  void aBadModelOrSampleIsRefusedInTheVendorsWords() throws Exception {
    try (EnrolmentSdkDrive drive = drive()) {
      String sample = serve(SpokenSample.wav(4));
      assertEquals(
          "InvalidParameter",
          EnrolmentSdkDrive.refusal(() -> drive.create("cosyvoice-v9", "a", sample)));
      for (String url : List.of(url("/gone"), "http://192.0.2.1/a.wav")) {
        assertEquals(
            "BadRequest.InputDownloadFailed",
            EnrolmentSdkDrive.refusal(() -> drive.create(TARGET, "a", url)),
            url);
      }
      String text = serve("this is no sound, whatever its name says".getBytes(UTF_8));
      ApiException refused =
          assertThrows(ApiException.class, () -> drive.create(TARGET, "a", text));
      assertEquals("BadRequest.UnsupportedFileFormat", refused.getStatus().getCode());
      assertEquals(400, refused.getStatus().getStatusCode());
      assertFalse(refused.getStatus().getRequestId().isEmpty());
    }
  }
}
