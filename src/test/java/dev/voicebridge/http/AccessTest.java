package dev.voicebridge.http;

import static dev.voicebridge.http.TestDoors.doors;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.http.TestDoors.Answer;
import io.vertx.core.http.HttpMethod;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTest {
  private static final String KEYS = "alice=secret-of-alice-1,bob=secret-of-bob-22";

  // ---- without keys

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.0.0.1:9",
        "127.9.8.7:80",
        "localhost:8080",
        "LOCALHOST",
        "[::1]:8080"
      })
  void withoutKeysEveryNameOfThisMachineIsServed(String host) {
    try (TestDoors doors = doors().open()) {
      assertEquals(200, doors.get("/v1/models", "host", host).status());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:8080",
        "127.0.0.1.evil.example",
        "127.evil",
        "localhost.evil",
        "10.0.0.1",
        "[::2]",
        "0.0.0.0"
      })
  void withoutKeysAForeignHostIsRefusedEverywhere(String host) {
    try (TestDoors doors = doors().open()) {
      for (String path : List.of("/", "/v1/models", "/health/live", "/metrics", "/v1/realtime")) {
        Answer answer = doors.get(path, "host", host);

        assertEquals(403, answer.status(), path);
        assertEquals("foreign_host", answer.errorCode());
      }
    }
  }

  @Test
  void withoutKeysAnyKeyOrNoneWillDo() {
    try (TestDoors doors = doors().open()) {
      assertEquals(200, doors.get("/v1/models").status());
      assertEquals(200, doors.get("/v1/models", "authorization", "Bearer ").status());
      assertEquals(200, doors.get("/v1/models", "authorization", "Bearer undefined").status());
      assertEquals(200, doors.get("/v1/models", "authorization", "nonsense").status());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://evil.example", "null", "http://localhost:1", "https://localhost"})
  void aForeignOriginIsRefusedOnEveryMethod(String origin) {
    try (TestDoors doors = doors().open()) {
      for (HttpMethod method :
          List.of(
              HttpMethod.GET,
              HttpMethod.HEAD,
              HttpMethod.POST,
              HttpMethod.OPTIONS,
              HttpMethod.PUT)) {
        for (String path : List.of("/v1/models", "/v1/realtime/tickets", "/probe.html")) {
          Answer answer = doors.send(method, doors.port, path, null, "origin", origin);

          assertEquals(403, answer.status(), method + " " + path);
          assertFalse(answer.headers().contains("access-control-allow-origin"));
        }
      }
    }
  }

  @Test
  void theOwnOriginMayCall() {
    try (TestDoors doors = doors().open()) {
      String host = "localhost:" + doors.port;

      Answer answer =
          doors.post("/v1/realtime/tickets", null, "host", host, "origin", "http://" + host);

      assertEquals(200, answer.status());
    }
  }

  @Test
  void aForeignPageThatSendsNoOriginCannotCallButMayLinkToThePage() {
    try (TestDoors doors = doors().open()) {
      for (String site : List.of("cross-site", "same-site")) {
        assertEquals("foreign_origin", doors.get("/v1/models", "sec-fetch-site", site).errorCode());
        assertEquals(200, doors.get("/probe.html", "sec-fetch-site", site).status());
      }
      assertEquals(200, doors.get("/v1/models", "sec-fetch-site", "same-origin").status());
      assertEquals(200, doors.get("/v1/models", "sec-fetch-site", "none").status());
    }
  }

  @Test
  void withoutKeysBodiesMustNeedAPreflight() {
    try (TestDoors doors = doors().open()) {
      String path = "/v1/realtime/tickets";

      assertEquals(415, doors.post(path, "{}").status());
      assertEquals(415, doors.post(path, "{}", "content-type", "text/plain").status());
      assertEquals(
          415,
          doors.post(path, "a=b", "content-type", "application/x-www-form-urlencoded").status());
      assertEquals(
          "unsupported_media_type",
          doors.post(path, "{}", "content-type", "text/plain;a=application/json").errorCode());
      assertEquals(
          200, doors.post(path, "{}", "content-type", "Application/JSON; charset=utf-8").status());
      assertEquals(200, doors.post(path, null).status());
    }
  }

  // ---- with keys

  @Test
  void withKeysOneOfThemMustBeShown() {
    try (TestDoors doors = doors().with("VOICEBRIDGE_API_KEYS", KEYS).open()) {
      for (String path : List.of("/v1/models", "/v1/models/m1")) {
        Answer answer = doors.get(path);
        assertEquals(401, answer.status());
        assertEquals("invalid_api_key", answer.errorCode());
        assertEquals("Bearer", answer.headers().get("www-authenticate"));
        assertEquals(401, doors.get(path, "authorization", "Bearer wrong").status());
        assertEquals(401, doors.get(path, "authorization", "Basic secret-of-alice-1").status());
        assertEquals(401, doors.get(path, "authorization", "secret-of-alice-1").status());
      }
      assertEquals(
          200, doors.get("/v1/models", "authorization", "Bearer secret-of-alice-1").status());
      assertEquals(
          200, doors.get("/v1/models", "authorization", "bEARER  secret-of-alice-1").status());
      assertEquals(401, doors.post("/v1/realtime/tickets", null).status());
    }
  }

  @Test
  void withKeysAnyHostIsServed() {
    try (TestDoors doors = doors().with("VOICEBRIDGE_API_KEYS", KEYS).open()) {
      assertEquals(
          200,
          doors
              .get("/v1/models", "authorization", "Bearer secret-of-alice-1", "host", "tts.example")
              .status());
    }
  }

  @Test
  void withKeysAForeignOriginIsRefusedAllTheSame() {
    try (TestDoors doors = doors().with("VOICEBRIDGE_API_KEYS", KEYS).open()) {
      Answer answer =
          doors.get(
              "/v1/models",
              "authorization",
              "Bearer secret-of-alice-1",
              "origin",
              "https://evil.example");

      assertEquals("foreign_origin", answer.errorCode());
    }
  }

  @Test
  void aKeyThatIsTakenAwayIsRefusedWithoutARestart(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("keys.json");
    Files.writeString(
        file,
        """
        {"keys":[{"name":"alice","key":"secret-of-alice-1"},{"name":"bob","key":"secret-of-bob-22"}]}
        """);
    try (TestDoors doors = doors().with("VOICEBRIDGE_API_KEYS", "@" + file).open()) {
      assertEquals(
          200, doors.get("/v1/models", "authorization", "Bearer secret-of-bob-22").status());

      Files.writeString(
          file,
          """
          {"keys":[{"name":"alice","key":"secret-of-alice-1"},{"name":"eve","key":"secret-of-eve-333"}]}
          """);
      doors.rereadKeys();

      assertEquals(
          401, doors.get("/v1/models", "authorization", "Bearer secret-of-bob-22").status());
      assertEquals(
          200, doors.get("/v1/models", "authorization", "Bearer secret-of-eve-333").status());

      Files.writeString(file, "{broken");
      doors.rereadKeys();

      assertEquals(
          200, doors.get("/v1/models", "authorization", "Bearer secret-of-eve-333").status());
    }
  }

  @Test
  void theListsOfSystemVoicesAndModelsNeedNoKey() {
    try (TestDoors doors = doors().with("VOICEBRIDGE_API_KEYS", KEYS).open()) {
      assertEquals(200, doors.get("/v1/audio/voices").status());
      assertEquals(200, doors.get("/v1/audio/models").status());
    }
  }

  @Test
  void theListsAskForAKeyIfTheOperatorWantsItSo() {
    try (TestDoors doors =
        doors()
            .with("VOICEBRIDGE_API_KEYS", KEYS)
            .with("VOICEBRIDGE_PUBLIC_LISTS", "false")
            .open()) {
      for (String path : List.of("/v1/audio/voices", "/v1/audio/models")) {
        assertEquals(401, doors.get(path).status());
        assertEquals(200, doors.get(path, "authorization", "Bearer secret-of-alice-1").status());
      }
    }
  }

  // ---- CORS

  @Test
  void anAllowedOriginGetsItsPreflightAndItsHeaders() {
    try (TestDoors doors =
        doors()
            .with("VOICEBRIDGE_API_KEYS", KEYS)
            .with("VOICEBRIDGE_ALLOWED_ORIGINS", "https://app.example,https://b.example")
            .open()) {
      Answer preflight =
          doors.send(
              HttpMethod.OPTIONS,
              doors.port,
              "/v1/models",
              null,
              "origin",
              "https://app.example",
              "access-control-request-method",
              "GET",
              "access-control-request-headers",
              "authorization, x-stainless-os,X-Provider-Key, content-type, x-evil");

      assertEquals(204, preflight.status());
      assertEquals("https://app.example", preflight.headers().get("access-control-allow-origin"));
      assertEquals(
          "authorization, x-stainless-os, x-provider-key, content-type",
          preflight.headers().get("access-control-allow-headers"));
      assertEquals("Origin", preflight.headers().get("vary"));

      Answer answer =
          doors.get(
              "/v1/models",
              "authorization",
              "Bearer secret-of-alice-1",
              "origin",
              "https://app.example",
              "sec-fetch-site",
              "cross-site");
      assertEquals(200, answer.status());
      assertEquals("https://app.example", answer.headers().get("access-control-allow-origin"));
      assertTrue(answer.headers().get("access-control-expose-headers").contains("x-request-id"));
      assertFalse(answer.headers().contains("access-control-allow-credentials"));
    }
  }

  @Test
  void anAllowedOriginCanReadItsRefusal() {
    try (TestDoors doors =
        doors()
            .with("VOICEBRIDGE_API_KEYS", KEYS)
            .with("VOICEBRIDGE_ALLOWED_ORIGINS", "https://app.example")
            .open()) {
      Answer answer = doors.get("/v1/models", "origin", "https://app.example");

      assertEquals(401, answer.status());
      assertEquals("https://app.example", answer.headers().get("access-control-allow-origin"));
    }
  }

  // ---- proxies

  @Test
  void aTrustedProxySaysUnderWhichOriginThePageWasServed() {
    try (TestDoors doors =
        doors()
            .with("VOICEBRIDGE_API_KEYS", KEYS)
            .with("VOICEBRIDGE_TRUSTED_PROXIES", "127.0.0.0/8")
            .open()) {
      String[] forwarded = {
        "authorization", "Bearer secret-of-alice-1",
        "origin", "https://tts.example",
        "x-forwarded-for", "203.0.113.9",
        "x-forwarded-proto", "https",
        "x-forwarded-host", "tts.example"
      };
      String[] rfc7239 = {
        "authorization", "Bearer secret-of-alice-1",
        "origin", "https://tts.example",
        "forwarded", "for=evil, For=\"[2001:db8::1]:4711\";proto=HTTPS;host=tts.example"
      };

      assertEquals(200, doors.get("/v1/models", forwarded).status());
      assertEquals(200, doors.get("/v1/models", rfc7239).status());
    }
  }

  @Test
  void aStrangerSaysNothingThatCounts() {
    try (TestDoors doors =
        doors()
            .with("VOICEBRIDGE_API_KEYS", KEYS)
            .with("VOICEBRIDGE_TRUSTED_PROXIES", "10.0.0.0/8")
            .open()) {
      Answer answer =
          doors.get(
              "/v1/models",
              "authorization",
              "Bearer secret-of-alice-1",
              "origin",
              "https://tts.example",
              "x-forwarded-proto",
              "https",
              "x-forwarded-host",
              "tts.example");

      assertEquals("foreign_origin", answer.errorCode());
    }
  }

  @Test
  void withoutKeysACallThatWasForwardedFromElsewhereIsRefused() {
    try (TestDoors doors = doors().with("VOICEBRIDGE_TRUSTED_PROXIES", "127.0.0.1").open()) {
      assertEquals(
          "loopback_only", doors.get("/v1/models", "x-forwarded-for", "203.0.113.9").errorCode());
      assertEquals(
          "loopback_only", doors.get("/v1/models", "forwarded", "for=unknown").errorCode());
      assertEquals(
          "foreign_host",
          doors
              .get("/v1/models", "x-forwarded-for", "127.0.0.1", "x-forwarded-host", "tts.example")
              .errorCode());
      assertEquals(200, doors.get("/v1/models", "x-forwarded-for", "127.0.0.1").status());
    }
  }

  // ---- metrics

  @Test
  void metricsAnswerThisMachineOnly() {
    try (TestDoors doors =
        doors()
            .with("VOICEBRIDGE_API_KEYS", KEYS)
            .with("VOICEBRIDGE_TRUSTED_PROXIES", "127.0.0.1")
            .open()) {
      Answer here = doors.get("/metrics");
      assertEquals(200, here.status());
      assertTrue(here.body().toString().contains("voicebridge_sessions_open "));

      assertEquals(
          "loopback_only", doors.get("/metrics", "x-forwarded-for", "203.0.113.9").errorCode());
    }
  }

  @Test
  void metricsDoNotAnswerThroughAProxyThatNobodyTrusts() {
    try (TestDoors doors = doors().with("VOICEBRIDGE_API_KEYS", KEYS).open()) {
      assertEquals(
          "loopback_only", doors.get("/metrics", "x-forwarded-for", "127.0.0.1").errorCode());
    }
  }

  @Test
  void anAdminPortTakesTheMetricsAway() {
    try (TestDoors doors = doors().with("VOICEBRIDGE_ADMIN_PORT", "0").open()) {
      int adminPort = doors.adminPort == null ? 0 : doors.adminPort;
      assertNotEquals(doors.port, adminPort);

      assertEquals(404, doors.get("/metrics").status());
      assertEquals(200, doors.send(HttpMethod.GET, adminPort, "/metrics", null).status());
      assertEquals(404, doors.send(HttpMethod.GET, adminPort, "/v1/models", null).status());
    }
  }
}
