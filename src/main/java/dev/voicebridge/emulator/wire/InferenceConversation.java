package dev.voicebridge.emulator.wire;

import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One connection to {@code /api-ws/v1/inference}: CosyVoice and Sambert, one task after the other.
 * Its event loop only.
 */
final class InferenceConversation implements InferenceTask.Owner {
  private static final int CLOSE_NORMAL = 1000;
  private static final int CLOSE_FATAL = 1007;

  private final Guest guest;
  private final Peer peer;
  private final Alarm idle;

  /** The running task; null between tasks. */
  private @Nullable InferenceTask task;

  /** What came before a late task-started; null once it is out. */
  private @Nullable List<JsonObject> early;

  private InferenceConversation(Guest guest, ServerWebSocket socket) {
    this.guest = guest;
    this.peer = new Peer(socket);
    this.idle =
        new Alarm(guest.vertx(), () -> peer.close(CLOSE_NORMAL, "Connection idle for too long."));
    socket.textMessageHandler(this::onMessage);
    socket.closeHandler(v -> onClosed());
    idle.set(guest.settings().inferenceIdle());
  }

  /** Takes the socket over, just upgraded. */
  static void begin(Guest guest, ServerWebSocket socket) {
    var unused = new InferenceConversation(guest, socket);
  }

  private void onMessage(String frame) {
    if (!peer.isOpen()) {
      return;
    }
    JsonObject message = Json.parse(frame);
    if (message == null) {
      failed(task == null ? "" : task.id(), WireError.invalid("Invalid JSON message."));
      return;
    }
    JsonObject header = Json.object(message, "header");
    String taskId = Json.text(header, "task_id");
    try {
      dispatch(header, taskId == null ? "" : taskId, message);
    } catch (WireError error) {
      failed(taskId == null ? "" : taskId, error);
    }
  }

  private void dispatch(JsonObject header, String taskId, JsonObject message) {
    String action = Json.text(header, "action");
    switch (action == null ? "" : action) {
      case "run-task" -> run(header, taskId, message);
      case "continue-task", "finish-task" -> {
        InferenceTask running = task;
        if (running == null || !running.id().equals(taskId)) {
          throw WireError.invalid("No such task! Please follow the protocol!");
        }
        if (early == null) {
          pass(running, message);
        } else {
          early.add(message);
        }
      }
      default -> throw WireError.invalid("Unknown action '" + action + "'!");
    }
  }

  private void run(JsonObject header, String taskId, JsonObject message) {
    if (task != null) {
      throw WireError.invalid("A task is running already! Please follow the protocol!");
    }
    if (taskId.isEmpty()) {
      throw WireError.invalid(
          "Missing required parameter 'header.task_id'! Please follow the protocol!");
    }
    idle.clear();
    boolean duplex = "duplex".equals(Json.text(header, "streaming"));
    TaskRequest request =
        TaskRequest.parse(taskId, duplex, Json.object(message, "payload"), guest.roster());
    Fault start = guest.faults().take(Fault.Place.SESSION);
    if (start instanceof Fault.Reject reject) {
      throw new WireError(reject.code(), reject.message());
    }
    if (start instanceof Fault.RateLimit
        || (guest.settings().rateLimits() && !guest.rates().admitTask(request.sambert()))) {
      throw new WireError(
          "Throttling.RateQuota", "Requests rate limit exceeded, please try again later.");
    }
    Fault fault = guest.faults().take(Fault.Place.RESPONSE);
    if (fault == null && guest.isDeploying(request.voicing().voice())) {
      fault = new Fault.NoAudio();
    }
    InferenceTask fresh = new InferenceTask(guest, peer, request, fault, this);
    task = fresh;
    if (start instanceof Fault.LateStart late) {
      early = new ArrayList<>();
      guest.vertx().setTimer(late.delay().toMillis(), timer -> started(fresh));
    } else {
      fresh.begin(!(start instanceof Fault.NoStart));
    }
  }

  private void started(InferenceTask late) {
    List<JsonObject> kept = early == null ? List.of() : early;
    early = null;
    if (task != late || !peer.isOpen()) {
      return;
    }
    try {
      late.begin(true);
      for (JsonObject message : kept) {
        pass(late, message);
      }
    } catch (WireError error) {
      failed(late.id(), error);
    }
  }

  private static void pass(InferenceTask running, JsonObject message) {
    JsonObject input = Json.object(Json.object(message, "payload"), "input");
    if ("continue-task".equals(Json.text(Json.object(message, "header"), "action"))) {
      running.onContinue(input);
    } else {
      running.onFinish(input);
    }
  }

  @Override
  public void onTaskFinished() {
    task = null;
    idle.set(guest.settings().inferenceIdle());
  }

  @Override
  public void onTaskFailed(String taskId, WireError error) {
    failed(taskId, error);
  }

  /** Says why before closing: a client that only sees the close takes the audio for complete. */
  private void failed(String taskId, WireError error) {
    if (task != null) {
      task.drop();
      task = null;
    }
    JsonObject event = InferenceTask.event(taskId, "task-failed");
    event
        .getJsonObject("header")
        .put("error_code", error.code())
        .put("error_message", error.words());
    peer.send(event.put("payload", new JsonObject()));
    idle.clear();
    peer.close(CLOSE_FATAL, error.words());
  }

  private void onClosed() {
    idle.clear();
    if (task != null) {
      task.drop();
      task = null;
    }
  }
}
