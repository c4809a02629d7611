package dev.voicebridge.http;

import static dev.voicebridge.http.TestDoors.within;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.voicebridge.bridge.Session;
import dev.voicebridge.catalogue.Catalogue;
import dev.voicebridge.config.Config;
import dev.voicebridge.enrolment.EnrolmentRefusals;
import dev.voicebridge.enrolment.Provider;
import dev.voicebridge.library.Agreement;
import dev.voicebridge.library.Asker;
import dev.voicebridge.library.CloneOrder;
import dev.voicebridge.library.DesignOrder;
import dev.voicebridge.library.LibraryException;
import dev.voicebridge.library.LibraryRefusals;
import dev.voicebridge.library.Made;
import dev.voicebridge.library.SampleSource;
import dev.voicebridge.library.TestLibrary;
import dev.voicebridge.metrics.Metrics;
import dev.voicebridge.voice.Voice;
import dev.voicebridge.voice.VoicePage;
import dev.voicebridge.voice.VoiceQuery;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The doors over HTTP, with a library that notes what it is asked. */
@Timeout(60)
class CustomizationEndpointTest {
  private static final String KEY = "anna-key-of-some-length";

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = vertx.createHttpClient();
  private final Desk desk = new Desk();

  @AfterEach
  void close() {
    within(vertx.close());
  }

  /** Two voices, and a failure if there is to be one. */
  private static final class Desk implements VoiceDesk {
    final List<Object> asked = new CopyOnWriteArrayList<>();
    volatile @Nullable RuntimeException failure;
    final Voice voice =
        CustomizationAnswersTest.cosyVoice("anna")
            .requestIds(List.of("old", "vendor-request-2"))
            .done();
    final Voice qwen = CustomizationAnswersTest.qwen("vc", "anna").done();

    private <T> Future<T> answer(Object what, T value) {
      asked.add(what);
      RuntimeException cause = failure;
      return cause == null ? Future.succeededFuture(value) : Future.failedFuture(cause);
    }

    private static Made made(Voice voice) {
      return new Made(voice, false, null, List.of(), null, List.of(), new JsonObject(), null);
    }

    @Override
    public Future<VoicePage> list(Asker asker, VoiceQuery query) {
      asked.add(asker);
      return Future.succeededFuture(new VoicePage(List.of(voice, qwen), 2));
    }

    @Override
    public Future<Voice> get(Asker asker, String id, Duration longest) {
      return List.of(voice, qwen).stream()
          .filter(each -> id.equals(each.providerVoiceId()))
          .findFirst()
          .map(found -> answer(asker, found))
          .orElseGet(
              () ->
                  Future.failedFuture(
                      LibraryRefusals.of(LibraryException.Reason.NOT_FOUND, new JsonObject())));
    }

    @Override
    public Future<Made> make(Asker asker, CloneOrder order) {
      return answer(order, made(order.targetModel().startsWith("qwen") ? qwen : voice));
    }

    @Override
    public Future<Made> make(Asker asker, DesignOrder order) {
      return answer(order, made(voice));
    }

    @Override
    public Future<Made> resample(Asker asker, String id, CloneOrder order) {
      asked.add(id);
      return answer(order, made(voice));
    }

    @Override
    public Future<Void> delete(Asker asker, String id) {
      return answer("delete " + id, voice).mapEmpty();
    }

    @Override
    public Future<JsonObject> uploadPolicy(String model) {
      return answer(model, new JsonObject().put("upload_dir", "dir"));
    }

    @Override
    public VoiceDesk visiting(String key, Provider family) {
      asked.add("visit of " + family.id() + " with " + key);
      return this;
    }

    <T> T last(Class<T> type) {
      return type.cast(asked.get(asked.size() - 1));
    }
  }

