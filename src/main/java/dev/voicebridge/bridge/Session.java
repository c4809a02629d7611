package dev.voicebridge.bridge;

import dev.voicebridge.llm.ChatClient;
import dev.voicebridge.upstream.Mode;
import dev.voicebridge.upstream.SpeechSettings;
import io.vertx.core.Future;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One conversation with one client socket: what the client may say, when, and the single way out.
 * What is spoken is the {@link Speaker}'s. Event loop only.
 */
public final class Session implements OpenSession {
  /** How audio leaves. */
  public enum Framing {
    /** One binary frame per delta: {@code /v1/realtime}. */
    BINARY,
    /** {@code response.audio.delta} events with base64: {@code /api-ws/v1/realtime}. */
    BASE64
  }

  private static final Logger log = LoggerFactory.getLogger(Session.class);

  private final SessionHost host;
  private final ClientSocket socket;
  private final Framing framing;
  private final @Nullable String model;
  private final @Nullable String voice;
  private final ServerEvents events;
  private final String id = ServerEvents.newId("sess_");
  private final long openedNanos = System.nanoTime();

  /** Committed mode: text that waits for its commit, one turn for each change of settings. */
  private final Deque<Turn> drafts = new ArrayDeque<>();

  /** Null until somebody has shown who they are; then all four are set. */
  private @Nullable Open open;

  /** The turn that server_commit text goes to; null: the next text begins one. */
  private @Nullable Turn streaming;

  /** The {@code event_id} of the message that is being followed; null: it had none. */
  private @Nullable String hearing;

  /** Whether a language model writes here, so that it may do so again. */
  private boolean created;

  private boolean finishing;
  private boolean finished;
  private long graceTimer = -1;
  private long heardNanos = System.nanoTime();

  /** What there is once the caller is known. */
  private static final class Open {
    private final Caller caller;
    private final Speaker speaker;
    private final MessageRate rate;
    private SessionSettings settings;

    Open(Caller caller, Speaker speaker, SessionSettings settings) {
      this.caller = caller;
      this.speaker = speaker;
      this.rate = new MessageRate(caller.limits().maxMessagesPerSecond());
      this.settings = settings;
    }
  }

  private Session(
      SessionHost host,
      ServerWebSocket client,
      Framing framing,
      @Nullable String model,
      @Nullable String voice) {
    this.host = host;
    this.socket = new ClientSocket(host, client, new Messages());
    this.framing = framing;
    this.model = model;
    this.voice = voice;
    this.events = new ServerEvents(client, framing);
  }

  /**
   * Takes over an upgraded socket.
   *
   * @param model the {@code model} of the query as it came, null when it was missing
   * @param voice the {@code voice} of the query likewise
   * @param caller null: the first message must be {@code session.authenticate}, within 5 s
   */
  public static Session open(
      SessionHost host,
      ServerWebSocket client,
      Framing framing,
      @Nullable String model,
      @Nullable String voice,
      @Nullable Caller caller) {
    Session session = new Session(host, client, framing, model, voice);
    SessionLimits limits = caller == null ? SessionLimits.DEFAULTS : caller.limits();
    session.socket.listen(limits.maxMessageBytes());
    if (caller == null) {
      session.graceTimer =
          host.vertx()
              .setTimer(
                  host.patience().authentication().toMillis(),
                  late -> session.close(CloseCode.NOT_AUTHENTICATED_IN_TIME));
    } else {
      session.begin(caller, null);
    }
    return session;
  }

  private final class Messages implements ClientSocket.Owner {
    @Override
    public void onText(String text) {
      Session.this.onText(text);
    }

    @Override
    public void onBinary() {
      Session.this.onBinary();
    }

    @Override
    public void broken(CloseCode why) {
      close(why);
    }

    @Override
    public void release() {
      Session.this.release();
    }
  }

  @Override
  public Future<CloseCode> closed() {
    return socket.closed();
  }

  private void begin(Caller caller, @Nullable String providerKey) {
    withVoice(book(providerKey), caller, voice, asked -> begin(caller, providerKey, asked));
  }

  private void begin(Caller caller, @Nullable String providerKey, @Nullable CustomVoice asked) {
    SessionLimits limits = caller.limits();
    try {
      SessionSettings settings =
          SessionSettings.initial(host.catalogue(), book(providerKey), caller, model, voice, asked);
      Speaker speaker = new Speaker(host, events, limits, this::onSpeakerIdle);
      speaker.providerKey(providerKey);
      open = new Open(caller, speaker, settings);
      socket.tick(this::tick);
      events.sessionCreated(describe(settings).put("limits", limits.toJson()));
    } catch (SessionError refused) {
      events.error(refused, null);
      refuse(refused);
    }
  }

