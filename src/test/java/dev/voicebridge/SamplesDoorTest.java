package dev.voicebridge;

import static dev.voicebridge.VoicesDoor.json;
import static dev.voicebridge.VoicesDoor.text;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.emulator.wire.Fault;
import dev.voicebridge.enrolment.Provider;
import dev.voicebridge.library.GuestVendors;
import dev.voicebridge.sample.TestSamples;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Samples on their way through {@code /v1/voices} of a whole server, to vendors that can be seen.
 */
@Timeout(120)
@NullUnmarked
final class SamplesDoorTest {
  private static final int DEPLOY_MS = 4000;
  private static final int RATE_HZ = 24_000;
  private static final int HEADER = 44;
  private static final Pattern EVENT = Pattern.compile("event: (\\w+)\ndata: (\\{[^\n]*})\n\n");

  private static GuestVendors vendors;
  private static Vertx vertx;
  private static HttpServer host;
  private static FreshServer server;
  private static VoicesDoor door;

  @BeforeAll
  static void start() throws Exception {
    vendors = new GuestVendors(DEPLOY_MS);
    vertx = Vertx.vertx();
    Buffer sample = Buffer.buffer(TestSamples.speech(0));
    host =
        vertx
            .createHttpServer()
            .requestHandler(
                request -> {
                  String there = request.getParam("to");
                  if (there == null) {
                    request.response().putHeader("content-type", "audio/wav").end(sample);
                  } else {
                    request.response().setStatusCode(302).putHeader("location", there).end();
                  }
                })
            .listen(0, "127.0.0.1")
            .await(20, SECONDS);
    Map<String, String> settings = new HashMap<>(vendors.settings());
    settings.put("VOICEBRIDGE_SAMPLE_HOSTS", "127.0.0.1:" + host.actualPort());
    server = FreshServer.with(settings).start();
    door = new VoicesDoor(server);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
    vertx.close().await(20, SECONDS);
    vendors.close();
  }

  @AfterEach
  void noFaultIsLeft() {
    vendors.faults.clear();
  }

  private static String id(Provider provider) {
    return provider.name().toLowerCase(Locale.ROOT);
  }

  private static Map<String, String> cloning(Provider provider) {
    Map<String, String> fields = new HashMap<>();
    fields.put("provider", id(provider));
    fields.put("name", "Anna");
    fields.put("consent", "true");
    fields.put("transcript", "Some words.");
    return fields;
  }

  private static JsonObject made(HttpResponse<byte[]> answer) {
    assertEquals(201, answer.statusCode(), text(answer));
    return json(answer);
  }

  private static JsonObject clone(Provider provider, byte[] sample) throws Exception {
    return made(door.send(door.form("/v1/voices", cloning(provider), sample)));
  }

  private static JsonObject voice(String id) throws Exception {
    return json(door.get("/v1/voices/" + id + "?wait_seconds=60"));
  }

  private static void delete(String id) throws Exception {
    HttpResponse<byte[]> deleted = door.send(door.to("/v1/voices/" + id).DELETE());
    assertEquals(204, deleted.statusCode(), text(deleted));
  }

  private static JsonObject error(HttpResponse<byte[]> answer) {
    return Objects.requireNonNull(json(answer).getJsonObject("error"), text(answer));
  }

  private static double metric(String line) throws Exception {
    String all = new String(door.get("/metrics").body(), StandardCharsets.UTF_8);
    return all.lines()
        .filter(each -> each.startsWith(line + " "))
        .mapToDouble(each -> Double.parseDouble(each.substring(line.length() + 1)))
        .sum();
  }

  /** The same speech with a pause of 4 s, in a file whose header doesn't say how long it is. */
  private static byte[] flawed(byte[] wav) {
    int pause = 2 * RATE_HZ * 4;
    int middle = HEADER + (wav.length - HEADER) / 4 * 2;
    byte[] flawed = new byte[wav.length + pause];
    System.arraycopy(wav, 0, flawed, 0, middle);
    System.arraycopy(wav, middle, flawed, middle + pause, wav.length - middle);
    ByteBuffer sizes = ByteBuffer.wrap(flawed).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals(RATE_HZ, sizes.getInt(24));
    sizes.putInt(4, -1).putInt(40, -1);
    return flawed;
  }

