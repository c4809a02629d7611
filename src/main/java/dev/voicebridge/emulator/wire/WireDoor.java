package dev.voicebridge.emulator.wire;

import dev.voicebridge.emulator.library.SampleFetch;
import dev.voicebridge.emulator.library.VoiceLibrary;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The guest's front door: who may, and which conversation it is. Its verticle's event loop only.
 */
public final class WireDoor {
  private static final String REALTIME = "/api-ws/v1/realtime";
  private static final String INFERENCE = "/api-ws/v1/inference";
  private static final String CUSTOMIZATION = "/api/v1/services/audio/tts/customization";
  private static final String CHAT = "/compatible-mode/v1/" + ChatDoor.OPERATION;
  private static final String GENERATION = "/api/v1/services/aigc/multimodal-generation/generation";
  private static final String UPLOADS = "/api/v1/uploads";

  private final Guest guest;
  private final Accounts accounts;

  /** By their paths, which may end with a slash. */
  private final Map<String, Door> doors;

  /**
   * What stands at a path.
   *
   * @param method null: an upgrade is expected
   */
  private record Door(@Nullable HttpMethod method, BiConsumer<Guest, HttpServerRequest> enter) {}

  /**
   * @param uploadPort where {@code uploads} listens
   */
  public WireDoor(
      Vertx vertx,
      Narrator narrator,
      WireSettings settings,
      Faults faults,
      Accounts accounts,
      VoiceLibrary library,
      SampleFetch fetch,
      Uploads uploads,
      int uploadPort) {
    this.guest =
        new Guest(vertx, narrator, Roster.load(), settings, faults, new Rates(), library, "");
    this.accounts = accounts;
    CustomizationDoor customization = new CustomizationDoor(fetch, uploads, uploadPort);
    GenerationDoor generation = new GenerationDoor(uploads, uploadPort);
    this.doors =
        Map.of(
            REALTIME, new Door(null, WireDoor::realtime),
            INFERENCE, new Door(null, WireDoor::inference),
            CUSTOMIZATION, call(HttpMethod.POST, customization::customize),
            CHAT, call(HttpMethod.POST, ChatDoor::complete),
            GENERATION, call(HttpMethod.POST, generation::generate),
            UPLOADS, call(HttpMethod.GET, customization::policy));
  }

  private static Door call(HttpMethod method, BiConsumer<Guest, HttpCall> answer) {
    return new Door(method, (caller, request) -> answer.accept(caller, callOf(caller, request)));
  }

  private static HttpCall callOf(Guest caller, HttpServerRequest request) {
    return new HttpCall(caller.vertx(), request, caller.faults());
  }

  /** Answers every request, with an upgrade or JSON. */
  public void handle(HttpServerRequest request) {
    String given = request.path() == null ? "" : request.path();
    String path = given.endsWith("/") ? given.substring(0, given.length() - 1) : given;
    Door door = doors.get(path);
    String account = accounts.of(request.getHeader(HttpHeaders.AUTHORIZATION));
    if (door == null) {
      refuse(request, 404, "NotFound", "No such path.");
    } else if (account == null && path.equals(CHAT)) {
      ChatDoor.refuse(
          callOf(guest, request), 401, "invalid_api_key", "Incorrect API key provided.");
    } else if (account == null) {
      // the Java SDK looks for the standard reason phrase "Unauthorized", or else tries again
      refuse(request, 401, "InvalidApiKey", "Invalid API-key provided.");
    } else if (door.method() != null && !door.method().equals(request.method())) {
      refuse(request, 405, "MethodNotAllowed", "Only " + door.method() + " is expected here.");
    } else {
      door.enter().accept(guest.of(account), request);
    }
  }

  private static void realtime(Guest caller, HttpServerRequest request) {
    String model = request.getParam("model", "");
    upgrade(caller, request, socket -> RealtimeConversation.begin(caller, socket, model));
  }

  private static void inference(Guest caller, HttpServerRequest request) {
    upgrade(caller, request, socket -> InferenceConversation.begin(caller, socket));
  }

  private static void upgrade(
      Guest caller, HttpServerRequest request, Consumer<ServerWebSocket> begin) {
    if (caller.faults().take(Fault.Place.CONNECT) instanceof Fault.Refuse refusal) {
      refuse(request, refusal.status(), refusal.code(), refusal.message());
    } else if (!request.canUpgradeToWebSocket()) {
      refuse(request, 400, "InvalidParameter", "A WebSocket upgrade is expected here.");
    } else {
      request.toWebSocket().onSuccess(begin::accept);
    }
  }

  private static void refuse(HttpServerRequest request, int status, String code, String message) {
    request
        .response()
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .end(
            new JsonObject()
                .put("code", code)
                .put("message", message)
                .put("request_id", UUID.randomUUID().toString())
                .encode());
  }
}
