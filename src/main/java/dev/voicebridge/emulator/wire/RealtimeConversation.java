package dev.voicebridge.emulator.wire;

import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One connection to {@code /api-ws/v1/realtime}: Qwen-TTS. One connection is one session. Its event
 * loop only.
 */
final class RealtimeConversation {
  private static final int CLOSE_NORMAL = 1000;
  private static final int CLOSE_FATAL = 1007;

  private final Guest guest;
  private final Peer peer;
  private final String model;
  private final Roster.@Nullable Entry entry;
  private final String id = Ids.next("sess");
  private final SentenceCutter buffer = new SentenceCutter();

  /** Complete sentences that wait for a commit, in commit mode. */
  private final List<String> uncommitted = new ArrayList<>();

  private static final Duration NOT_FOUND_AFTER = Duration.ofMillis(20);

  /** What the next responses speak, a list of sentences each. */
  private final ArrayDeque<Segment> segments = new ArrayDeque<>();

  /** Messages that came before session.created went out. */
  private final List<String> early = new ArrayList<>();

  private final Alarm idle;
  private final Alarm age;

  private RealtimeConfig config = RealtimeConfig.DEFAULTS;
  private boolean created;
  private boolean started;
  private boolean appendedSinceCommit;
  private boolean finishing;
  private boolean finished;
  private @Nullable RealtimeResponse speaking;

  /**
   * @param open whether more sentences of server_commit may still join
   */
  private record Segment(List<String> sentences, boolean open) {}

  private RealtimeConversation(Guest guest, ServerWebSocket socket, String model) {
    this.guest = guest;
    this.peer = new Peer(socket);
    this.model = model;
    this.entry = guest.roster().realtime(model);
    this.idle = new Alarm(guest.vertx(), this::onIdle);
    this.age = new Alarm(guest.vertx(), this::onAge);
    socket.textMessageHandler(this::onMessage);
    socket.closeHandler(v -> onClosed());
  }

  /** Takes the socket over, just upgraded. */
  static void begin(Guest guest, ServerWebSocket socket, String model) {
    RealtimeConversation session = new RealtimeConversation(guest, socket, model);
    Fault fault = guest.faults().take(Fault.Place.SESSION);
    if (fault instanceof Fault.LateStart late) {
      guest.vertx().setTimer(late.delay().toMillis(), timer -> session.create(true));
    } else {
      session.create(!(fault instanceof Fault.NoStart));
      session.refuse(fault);
    }
  }

  private void create(boolean say) {
    created = true;
    idle.set(guest.settings().realtimeIdle());
    age.set(guest.settings().realtimeMaxAge());
    if (say) {
      peer.send(RealtimeResponse.event("session.created").put("session", config.brief(model, id)));
    }
    if (entry == null) {
      // Not in the same breath: a client may not have taken the upgrade in yet.
      age.set(NOT_FOUND_AFTER);
      return;
    }
    List<String> kept = List.copyOf(early);
    early.clear();
    kept.forEach(this::onMessage);
  }

  private void refuse(@Nullable Fault fault) {
    if (fault instanceof Fault.Reject reject) {
      refuse(reject.code(), reject.message());
    } else if (fault instanceof Fault.RateLimit
        || (guest.settings().rateLimits() && !guest.rates().admitRealtime())) {
      refuse("Throttling.RateQuota", "Requests rate limit exceeded, please try again later.");
    }
  }

  private void refuse(String code, String message) {
    peer.send(RealtimeResponse.error(new WireError(code, message), null));
    peer.close(CLOSE_FATAL, message);
  }

  private void onMessage(String frame) {
    if (!peer.isOpen() || entry == null) {
      return;
    }
    if (!created) {
      early.add(frame);
      return;
    }
    idle.set(guest.settings().realtimeIdle());
    JsonObject message = Json.parse(frame);
    if (message == null) {
      peer.send(
          RealtimeResponse.error(new WireError("invalid_value", "Invalid JSON message."), null));
      return;
    }
    try {
      dispatch(message, entry);
    } catch (WireError error) {
      peer.send(RealtimeResponse.error(error, Json.text(message, "event_id")));
    }
  }

  private void dispatch(JsonObject message, Roster.Entry known) {
    String type = Json.text(message, "type");
    if (finishing && !"response.cancel".equals(type)) {
      throw invalidValue("session already started or finished or failed.");
    }
    switch (type == null ? "" : type) {
      case "session.update" -> update(message, known);
      case "input_text_buffer.append" -> append(message);
      case "input_text_buffer.commit" -> commit();
      case "input_text_buffer.clear" -> clear();
      case "session.finish" -> finish();
      case "response.cancel" -> cancel();
      default -> throw invalidValue("Unknown event type: " + type);
    }
  }