  private static List<String> codes(JsonArray all, String field) {
    List<String> codes = new ArrayList<>();
    all.forEach(each -> codes.add(((JsonObject) each).getString(field)));
    return codes;
  }

  // -- another sample -----------------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource
  void anotherSampleKeepsOurIdAndOneVoiceAtTheVendor(Provider provider) throws Exception {
    final int others = vendors.voices(provider).size();
    final String id = clone(provider, TestSamples.speech(1)).getJsonObject("voice").getString("id");
    final JsonObject before = voice(id);

    HttpResponse<byte[]> answer =
        door.send(
            door.form(
                "PUT",
                "/v1/voices/" + id + "/sample",
                Map.of("consent", "true", "transcript", "Other words."),
                TestSamples.speech(2)));

    assertEquals(200, answer.statusCode(), text(answer));
    assertEquals(id, json(answer).getJsonObject("voice").getString("id"));
    JsonObject after = voice(id);
    assertEquals("ok", after.getString("status"), after.encode());
    assertEquals("Anna", after.getString("name"));
    assertTrue(after.getBoolean("usable"));
    assertNotEquals(
        before.getJsonObject("sample").getString("sha256"),
        after.getJsonObject("sample").getString("sha256"));
    String old = before.getString("provider_voice_id");
    String now = after.getString("provider_voice_id");
    boolean updates = provider == Provider.COSYVOICE;
    assertEquals(updates, old.equals(now), "the vendor's own update where there is one");
    List<String> there = vendors.voices(provider);
    assertEquals(others + 1, there.size());
    assertTrue(there.contains(now));
    assertEquals(updates, there.contains(old));
    delete(id);
    assertEquals(others, vendors.voices(provider).size());
  }

  @Test
  void anotherSampleNeedsConsentToo() throws Exception {
    String id = clone(Provider.QWEN, TestSamples.speech(3)).getJsonObject("voice").getString("id");

    HttpResponse<byte[]> refused =
        door.send(
            door.form("PUT", "/v1/voices/" + id + "/sample", Map.of(), TestSamples.speech(4)));

    assertEquals(400, refused.statusCode(), text(refused));
    assertEquals("consent_required", error(refused).getString("code"));
    delete(id);
  }

  // -- samples at a URL ---------------------------------------------------------------------------

  private static JsonObject cloningFrom(Provider provider, String url) {
    JsonObject order = new JsonObject();
    cloning(provider).forEach(order::put);
    return order
        .put("consent", true)
        .put("again", true)
        .put("sample", new JsonObject().put("url", url));
  }