  /**
   * The voices of the library are of the server's account: with a visitor's key none of them
   * speaks, and what the visitor's account has only its service knows.
   */
  private VoiceBook book(@Nullable String providerKey) {
    return providerKey == null ? host.voices() : VoiceBook.EMPTY;
  }

  /**
   * Goes on when it is known what voice that is: mostly at once, otherwise when the book has
   * answered or has taken too long.
   */
  private void withVoice(
      VoiceBook book, Caller caller, @Nullable String name, Consumer<@Nullable CustomVoice> on) {
    if (name == null || !SessionSettings.mustAsk(host.catalogue(), book, caller, name)) {
      on.accept(null);
      return;
    }
    String eventId = hearing;
    socket.lookUp(book.ask(caller, name), asked -> guard(eventId, () -> on.accept(asked)));
  }

  private void refuse(SessionError error) {
    if (framing == Framing.BASE64) {
      // The vendor says it in the close frame, and its clients look there.
      socket.close(CloseCode.NO_SUCH_MODEL, (short) 1007, CloseCode.clipped(error.text()));
    } else {
      close(CloseCode.NO_SUCH_MODEL);
    }
  }

  private JsonObject describe(SessionSettings settings) {
    return new JsonObject()
        .put("object", "realtime.session")
        .put("id", id)
        .mergeIn(settings.toJson());
  }

  // -- what the client says -----------------------------------------------------------------------

  private void onText(String text) {
    heardNanos = System.nanoTime();
    if (!socket.isOpen() || !mayTalk()) {
      return;
    }
    JsonObject message;
    try {
      message = new JsonObject(text);
    } catch (RuntimeException notAnObject) {
      guard(
          null,
          () -> {
            authenticated();
            throw new SessionError(
                ErrorCode.INVALID_JSON, null, "the message is not a JSON object");
          });
      return;
    }
    String eventId = message.getValue("event_id") instanceof String given ? given : null;
    hearing = eventId == null || eventId.length() <= 512 ? eventId : null;
    guard(hearing, () -> ClientEvent.of(message).applyTo(this));
  }

  private void onBinary() {
    heardNanos = System.nanoTime();
    if (socket.isOpen() && mayTalk()) {
      guard(
          null,
          () -> {
            authenticated();
            throw new SessionError(
                ErrorCode.UNKNOWN_EVENT, null, "binary frames carry nothing in this direction");
          });
    }
  }

  /**
   * Every mistake of a client ends in one error event, every mistake of ours in a closed session.
   */
  private void guard(@Nullable String eventId, Runnable action) {
    try {
      action.run();
    } catch (SessionError error) {
      events.error(error, eventId);
      if (error.code() == ErrorCode.NOT_AUTHENTICATED || error.code() == ErrorCode.BAD_CREDENTIAL) {
        closeQuietly(CloseCode.BAD_CREDENTIAL);
      }
    } catch (RuntimeException bug) {
      log.atError().addKeyValue("session", id).setCause(bug).log("a session failed");
      close(CloseCode.INTERNAL);
    }
  }

  private boolean mayTalk() {
    Open now = open;
    if (now == null) {
      return true;
    }
    boolean may = now.rate.take();
    if (!may) {
      close(CloseCode.TOO_MANY);
    }
    return may;
  }

  private Open authenticated() {
    Open now = open;
    if (now == null) {
      throw new SessionError(
          ErrorCode.NOT_AUTHENTICATED,
          null,
          "the first message must be session.authenticate with a ticket");
    }
    return now;
  }

  private Open stillOpen() {
    Open now = authenticated();
    if (finishing) {
      throw new SessionError(ErrorCode.SESSION_FINISHED, null, "no more text after session.finish");
    }
    return now;
  }

  void authenticate(@Nullable String ticket, @Nullable String providerKey) {
    Open now = open;
    if (now == null) {
      Caller caller = ticket == null ? null : host.doorkeeper().redeem(ticket);
      if (caller == null) {
        throw new SessionError(
            ErrorCode.BAD_CREDENTIAL, "ticket", "the ticket is unknown, used or expired");
      }
      host.vertx().cancelTimer(graceTimer);
      begin(caller, providerKey);
    } else if (providerKey != null) {
      if (!now.speaker.isIdle()) {
        throw new SessionError(
            ErrorCode.INVALID_VALUE,
            "provider_key",
            "the key can only change while nothing speaks");
      }
      now.settings = now.settings.in(book(providerKey));
      now.speaker.providerKey(providerKey);
      events.sessionUpdated(describe(now.settings));
    }
  }

