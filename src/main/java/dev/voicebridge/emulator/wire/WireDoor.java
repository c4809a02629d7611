package dev.voicebridge.emulator.wire;

import dev.voicebridge.emulator.library.SampleFetch;
import dev.voicebridge.emulator.library.VoiceLibrary;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.UUID;

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
  private final CustomizationDoor customization;
  private final GenerationDoor generation;

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
    this.customization = new CustomizationDoor(fetch, uploads, uploadPort);
    this.generation = new GenerationDoor(uploads, uploadPort);
  }

  /** Answers every request, with an upgrade or JSON. */
  public void handle(HttpServerRequest request) {
    String path = request.path() == null ? "" : request.path();
    boolean realtime = isAt(path, REALTIME);
    boolean socket = realtime || isAt(path, INFERENCE);
    HttpMethod method =
        isAt(path, CUSTOMIZATION) || isAt(path, CHAT) || isAt(path, GENERATION)
            ? HttpMethod.POST
            : isAt(path, UPLOADS) || socket ? HttpMethod.GET : null;
    String account = accounts.of(request.getHeader(HttpHeaders.AUTHORIZATION));
    if (method == null) {
      refuse(request, 404, "NotFound", "No such path.");
    } else if (account == null && isAt(path, CHAT)) {
      ChatDoor.refuse(
          new HttpCall(guest.vertx(), request, guest.faults()),
          401,
          "invalid_api_key",
          "Incorrect API key provided.");
    } else if (account == null) {
      // the Java SDK looks for the standard reason phrase "Unauthorized", or else tries again
      refuse(request, 401, "InvalidApiKey", "Invalid API-key provided.");
    } else if (socket) {
      upgrade(request, realtime, guest.of(account));
    } else if (!method.equals(request.method())) {
      refuse(request, 405, "MethodNotAllowed", "Only " + method + " is expected here.");
    } else if (isAt(path, CHAT)) {
      ChatDoor.complete(guest.of(account), new HttpCall(guest.vertx(), request, guest.faults()));
    } else if (isAt(path, GENERATION)) {
      generation.generate(guest.of(account), new HttpCall(guest.vertx(), request, guest.faults()));
    } else if (method.equals(HttpMethod.POST)) {
      customization.customize(
          guest.of(account), new HttpCall(guest.vertx(), request, guest.faults()));
    } else {
      customization.policy(guest.of(account), new HttpCall(guest.vertx(), request, guest.faults()));
    }
  }

  private static void upgrade(HttpServerRequest request, boolean realtime, Guest caller) {
    if (caller.faults().take(Fault.Place.CONNECT) instanceof Fault.Refuse refusal) {
      refuse(request, refusal.status(), refusal.code(), refusal.message());
    } else if (!request.canUpgradeToWebSocket()) {
      refuse(request, 400, "InvalidParameter", "A WebSocket upgrade is expected here.");
    } else {
      String model = request.getParam("model", "");
      request
          .toWebSocket()
          .onSuccess(
              socket -> {
                if (realtime) {
                  RealtimeConversation.begin(caller, socket, model);
                } else {
                  InferenceConversation.begin(caller, socket);
                }
              });
    }
  }

  private static boolean isAt(String path, String door) {
    return path.equals(door) || path.equals(door + "/");
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
