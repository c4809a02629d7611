package dev.voicebridge.http;

import dev.voicebridge.bridge.Caller;
import dev.voicebridge.bridge.CloseCode;
import dev.voicebridge.bridge.Doorkeeper;
import dev.voicebridge.bridge.InferenceSession;
import dev.voicebridge.bridge.OpenSession;
import dev.voicebridge.bridge.Refusal;
import dev.voicebridge.bridge.Session;
import dev.voicebridge.bridge.SessionHost;
import dev.voicebridge.bridge.VoiceBook;
import dev.voicebridge.llm.ChatClient;
import dev.voicebridge.upstream.Upstreams;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.timeout.IdleStateHandler;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.impl.VertxConnection;
import io.vertx.ext.web.RoutingContext;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The WebSocket doors: check, upgrade, hand the socket to a session. A browser cannot read the
 * status of a refused upgrade, so what a page can do wrong is told on the open socket. One per
 * verticle, event loop only.
 */
final class RealtimeEndpoint {
  static final String SUBPROTOCOL = "voicebridge.v1";

  private static final Logger log = LoggerFactory.getLogger(RealtimeEndpoint.class);
  private static final String TICKET_SUBPROTOCOL = "ticket.";

  /** Keeps proxies, and our own idle timeout for plain HTTP, from cutting a quiet session. */
  static final int PING_MS = 25_000;

  private final Instance instance;
  private final Vertx vertx;
  private final Upstreams upstreams;
  private final VoiceBook voices;
  private final ChatClient chat;
  private final Set<Seated> open = new HashSet<>();

  RealtimeEndpoint(
      Instance instance, Vertx vertx, Upstreams upstreams, VoiceBook voices, ChatClient chat) {
    this.instance = instance;
    this.vertx = vertx;
    this.upstreams = upstreams;
    this.voices = voices;
    this.chat = chat;
    vertx.setPeriodic(PING_MS, id -> open.forEach(Seated::ping));
  }

  /** What is spoken behind a door. */
  private enum Way {
    BINARY,
    BASE64,
    TASKS;

    /** Whether who calls is shown before the upgrade or never. */
    boolean needsKey() {
      return this != BINARY;
    }
  }

  /** {@code /v1/realtime}: binary frames. */
  Handler<RoutingContext> binary() {
    return ctx -> handle(ctx, Way.BINARY);
  }

  /** {@code /api-ws/v1/realtime}: base64, for clients of the vendor, with the vendor's 401. */
  Handler<RoutingContext> base64() {
    return vendors(Way.BASE64);
  }

  /** {@code /api-ws/v1/inference}: tasks, for clients of the vendor, with the vendor's 401. */
  Handler<RoutingContext> tasks() {
    return vendors(Way.TASKS);
  }

  private Handler<RoutingContext> vendors(Way way) {
    return ctx -> {
      try {
        handle(ctx, way);
      } catch (Problem.Failure problem) {
        if (problem.problem().status() != 401) {
          throw problem;
        }
        Answers.json(
            ctx,
            401,
            new JsonObject()
                .put("code", "InvalidApiKey")
                .put("message", "Invalid API-key provided.")
                .put("request_id", Answers.requestIdOf(ctx)));
      }
    };
  }

  private void handle(RoutingContext ctx, Way way) {
    HttpServerRequest request = ctx.request();
    if (!"websocket".equalsIgnoreCase(request.getHeader("upgrade"))) {
      throw Problem.UPGRADE.asException();
    }
    Admission admission = admit(request, way);
    String model = request.getParam("model");
    String voice = request.getParam("voice");
    ctx.request()
        .toWebSocket()
        .onSuccess(
            socket -> {
              withoutIdleTimeout(request.connection());
              upgraded(socket, way, model, voice, admission);
            })
        .onFailure(
            cause -> {
              if (!ctx.response().ended()) {
                ctx.fail(Problem.BAD_REQUEST.about("This is no WebSocket handshake.", null));
              }
            });
  }

  /** Sessions have deadlines of their own, and the one for plain HTTP costs with every frame. */
  private static void withoutIdleTimeout(HttpConnection connection) {
    if (connection instanceof VertxConnection internal) {
      ChannelPipeline pipeline = internal.channelHandlerContext().pipeline();
      if (pipeline.get(IdleStateHandler.class) != null) {
        pipeline.remove(IdleStateHandler.class);
      }
    }
  }

  /**
   * @param key null: nobody yet, the first message has to say
   * @param refusal null: come in
   */
  private record Admission(KeyRing.@Nullable Key key, @Nullable Refused refusal) {}

  private record Refused(CloseCode code, String message) {}

  private Admission admit(HttpServerRequest request, Way way) {
    KeyRing.Key key = instance.access().shownKey(request);
    String ticket = ticketOf(request);
    if (key == null && ticket == null && way.needsKey()) {
      throw Problem.NO_KEY.asException();
    }
    if (way == Way.TASKS && key != null && instance.keys().required()) {
      // No page can show a key in this header, while some clients make an Origin up.
      return new Admission(key, null);
    }
    if (!instance.access().mayCallFromItsPage(request)) {
      if (way == Way.TASKS) {
        throw Problem.FOREIGN_ORIGIN.asException();
      }
      return refused(CloseCode.FOREIGN_ORIGIN, Problem.FOREIGN_ORIGIN.message());
    }
    if (ticket != null && (key == null || !instance.keys().required())) {
      // Where no keys are set a ticket proves nothing, but a wrong one is still a mistake.
      key = instance.tickets().redeem(ticket);
      if (key == null && way == Way.TASKS) {
        throw Problem.NO_KEY.asException();
      }
      if (key == null) {
        return refused(
            CloseCode.BAD_CREDENTIAL,
            "This ticket is unknown, used or expired; ask for a new one.");
      }
    }
    return new Admission(key, null);
  }

