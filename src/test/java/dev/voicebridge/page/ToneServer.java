package dev.voicebridge.page;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for the server: serves {@code webroot} and answers the session protocol with tones, a
 * tenth of a second per character.
 */
final class ToneServer implements PageServer {
  private static final String POLICY =
      "default-src 'self'; script-src 'self'; style-src 'self'; frame-ancestors 'self'";
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml");
  private static final int CHUNK_MS = 100;

  private final Vertx vertx = Vertx.vertx();
  private final Path webroot;
  private final int port;

  ToneServer() {
    this(0);
  }

  private ToneServer(int port) {
    this.webroot = Path.of("webroot").toAbsolutePath();
    this.port = port;
  }

  /** Serves until it is killed. Argument: the port. */
  public static void main(String[] args) throws TimeoutException {
    URI address = new ToneServer(Integer.parseInt(args[0])).start();
    System.out.println(address);
  }

  @Override
  public URI start() throws TimeoutException {
    HttpServerOptions options =
        new HttpServerOptions()
            .setPerMessageWebSocketCompressionSupported(false)
            .addWebSocketSubProtocol("voicebridge.v1");
    HttpServer server =
        vertx
            .createHttpServer(options)
            .requestHandler(this::answer)
            .webSocketHandler(socket -> new Conversation(socket).begin())
            .listen(port, "127.0.0.1")
            .await(10, SECONDS);
    return URI.create("http://127.0.0.1:" + server.actualPort() + "/");
  }

  @Override
  public void close() throws TimeoutException {
    vertx.close().await(10, SECONDS);
  }

  private void answer(HttpServerRequest request) {
    switch (request.path()) {
      case "/v1/audio/models" -> list(request, "models", models());
      case "/v1/audio/voices" -> list(request, "voices", voices());
      case "/v1/realtime/tickets" ->
          json(request, 200, new JsonObject().put("ticket", "t1").put("expires_at", 0));
      default -> file(request);
    }
  }

  private static void list(HttpServerRequest request, String name, JsonArray items) {
    json(request, 200, new JsonObject().put("object", "list").put(name, items).put("data", items));
  }

  private static void json(HttpServerRequest request, int status, JsonObject body) {
    request
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .end(body.toBuffer());
  }