  private int serve(boolean demandConsent) {
    Config config =
        Config.load(
            Map.of(),
            Map.of("DASHSCOPE_API_KEY", "sk-vendor", "VOICEBRIDGE_API_KEYS", "anna=" + KEY));
    Metrics metrics = new Metrics();
    Instance instance =
        new Instance(
            config,
            Catalogue.load(),
            metrics,
            TestLibrary.empty(vertx, config),
            Ticker.systemTicker(),
            Session::open);
    Answers answers = new Answers(metrics);
    CustomizationEndpoint doors = new CustomizationEndpoint(vertx, desk, demandConsent);
    Router router = Router.router(vertx);
    router.route().handler(answers::begin);
    router.route().handler(instance.access()::key);
    router.get("/api/v1/uploads").handler(doors::uploads);
    router
        .post("/api/v1/call")
        .handler(BodyHandler.create(false).setBodyLimit(CustomizationEndpoint.MAX_BODY_BYTES))
        .handler(doors::customize);
    IntStream.rangeClosed(400, 599)
        .forEach(status -> router.errorHandler(status, answers::failure));
    HttpServer server =
        within(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"));
    return server.actualPort();
  }

  private record Answer(int status, @Nullable String vendorRequestId, JsonObject body) {
    JsonObject output() {
      assertEquals(200, status, body::encode);
      assertTrue(!body.getString("request_id").isEmpty());
      return body.getJsonObject("output");
    }

    void refused(int wanted, String code) {
      assertEquals(wanted, status, body::encode);
      assertEquals(code, body.getString("code"), body::encode);
      assertEquals(3, body.size(), body::encode);
    }
  }

  private Answer send(HttpMethod method, int port, String path, String body, String... headers) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(method)
            .setHost("127.0.0.1")
            .setPort(port)
            .setURI(path)
            .addHeader("authorization", "Bearer " + KEY)
            .addHeader("content-type", "application/json");
    for (int i = 0; i < headers.length; i += 2) {
      options.addHeader(headers[i], headers[i + 1]);
    }
    return within(
        client
            .request(options)
            .compose(
                request ->
                    request
                        .send(Buffer.buffer(body))
                        .compose(
                            response -> {
                              assertEquals(
                                  "application/json; charset=utf-8",
                                  response.getHeader("content-type"));
                              return response
                                  .body()
                                  .map(
                                      bytes ->
                                          new Answer(
                                              response.statusCode(),
                                              response.getHeader("x-upstream-request-id"),
                                              bytes.toJsonObject()));
                            })));
  }

  private Answer call(int port, String model, JsonObject input, String... headers) {
    return send(
        HttpMethod.POST,
        port,
        "/api/v1/call",
        new JsonObject().put("input", input).put("model", model).encode(),
        headers);
  }

  private static JsonObject input(String action) {
    return new JsonObject().put("action", action);
  }

  private static JsonObject create() {
    return input("create_voice")
        .put("target_model", "cosyvoice-v3-flash")
        .put("prefix", "anna")
        .put("url", "https://files.example/anna.wav");
  }

  private static JsonObject about(String action) {
    return input(action).put("voice_id", "cosyvoice-v3-flash-anna-5f0c");
  }

  @Test
  void answersInTheVendorsShape() {
    int port = serve(false);

    Answer created = call(port, "voice-enrollment", create());
    assertEquals("cosyvoice-v3-flash-anna-5f0c", created.output().getString("voice_id"));
    assertEquals(new JsonObject().put("count", 1), created.body().getJsonObject("usage"));
    assertEquals("vendor-request-2", created.vendorRequestId());
    assertEquals(Agreement.KEY_HOLDER, desk.last(CloneOrder.class).agreement());

    JsonArray listed =
        call(port, "voice-enrollment", input("list_voice").put("prefix", "anna"))
            .output()
            .getJsonArray("voice_list");
    assertEquals(1, listed.size());
    assertEquals(new Asker("anna", true), desk.last(Asker.class));
    assertEquals(
        0,
        call(port, "voice-enrollment", input("list_voice").put("prefix", "bert"))
            .output()
            .getJsonArray("voice_list")
            .size());

    assertEquals(
        "OK", call(port, "voice-enrollment", about("query_voice")).output().getString("status"));
    assertEquals(new JsonObject(), call(port, "voice-enrollment", about("delete_voice")).output());
    assertEquals("delete cosyvoice-v3-flash-anna-5f0c", desk.last(String.class));
  }

  @Test
  void anUpdateOrdersAnotherSampleForTheSameVoice() {
    int port = serve(false);

    Answer updated =
        call(port, "voice-enrollment", about("update_voice").put("url", "https://a.example/2.wav"));

    assertEquals(new JsonObject(), updated.output());
    CloneOrder order = desk.last(CloneOrder.class);
    assertEquals(new SampleSource.AtUrl("https://a.example/2.wav"), order.sample());
    assertEquals("cosyvoice-v3-flash", order.targetModel());
    assertEquals("cosyvoice-v3-flash-anna-5f0c", desk.asked.get(desk.asked.size() - 2));
  }

  @Test
  void aVoiceOfAnotherFamilyIsAnUnknownOne() {
    int port = serve(false);
    String qwen = Objects.requireNonNull(desk.qwen.providerVoiceId());

    for (String id : List.of(qwen, "nobody")) {
      for (String action : List.of("query_voice", "update_voice", "delete_voice")) {
        call(
                port,
                "voice-enrollment",
                input(action).put("voice_id", id).put("url", "https://a.example/2.wav"))
            .refused(400, "BadRequest.ResourceNotExist");
      }
    }
    assertEquals(
        new JsonObject().put("voice", qwen),
        call(port, "qwen-voice-enrollment", input("delete").put("voice", qwen)).output());
  }