  private static Admission refused(CloseCode code, String message) {
    return new Admission(null, new Refused(code, message));
  }

  private static @Nullable String ticketOf(HttpServerRequest request) {
    String query = request.getParam("ticket");
    if (query != null) {
      return query;
    }
    return request.headers().getAll("sec-websocket-protocol").stream()
        .flatMap(line -> Stream.of(line.split(",", -1)))
        .map(String::trim)
        .filter(protocol -> protocol.startsWith(TICKET_SUBPROTOCOL))
        .map(protocol -> protocol.substring(TICKET_SUBPROTOCOL.length()))
        .findFirst()
        .orElse(null);
  }

  private void upgraded(
      ServerWebSocket socket,
      Way way,
      @Nullable String model,
      @Nullable String voice,
      Admission admission) {
    if (admission.refusal() != null) {
      refuse(socket, way, admission.refusal());
      return;
    }
    if (!instance.seats().take()) {
      refuse(socket, way, tooMany("This instance holds all the sessions it can."));
      return;
    }
    KeyRing.Key key = admission.key();
    if (key != null && !instance.seats().take(key)) {
      instance.seats().leave();
      refuse(socket, way, tooMany("This key holds all the sessions it may."));
      return;
    }
    new Seated(socket, key).open(way, model, voice);
  }

  private SessionHost host(Doorkeeper doorkeeper) {
    return new SessionHost(
        vertx, upstreams, instance.catalogue(), voices, doorkeeper, instance.metrics(), chat);
  }

  private static Refused tooMany(String message) {
    return new Refused(CloseCode.TOO_MANY, message);
  }

  private void refuse(ServerWebSocket socket, Way way, Refused refusal) {
    instance.metrics().sessionRefused(refusal.code().number());
    log.atInfo()
        .addKeyValue("code", refusal.code().number())
        .addKeyValue("peer", socket.remoteAddress().hostAddress())
        .log("refused a session");
    if (way == Way.TASKS) {
      InferenceSession.refuse(host(ticket -> null), socket, refusal.message());
    } else {
      Refusal.say(socket, refusal.code(), refusal.message());
    }
  }

  /** How many sessions this verticle holds. */
  int openSessions() {
    return open.size();
  }

  /** Sends everybody to another instance. */
  void restart() {
    List.copyOf(open).forEach(seated -> seated.close(CloseCode.RESTART));
  }

  /** A session and the seat it holds. */
  private final class Seated {
    private final ServerWebSocket socket;

    /** Null until somebody is known. */
    private KeyRing.@Nullable Key key;

    /** Null until the session has taken the socket over. */
    private @Nullable OpenSession session;

    Seated(ServerWebSocket socket, KeyRing.@Nullable Key key) {
      this.socket = socket;
      this.key = key;
    }

    void open(Way way, @Nullable String model, @Nullable String voice) {
      Caller caller = key == null ? null : key.caller();
      SessionHost host = host(this::redeem);
      OpenSession opened;
      try {
        opened =
            switch (way) {
              case BINARY ->
                  instance
                      .opener()
                      .open(host, socket, Session.Framing.BINARY, model, voice, caller);
              case BASE64 ->
                  instance
                      .opener()
                      .open(host, socket, Session.Framing.BASE64, model, voice, caller);
              case TASKS ->
                  InferenceSession.open(
                      host, socket, Objects.requireNonNull(caller, "the door asks for a key"));
            };
      } catch (RuntimeException | Error cause) {
        leave();
        socket.close(CloseCode.INTERNAL.number(), CloseCode.INTERNAL.reason());
        throw cause;
      }
      session = opened;
      open.add(this);
      instance.metrics().sessionOpened();
      opened
          .closed()
          .onComplete(
              end -> {
                open.remove(this);
                leave();
                CloseCode code = end.result();
                instance.metrics().sessionClosed(code == null ? 1006 : code.number());
              });
    }

    /** The ticket of a {@code session.authenticate} message. */
    private @Nullable Caller redeem(String ticket) {
      if (key != null) {
        return null;
      }
      KeyRing.Key shown = instance.tickets().redeem(ticket);
      if (shown == null) {
        return null;
      }
      if (!instance.seats().take(shown)) {
        close(CloseCode.TOO_MANY);
        return null;
      }
      key = shown;
      return shown.caller();
    }

    private void leave() {
      instance.seats().leave();
      if (key != null) {
        instance.seats().leave(key);
      }
    }

    void close(CloseCode code) {
      if (session != null) {
        session.close(code);
      }
    }

    void ping() {
      if (!socket.isClosed()) {
        socket.writePing(Buffer.buffer());
      }
    }
  }
}