  private void file(HttpServerRequest request) {
    String name = request.path().equals("/") ? "index.html" : request.path().substring(1);
    Path file = webroot.resolve(name).normalize();
    if (!file.startsWith(webroot) || !Files.isRegularFile(file)) {
      request.response().setStatusCode(404).end();
      return;
    }
    String extension = name.substring(name.lastIndexOf('.') + 1);
    request
        .response()
        .putHeader("Content-Type", TYPES.getOrDefault(extension, "application/octet-stream"))
        .putHeader("Content-Security-Policy", POLICY)
        .putHeader("Cache-Control", "no-store")
        .end(Buffer.buffer(read(file)));
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonArray models() {
    JsonArray rates = new JsonArray().add(8000).add(16000).add(24000).add(48000);
    JsonArray languages = new JsonArray().add("Auto").add("Chinese").add("English").add("Japanese");
    JsonArray basic = new JsonArray().add("speech_rate").add("pitch_rate").add("volume");
    JsonArray instruct = basic.copy().add("instructions");
    return new JsonArray()
        .add(model("qwen3-tts-flash-realtime", "qwen_realtime", rates, basic, languages, "Cherry"))
        .add(
            model(
                "qwen3-tts-instruct-flash-realtime",
                "qwen_realtime",
                rates,
                instruct,
                languages,
                "Cherry"))
        .add(model("qwen3-tts-vc-realtime", "qwen_realtime", rates, basic, languages, null))
        .add(model("cosyvoice-v2", "cosyvoice", rates, basic, new JsonArray(), "longxiaochun_v2"))
        .add(model("sambert-zhichu-v1", "sambert", rates, basic, new JsonArray(), null));
  }

  private static JsonObject model(
      String id,
      String dialect,
      JsonArray rates,
      JsonArray abilities,
      JsonArray languages,
      @Nullable String voice) {
    return new JsonObject()
        .put("id", id)
        .put("name", id)
        .put("dialect", dialect)
        .put("formats", new JsonArray().add("pcm"))
        .put("sample_rates", rates)
        .put("default_sample_rate", 24000)
        .put("abilities", abilities)
        .put("languages", languages)
        .put("default_voice", voice);
  }

  private static JsonArray voices() {
    List<String> flash = List.of("qwen3-tts-flash-realtime", "qwen3-tts-instruct-flash-realtime");
    List<String> only = List.of("qwen3-tts-flash-realtime");
    return new JsonArray()
        .add(voice("Cherry", "芊悦", "female", "zh", flash, "阳光 亲切", "sunny, friendly"))
        .add(voice("Serena", "苏瑶", "female", "zh", flash, "温柔", "gentle"))
        .add(
            voice(
                "Ethan",
                "晨煦",
                "male",
                "zh",
                flash,
                "阳光 温暖 略带北方口音",
                "bright, warm, slight northern accent"))
        .add(voice("Eldric Sage", "沧明子", "male", "zh", flash, "老者 沉稳", "old, wise, calm"))
        .add(voice("Elias", "墨讲师", "female", "zh", flash, "讲师 叙事", "lecturer, narrative"))
        .add(
            voice("Jennifer", "詹妮弗", "female", "zh", only, "美语 电影感", "American English, cinematic"))
        .add(voice("Ono Anna", "小野安娜", "female", "zh", only, "日本 机灵", "Japanese, clever"))
        .add(voice("Radio Gol", "拉迪奥·高尔", "male", "zh", only, "足球 解说", "football commentator"))
        .add(
            voice(
                "Jada",
                "嘉嘉",
                "female",
                "zh-shanghai",
                only,
                "上海 阿姨 语速快",
                "Shanghai, fast, energetic"))
        .add(voice("Sunny", "小阳", "female", "zh-sichuan", only, "四川 甜", "Sichuan, sweet"))
        .add(voice("Roy", "小罗", "male", "nan", only, "闽南 幽默", "Minnan, humorous"))
        .add(voice("Kiki", "琪琪", "female", "yue", only, "粤语 甜美", "Cantonese, sweet"))
        .add(
            voice(
                "longxiaochun_v2",
                "龙小淳",
                "female",
                "zh",
                List.of("cosyvoice-v2"),
                "知性 积极",
                "thoughtful, upbeat"));
  }

  private static JsonObject voice(
      String name,
      String chinese,
      String gender,
      String language,
      List<String> models,
      String keywordsZh,
      String keywordsEn) {
    return new JsonObject()
        .put("id", name)
        .put("name", name)
        .put("name_zh", chinese)
        .put("gender", gender)
        .put("language", language)
        .put("models", new JsonArray(models))
        .put("keywords_zh", keywordsZh)
        .put("keywords_en", keywordsEn);
  }

  /** One socket: commits are spoken one after the other, ten times faster than they sound. */
  private final class Conversation {
    private final ServerWebSocket socket;
    private final Deque<String> committed = new ArrayDeque<>();
    private final JsonObject session = new JsonObject();
    private String text = "";
    private int responses;
    private boolean speaking;
    private int generation;

    Conversation(ServerWebSocket socket) {
      this.socket = socket;
    }

    void begin() {
      String query = socket.query() == null ? "" : socket.query();
      session
          .put("id", "sess_1")
          .put("model", query.replaceFirst("^model=", ""))
          .put("voice", "Cherry")
          .put("mode", "server_commit")
          .put("response_format", "pcm")
          .put("sample_rate", 24000);
      send("session.created", "session", session);
      socket.textMessageHandler(message -> hear(new JsonObject(message)));
    }

    private void hear(JsonObject event) {
      switch (event.getString("type")) {
        case "session.update" -> {
          session.mergeIn(event.getJsonObject("session"));
          send("session.updated", "session", session);
        }
        case "input_text_buffer.append" -> text += event.getString("text");
        case "input_text_buffer.commit" -> commit();
        case "response.cancel" -> cancel();
        default -> error("unknown_event", "Unknown event.", event.getString("event_id"));
      }
    }

    private void commit() {
      committed.add(text);
      text = "";
      String id = "resp_" + (responses + committed.size());
      socket.writeTextMessage(
          new JsonObject()
              .put("type", "input_text_buffer.committed")
              .put("response_id", id)
              .encode());
      if (!speaking) vertx.setTimer(60, timer -> next());
    }

    private void next() {
      String spoken = committed.poll();
      if (spoken == null || speaking || socket.isClosed()) return;
      speaking = true;
      responses++;
      int mine = ++generation;
      int rate = session.getInteger("sample_rate");
      send("response.created", "response", response("in_progress").put("sample_rate", rate));
      int chunks = spoken.length();
      play(mine, rate, 0, chunks, timer -> done(mine, "completed"));
    }

    private void play(int mine, int rate, int chunk, int chunks, Handler<Long> then) {
      if (mine != generation || socket.isClosed()) return;
      if (chunk == chunks) {
        then.handle(0L);
        return;
      }
      socket.writeBinaryMessage(tone(rate, chunk));
      vertx.setTimer(CHUNK_MS / 10, timer -> play(mine, rate, chunk + 1, chunks, then));
    }

    private void cancel() {
      boolean spoke = speaking;
      committed.clear();
      text = "";
      if (spoke) done(generation, "cancelled");
      else error("response_not_active", "Nothing is being spoken.", null);
    }

    private void done(int mine, String status) {
      if (mine != generation) return;
      generation++;
      speaking = false;
      send("response.done", "response", response(status).put("first_audio_ms", 60));
      next();
    }

    private JsonObject response(String status) {
      return new JsonObject()
          .put("id", "resp_" + responses)
          .put("model", session.getString("model"))
          .put("voice", session.getString("voice"))
          .put("response_format", "pcm")
          .put("status", status);
    }

    private void error(String code, String message, @Nullable String to) {
      JsonObject error =
          new JsonObject()
              .put("type", "invalid_request_error")
              .put("code", code)
              .put("message", message)
              .put("hint", "Choose one of the list.")
              .put("event_id", to);
      send("error", "error", error);
    }

    private void send(String type, String name, JsonObject content) {
      socket.writeTextMessage(new JsonObject().put("type", type).put(name, content).encode());
    }
  }

  /** A tenth of a second that rises and falls, each a little higher or lower than the last. */
  private static Buffer tone(int rate, int chunk) {
    int samples = rate * CHUNK_MS / 1000;
    double frequency = 220 * Math.pow(2, (chunk * 7 % 12) / 12.0);
    double loudness = 0.15 + 0.5 * Math.abs(Math.sin(chunk * 0.7));
    Buffer pcm = Buffer.buffer(samples * 2);
    for (int i = 0; i < samples; i++) {
      double envelope = Math.sin(Math.PI * i / samples);
      double value = Math.sin(2 * Math.PI * frequency * i / rate) * envelope * loudness;
      pcm.appendShortLE((short) Math.round(value * Short.MAX_VALUE));
    }
    return pcm;
  }
}
