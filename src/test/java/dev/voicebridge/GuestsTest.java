package dev.voicebridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.voicebridge.audio.WavHeader;
import dev.voicebridge.config.Config;
import dev.voicebridge.sdk.EnrolmentSdkDrive;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The embedded vendors as the server receives them. */
@Timeout(90)
final class GuestsTest {
  private static final String TARGET = "cosyvoice-v3-flash";
  private static final String FLOW_MODEL = "FunAudioLLM/CosyVoice2-0.5B";
  private static final int RATE_HZ = 16_000;

  @TempDir private Path folder;

  private Path data() {
    return folder.resolve("not").resolve("there yet");
  }

  private Config settings(String... more) {
    Map<String, String> environment =
        more.length == 0
            ? Map.of("VOICEBRIDGE_DATA_DIR", data().toString())
            : Map.of("VOICEBRIDGE_DATA_DIR", data().toString(), more[0], more[1]);
    return Config.load(Map.of(), environment);
  }

  private interface Visit {
    void with(Config vendors) throws Exception;
  }

  /** One life of the guests. */
  private void visit(Visit visit) throws Exception {
    Vertx vertx = Vertx.vertx();
    try {
      visit.with(Guests.welcome(vertx, settings()));
    } finally {
      vertx.close().await(20, TimeUnit.SECONDS);
    }
  }

  private static byte[] humming() {
    Buffer file = Buffer.buffer(WavHeader.of(RATE_HZ, 2 * 6 * RATE_HZ));
    for (int i = 0; i < 6 * RATE_HZ; i++) {
      double phase = 2 * Math.PI * 140 * i / RATE_HZ;
      file.appendShortLE((short) (5000 * Math.sin(phase) + 2500 * Math.sin(2 * phase)));
    }
    return file.getBytes();
  }

  private static JsonObject call(Config.SiliconFlow at, String path, @Nullable JsonObject body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(at.baseUrl() + path))
            .timeout(Duration.ofSeconds(20))
            .header("Authorization", "Bearer " + at.apiKey());
    if (body != null) {
      request
          .header("Content-Type", "application/json")
          .POST(HttpRequest.BodyPublishers.ofString(body.encode()));
    }
    HttpResponse<String> answer =
        HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    assertEquals(200, answer.statusCode(), answer.body());
    return new JsonObject(answer.body());
  }

  @Test
  void voicesOfBothOutliveARestart() throws Exception {
    Path sample = Files.write(folder.resolve("me.wav"), humming());
    String[] made = new String[3];
    visit(
        vendors -> {
          Config.DashScope dashScope = vendors.dashScope();
          made[0] = dashScope.apiKey();
          try (var sdk = EnrolmentSdkDrive.on(dashScope.baseUrl() + "/api/v1", made[0])) {
            made[1] = sdk.createFromFile(TARGET, "kept", sample);
            sdk.awaitOk(made[1]);
          }
          made[2] =
              call(
                      vendors.siliconFlow(),
                      "/uploads/audio/voice",
                      new JsonObject()
                          .put("model", FLOW_MODEL)
                          .put("customName", "kept")
                          .put("text", "嗯")
                          .put(
                              "audio",
                              "data:audio/wav;base64,"
                                  + Base64.getEncoder().encodeToString(humming())))
                  .getString("uri");
        });

    visit(
        vendors -> {
          assertEquals(made[0], vendors.dashScope().apiKey());
          assertEquals(made[0], vendors.siliconFlow().apiKey());
          try (var sdk = EnrolmentSdkDrive.on(vendors.dashScope().baseUrl() + "/api/v1", made[0])) {
            assertEquals(List.of(made[1]), sdk.list("kept"));
            assertEquals("OK", sdk.query(made[1]).getStatus());
          }
          JsonArray kept =
              call(vendors.siliconFlow(), "/audio/voice/list", null).getJsonArray("result");
          assertEquals(1, kept.size());
          assertEquals(made[2], kept.getJsonObject(0).getString("uri"));
        });
  }

  @Test
  void theKeyIsTheOwnersAlone() throws Exception {
    assumeTrue(
        folder.getFileSystem().supportedFileAttributeViews().contains("posix"),
        "file permissions: not on this file system");

    String key = GuestKey.in(data());

    Path file = data().resolve("guest.key");
    assertEquals(key, Files.readString(file).strip());
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    try (var files = Files.list(data())) {
      assertEquals(List.of(file), files.toList());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "sk-short", "two\nlines", "sk-with blanks in the middle of it"})
  void aFileWithoutAKeyIsToldInOneLine(String content) throws Exception {
    Files.createDirectories(data());
    Path file = Files.writeString(data().resolve("guest.key"), content);

    Voicebridge.StartException told =
        assertThrows(Voicebridge.StartException.class, () -> Voicebridge.start(settings()));

    String line = String.valueOf(told.getMessage());
    assertTrue(line.startsWith("cannot start: ") && line.contains(file.toString()), line);
    assertEquals(1, line.lines().count());
    assertEquals(content, Files.readString(file), "it is left as it was");
  }

  @Test
  void aFileOfAnotherKindIsNotReadToItsEnd() throws Exception {
    Files.createDirectories(data());
    Files.writeString(data().resolve("guest.key"), "sk-" + "a".repeat(1 << 20));

    assertThrows(Voicebridge.StartException.class, () -> GuestKey.in(data()));
  }

  @Test
  void aFolderInPlaceOfTheFileIsToldInOneLine() throws Exception {
    Files.createDirectories(data().resolve("guest.key"));

    Voicebridge.StartException told =
        assertThrows(Voicebridge.StartException.class, () -> GuestKey.in(data()));

    assertEquals(1, String.valueOf(told.getMessage()).lines().count());
  }

  @Test
  void withAVendorsKeyNothingIsWritten() throws Exception {
    Vertx vertx = Vertx.vertx();
    try {
      Config config = settings("SILICONFLOW_API_KEY", "sk-real");

      assertEquals(config, Guests.welcome(vertx, config));
      assertFalse(Files.exists(data()));
    } finally {
      vertx.close().await(20, TimeUnit.SECONDS);
    }
  }
}
