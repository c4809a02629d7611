package dev.voicebridge.http;

import dev.voicebridge.bridge.Caller;
import dev.voicebridge.bridge.CloseCode;
import dev.voicebridge.bridge.OpenSession;
import dev.voicebridge.bridge.Session;
import dev.voicebridge.bridge.SessionHost;
import dev.voicebridge.catalogue.Catalogue;
import dev.voicebridge.config.Config;
import dev.voicebridge.library.TestLibrary;
import dev.voicebridge.metrics.Metrics;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The doors on a free port, with sessions that only say hello and remember how they were opened.
 */
final class TestDoors implements AutoCloseable {
  static final int PATIENCE_SECONDS = 10;

  final List<Opened> opened = new CopyOnWriteArrayList<>();
  final Metrics metrics = new Metrics();
  final int port;
  final @Nullable Integer adminPort;

  /** What the tickets take for the time, nanoseconds. */
  final AtomicLong clock = new AtomicLong();

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client =
      vertx.createHttpClient(new HttpClientOptions().setDefaultHost("127.0.0.1"));
  private final WebSocketClient sockets = vertx.createWebSocketClient();
  private final Instance instance;
  private final String deployment;

  private TestDoors(Setup setup) {
    Config config = Config.load(Map.of(), setup.settings);
    this.instance =
        new Instance(
            config,
            Catalogue.load(),
            metrics,
            TestLibrary.empty(vertx, config),
            clock::get,
            this::open);
    List<BridgeVerticle> verticles = new CopyOnWriteArrayList<>();
    this.deployment =
        within(
            vertx.deployVerticle(
                () -> {
                  BridgeVerticle verticle = new BridgeVerticle(instance);
                  verticles.add(verticle);
                  return verticle;
                },
                new DeploymentOptions().setInstances(instance.config().instances())));
    this.port = verticles.get(0).port();
    this.adminPort = instance.config().adminPort() != null ? verticles.get(0).adminPort() : null;
  }

  static Setup doors() {
    return new Setup();
  }

  /** The settings that the doors start with. */
  static final class Setup {
    private final Map<String, String> settings =
        new HashMap<>(
            Map.of(
                "VOICEBRIDGE_PORT", "0",
                "VOICEBRIDGE_INSTANCES", "2",
                "DASHSCOPE_API_KEY", "sk-vendor"));

    Setup with(String name, String value) {
      settings.put(name, value);
      return this;
    }

    TestDoors open() {
      return new TestDoors(this);
    }
  }

  /** Takes the key file into account as a passing of time does. */
  void rereadKeys() {
    within(instance.rereadKeys(vertx));
  }

  /** How a session was opened. */
  record Opened(
      ServerWebSocket socket,
      SessionHost host,
      Session.Framing framing,
      @Nullable String model,
      @Nullable String voice,
      @Nullable Caller caller,
      Future<CloseCode> closed) {}

  private OpenSession open(
      SessionHost host,
      ServerWebSocket client,
      Session.Framing framing,
      @Nullable String model,
      @Nullable String voice,
      @Nullable Caller caller) {
    Promise<CloseCode> closed = Promise.promise();
    opened.add(new Opened(client, host, framing, model, voice, caller, closed.future()));
    client.closeHandler(v -> closed.tryComplete(CloseCode.DONE));
    client.textMessageHandler(
        text -> {
          if (text.startsWith("ticket ")) {
            Caller redeemed = host.doorkeeper().redeem(text.substring(7));
            if (!client.isClosed()) {
              client.writeTextMessage(redeemed == null ? "nobody" : redeemed.name());
            }
          } else {
            client.writeTextMessage("heard " + text.length());
          }
        });
    client.writeTextMessage("hello");
    return new OpenSession() {
      @Override
      public void close(CloseCode code) {
        if (!client.isClosed()) {
          client.close(code.number(), code.reason());
        }
      }

      @Override
      public Future<CloseCode> closed() {
        return closed.future();
      }
    };
  }

  /** An answer, read to its end. */
  record Answer(int status, MultiMap headers, Buffer body) {
    JsonObject json() {
      return body.toJsonObject();
    }

    String errorCode() {
      JsonObject error = json().getJsonObject("error");
      if (!error.fieldNames().equals(Set.of("message", "type", "param", "code"))) {
        throw new AssertionError("not the envelope: " + error);
      }
      return error.getString("code");
    }
  }

  Answer get(String path, String... headers) {
    return send(HttpMethod.GET, port, path, null, headers);
  }

  Answer post(String path, @Nullable String body, String... headers) {
    return send(HttpMethod.POST, port, path, body, headers);
  }

  Answer send(HttpMethod method, int port, String path, @Nullable String body, String... headers) {
    RequestOptions options = new RequestOptions().setMethod(method).setPort(port).setURI(path);
    for (int i = 0; i < headers.length; i += 2) {
      options.addHeader(headers[i], headers[i + 1]);
    }
    return onLoop(
        () ->
            client
                .request(options)
                .compose(request -> body == null ? request.send() : request.send(body))
                .compose(
                    response ->
                        response
                            .body()
                            .map(
                                bytes ->
                                    new Answer(response.statusCode(), response.headers(), bytes))));
  }

  /** Runs it where its answers arrive: what comes before anybody listens would be lost. */
  private <T> T onLoop(Supplier<Future<T>> action) {
    Promise<T> done = Promise.promise();
    vertx.runOnContext(v -> action.get().onComplete(done));
    return within(done.future());
  }

  /** A client socket that notes what it hears. */
  static final class Heard {
    final WebSocket socket;
    private final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
    private final Promise<Integer> closed = Promise.promise();

    private Heard(WebSocket socket) {
      this.socket = socket;
      socket.textMessageHandler(texts::add);
      socket.closeHandler(
          v -> {
            Short code = socket.closeStatusCode();
            closed.tryComplete(code == null ? 1006 : code.intValue());
          });
    }

    String text() throws InterruptedException {
      String text = texts.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (text == null) {
        throw new AssertionError("nothing was heard");
      }
      return text;
    }

    JsonObject error() throws InterruptedException {
      JsonObject event = new JsonObject(text());
      if (!"error".equals(event.getString("type"))) {
        throw new AssertionError("not an error: " + event);
      }
      return event.getJsonObject("error");
    }

    int closeCode() {
      return within(closed.future());
    }
  }

  Heard connect(String path, String... headers) {
    return connect(path, List.of(), headers);
  }

  Heard connect(String path, List<String> subprotocols, String... headers) {
    WebSocketConnectOptions options =
        new WebSocketConnectOptions()
            .setHost("127.0.0.1")
            .setPort(port)
            .setURI(path)
            .setSubProtocols(new ArrayList<>(subprotocols));
    for (int i = 0; i < headers.length; i += 2) {
      options.addHeader(headers[i], headers[i + 1]);
    }
    return onLoop(() -> sockets.connect(options).map(Heard::new));
  }

  /** When the session opened last is closed and has left its seat: the door listened first. */
  Future<CloseCode> freed() {
    return opened.get(opened.size() - 1).closed();
  }

  /** Undeploys as a restart does. */
  Future<Void> stop() {
    return vertx.undeploy(deployment);
  }

  static <T> T within(Future<T> future) {
    try {
      return future.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      throw new AssertionError("not within " + Duration.ofSeconds(PATIENCE_SECONDS), late);
    }
  }

  @Override
  public void close() {
    within(vertx.close());
  }
}
