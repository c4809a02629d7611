package dev.voicebridge.upstream.inference;

import dev.voicebridge.upstream.Deadlines;
import dev.voicebridge.upstream.ServiceSocket;
import dev.voicebridge.upstream.SpeechSettings;
import dev.voicebridge.upstream.UpstreamException;
import dev.voicebridge.upstream.UpstreamListener;
import dev.voicebridge.upstream.UpstreamSession;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What CosyVoice and Sambert share: one socket, one task at a time, and how a task begins and ends.
 */
abstract class TaskSession implements UpstreamSession, ServiceSocket.Receiver {
  final Vertx vertx;
  final SpeechSettings settings;
  final UpstreamListener listener;
  final Deadlines deadlines;
  private final IdleSockets idle;
  private final ServiceSocket.Secret key;
  private final ServiceSocket socket;

  /** The generation: events of another task are dead. Null between tasks. */
  private @Nullable String taskId;

  private boolean started;
  private boolean over;
  private long startTimer = -1;

  TaskSession(
      Vertx vertx,
      IdleSockets idle,
      ServiceSocket.Secret key,
      ServiceSocket socket,
      SpeechSettings settings,
      UpstreamListener listener,
      Deadlines deadlines) {
    this.vertx = vertx;
    this.idle = idle;
    this.key = key;
    this.socket = socket;
    this.settings = settings;
    this.listener = listener;
    this.deadlines = deadlines;
    socket.receiver(this);
  }

  /** Text and finish may be sent now. */
  abstract void onStarted();

  /**
   * @param output {@code payload.output} of a {@code result-generated}
   */
  abstract void onResult(JsonObject output);

  /**
   * The task is over and the socket free for the next.
   *
   * @param characters what the service counted, null where it did not
   */
  abstract void onTaskDone(@Nullable Integer characters);

  abstract void heard(Buffer audio);

  /** Begins a task. */
  final void runTask(String streaming, JsonObject parameters, JsonObject input) {
    taskId = UUID.randomUUID().toString().replace("-", "");
    started = false;
    send(
        "run-task",
        streaming,
        new JsonObject()
            .put("task_group", "audio")
            .put("task", "tts")
            .put("function", "SpeechSynthesizer")
            .put("model", settings.model())
            .put("parameters", parameters)
            .put("input", input));
    startTimer =
        vertx.setTimer(
            deadlines.taskStart().toMillis(),
            late ->
                fail(
                    new UpstreamException(
                        UpstreamException.Kind.TIMEOUT, "the service did not start the task")));
  }

  final void send(String action, String streaming, JsonObject payload) {
    socket.write(
        new JsonObject()
            .put(
                "header",
                new JsonObject()
                    .put("action", action)
                    .put("task_id", taskId)
                    .put("streaming", streaming))
            .put("payload", payload));
  }

  @Override
  public final @Nullable String vendorRequest() {
    return taskId;
  }

  final boolean taskActive() {
    return taskId != null;
  }

  /** Whether nothing may be sent any more. */
  final boolean isOver() {
    return over;
  }

  final boolean taskStarted() {
    return started;
  }

  /** The parameters that both dialects name alike. */
  final JsonObject commonParameters() {
    JsonObject parameters =
        new JsonObject()
            .put("text_type", "PlainText")
            .put("format", settings.serviceFormat().wireName())
            .put("sample_rate", settings.sampleRateHz())
            .put("volume", settings.volume())
            .put("rate", settings.speechRate())
            .put("pitch", settings.pitchRate());
    if (settings.wordTimestamps()) {
      parameters.put("word_timestamp_enabled", true);
    }
    return parameters;
  }

  /** Called once, when nothing more will be sent or awaited. */
  void released() {}

  final void fail(UpstreamException cause) {
    if (!over) {
      over = true;
      vertx.cancelTimer(startTimer);
      released();
      socket.close();
      listener.onFailed(cause);
    }
  }

  @Override
  public final boolean reusable() {
    return !over && socket.isOpen();
  }

  @Override
  public final void close() {
    if (over) {
      return;
    }
    over = true;
    vertx.cancelTimer(startTimer);
    released();
    if (taskId == null) {
      idle.giveBack(key, socket);
    } else {
      // Nothing but a closed socket is sure to stop a task.
      socket.close();
    }
  }

  @Override
  public final void pause() {
    socket.pause();
  }

  @Override
  public final void resume() {
    socket.resume();
  }

  @Override
  public final void onBinary(Buffer bytes) {
    if (!over && taskId != null && bytes.length() > 0) {
      heard(bytes);
    }
  }

  @Override
  public final void onText(byte[] utf8) {
    JsonObject message = ServiceSocket.parse(utf8);
    try {
      JsonObject header = message == null ? null : message.getJsonObject("header");
      String event = header == null ? null : header.getString("event");
      if (message == null || header == null || event == null) {
        fail(new UpstreamException(UpstreamException.Kind.GARBAGE, "the service sent no event"));
        return;
      }
      if (over || taskId == null || !taskId.equals(header.getString("task_id", taskId))) {
        return;
      }
      JsonObject payload = message.getJsonObject("payload");
      onEvent(event, header, payload == null ? new JsonObject() : payload);
    } catch (ClassCastException malformed) {
      fail(
          new UpstreamException(
              UpstreamException.Kind.GARBAGE, "the service sent a malformed event"));
    }
  }

  private void onEvent(String event, JsonObject header, JsonObject payload) {
    switch (event) {
      case "task-started" -> {
        if (!started) {
          started = true;
          vertx.cancelTimer(startTimer);
          onStarted();
        }
      }
      case "result-generated" -> {
        JsonObject output = payload.getJsonObject("output");
        if (output != null) {
          onResult(output);
        }
      }
      case "task-finished" -> {
        JsonObject usage = payload.getJsonObject("usage");
        vertx.cancelTimer(startTimer);
        taskId = null;
        onTaskDone(usage == null ? null : usage.getInteger("characters"));
      }
      case "task-failed" ->
          fail(
              socket.vendorError(
                  header.getString("error_code"), header.getString("error_message")));
      default -> {
        // New events say nothing that we wait for.
      }
    }
  }

  @Override
  public final void onClosed(int code, String reason) {
    fail(
        code == 1007 || code == 1008
            ? UpstreamException.ofVendor(null, reason)
            : new UpstreamException(
                UpstreamException.Kind.CLOSED,
                "the service closed the connection ("
                    + code
                    + ")"
                    + (reason.isEmpty() ? "" : ": " + reason)));
  }
}