  @Test
  void aSampleOfTenMegabytesComesThroughAndALongerBodyDoesNot() {
    int port = serve(false);
    byte[] sample = new byte[10 << 20];
    sample[sample.length - 1] = 7;
    String data = "data:audio/wav;base64," + Base64.getEncoder().encodeToString(sample);
    JsonObject order =
        input("create")
            .put("target_model", "qwen3-tts-vc-2026-01-22")
            .put("preferred_name", "anna")
            .put("audio", new JsonObject().put("data", data));

    assertEquals(
        desk.qwen.providerVoiceId(),
        call(port, "qwen-voice-enrollment", order).output().getString("voice"));
    SampleSource.Given given = (SampleSource.Given) desk.last(CloneOrder.class).sample();
    assertEquals(Buffer.buffer(sample), given.bytes());

    int asked = desk.asked.size();
    send(
            HttpMethod.POST,
            port,
            "/api/v1/call",
            "x".repeat(CustomizationEndpoint.MAX_BODY_BYTES + 1))
        .refused(413, "InvalidParameter");
    assertEquals(asked, desk.asked.size());
  }

  @Test
  void aSampleMayNeedTheHeaderThatSaysThatTheSpeakerAgreed() {
    int port = serve(true);
    List<JsonObject> calls =
        List.of(create(), about("update_voice").put("url", "https://a.example/2.wav"));

    for (JsonObject call : calls) {
      Answer refused = call(port, "voice-enrollment", call);
      refused.refused(403, "AccessDenied");
      assertTrue(refused.body().getString("message").contains("X-Voicebridge-Consent: true"));
    }
    assertEquals(List.of(), desk.asked);
    for (JsonObject call : calls) {
      call(port, "voice-enrollment", call, "x-voicebridge-consent", "true").output();
      assertEquals(Agreement.STATED, desk.last(CloneOrder.class).agreement());
    }
    call(port, "voice-enrollment", about("query_voice")).output();
    JsonObject design = create().put("voice_prompt", "Calm.").put("preview_text", "Hello.");
    design.remove("url");
    call(port, "voice-enrollment", design).output();
  }

  @Test
  void failuresComeInTheVendorsShape() {
    int port = serve(false);

    desk.failure = EnrolmentRefusals.answered(400, "Audio.AudioShortError", "Too short.");
    Answer refused = call(port, "voice-enrollment", create());
    refused.refused(400, "Audio.AudioShortError");
    assertEquals("vendor-request-1", refused.vendorRequestId());

    desk.failure =
        LibraryRefusals.of(
            LibraryException.Reason.SAMPLE_REFUSED,
            new JsonObject()
                .put(
                    "report",
                    new JsonObject()
                        .put(
                            "verdicts",
                            new JsonArray()
                                .add(
                                    new JsonObject()
                                        .put("provider", "cosyvoice")
                                        .put("vendor_code", "Audio.AudioSilentError")))));
    call(port, "voice-enrollment", create()).refused(400, "Audio.AudioSilentError");

    desk.failure = new IllegalStateException("a mistake");
    call(port, "voice-enrollment", create()).refused(500, "InternalError");
    call(port, "nothing", create()).refused(404, "ModelNotFound");
    send(HttpMethod.POST, port, "/api/v1/call", "").refused(400, "InvalidParameter");
  }

  @Test
  void anUploadPolicyIsPassedOn() {
    int port = serve(false);
    String path = "/api/v1/uploads?action=%s&model=%s";

    Answer policy = send(HttpMethod.GET, port, path.formatted("getPolicy", "voice-enrollment"), "");
    assertEquals(200, policy.status());
    assertEquals(new JsonObject().put("upload_dir", "dir"), policy.body().getJsonObject("data"));
    assertTrue(!policy.body().getString("request_id").isEmpty());
    assertEquals("voice-enrollment", desk.last(String.class));

    List<String> bad = new ArrayList<>(List.of(path.formatted("getPolicy", "")));
    bad.add(path.formatted("get", "voice-enrollment"));
    bad.add(path.formatted("getPolicy", "a%26b"));
    bad.add("/api/v1/uploads");
    for (String each : bad) {
      send(HttpMethod.GET, port, each, "").refused(400, "InvalidParameter");
    }
  }
}
