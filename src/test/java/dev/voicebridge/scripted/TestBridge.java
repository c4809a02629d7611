package dev.voicebridge.scripted;

import static dev.voicebridge.scripted.ScriptedUpstream.within;

import dev.voicebridge.bridge.Caller;
import dev.voicebridge.bridge.CloseCode;
import dev.voicebridge.bridge.InferenceSession;
import dev.voicebridge.bridge.Patience;
import dev.voicebridge.bridge.Session;
import dev.voicebridge.bridge.SessionHost;
import dev.voicebridge.bridge.SessionLimits;
import dev.voicebridge.bridge.TaskPatience;
import dev.voicebridge.catalogue.Catalogue;
import dev.voicebridge.config.Config;
import dev.voicebridge.llm.ChatClient;
import dev.voicebridge.llm.ChatDeadlines;
import dev.voicebridge.llm.ChatService;
import dev.voicebridge.metrics.Metrics;
import dev.voicebridge.upstream.Deadlines;
import dev.voicebridge.upstream.Upstreams;
import dev.voicebridge.upstream.openai.Engine;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Sessions on a free port, one event loop, in front of a {@link ScriptedUpstream}. */
final class TestBridge implements AutoCloseable {
  static final String QWEN = "qwen3-tts-flash-realtime";
  static final String COSYVOICE = "cosyvoice-v3-flash";
  static final String SAMBERT = "sambert-zhichu-v1";
  private static final String TASKS = "/api-ws/v1/inference";
  private static final Catalogue CATALOGUE = Catalogue.load();

  /** Short, so that a test may wait for every deadline. */
  static final Patience IMPATIENT =
      new Patience(
          Duration.ofMillis(300),
          Duration.ofMillis(500),
          Duration.ofMillis(700),
          Duration.ofSeconds(50),
          Duration.ofMillis(50),
          Duration.ofMillis(300),
          Duration.ofMillis(20));

  /** As {@link #IMPATIENT}, but a service that is only slow is waited for. */
  static final Patience UNHURRIED =
      new Patience(
          Patience.DEFAULTS.authentication(),
          Patience.DEFAULTS.progress(),
          Patience.DEFAULTS.openProgress(),
          IMPATIENT.idleLane(),
          IMPATIENT.finishGrace(),
          Patience.DEFAULTS.farewell(),
          IMPATIENT.tick());

  static final Deadlines SHORT =
      new Deadlines(
          Duration.ofMillis(400),
          Duration.ofMillis(400),
          Duration.ofMillis(400),
          Duration.ofSeconds(50));

  static final ChatDeadlines CHAT_DEADLINES =
      new ChatDeadlines(
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          Duration.ofMinutes(1));

  final ScriptedUpstream upstream = new ScriptedUpstream();
  final Script script = upstream.script;
  final Metrics metrics = new Metrics();
  final ScriptedBook book = new ScriptedBook();
  final List<Session> sessions = new CopyOnWriteArrayList<>();
  final List<InferenceSession> inference = new CopyOnWriteArrayList<>();
  volatile TaskPatience taskPatience = TaskPatience.DEFAULTS;
  volatile SessionLimits limits = SessionLimits.DEFAULTS;
  volatile Set<String> models = Set.of();
  volatile Set<String> voices = Set.of();
  private final Vertx vertx = Vertx.vertx();
  private final Vertx clients = Vertx.vertx();
  private final WebSocketClient client =
      clients.createWebSocketClient(
          new WebSocketClientOptions()
              // What an endless answer left unspoken comes back in one event.
              .setMaxFrameSize(64 << 20)
              .setMaxMessageSize(64 << 20)
              .setReceiveBufferSize(16 * 1024)
              .setMaxConnections(10_000));
  private final List<AutoCloseable> opened = new ArrayList<>();

  /** A field, because a server that nobody holds is closed. */
  private @Nullable HttpServer server;

  private volatile int port;

  /** Of the sessions. */
  private volatile @Nullable Context loop;

  TestBridge() {
    this(Patience.DEFAULTS, Deadlines.DEFAULTS);
  }

  TestBridge(Patience patience, Deadlines deadlines) {
    this(patience, deadlines, List.of());
  }

  /**
   * @param engines what speaks over HTTP
   */
  TestBridge(Patience patience, Deadlines deadlines, List<Engine> engines) {
    this(patience, deadlines, engines, null);
  }