  void update(JsonObject fields) {
    Open now = stillOpen();
    String name = fields.getValue("voice") instanceof String named ? named : null;
    withVoice(now.settings.book(), now.caller, name, asked -> update(now, fields, asked));
  }

  private void update(Open now, JsonObject fields, @Nullable CustomVoice asked) {
    SessionSettings next = now.settings.with(fields, asked);
    boolean changed =
        !next.speech().equals(now.settings.speech())
            || !next.voiceName().equals(now.settings.voiceName())
            || !next.diction().equals(now.settings.diction());
    now.settings = next;
    events.sessionUpdated(describe(next));
    if (changed && streaming != null) {
      // What was appended before is spoken as it was meant.
      streaming.end();
      streaming = null;
      now.speaker.pump();
    }
    if (next.hasVoice()) {
      now.speaker.warmUp(next.speech(), next.dialect());
    }
  }

  void append(String text) {
    Open now = stillOpen();
    if (text.isEmpty()) {
      // Deltas of a language model are often empty.
      return;
    }
    needVoice(now);
    SessionLimits limits = now.caller.limits();
    SpeechSettings speech = now.settings.speech();
    boolean commitMode = speech.mode() == Mode.COMMIT;
    Turn turn = commitMode ? drafts.peekLast() : streaming;
    if (turn != null && (turn.ended || !turn.fits(now.settings))) {
      turn = null;
    }
    int already = turn == null ? 0 : turn.text().length();
    if (already + text.length() > limits.maxTextChars()) {
      throw new SessionError(
          ErrorCode.TEXT_TOO_LONG,
          "text",
          "one response takes at most " + limits.maxTextChars() + " characters",
          "commit what there is and go on; this piece was not taken");
    }
    int waiting =
        now.speaker.pendingChars() + drafts.stream().mapToInt(d -> d.text().length()).sum();
    if (waiting + text.length() > limits.maxQueuedChars()) {
      throw new SessionError(
          ErrorCode.QUEUE_FULL,
          "text",
          "at most " + limits.maxQueuedChars() + " characters may wait",
          "wait for a response.done; this piece was not taken");
    }
    if (turn == null) {
      turn = new Turn(now.settings);
      if (commitMode) {
        drafts.add(turn);
      } else {
        streaming = turn;
        now.speaker.add(turn);
      }
    }
    turn.append(text);
    if (commitMode) {
      now.speaker.warmUp(speech, now.settings.dialect());
    } else {
      now.speaker.pump();
    }
  }

  void commit() {
    Open now = stillOpen();
    Turn stream = streaming != null && !streaming.ended ? streaming : null;
    if (drafts.isEmpty() && stream == null) {
      throw new SessionError(
          ErrorCode.INVALID_VALUE, null, "there is no text to commit: the buffer is empty");
    }
    if (now.speaker.waiting() + drafts.size() > now.caller.limits().maxQueuedResponses()) {
      throw new SessionError(
          ErrorCode.QUEUE_FULL,
          null,
          "at most " + now.caller.limits().maxQueuedResponses() + " responses may wait",
          "wait for a response.done, then commit again; the text is kept");
    }
    long nanos = System.nanoTime();
    if (stream != null) {
      streaming = null;
      stream.committed(nanos);
      now.speaker.announce(stream);
    }
    commitDrafts(now, nanos, true);
    now.speaker.pump();
  }

  private void commitDrafts(Open now, long nanos, boolean announced) {
    for (Turn draft = drafts.poll(); draft != null; draft = drafts.poll()) {
      draft.committed(nanos);
      now.speaker.add(draft);
      if (announced) {
        now.speaker.announce(draft);
      }
    }
  }