  @ParameterizedTest
  @EnumSource
  void aSampleOfAnAllowedHostIsTaken(Provider provider) throws Exception {
    String url = "http://127.0.0.1:" + host.actualPort() + "/sample.wav";

    JsonObject made = made(door.send("POST", "/v1/voices", cloningFrom(provider, url)));

    assertEquals(provider == Provider.COSYVOICE ? "url" : "inline", made.getString("sample_route"));
    String id = made.getJsonObject("voice").getString("id");
    assertEquals("ok", voice(id).getString("status"));
    delete(id);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "localhost",
        "[::1]",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.1.1",
        "100.100.100.200",
        "169.254.169.254",
        "[fe80::1]",
        "[::ffff:169.254.169.254]",
        "2130706433",
        "redirect"
      })
  void aSampleUrlThatLeadsInsideIsRefusedAndNothingIsMade(String there) throws Exception {
    List<String> urls = new ArrayList<>();
    String home = "http://127.0.0.1:" + host.actualPort();
    if (there.equals("redirect")) {
      for (String inside :
          List.of("127.0.0.1:9", "10.0.0.1", "169.254.169.254", "100.100.100.200", "[::1]:9")) {
        urls.add(home + "/moved?to=http://" + inside + "/latest/meta-data");
      }
    } else {
      urls.add("http://" + there + "/latest/meta-data");
      urls.add("https://" + there + "/");
    }
    final List<String> before = vendors.voices(Provider.COSYVOICE);
    vendors.faults.add(new Fault.LimitCall("create_voice"));

    for (String url : urls) {
      HttpResponse<byte[]> refused =
          door.send("POST", "/v1/voices", cloningFrom(Provider.COSYVOICE, url));

      assertEquals(400, refused.statusCode(), () -> url + ": " + text(refused));
      assertEquals("url_forbidden_address", error(refused).getString("code"));
      assertTrue(error(refused).getString("hint").contains("VOICEBRIDGE_SAMPLE_HOSTS"));
      assertFalse(text(refused).contains("meta-data"), text(refused));
    }
    assertFalse(vendors.faults.isEmpty(), "the vendor was asked");
    assertEquals(before, vendors.voices(Provider.COSYVOICE));
    assertEquals(0, json(door.get("/v1/voices?state=pending")).getInteger("total"));
  }

  // -- mending ------------------------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource
  void theMendedSampleIsTakenAsItIs(Provider provider) throws Exception {
    byte[] flawed = flawed(TestSamples.speech(5));

    HttpResponse<byte[]> mended =
        door.send(door.form("/v1/voices/samples/check?mended=" + id(provider), Map.of(), flawed));

    assertEquals(200, mended.statusCode(), text(mended));
    assertEquals("audio/wav", mended.headers().firstValue("content-type").orElse(""));
    String steps = mended.headers().firstValue("x-voicebridge-mending").orElse("");
    assertTrue(steps.contains("pauses_shortened"), steps);
    JsonObject made = clone(provider, mended.body());
    assertEquals(List.of(), codes(made.getJsonArray("mending"), "step"));
    String id = made.getJsonObject("voice").getString("id");
    JsonObject verdicts =
        json(door.get("/v1/voices/" + id + "/evidence")).getJsonObject("verdicts");
    assertFalse(verdicts.containsKey("after_mending"), verdicts.encode());
    delete(id);
  }

  @ParameterizedTest
  @EnumSource
  void theEvidenceSaysWhatWasFoundAndWhatWasMendedAndNobodyBlamesThat(Provider provider)
      throws Exception {
    JsonObject made = clone(provider, flawed(TestSamples.speech(6)));

    String id = made.getJsonObject("voice").getString("id");
    JsonObject verdicts =
        json(door.get("/v1/voices/" + id + "/evidence")).getJsonObject("verdicts");
    List<String> found = codes(verdicts.getJsonArray("findings"), "code");
    assertTrue(found.containsAll(List.of("open_header", "long_pause")), found.toString());
    List<String> steps = codes(verdicts.getJsonArray("mending"), "step");
    assertTrue(steps.contains("pauses_shortened"), steps.toString());
    assertEquals(codes(made.getJsonArray("mending"), "step"), steps);
    JsonObject after = verdicts.getJsonObject("after_mending");
    List<String> left = codes(after.getJsonArray("findings"), "code");
    assertFalse(left.contains("open_header") || left.contains("long_pause"), left.toString());

    JsonObject unstable = json(door.get("/v1/voices/" + id + "/diagnosis?why=unstable"));
    assertEquals(List.of("unstable_cause_unknown"), codes(unstable.getJsonArray("data"), "code"));
    String silent = text(door.get("/v1/voices/" + id + "/diagnosis?why=silent"));
    assertFalse(silent.contains("\"sample_") || silent.contains("open_header"), silent);
    delete(id);
  }

  @Test
  void aSampleThatNothingCanMendIsRefusedWithItsReport() throws Exception {
    byte[] silence = TestSamples.speech(7);
    java.util.Arrays.fill(silence, HEADER, silence.length, (byte) 0);

    HttpResponse<byte[]> refused =
        door.send(door.form("/v1/voices/samples/check?mended=qwen", Map.of(), silence));
    HttpResponse<byte[]> wrong =
        door.send(door.form("/v1/voices/samples/check?mended=nobody", Map.of(), silence));

    assertEquals(422, refused.statusCode(), text(refused));
    assertTrue(error(refused).containsKey("report"), text(refused));
    assertEquals(400, wrong.statusCode(), text(wrong));
    assertEquals("mended", error(wrong).getString("param"));
  }

  // -- waiting ------------------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(strings = {"-1", "61", "1.5", "soon", "99999999999", "1&wait_seconds=2"})
  void aWaitOutOfBoundsIsRefused(String seconds) throws Exception {
    HttpResponse<byte[]> refused = door.get("/v1/voices/any?wait_seconds=" + seconds);

    assertEquals(400, refused.statusCode(), text(refused));
    assertEquals("wait_seconds", error(refused).getString("param"));
  }

  @Test
  void aWaitEndsInItsTimeOrWhenTheVoiceIsReady() throws Exception {
    String id =
        clone(Provider.COSYVOICE, TestSamples.speech(8)).getJsonObject("voice").getString("id");

    long began = System.nanoTime();
    JsonObject early = json(door.get("/v1/voices/" + id + "?wait_seconds=1"));
    final long waitedMs = (System.nanoTime() - began) / 1_000_000;
    JsonObject ready = voice(id);
    began = System.nanoTime();
    voice(id);

    assertEquals("deploying", early.getString("status"), "a machine too slow for this test");
    assertTrue(waitedMs >= 950, waitedMs + " ms");
    assertEquals("ok", ready.getString("status"));
    assertTrue(System.nanoTime() - began < SECONDS.toNanos(30), "nothing to wait for");
    delete(id);
  }

  /** Name and status or code of each; the whole body must be events. */
  private static List<String> events(HttpResponse<InputStream> answer) throws Exception {
    assertEquals(200, answer.statusCode());
    assertEquals(
        "text/event-stream; charset=utf-8", answer.headers().firstValue("content-type").orElse(""));
    String said =
        new String(answer.body().readAllBytes(), StandardCharsets.UTF_8).replace(":\n\n", "");
    Matcher event = EVENT.matcher(said);
    List<String> events = new ArrayList<>();
    int end = 0;
    while (event.find()) {
      assertEquals(end, event.start(), said);
      end = event.end();
      JsonObject data = new JsonObject(event.group(2));
      JsonObject error = data.getJsonObject("error");
      events.add(
          event.group(1)
              + " "
              + (error == null ? data.getString("status") : error.getString("code")));
    }
    assertEquals(said.length(), end, said);
    return events;
  }

  /** An answer whose body is still on its way. */
  private static HttpResponse<InputStream> following(String id) throws Exception {
    return door.open("/v1/voices/" + id + "/events");
  }

  @Test
  void theEventsTellEachStateOnceAndEnd() throws Exception {
    String good =
        clone(Provider.COSYVOICE, TestSamples.speech(9)).getJsonObject("voice").getString("id");
    assertEquals(List.of("voice deploying", "voice ok"), events(following(good)));
    assertEquals(List.of("voice ok"), events(following(good)));

    vendors.faults.add(new Fault.UndeployVoice("create_voice"));
    String bad =
        clone(Provider.COSYVOICE, TestSamples.speech(10)).getJsonObject("voice").getString("id");
    assertEquals(List.of("voice deploying", "voice failed"), events(following(bad)));
    delete(good);
    delete(bad);
  }

  @Test
  void theEventsOfAVoiceThatIsDeletedMeanwhileEndWithAnError() throws Exception {
    String id =
        clone(Provider.COSYVOICE, TestSamples.speech(11)).getJsonObject("voice").getString("id");
    HttpResponse<InputStream> following = following(id);
    delete(id);

    assertEquals(List.of("voice deploying", "error voice_not_found"), events(following));
  }

  // -- counting -----------------------------------------------------------------------------------

  @Test
  void voicesAndEnrolmentsAreCounted() throws Exception {
    String enrolments = "voicebridge_enrolments_total{outcome=\"%s\",provider=\"siliconflow\"}";
    double made = metric(enrolments.formatted("made"));
    double existing = metric(enrolments.formatted("existing"));
    double refused = metric(enrolments.formatted("refused"));
    String ready = "voicebridge_voices{provider=\"siliconflow\",state=\"ok\"}";
    final double voices = metric(ready);
    byte[] sample = TestSamples.speech(12);

    String id = clone(Provider.SILICONFLOW, sample).getJsonObject("voice").getString("id");
    door.send(door.form("/v1/voices", cloning(Provider.SILICONFLOW), sample));
    door.send(door.form("/v1/voices", cloning(Provider.SILICONFLOW), new byte[10]));
    vendors.faults.add(new Fault.LimitCall("uploads/audio/voice"));
    door.send(door.form("/v1/voices", cloning(Provider.SILICONFLOW), TestSamples.speech(13)));

    assertEquals(made + 1, metric(enrolments.formatted("made")));
    assertEquals(existing + 1, metric(enrolments.formatted("existing")));
    assertEquals(refused + 2, metric(enrolments.formatted("refused")));
    assertEquals(voices + 1, metric(ready));
    delete(id);
    assertEquals(voices, metric(ready));
  }
}
