package dev.voicebridge.bridge;

import dev.voicebridge.upstream.UpstreamListener.Word;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client socket of tasks, as the vendor's CosyVoice and Sambert clients speak it: {@code
 * run-task}, {@code continue-task}, {@code finish-task}, one task at a time and any number in a
 * row. What is spoken is the {@link Speaker}'s, as in a {@link Session}. A client that sees the
 * socket close in the middle of a task takes the audio for complete, so {@code task-failed} always
 * comes first. Event loop only.
 */
public final class InferenceSession implements OpenSession {
  private static final Logger log = LoggerFactory.getLogger(InferenceSession.class);

  /** Most clients here wait for a whole file, and not for ever; pressure still bounds it. */
  private static final Duration ANY_LEAD = Duration.ofDays(365);

  private static final short NORMAL = 1000;

  /** The vendor's code for whatever went wrong; its words are the reason. */
  private static final short FATAL = 1007;

  private final SessionHost host;
  private final ServerWebSocket client;
  private final ClientSocket socket;
  private final Caller caller;
  private final SessionLimits limits;
  private final TaskPatience patience;
  private final TaskEvents events;
  private final Speaker speaker;
  private final MessageRate rate;
  private final String id = ServerEvents.newId("sess_");
  private final long openedNanos = System.nanoTime();

  /** Null between tasks. */
  private @Nullable InferenceTask task;

  /** The task that is being looked up; null: none. The client is not listened to meanwhile. */
  private @Nullable String opening;

  /** The task before; its client may not know yet that it is over. */
  private @Nullable String lastTask;

  /** What the speaker waits for room with; null: nothing. */
  private @Nullable Runnable onRoom;

  private long idleSinceNanos = openedNanos;

  private InferenceSession(
      SessionHost host, ServerWebSocket client, Caller caller, TaskPatience patience) {
    this.host = host;
    this.client = client;
    this.socket = new ClientSocket(host, client, new Messages());
    this.caller = caller;
    this.patience = patience;
    this.limits = caller.limits().withLead(ANY_LEAD);
    this.events = new TaskEvents(client);
    this.speaker = new Speaker(host, new Ear(), limits, this::onSpeakerIdle);
    this.rate = new MessageRate(limits.maxMessagesPerSecond());
  }

  /** Takes over an upgraded socket. */
  public static InferenceSession open(SessionHost host, ServerWebSocket client, Caller caller) {
    return open(host, client, caller, TaskPatience.DEFAULTS);
  }

  public static InferenceSession open(
      SessionHost host, ServerWebSocket client, Caller caller, TaskPatience patience) {
    InferenceSession session = new InferenceSession(host, client, caller, patience);
    session.socket.listen(session.limits.maxMessageBytes());
    session.socket.tick(() -> session.guard("", session::tick));
    return session;
  }

  @Override
  public Future<CloseCode> closed() {
    return socket.closed();
  }

  private final class Messages implements ClientSocket.Owner {
    @Override
    public void onText(String text) {
      InferenceSession.this.onText(text);
    }

    @Override
    public void onBinary() {
      guard(
          "",
          () -> {
            throw TaskError.invalid("Binary frames are not expected! Please follow the protocol!");
          });
    }

    @Override
    public void broken(CloseCode why) {
      fail("", TaskError.invalid("Invalid message: " + why.reason() + "."), why, why.number());
    }

    @Override
    public void release() {
      if (task != null) {
        task.drop();
        task = null;
      }
      speaker.close();
    }
  }

  // -- what the client says -----------------------------------------------------------------------

  private void onText(String text) {
    if (!socket.isOpen()) {
      return;
    }
    if (!rate.take()) {
      fail("", TaskError.throttled("too many messages a second"), CloseCode.TOO_MANY, FATAL);
      return;
    }
    JsonObject message;
    try {
      message = new JsonObject(text);
    } catch (RuntimeException notAnObject) {
      guard(
          "",
          () -> {
            throw TaskError.invalid("Invalid JSON message! Please follow the protocol!");
          });
      return;
    }
    JsonObject header = TaskOrder.object(message, "header");
    String named = TaskOrder.text(header, "task_id");
    String taskId = named == null ? "" : named;
    guard(taskId, () -> follow(header, taskId, message));
  }

  private void follow(JsonObject header, String taskId, JsonObject message) {
    String named = TaskOrder.text(header, "action");
    String action = named == null ? "" : named;
    switch (action) {
      case "run-task" -> run(TaskOrder.parse(message));
      case "continue-task" -> running(taskId).more(input(message));
      case "finish-task" -> finish(taskId, input(message));
      case "" ->
          throw TaskError.invalid(
              "Missing required parameter 'header.action'! Please follow the protocol!");
      default ->
          throw TaskError.invalid(
              "Unknown action '"
                  + SessionSettings.shortened(action)
                  + "'! Please follow the protocol!");
    }
  }