  /** What a language model says is spoken as one response, behind what was committed before. */
  void create(Prompt prompt) {
    Open now = stillOpen();
    needVoice(now);
    SessionLimits limits = now.caller.limits();
    ChatClient client = Scribe.clientFor(host, now.settings, now.speaker.providerKey());
    if (now.speaker.waiting() + drafts.size() >= limits.maxQueuedResponses()
        || now.speaker.waitingPromptChars() + prompt.chars() > limits.maxQueuedChars()) {
      throw new SessionError(
          ErrorCode.QUEUE_FULL,
          null,
          "at most "
              + limits.maxQueuedResponses()
              + " responses, and prompts of "
              + limits.maxQueuedChars()
              + " characters, may wait",
          "wait for a response.done, then ask again");
    }
    if (streaming != null) {
      // What was appended before is spoken before, and is over.
      streaming.end();
      streaming = null;
    }
    Turn turn =
        Scribe.turn(client, now.settings, prompt, events, host.metrics(), limits, now.speaker);
    now.speaker.warmUp(turn.settings, turn.dialect);
    now.speaker.add(turn);
    now.speaker.announce(turn, Objects.requireNonNull(turn.scribe));
    now.speaker.pump();
    created = true;
  }

  private static void needVoice(Open now) {
    if (!now.settings.hasVoice()) {
      throw new SessionError(
          ErrorCode.INVALID_VALUE,
          "voice",
          now.settings.speech().model() + " has no voice of its own",
          "name a cloned or designed voice in session.update");
    }
  }

  void clear() {
    Open now = stillOpen();
    if (now.settings.speech().mode() != Mode.COMMIT) {
      throw new SessionError(
          ErrorCode.INVALID_VALUE, null, "only client commit mode supports clear operation");
    }
    drafts.clear();
    events.cleared();
  }

  void cancel(@Nullable String responseId, @Nullable Integer playedMs) {
    Open now = authenticated();
    boolean stopped;
    if (responseId == null) {
      stopped = now.speaker.cancelAll(playedMs);
      if (stopped) {
        streaming = null;
        drafts.clear();
      }
    } else {
      stopped = now.speaker.cancel(responseId, playedMs);
      if (stopped && streaming != null && streaming.ended) {
        streaming = null;
      }
    }
    if (!stopped) {
      throw new SessionError(
          ErrorCode.RESPONSE_NOT_ACTIVE, "response_id", "no such response is active");
    }
    if (now.speaker.isIdle() && !finishing && now.settings.hasVoice()) {
      SpeechSettings speech = now.settings.speech();
      now.speaker.warmUp(created ? speech.streamed() : speech, now.settings.dialect());
    }
  }

  void finish() {
    Open now = stillOpen();
    finishing = true;
    long nanos = System.nanoTime();
    if (streaming != null) {
      streaming.committed(nanos);
      streaming = null;
    }
    commitDrafts(now, nanos, false);
    now.speaker.pump();
    if (now.speaker.isIdle()) {
      onSpeakerIdle();
    }
  }

  private void onSpeakerIdle() {
    if (finishing && !finished && socket.isOpen()) {
      finished = true;
      events.sessionFinished();
      graceTimer =
          host.vertx()
              .setTimer(
                  host.patience().finishGrace().toMillis(), over -> closeQuietly(CloseCode.DONE));
    }
  }

  // -- time ---------------------------------------------------------------------------------------

  private void tick() {
    Open now = open;
    if (now == null) {
      return;
    }
    long nanos = System.nanoTime();
    SessionLimits limits = now.caller.limits();
    long lastSign = Math.max(heardNanos - openedNanos, now.speaker.audioNanos() - openedNanos);
    long stalledSince = now.speaker.stalledSinceNanos();
    if (stalledSince != 0 && nanos - stalledSince > limits.slowReader().toNanos()) {
      close(CloseCode.READS_TOO_SLOWLY);
    } else if (nanos - openedNanos > limits.maxAge().toNanos()) {
      close(CloseCode.TOO_OLD);
    } else if (nanos - openedNanos - lastSign > limits.idle().toNanos()) {
      close(CloseCode.IDLE);
    } else {
      now.speaker.tick(nanos);
    }
  }

  // -- the way out --------------------------------------------------------------------------------

  /** Says why in an {@code error} event, then closes. Idempotent. */
  @Override
  public void close(CloseCode why) {
    if (finished) {
      // Everything has been said; whatever the reason now, there is nothing to come back for.
      closeQuietly(CloseCode.DONE);
    } else if (socket.isOpen()) {
      ErrorCode error = why.error();
      if (error != null) {
        events.error(new SessionError(error, null, why.reason(), why.hint()), null);
      }
      closeQuietly(why);
    }
  }

  private void closeQuietly(CloseCode why) {
    socket.close(why, why.number(), why.reason());
  }

  private void release() {
    host.vertx().cancelTimer(graceTimer);
    drafts.clear();
    streaming = null;
    if (open != null) {
      open.speaker.close();
    }
  }
}
