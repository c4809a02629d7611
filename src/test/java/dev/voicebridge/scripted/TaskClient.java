package dev.voicebridge.scripted;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.internal.http.WebSocketInternal;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A client of tasks that writes down what it hears, and notes each breach of what always holds: all
 * parts of an event are there, audio follows its {@code sentence-synthesis} at once, a task ends
 * once and nothing of it comes later, and no socket closes in the middle of a task without a word.
 */
final class TaskClient extends SocketClient<Object> {
  private final Set<String> over = new HashSet<>();
  private @Nullable String running;
  private boolean sentence;
  private boolean synthesis;
  private boolean whole;
  private volatile boolean leaving;

  /**
   * One task as it was heard.
   *
   * @param outputs {@code payload.output} of every result but those before audio
   * @param end {@code task-finished} or {@code task-failed}
   */
  record Task(
      JsonObject started, List<JsonObject> outputs, Buffer sound, int frames, JsonObject end) {
    byte[] audio() {
      return sound.getBytes();
    }

    JsonObject header() {
      return end.getJsonObject("header");
    }

    int characters() {
      return end.getJsonObject("payload").getJsonObject("usage").getInteger("characters");
    }

    List<JsonObject> ends() {
      return outputs.stream().filter(o -> "sentence-end".equals(o.getString("type"))).toList();
    }

    List<JsonObject> words() {
      List<JsonObject> words = new ArrayList<>();
      for (JsonObject output : outputs) {
        JsonArray list = output.getJsonObject("sentence").getJsonArray("words");
        list.forEach(word -> words.add((JsonObject) word));
      }
      return words;
    }
  }

  /** On the socket's event loop. */
  TaskClient(WebSocket socket) {
    super(socket);
    socket.textMessageHandler(this::onText);
    socket.binaryMessageHandler(this::onAudio);
    socket.closeHandler(
        v -> {
          check(running == null || leaving, "closed in the middle of " + running);
          heard.add(farewell());
        });
  }

  private void onText(String text) {
    raw.add(text);
    JsonObject message = new JsonObject(text);
    JsonObject header = message.getJsonObject("header");
    String id = header.getString("task_id");
    check(header.getJsonObject("attributes") != null, "no attributes");
    check(message.getJsonObject("payload") != null, "no payload");
    check(!synthesis, "no audio behind a sentence-synthesis");
    check(!over.contains(id), "an event of a task that was over");
    switch (header.getString("event")) {
      case "task-started" -> {
        check(running == null, "two tasks at once");
        running = id;
      }
      case "result-generated" -> {
        check(id.equals(running), "a result of another task");
        JsonObject output = message.getJsonObject("payload").getJsonObject("output");
        check(output.getJsonObject("sentence") != null, "a result without a sentence");
        switch (output.getString("type", "")) {
          case "sentence-begin" -> {
            check(!sentence, "a sentence in another");
            sentence = true;
          }
          case "sentence-synthesis" -> {
            check(sentence, "audio between sentences");
            synthesis = true;
            return;
          }
          case "sentence-end" -> {
            check(sentence, "a second end of a sentence");
            sentence = false;
          }
          default -> {}
        }
      }
      case "task-finished", "task-failed" -> {
        over.add(id);
        sentence = false;
        if (id.equals(running)) {
          running = null;
        }
      }
      default -> check(false, "an event of another kind");
    }
    heard.add(message);
  }

  private void onAudio(Buffer bytes) {
    check(running != null, "audio while no task runs");
    check(synthesis || whole, "audio without a sentence-synthesis");
    check(bytes.length() > 0, "an empty frame");
    synthesis = false;
    audioBytes.addAndGet(bytes.length());
    heard.add(bytes);
  }

  // -- saying -------------------------------------------------------------------------------------

  static JsonObject message(String action, String id, JsonObject payload) {
    return new JsonObject()
        .put(
            "header",
            new JsonObject().put("action", action).put("task_id", id).put("streaming", "duplex"))
        .put("payload", payload);
  }

  static JsonObject runTask(String id, String model, @Nullable String voice, Object... fields) {
    JsonObject parameters = new JsonObject().put("text_type", "PlainText");
    if (voice != null) {
      parameters.put("voice", voice);
    }
    for (int i = 0; i < fields.length; i += 2) {
      parameters.put((String) fields[i], fields[i + 1]);
    }
    return message(
        "run-task",
        id,
        new JsonObject()
            .put("task_group", "audio")
            .put("task", "tts")
            .put("function", "SpeechSynthesizer")
            .put("model", model)
            .put("parameters", parameters)
            .put("input", new JsonObject()));
  }

