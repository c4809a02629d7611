package dev.voicebridge.http;

import static dev.voicebridge.http.TestDoors.doors;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.bridge.Caller;
import dev.voicebridge.bridge.Session;
import dev.voicebridge.bridge.SessionLimits;
import dev.voicebridge.http.TestDoors.Answer;
import dev.voicebridge.http.TestDoors.Heard;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RealtimeEndpointTest {
  private static final List<String> BOTH = List.of("/v1/realtime", "/api-ws/v1/realtime");

  private static final String KEYS_JSON =
      """
      {"keys":[{"name":"alice","key":"secret-of-alice-1","models":["m1"],
                "limits":{"max_sessions":2,"max_text_chars":99}}]}
      """;

  @TempDir private Path folder;

  private TestDoors.Setup locked() throws IOException {
    Path file = folder.resolve("keys.json");
    Files.writeString(file, KEYS_JSON);
    return doors().with("VOICEBRIDGE_API_KEYS", "@" + file);
  }

  private static String ticket(TestDoors doors) {
    Answer answer =
        doors.post("/v1/realtime/tickets", null, "authorization", "Bearer secret-of-alice-1");
    assertEquals(200, answer.status());
    return answer.json().getString("ticket");
  }

  // ---- in

  @Test
  void eachDoorHasItsFraming() throws Exception {
    try (TestDoors doors = doors().open()) {
      for (String path : BOTH) {
        assertEquals("hello", doors.connect(path + "?model=m%201&voice=v%202").text());
        assertEquals("hello", doors.connect(path + "/?model=m").text());
      }

      assertEquals(
          List.of(
              Session.Framing.BINARY,
              Session.Framing.BINARY,
              Session.Framing.BASE64,
              Session.Framing.BASE64),
          doors.opened.stream().map(TestDoors.Opened::framing).toList());
      assertEquals("m 1", doors.opened.get(0).model());
      assertEquals("v 2", doors.opened.get(0).voice());
      assertNull(doors.opened.get(1).voice());
      Caller caller = doors.opened.get(0).caller();
      assertNotNull(caller);
      assertEquals("anonymous", caller.name());
      assertEquals(SessionLimits.DEFAULTS, caller.limits());
    }
  }

  @Test
  void aMissingModelIsTheSessionsToTell() throws Exception {
    try (TestDoors doors = doors().open()) {
      doors.connect("/v1/realtime").text();

      assertNull(doors.opened.get(0).model());
    }
  }

  @Test
  void aKeyInTheHeaderBringsItsName() throws Exception {
    try (TestDoors doors = locked().open()) {
      for (String path : BOTH) {
        doors.connect(path + "?model=m", "authorization", "bearer secret-of-alice-1").text();
      }

      for (TestDoors.Opened opened : doors.opened) {
        Caller caller = opened.caller();
        assertNotNull(caller);
        assertEquals("alice", caller.name());
        assertTrue(caller.mayUseModel("m1"));
        assertFalse(caller.mayUseModel("m2"));
        assertEquals(99, caller.limits().maxTextChars());
      }
    }
  }

  @Test
  void withoutACredentialTheSessionWaitsForOne() throws Exception {
    try (TestDoors doors = locked().open()) {
      Heard heard = doors.connect("/v1/realtime?model=m");
      heard.text();
      assertNull(doors.opened.get(0).caller());

      heard.socket.writeTextMessage("ticket nonsense");
      assertEquals("nobody", heard.text());
      heard.socket.writeTextMessage("ticket " + ticket(doors));
      assertEquals("alice", heard.text());
    }
  }

  // ---- refused before the upgrade

  @Test
  void aBadKeyIsToldBeforeTheUpgrade() throws Exception {
    try (TestDoors doors = locked().open()) {
      UpgradeRejectedException ours =
          assertThrows(
              UpgradeRejectedException.class,
              () -> doors.connect("/v1/realtime?model=m", "authorization", "Bearer wrong"));
      assertEquals(401, ours.getStatus());
      assertEquals(
          "invalid_api_key",
          ours.getBody().toJsonObject().getJsonObject("error").getString("code"));

      for (String[] headers :
          List.of(new String[] {"authorization", "Bearer wrong"}, new String[0])) {
        UpgradeRejectedException vendors =
            assertThrows(
                UpgradeRejectedException.class,
                () -> doors.connect("/api-ws/v1/realtime?model=m", headers));
        assertEquals(401, vendors.getStatus());
        JsonObject body = vendors.getBody().toJsonObject();
        assertEquals("InvalidApiKey", body.getString("code"));
        assertEquals(vendors.getHeaders().get("x-request-id"), body.getString("request_id"));
      }
    }
  }

  @Test
  void aForeignHostIsRefusedBeforeTheUpgrade() {
    try (TestDoors doors = doors().open()) {
      for (String path : BOTH) {
        UpgradeRejectedException refused =
            assertThrows(
                UpgradeRejectedException.class,
                () -> doors.connect(path + "?model=m", "host", "evil.example"));
        assertEquals(403, refused.getStatus());
      }
    }
  }

  @Test
  void aPlainGetIsToldToUpgrade() {
    try (TestDoors doors = doors().open()) {
      for (String path : BOTH) {
        Answer answer = doors.get(path);

        assertEquals(426, answer.status());
        assertEquals("upgrade_required", answer.errorCode());
      }
    }
  }

  @Test
  void aHandshakeThatIsNoneIsRefused() {
    try (TestDoors doors = doors().open()) {
      Answer answer =
          doors.get("/v1/realtime?model=m", "connection", "upgrade", "upgrade", "websocket");

      assertEquals(400, answer.status());
    }
  }

  @Test
  void aQueryThatCannotBeDecodedIsRefused() {
    try (TestDoors doors = doors().open()) {
      Answer answer =
          doors.get("/v1/realtime?model=%zz", "connection", "upgrade", "upgrade", "websocket");

      assertEquals(400, answer.status());
      assertEquals("bad_request", answer.errorCode());
    }
  }

  // ---- refused on the open socket

  @ParameterizedTest
  @ValueSource(strings = {"https://evil.example", "null", "http://localhost:1"})
  void aForeignOriginIsToldOnTheOpenSocket(String origin) throws Exception {
    try (TestDoors doors = doors().open()) {
      for (String path : BOTH) {
        Heard heard = doors.connect(path + "?model=m", "origin", origin);

        assertEquals("foreign_origin", heard.error().getString("code"));
        assertEquals(4501, heard.closeCode());
      }
      assertTrue(doors.opened.isEmpty());
      assertTrue(
          doors.metrics.scrape().contains("voicebridge_sessions_refused_total{code=\"4501\"} 2.0"));
    }
  }

  @Test
  void theOwnOriginAndAllowedOnesComeIn() throws Exception {
    try (TestDoors doors =
        doors().with("VOICEBRIDGE_ALLOWED_ORIGINS", "https://app.example").open()) {
      assertEquals(
          "hello", doors.connect("/v1/realtime?model=m", "origin", "https://app.example").text());
      assertEquals(
          "hello",
          doors.connect("/v1/realtime?model=m", "origin", "http://127.0.0.1:" + doors.port).text());
    }
  }

  // ---- tickets

  @Test
  void aTicketOpensOneSession() throws Exception {
    try (TestDoors doors = locked().open()) {
      for (String path : BOTH) {
        String ticket = ticket(doors);

        Heard first = doors.connect(path + "?model=m&ticket=" + ticket);
        assertEquals("hello", first.text());
        Heard second = doors.connect(path + "?model=m&ticket=" + ticket);
        assertEquals("bad_credential", second.error().getString("code"));
        assertEquals(4500, second.closeCode());
        TestDoors.within(first.socket.close());
      }
      Caller caller = doors.opened.get(0).caller();
      assertNotNull(caller);
      assertEquals("alice", caller.name());
    }
  }

  @Test
  void aTicketMayComeAsSubprotocolAndOnlyOursIsSelected() throws Exception {
    try (TestDoors doors = locked().open()) {
      Heard heard =
          doors.connect(
              "/v1/realtime?model=m", List.of("voicebridge.v1", "ticket." + ticket(doors)));

      assertEquals("hello", heard.text());
      assertEquals("voicebridge.v1", heard.socket.subProtocol());
    }
  }

  @Test
  void aTicketLivesAMinute() throws Exception {
    try (TestDoors doors = locked().open()) {
      Answer answer =
          doors.post("/v1/realtime/tickets", null, "authorization", "Bearer secret-of-alice-1");
      long lifetime = answer.json().getLong("expires_at") - Instant.now().getEpochSecond();
      assertTrue(lifetime >= 58 && lifetime <= 60, "lives " + lifetime + " s");
      assertTrue(answer.json().getString("ticket").matches("[A-Za-z0-9_-]{43}"));
      assertEquals("no-store", answer.headers().get("cache-control"));
      String early = ticket(doors);

      doors.clock.addAndGet(TimeUnit.SECONDS.toNanos(59));
      assertEquals("hello", doors.connect("/v1/realtime?model=m&ticket=" + early).text());
      doors.clock.addAndGet(TimeUnit.SECONDS.toNanos(2));

      String late = answer.json().getString("ticket");
      Heard heard = doors.connect("/v1/realtime?model=m&ticket=" + late);
      assertEquals("bad_credential", heard.error().getString("code"));
      assertEquals(4500, heard.closeCode());
    }
  }

  @Test
  void aTicketDiesWithItsKey() throws Exception {
    try (TestDoors doors = locked().open()) {
      String ticket = ticket(doors);

      Files.writeString(folder.resolve("keys.json"), KEYS_JSON.replace("\"alice\"", "\"eve\""));
      doors.rereadKeys();

      assertEquals(4500, doors.connect("/v1/realtime?model=m&ticket=" + ticket).closeCode());
    }
  }

  @Test
  void aBadKeyIsNotMadeGoodByATicket() throws Exception {
    try (TestDoors doors = locked().open()) {
      String ticket = ticket(doors);

      assertThrows(
          UpgradeRejectedException.class,
          () ->
              doors.connect(
                  "/v1/realtime?model=m&ticket=" + ticket, "authorization", "Bearer wrong"));
    }
  }

  @Test
  void ticketsAreIssuedWithoutKeysToo() throws Exception {
    try (TestDoors doors = doors().open()) {
      String ticket = doors.post("/v1/realtime/tickets", null).json().getString("ticket");

      assertEquals("hello", doors.connect("/v1/realtime?model=m&ticket=" + ticket).text());
      assertEquals(4500, doors.connect("/v1/realtime?model=m&ticket=" + ticket).closeCode());
    }
  }

  // ---- seats

  @Test
  void aKeyHoldsNoMoreSessionsThanItMay() throws Exception {
    try (TestDoors doors = locked().open()) {
      Heard first =
          doors.connect("/v1/realtime?model=m", "authorization", "Bearer secret-of-alice-1");
      first.text();
      Heard unknown = doors.connect("/v1/realtime?model=m");
      unknown.text();
      unknown.socket.writeTextMessage("ticket " + ticket(doors));
      assertEquals("alice", unknown.text());

      Heard third =
          doors.connect("/v1/realtime?model=m", "authorization", "Bearer secret-of-alice-1");
      JsonObject error = third.error();
      assertEquals("too_many", error.getString("code"));
      assertTrue(error.getInteger("retry_after") > 0);
      assertEquals(4029, third.closeCode());

      Heard late = doors.connect("/v1/realtime?model=m");
      late.text();
      late.socket.writeTextMessage("ticket " + ticket(doors));
      assertEquals(4029, late.closeCode());
    }
  }

  @Test
  void aSeatIsFreeAgainWhenTheSessionIsClosed() throws Exception {
    try (TestDoors doors = doors().with("VOICEBRIDGE_MAX_SESSIONS", "1").open()) {
      for (int i = 0; i < 3; i++) {
        Heard heard = doors.connect("/v1/realtime?model=m");
        assertEquals("hello", heard.text());
        Heard refused = doors.connect("/v1/realtime?model=m");
        assertEquals("too_many", refused.error().getString("code"));
        assertEquals(4029, refused.closeCode());

        TestDoors.within(heard.socket.close());
        TestDoors.within(doors.freed());
      }
      assertTrue(doors.metrics.scrape().contains("voicebridge_sessions_opened_total 3.0"));
    }
  }

  // ---- tasks

  private static final String TASKS = "/api-ws/v1/inference";

  private static void sayNonsense(Heard heard) {
    heard.socket.writeTextMessage("{\"header\":{\"action\":\"sing\",\"task_id\":\"t1\"}}");
  }

  private static void eventually(BooleanSupplier condition) {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < until, "never came true");
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static JsonObject failed(Heard heard) throws InterruptedException {
    JsonObject header = new JsonObject(heard.text()).getJsonObject("header");
    assertEquals("task-failed", header.getString("event"));
    return header;
  }

  @Test
  void theDoorForTasksIsOneWithAndWithoutASlash() throws Exception {
    try (TestDoors doors = doors().open()) {
      for (String path : List.of(TASKS, TASKS + "/")) {
        Heard heard = doors.connect(path, "authorization", "bearer anything");
        sayNonsense(heard);

        assertEquals("InvalidParameter", failed(heard).getString("error_code"));
        assertEquals(1007, heard.closeCode());
      }
      eventually(
          () ->
              doors
                  .metrics
                  .scrape()
                  .contains("voicebridge_sessions_closed_total{code=\"4502\"} 2"));
      assertTrue(doors.metrics.scrape().contains("voicebridge_sessions_opened_total 2.0"));
      assertEquals(426, doors.get(TASKS).status());
    }
  }

  @Test
  void theDoorForTasksRefusesABadKeyInTheVendorsWords() throws Exception {
    try (TestDoors doors = locked().open()) {
      for (String[] headers :
          List.of(new String[] {"authorization", "Bearer wrong"}, new String[0])) {
        UpgradeRejectedException refused =
            assertThrows(UpgradeRejectedException.class, () -> doors.connect(TASKS + "/", headers));
        assertEquals(401, refused.getStatus());
        assertEquals("InvalidApiKey", refused.getBody().toJsonObject().getString("code"));
      }
      UpgradeRejectedException ticketless =
          assertThrows(
              UpgradeRejectedException.class, () -> doors.connect(TASKS + "?ticket=nonsense"));
      assertEquals(401, ticketless.getStatus());

      Heard in = doors.connect(TASKS + "?ticket=" + ticket(doors));
      sayNonsense(in);
      failed(in);
    }
  }

  @Test
  void anOriginOfItsOwnMakingHarmsNoClientThatShowsAKey() throws Exception {
    try (TestDoors open = doors().open();
        TestDoors locked = locked().open()) {
      UpgradeRejectedException page =
          assertThrows(
              UpgradeRejectedException.class,
              () -> open.connect(TASKS, "origin", "http://evil.example"));
      assertEquals(403, page.getStatus());

      Heard client =
          locked.connect(
              TASKS,
              "authorization",
              "Bearer secret-of-alice-1",
              "origin",
              "https://tts.example.com");
      sayNonsense(client);
      failed(client);
    }
  }

  @Test
  void withoutASeatTheFirstTaskFailsAsThrottled() throws Exception {
    try (TestDoors doors = doors().with("VOICEBRIDGE_MAX_SESSIONS", "1").open()) {
      doors.connect("/v1/realtime?model=m").text();
      Heard refused = doors.connect(TASKS);
      refused.socket.writeTextMessage(
          "{\"header\":{\"action\":\"run-task\",\"task_id\":\"t1\"},\"payload\":{}}");

      JsonObject header = failed(refused);

      assertEquals("t1", header.getString("task_id"));
      assertEquals("Throttling.RateQuota", header.getString("error_code"));
      assertEquals(1007, refused.closeCode());
      assertTrue(
          doors.metrics.scrape().contains("voicebridge_sessions_refused_total{code=\"4029\"} 1"));
    }
  }

  @Test
  void aRestartSendsTheTasksElsewhereToo() throws Exception {
    try (TestDoors doors = doors().open()) {
      Heard heard = doors.connect(TASKS);
      eventually(() -> doors.metrics.scrape().contains("voicebridge_sessions_open 1"));

      TestDoors.within(doors.stop());

      assertEquals(1012, heard.closeCode());
    }
  }

  // ---- the end

  @Test
  void aRestartSendsEverybodyElsewhere() throws Exception {
    try (TestDoors doors = doors().open()) {
      Heard one = doors.connect("/v1/realtime?model=m");
      Heard two = doors.connect("/api-ws/v1/realtime?model=m");
      one.text();
      two.text();

      TestDoors.within(doors.stop());

      assertEquals(1012, one.closeCode());
      assertEquals(1012, two.closeCode());
    }
  }

  @Test
  void aRestartDoesNotWaitForAClientThatNeverCloses() throws Exception {
    try (TestDoors doors = doors().open();
        Socket deaf = new Socket(InetAddress.getLoopbackAddress(), doors.port);
        Socket idle = new Socket(InetAddress.getLoopbackAddress(), doors.port)) {
      idle.setSoTimeout(10_000);
      deaf.getOutputStream()
          .write(
              """
              GET /v1/realtime?model=m HTTP/1.1\r
              Host: localhost\r
              Connection: Upgrade\r
              Upgrade: websocket\r
              Sec-WebSocket-Version: 13\r
              Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
              \r
              """
                  .getBytes(StandardCharsets.US_ASCII));
      assertEquals('H', deaf.getInputStream().read());

      TestDoors.within(doors.stop());

      assertEquals(-1, idle.getInputStream().read());
    }
  }
}