  private void update(JsonObject message, Roster.Entry known) {
    if (started) {
      throw invalidValue("Session update error: session already started or finished or failed.");
    }
    if (!(message.getValue("session") instanceof JsonObject session)) {
      throw invalidValue("session must be an object.");
    }
    config = config.with(session, known);
    peer.send(
        RealtimeResponse.event("session.updated")
            .put("session", config.full(model, id, known.legacy())));
  }

  private void append(JsonObject message) {
    if (!(message.getValue("text") instanceof String text)) {
      throw new WireError("invalid_value", "text must be a string.", "text");
    }
    if (text.isEmpty()) {
      return;
    }
    appendedSinceCommit = true;
    List<String> complete = buffer.add(text);
    if (config.serverCommit()) {
      if (!complete.isEmpty()) {
        enqueue(complete, true);
      }
    } else {
      uncommitted.addAll(complete);
    }
  }

  private void commit() {
    List<String> sentences = takeBuffer();
    // in server_commit the text may be on its way already, and then the commit only confirms it
    if (sentences.isEmpty() && !(config.serverCommit() && appendedSinceCommit)) {
      throw invalidValue("Error committing input text buffer: buffer is empty.");
    }
    appendedSinceCommit = false;
    peer.send(RealtimeResponse.event("input_text_buffer.committed").put("item_id", ""));
    if (!sentences.isEmpty()) {
      enqueue(sentences, false);
    }
  }

  private void clear() {
    if (config.serverCommit()) {
      throw invalidValue("only client commit mode supports clear operation");
    }
    takeBuffer();
    appendedSinceCommit = false;
    peer.send(RealtimeResponse.event("input_text_buffer.cleared"));
  }

  private void finish() {
    finishing = true;
    List<String> rest = takeBuffer();
    if (!rest.isEmpty()) {
      enqueue(rest, false);
    } else {
      next();
    }
  }

  private void cancel() {
    if (speaking != null) {
      speaking.cancel();
    }
  }

  private List<String> takeBuffer() {
    List<String> sentences = new ArrayList<>(uncommitted);
    uncommitted.clear();
    String rest = buffer.rest();
    if (!rest.isBlank()) {
      sentences.add(rest);
    }
    return sentences;
  }

  private void enqueue(List<String> sentences, boolean open) {
    started = true;
    Segment last = segments.peekLast();
    if (open && last != null && last.open()) {
      last.sentences().addAll(sentences);
    } else {
      segments.add(new Segment(new ArrayList<>(sentences), open));
    }
    next();
  }

  /** Begins the next response, or ends the session after the last. */
  private void next() {
    if (speaking != null || finished || !peer.isOpen() || entry == null) {
      return;
    }
    Segment segment = segments.poll();
    if (segment == null) {
      if (finishing) {
        finished();
      }
      return;
    }
    if (!entry.speaks(config.voice())) {
      peer.send(
          RealtimeResponse.error(
              new WireError(
                  "InvalidParameter", "Voice '" + config.voice() + "' is not supported.", "voice"),
              null));
      next();
      return;
    }
    Fault fault = guest.faults().take(Fault.Place.RESPONSE);
    RealtimeResponse response =
        new RealtimeResponse(
            peer,
            config.voice(),
            String.join("", segment.sentences()),
            entry.legacy(),
            fault,
            this::responded);
    speaking = response;
    response.begin(
        new SpeechStream(
            guest.vertx(),
            guest.narrator(),
            config.voicing().with(guest.traits(config.voice())),
            peer,
            guest.settings(),
            fault,
            response),
        segment.sentences());
  }

  private void responded() {
    speaking = null;
    idle.set(guest.settings().realtimeIdle());
    next();
  }

  private void finished() {
    finished = true;
    peer.send(RealtimeResponse.event("session.finished"));
    idle.clear();
    guest
        .vertx()
        .setTimer(
            guest.settings().finishGrace().toMillis(),
            timer -> peer.close(CLOSE_NORMAL, "Session finished."));
  }

  private void onAge() {
    if (entry == null) {
      peer.close(CLOSE_FATAL, "Model not found (" + model + ")!");
    } else {
      peer.close(CLOSE_NORMAL, "Session lasted too long.");
    }
  }

  private void onIdle() {
    if (speaking == null) {
      peer.close(CLOSE_NORMAL, "Session idle for too long.");
    } else {
      idle.set(guest.settings().realtimeIdle());
    }
  }

  private void onClosed() {
    idle.clear();
    age.clear();
    segments.clear();
    if (speaking != null) {
      speaking.drop();
    }
  }

  private static WireError invalidValue(String message) {
    return new WireError("invalid_value", message);
  }
}
