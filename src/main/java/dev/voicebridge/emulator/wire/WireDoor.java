package dev.voicebridge.emulator.wire;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The guest's front door: who may, and which conversation it is. Its verticle's event loop only.
 */
public final class WireDoor {
  private static final String REALTIME = "/api-ws/v1/realtime";
  private static final String INFERENCE = "/api-ws/v1/inference";
  private static final String BEARER = "bearer ";

  private final Guest guest;
  private final byte[] key;

  public WireDoor(
      Vertx vertx, Narrator narrator, WireSettings settings, Faults faults, String key) {
    this.guest = new Guest(vertx, narrator, Roster.load(), settings, faults, new Rates());
    this.key = key.getBytes(StandardCharsets.UTF_8);
  }

  /** Answers every request, with an upgrade or a JSON error. */
  public void handle(HttpServerRequest request) {
    String path = request.path() == null ? "" : request.path();
    boolean realtime = isAt(path, REALTIME);
    if (!realtime && !isAt(path, INFERENCE)) {
      refuse(request, 404, "NotFound", "No such path.");
    } else if (!isKnown(request.getHeader(HttpHeaders.AUTHORIZATION))) {
      // the Java SDK looks for the standard reason phrase "Unauthorized", or else tries again
      refuse(request, 401, "InvalidApiKey", "Invalid API-key provided.");
    } else if (guest.faults().take(Fault.Place.CONNECT) instanceof Fault.Refuse refusal) {
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
                  RealtimeConversation.begin(guest, socket, model);
                } else {
                  InferenceConversation.begin(guest, socket);
                }
              });
    }
  }

  private static boolean isAt(String path, String door) {
    return path.equals(door) || path.equals(door + "/");
  }

  private boolean isKnown(@Nullable String authorization) {
    return authorization != null
        && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
        && MessageDigest.isEqual(
            key, authorization.substring(BEARER.length()).strip().getBytes(StandardCharsets.UTF_8));
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