  private static JsonObject input(JsonObject message) {
    return TaskOrder.object(TaskOrder.object(message, "payload"), "input");
  }

  private InferenceTask running(String taskId) {
    InferenceTask running = task;
    if (running == null || !running.id().equals(taskId)) {
      throw TaskError.invalid("No such task! Please follow the protocol!");
    }
    return running;
  }

  private void finish(String taskId, JsonObject input) {
    if (task == null && taskId.equals(lastTask)) {
      // It crossed with the task's own end.
      return;
    }
    InferenceTask running = running(taskId);
    if ("cancel".equals(TaskOrder.text(input, "directive"))) {
      running.cancel();
    } else {
      running.finish();
    }
  }

  private void run(TaskOrder order) {
    if (task != null) {
      throw TaskError.invalid("A task is running already! Please follow the protocol!");
    }
    withVoice(order, asked -> begin(order, asked));
  }

  /** As {@code Session} does it: until it is known what voice that is, nothing more is read. */
  private void withVoice(TaskOrder order, Consumer<@Nullable CustomVoice> on) {
    VoiceBook book = host.voices();
    if (!SessionSettings.mustAsk(host.catalogue(), book, caller, order.voice())) {
      on.accept(null);
      return;
    }
    opening = order.taskId();
    socket.lookUp(
        book.ask(caller, order.voice()),
        asked -> {
          opening = null;
          guard(order.taskId(), () -> on.accept(asked));
        });
  }

  private void begin(TaskOrder order, @Nullable CustomVoice asked) {
    TaskPlan plan = TaskPlan.of(host, caller, order, asked);
    InferenceTask fresh =
        new InferenceTask(host, limits, order, plan, speaker, events, new TaskOwner());
    task = fresh;
    fresh.begin();
  }

  private final class TaskOwner implements InferenceTask.Owner {
    @Override
    public void finished(InferenceTask done) {
      task = null;
      lastTask = done.id();
      idleSinceNanos = System.nanoTime();
      roomAgain();
    }

    @Override
    public void failed(InferenceTask failed, TaskError why) {
      fail(failed.id(), why, CloseCode.DONE, FATAL);
    }

    @Override
    public void relieved() {
      roomAgain();
    }

    @Override
    public void broke(Throwable bug) {
      bug("", bug);
    }
  }

  /** Every mistake, a client's or ours, ends the socket, and is told before. */
  private void guard(String taskId, Runnable action) {
    try {
      if (socket.isOpen()) {
        action.run();
      }
    } catch (TaskError error) {
      fail(taskId, error, CloseCode.PROTOCOL_MISUSE, FATAL);
    } catch (SessionError error) {
      fail(taskId, TaskError.of(error), CloseCode.PROTOCOL_MISUSE, FATAL);
    } catch (RuntimeException bug) {
      bug(taskId, bug);
    }
  }

  private void bug(String taskId, Throwable bug) {
    log.atError().addKeyValue("session", id).setCause(bug).log("a task failed");
    fail(taskId, TaskError.internal("Internal error."), CloseCode.INTERNAL, FATAL);
  }

  // -- time ---------------------------------------------------------------------------------------

  private void tick() {
    long now = System.nanoTime();
    long stalledSince = speaker.stalledSinceNanos();
    InferenceTask running = task;
    if (stalledSince != 0 && now - stalledSince > limits.slowReader().toNanos()) {
      fail(
          "",
          TaskError.internal("the audio was read too slowly"),
          CloseCode.READS_TOO_SLOWLY,
          FATAL);
    } else if (now - openedNanos > limits.maxAge().toNanos()) {
      expire("the connection is too old, connect again", CloseCode.TOO_OLD);
    } else if (running == null) {
      if (opening == null && now - idleSinceNanos > patience.idle().toNanos()) {
        socket.close(CloseCode.IDLE, NORMAL, "Connection idle for too long.");
      }
      speaker.tick(now);
    } else if (stalledSince == 0 && running.gaps(now, patience.textGap().toNanos())) {
      fail("", TaskError.gap(patience.textGap().toSeconds()), CloseCode.IDLE, FATAL);
    } else {
      speaker.tick(now);
    }
  }

  private void expire(String words, CloseCode why) {
    if (task == null && opening == null) {
      socket.close(why, NORMAL, why.reason());
    } else {
      fail("", TaskError.internal(words), why, FATAL);
    }
  }

  // -- the way out --------------------------------------------------------------------------------

  /** Fails what is under way, then closes. Idempotent. */
  @Override
  public void close(CloseCode why) {
    if (task != null || opening != null) {
      fail("", TaskError.internal(why.reason()), why, wireCode(why));
    } else {
      socket.close(why, wireCode(why), why.reason());
    }
  }