  /**
   * @param chat who writes text for speech; null: nobody
   */
  TestBridge(
      Patience patience, Deadlines deadlines, List<Engine> engines, @Nullable ChatService chat) {
    within(
        vertx.deployVerticle(
            new VerticleBase() {
              @Override
              public Future<?> start() {
                SessionHost host =
                    new SessionHost(
                        vertx,
                        new Upstreams(
                            vertx,
                            new Config.DashScope(ScriptedUpstream.KEY, upstream.baseUrl()),
                            engines,
                            metrics::delta,
                            deadlines),
                        CATALOGUE,
                        book,
                        ticket -> ticket.equals("good") ? caller() : null,
                        metrics,
                        patience,
                        chat == null ? null : new ChatClient(vertx, chat, CHAT_DEADLINES));
                HttpServer doors =
                    vertx.createHttpServer(
                        new HttpServerOptions()
                            .setPerMessageWebSocketCompressionSupported(false)
                            .setPerFrameWebSocketCompressionSupported(false)
                            .setMaxWebSocketFrameSize(512 * 1024)
                            .setMaxWebSocketMessageSize(512 * 1024)
                            .setWebSocketClosingTimeout(2)
                            .setTcpNoDelay(true)
                            .setSendBufferSize(64 * 1024));
                server = doors;
                loop = context;
                return doors
                    .webSocketHandler(socket -> open(host, socket))
                    .listen(0, "127.0.0.1")
                    .onSuccess(listening -> port = listening.actualPort());
              }
            }));
  }

  private Caller caller() {
    return new Caller("tester", models, voices, limits, false);
  }

  private void open(SessionHost host, ServerWebSocket socket) {
    if (socket.path().equals(TASKS)) {
      inference.add(InferenceSession.open(host, socket, caller(), taskPatience));
      return;
    }
    boolean base64 = socket.path().startsWith("/api-ws");
    String query = socket.query() == null ? "" : socket.query();
    sessions.add(
        Session.open(
            host,
            socket,
            base64 ? Session.Framing.BASE64 : Session.Framing.BINARY,
            parameter(query, "model"),
            parameter(query, "voice"),
            query.contains("stranger") ? null : caller()));
  }

  private static @Nullable String parameter(String query, String name) {
    for (String part : query.split("&", -1)) {
      if (part.startsWith(name + "=")) {
        return part.substring(name.length() + 1);
      }
    }
    return null;
  }

  /** A session of {@code /v1/realtime}, greeted. */
  RecordingClient open(String model) {
    return open(Door.BINARY, model);
  }

  RecordingClient open(Door door, String model) {
    RecordingClient client = connect(door.path + "?model=" + model);
    client.expect("session.created");
    return client;
  }

  RecordingClient connect(String uri) {
    return connect(uri, socket -> new RecordingClient(socket, uri.startsWith("/api-ws")));
  }

  /** Where clients of tasks connect. */
  String tasksUrl() {
    return "ws://127.0.0.1:" + port + TASKS;
  }

  /** A socket of tasks. */
  TaskClient tasks() {
    return connect(TASKS, TaskClient::new);
  }

  private <C extends AutoCloseable> C connect(String uri, Function<WebSocket, C> recorder) {
    Promise<C> connected = Promise.promise();
    // On one loop, so that what comes with the upgrade is heard.
    clients.runOnContext(
        v ->
            client
                .connect(
                    new WebSocketConnectOptions().setHost("127.0.0.1").setPort(port).setURI(uri))
                .map(recorder)
                .onComplete(connected));
    C recording = within(connected.future());
    opened.add(recording);
    return recording;
  }

  CloseCode closed(int session) {
    Eventually.holds("session " + session, () -> sessions.size() > session);
    return within(sessions.get(session).closed());
  }

  CloseCode tasksClosed(int session) {
    Eventually.holds("session " + session, () -> inference.size() > session);
    return within(inference.get(session).closed());
  }

  /** As a restart does it. */
  void restartTasks() {
    Objects.requireNonNull(loop)
        .runOnContext(v -> inference.forEach(each -> each.close(CloseCode.RESTART)));
  }

  /** How often something was counted; the line of the Prometheus text that begins so. */
  double metric(String line) {
    return metrics
        .scrape()
        .lines()
        .filter(each -> each.startsWith(line))
        .mapToDouble(each -> Double.parseDouble(each.substring(each.lastIndexOf(' ') + 1)))
        .sum();
  }

  @Override
  public void close() {
    try {
      for (AutoCloseable each : opened) {
        each.close();
      }
    } catch (Exception failed) {
      throw new AssertionError(failed);
    } finally {
      within(clients.close());
      within(vertx.close());
      upstream.close();
    }
  }
}