  TaskClient say(JsonObject message) {
    socket.writeTextMessage(message.encode());
    return this;
  }

  /** CosyVoice, PCM at 24 kHz. */
  TaskClient run(String id, Object... more) {
    Object[] fields = new Object[more.length + 4];
    System.arraycopy(new Object[] {"format", "pcm", "sample_rate", 24_000}, 0, fields, 0, 4);
    System.arraycopy(more, 0, fields, 4, more.length);
    return say(runTask(id, TestBridge.COSYVOICE, "longanyang", fields));
  }

  /** Sambert's way: everything at once. */
  TaskClient runWhole(String id, String model, String text, Object... fields) {
    whole = true;
    JsonObject message = runTask(id, model, null, fields);
    message.getJsonObject("header").put("streaming", "out");
    message.getJsonObject("payload").getJsonObject("input").put("text", text);
    return say(message);
  }

  TaskClient more(String id, String text) {
    return say(message("continue-task", id, input(new JsonObject().put("text", text))));
  }

  TaskClient flush(String id) {
    return say(message("continue-task", id, input(new JsonObject().put("flush", true))));
  }

  TaskClient finish(String id) {
    return say(message("finish-task", id, input(new JsonObject())));
  }

  TaskClient cancel(String id) {
    return say(message("finish-task", id, input(new JsonObject().put("directive", "cancel"))));
  }

  private static JsonObject input(JsonObject input) {
    return new JsonObject().put("input", input);
  }

  // -- hearing ------------------------------------------------------------------------------------

  static String event(JsonObject message) {
    return message.getJsonObject("header").getString("event");
  }

  /** The next event, which is this one. */
  JsonObject expect(String event) {
    if (next() instanceof JsonObject message && event(message).equals(event)) {
      return message;
    }
    throw new AssertionError("no " + event + " but " + raw.get(raw.size() - 1));
  }

  void awaitAudio() {
    for (Object next = next(); !(next instanceof Buffer); next = next()) {
      if (next instanceof Heard.Closed) {
        throw new AssertionError("no audio but " + next + " " + raw);
      }
    }
  }

  /** Everything up to the end of the task. */
  Task task() {
    JsonObject started = new JsonObject();
    List<JsonObject> outputs = new ArrayList<>();
    Buffer sound = Buffer.buffer();
    int frames = 0;
    for (; ; ) {
      Object next = next();
      if (next instanceof Buffer bytes) {
        sound.appendBuffer(bytes);
        frames++;
      } else if (next instanceof JsonObject message) {
        switch (event(message)) {
          case "task-started" -> started = message;
          case "result-generated" ->
              outputs.add(
                  message
                      .getJsonObject("payload")
                      .getJsonObject("output")
                      .copy()
                      .put("usage", message.getJsonObject("payload").getValue("usage")));
          default -> {
            return new Task(started, outputs, sound, frames, message);
          }
        }
      } else {
        throw new AssertionError("no end but " + next);
      }
    }
  }

  Task finished() {
    Task task = task();
    if (!event(task.end()).equals("task-finished")) {
      throw new AssertionError("failed: " + task.end());
    }
    return task;
  }

  /** The header of the {@code task-failed} that comes next, with the close behind it. */
  JsonObject failed() {
    return failed(1007);
  }

  JsonObject failed(int code) {
    Task task = task();
    if (!event(task.end()).equals("task-failed")) {
      throw new AssertionError("not failed: " + task.end());
    }
    Heard.Closed closed = closed();
    if (closed.code() != code) {
      throw new AssertionError("closed with " + closed);
    }
    return task.header();
  }

  Heard.Closed closed() {
    for (; ; ) {
      if (next() instanceof Heard.Closed closed) {
        return closed;
      }
    }
  }

  /** It reads nothing, so no word can reach it before the connection is cut. */
  TaskClient deaf() {
    leaving = true;
    socket.pause();
    return this;
  }

  /** Gone without a word. */
  void vanish() {
    leaving = true;
    var unused =
        ((WebSocketInternal) socket).channelHandlerContext().pipeline().firstContext().close();
  }

  @Override
  public void close() {
    leaving = true;
    super.close();
  }
}