  private static short wireCode(CloseCode why) {
    return switch (why) {
      case DONE, GOING_AWAY, RESTART -> why.number();
      default -> FATAL;
    };
  }

  /**
   * Says why to the task that runs, and to the one that a message was about, if that is another.
   *
   * @param about empty: about no task, or the one that runs
   */
  private void fail(String about, TaskError error, CloseCode why, short wireCode) {
    if (!socket.isOpen()) {
      return;
    }
    String running = task == null ? opening : task.id();
    if (task != null) {
      task.drop();
      task = null;
    }
    if (running != null) {
      events.failed(running, error);
    }
    if (!about.equals(running) && !(about.isEmpty() && running != null)) {
      events.failed(about, error);
    }
    socket.close(why, wireCode, error.reason());
  }

  // -- what the service says ----------------------------------------------------------------------

  private void onSpeakerIdle() {
    if (task != null) {
      task.onSpeakerIdle();
    }
  }

  private void roomAgain() {
    Runnable waiting = onRoom;
    if (waiting == null || !socket.isOpen()) {
      return;
    }
    if (!isFull()) {
      onRoom = null;
      waiting.run();
    } else if (!client.isClosed() && client.writeQueueFull()) {
      client.drainHandler(drained -> roomAgain());
    }
  }

  private boolean isFull() {
    return !client.isClosed() && (client.writeQueueFull() || (task != null && task.isFull()));
  }

  /** Whatever the speaker says is about the one task that runs; between tasks it is nobody's. */
  private final class Ear implements Audience {
    @Override
    public void committed(String responseId) {}

    @Override
    public void queued(String responseId, int place, long etaMs) {}

    @Override
    public void responseCreated(Response response) {
      if (task != null) {
        task.onResponse(response);
      }
    }

    @Override
    public void audio(Response response, Buffer audio) {
      if (task != null) {
        task.onAudio(audio);
      }
    }

    @Override
    public void timestamps(Response response, List<Word> words) {
      if (task != null) {
        task.onWords(words);
      }
    }

    @Override
    public void sentenceBegins(String text) {
      if (task != null) {
        task.onSentenceBegin(text);
      }
    }

    @Override
    public void sentenceEnds() {
      if (task != null) {
        task.onSentenceEnd();
      }
    }

    @Override
    public void responseDone(Response response, Status status, JsonObject outcome) {
      if (task != null) {
        task.onResponseDone(response, outcome.getJsonObject("usage").getInteger("characters"));
      }
    }

    @Override
    public void responseDone(String id, String voice, Status status, JsonObject outcome) {}

    @Override
    public void error(SessionError why, @Nullable String clientEventId) {
      fail("", TaskError.of(why), CloseCode.DONE, FATAL);
    }

    @Override
    public boolean isFull() {
      return InferenceSession.this.isFull();
    }

    @Override
    public void onDrain(Runnable action) {
      onRoom = action;
      if (client.writeQueueFull()) {
        client.drainHandler(drained -> roomAgain());
      }
    }
  }

  // -- no seat ------------------------------------------------------------------------------------

  /**
   * Turns a socket away in the vendor's words. Its clients take a bare close for success, so the
   * first task is waited for, and fails.
   *
   * @param detail what exactly, for the caller's eyes
   */
  public static void refuse(SessionHost host, ServerWebSocket client, String detail) {
    refuse(host, client, detail, TaskPatience.DEFAULTS);
  }

  static void refuse(
      SessionHost host, ServerWebSocket client, String detail, TaskPatience patience) {
    TaskError why = TaskError.throttled(detail);
    long timer =
        host.vertx()
            .setTimer(patience.refused().toMillis(), late -> client.close(FATAL, why.reason()));
    ClientFrames.Receiver once =
        new ClientFrames.Receiver() {
          private boolean told;

          @Override
          public void onText(String text) {
            if (told) {
              return;
            }
            told = true;
            String taskId = null;
            try {
              taskId = TaskOrder.text(TaskOrder.object(new JsonObject(text), "header"), "task_id");
            } catch (RuntimeException notAnObject) {
              // It is refused anyway.
            }
            new TaskEvents(client).failed(taskId == null ? "" : taskId, why);
            client.close(FATAL, why.reason());
          }

          @Override
          public void onBinary() {}

          @Override
          public void broken(CloseCode ignored) {
            client.close(FATAL, why.reason());
          }
        };
    client.frameHandler(new ClientFrames(SessionLimits.DEFAULTS.maxMessageBytes(), once));
    client.exceptionHandler(broken -> {});
    client.closeHandler(gone -> host.vertx().cancelTimer(timer));
  }
}
