package dev.voicebridge.upstream.qwen;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.upstream.ServiceSocket;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the scan takes, the full parser reads the same way. */
class AudioDeltaTest {
  private static final int ROUNDS = 200_000;

  @Test
  void agreesWithTheFullParserOnWhateverComes() {
    Random random = new Random(20261121);
    int taken = 0;
    for (int i = 0; i < ROUNDS; i++) {
      byte[] json = event(random).getBytes(StandardCharsets.UTF_8);
      if (random.nextInt(3) == 0) {
        mutate(json, random);
      }
      byte[] audio = AudioDelta.scan(json);
      if (audio != null) {
        taken++;
        String shown = new String(json, StandardCharsets.UTF_8);
        JsonObject parsed = ServiceSocket.parse(json);
        assertNotNull(parsed, shown);
        assertEquals("response.audio.delta", parsed.getValue("type"), shown);
        assertArrayEquals(AudioDelta.parse(parsed).getBytes(), audio, shown);
      }
    }
    assertTrue(taken > ROUNDS / 20, "the scan took " + taken);
  }

  private static String event(Random random) {
    List<String> fields = new ArrayList<>();
    int bytes = random.nextInt(60);
    byte[] audio = new byte[bytes];
    random.nextBytes(audio);
    String base64 = Base64.getEncoder().encodeToString(audio);
    if (random.nextInt(30) == 0) {
      base64 = base64.replace("/", "\\/");
    }
    if (random.nextInt(12) != 0) {
      fields.add("\"type\":\"" + pick(random, 12, "response.audio.delta", "response.done") + "\"");
    }
    if (random.nextInt(12) != 0) {
      fields.add("\"delta\":\"" + base64 + "\"");
    }
    for (int i = random.nextInt(5); i > 0; i--) {
      fields.add(
          "\""
              + pick(random, 4, "response_id", "type", "delta", "x", "de\\u006cta", "", "ty pe")
              + "\":"
              + pick(
                  random,
                  1,
                  "\"resp_1\"",
                  "0",
                  "17",
                  "007",
                  "-1",
                  "1.5",
                  "null",
                  "true",
                  "{}",
                  "{\"type\":\"response.done\",\"delta\":\"AAAA\"}",
                  "[1,\"delta\"]",
                  "\"a\\\"b\"",
                  "\"日本\"",
                  "\"response.audio.delta\"",
                  "\"AAAA\"",
                  "\"" + "9".repeat(30) + "\"",
                  "9".repeat(1_200)));
    }
    Collections.shuffle(fields, random);
    StringBuilder json = new StringBuilder(blank(random)).append('{');
    for (int i = 0; i < fields.size(); i++) {
      String field = fields.get(i);
      int colon = field.indexOf("\":") + 1;
      json.append(i == 0 ? "" : ",")
          .append(blank(random))
          .append(field, 0, colon)
          .append(blank(random))
          .append(':')
          .append(blank(random))
          .append(field, colon + 1, field.length())
          .append(blank(random));
    }
    json.append(random.nextInt(40) == 0 ? "," : "").append('}').append(blank(random));
    return json.append(random.nextInt(60) == 0 ? "x" : "").toString();
  }

  private static String pick(Random random, int firstWeight, String... choices) {
    int at = random.nextInt(choices.length + firstWeight - 1) - (firstWeight - 1);
    return choices[Math.max(0, at)];
  }

  private static String blank(Random random) {
    return random.nextInt(8) == 0 ? List.of(" ", "\n", "\t ", "\r\n").get(random.nextInt(4)) : "";
  }

  private static void mutate(byte[] json, Random random) {
    for (int i = random.nextInt(3); i >= 0; i--) {
      json[random.nextInt(json.length)] =
          random.nextBoolean()
              ? (byte) random.nextInt(256)
              : (byte) "{}[]\",:\\ 0a=/".charAt(random.nextInt(13));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"event_id\":\"e\",\"type\":\"response.audio.delta\",\"response_id\":\"r\",\"item_id\":\"i\",\"output_index\":0,\"content_index\":0,\"delta\":\"AQID\"}",
        "{\"type\":\"response.audio.delta\",\"delta\":\"AQID\",\"event_id\":\"e\",\"response_id\":\"r\"}",
        "{ \"delta\" : \"AQID\",\n \"type\" : \"response.audio.delta\" }"
      })
  void theCommonShapesTakeTheFastPath(String json) {
    assertArrayEquals(new byte[] {1, 2, 3}, AudioDelta.scan(json.getBytes(StandardCharsets.UTF_8)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{}",
        "[]",
        "{\"type\":\"response.audio.delta\"}",
        "{\"type\":\"response.audio.delta\",\"delta\":\"A\"}",
        "{\"type\":\"response.audio.delta\",\"delta\":\"AAAA\",\"type\":5}",
        "{\"type\":\"response.audio.delta\",\"delta\":\"AAAA\",\"delta\":5}",
        "{\"type\":\"response.audio.delta\",\"delta\":\"AAAA\",\"delta\":\"BBBB\"}",
        "{\"type\":\"response.audio.delta\",\"delta\":\"AAAA\"} x",
        "{\"type\":\"response.audio.delta\",\"delta\":\"AAAA\",}",
        "{\"type\":\"response.audio.delta\",\"x\":01,\"delta\":\"AAAA\"}",
        "{\"type\":\"response.done\",\"delta\":\"AAAA\"}"
      })
  void leavesTheRestToTheFullParser(String json) {
    assertNull(AudioDelta.scan(json.getBytes(StandardCharsets.UTF_8)));
  }
}
