package dev.voicebridge.bridge;

import dev.voicebridge.audio.Silence;
import dev.voicebridge.catalogue.Dialect;
import dev.voicebridge.metrics.Metrics;
import dev.voicebridge.text.SpeechMarkup;
import dev.voicebridge.upstream.SpeechRequest;
import dev.voicebridge.upstream.SpeechSettings;
import dev.voicebridge.upstream.UpstreamException;
import dev.voicebridge.upstream.UpstreamListener;
import dev.voicebridge.upstream.UpstreamSession;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The mouth of a session: the turns that wait, the one that speaks, and the conversation with the
 * service that speaks it. One turn is spoken at a time, so every byte that comes belongs to the
 * response that speaks; a turn that is cancelled takes its conversation with it, so nothing of it
 * can come later. Event loop only.
 */
final class Speaker implements Scribe.Desk {
  private static final int SILENCE_MS = 200;

  /** After a pause for the lead, so much must have been played before more is asked for. */
  private static final long LEAD_STEP_MS = 500;

  private final SessionHost host;
  private final Metrics metrics;
  private final Audience audience;
  private final SessionLimits limits;
  private final Runnable onIdle;
  private final Deque<Turn> turns = new ArrayDeque<>();
  private final Lead lead = new Lead();

  /** A visitor's own vendor key; null: the server's. */
  private @Nullable String providerKey;

  /** The conversation with the service; null when there is none, or none that can be used. */
  private @Nullable Lane lane;

  /** The client took nothing since then; zero: it takes. */
  private long stalledSinceNanos;

  private boolean leadPaused;
  private long leadTimer = -1;
  private long progressNanos;
  private long audioNanos = System.nanoTime();
  private boolean closed;

  /**
   * @param onIdle called when the last turn is over
   */
  Speaker(SessionHost host, Audience audience, SessionLimits limits, Runnable onIdle) {
    this.host = host;
    this.metrics = host.metrics();
    this.audience = audience;
    this.limits = limits;
    this.onIdle = onIdle;
  }

  /** For all conversations from now on; nothing may be speaking. */
  void providerKey(@Nullable String key) {
    if (!Objects.equals(providerKey, key)) {
      providerKey = key;
      dropLane();
    }
  }

  @Nullable String providerKey() {
    return providerKey;
  }

  boolean isIdle() {
    return turns.isEmpty();
  }

  int waiting() {
    return turns.size();
  }

  /** Text that waits or is being spoken, UTF-16 units. */
  int pendingChars() {
    int chars = 0;
    for (Turn turn : turns) {
      chars += turn.unspokenChars();
    }
    return chars;
  }

  /** When audio last went out, {@link System#nanoTime}. */
  long audioNanos() {
    return audioNanos;
  }

  /** Zero, or since when the client has not read. */
  long stalledSinceNanos() {
    return stalledSinceNanos;
  }

  /** Opens the conversation before there is anything to say. */
  void warmUp(SpeechSettings settings, Dialect dialect) {
    if (turns.isEmpty() && (lane == null || !lane.fits(settings))) {
      dropLane();
      openLane(settings, dialect);
    }
  }

  /** Puts a turn in the queue; its text may go on growing, see {@link #pump()}. */
  void add(Turn turn) {
    turns.add(turn);
  }

  /** Prompts that no model has been asked yet, UTF-16 units. */
  int waitingPromptChars() {
    int chars = 0;
    for (Turn turn : turns) {
      chars += turn.scribe == null ? 0 : turn.scribe.waitingChars();
    }
    return chars;
  }

  /** Names the response of a committed turn, and says when it has to wait. */
  void announce(Turn turn) {
    String id = ServerEvents.newId("resp_");
    turn.named.add(id);
    audience.committed(id);
    queued(turn, id, 1);
  }

  /** Names the response of a turn that a language model writes, and its place. */
  void announce(Turn turn, Scribe scribe) {
    turn.named.add(scribe.responseId);
    queued(turn, scribe.responseId, 0);
  }

  /**
   * @param fromPlace the first place that is worth a word; 0 speaks next
   */
  private void queued(Turn turn, String id, int fromPlace) {
    int place = 0;
    long etaMs = lead.aheadMs(System.nanoTime());
    for (Turn ahead : turns) {
      if (ahead == turn) {
        break;
      }
      place++;
      etaMs +=
          SpokenText.estimateMs(
              ahead.spoken().substring(Math.min(ahead.spokenTo, ahead.spoken().length())),
              ahead.settings.speechRate());
    }
    if (place >= fromPlace) {
      audience.queued(id, place, etaMs);
    }
  }

  /** Lets flow what may flow. */
  void pump() {
    while (!closed) {
      writeNext();
      Turn head = turns.peek();
      if (head == null) {
        return;
      }
      if (!head.mayFlow()) {
        return;
      }
      head.atHead(System.nanoTime());
      SpeechMarkup.Flaw flaw = head.flaw();
      if (flaw != null) {
        dropLaneOf(head);
        failTurn(
            head, new SessionError(ErrorCode.INVALID_VALUE, "text", flaw.message(), flaw.hint()));
        return;
      }
      if (!head.isSpeakable()) {
        turns.remove(head);
        if (!head.named.isEmpty()) {
          speakSilence(head);
        }
        if (turns.isEmpty()) {
          onIdle.run();
        }
        continue;
      }
      Lane to = lane;
      if (head.scribe != null && (to == null || to.turn != head) && !head.isBehind()) {
        // The service has ended all that it was given, while the model wrote on or had nothing
        // more.
        if (head.ended && head.spoke) {
          turns.remove(head);
          endWritten(head);
          continue;
        }
        return;
      }
      if (to != null && to.turn == null && !to.fits(head.settings)) {
        dropLane();
        to = null;
      }
      if (to == null) {
        openLane(head.settings, head.dialect);
      } else if (to.session != null) {
        feed(to, to.session, head);
      }
      return;
    }
  }

  /** The model writes for the turn that speaks, or ahead for the one after it; never for two. */
  private void writeNext() {
    int place = 0;
    for (Turn turn : turns) {
      if (place++ > 1) {
        return;
      }
      Scribe scribe = turn.scribe;
      if (scribe != null && !turn.ended) {
        if (stalledSinceNanos != 0) {
          scribe.pause();
        }
        scribe.start(providerKey);
        return;
      }
    }
  }

  @Override
  public void written() {
    holdIfFull(System.nanoTime());
    pump();
  }

  @Override
  public void failed(Turn turn, SessionError why) {
    if (!closed && turns.contains(turn)) {
      if (lane != null && lane.turn == turn) {
        dropLane();
      }
      failTurn(turn, why);
    }
  }

  private void feed(Lane to, UpstreamSession session, Turn head) {
    if (to.turn == null) {
      to.turn = head;
      to.stoodIdle = !to.fresh;
      progressNanos = System.nanoTime();
    }
    if (head.isBehind() && !head.endSent) {
      String more = head.spoken().substring(head.fed);
      head.fed = head.spoken().length();
      progressNanos = System.nanoTime();
      head.feeding(to.openedNanos, progressNanos);
      session.append(more);
    }
    if (head.ended && !head.endSent) {
      head.endSent = true;
      progressNanos = System.nanoTime();
      session.endTurn();
    }
  }

  /** Nothing to pronounce: a short silence, and nobody is asked to speak it. */
  private void speakSilence(Turn turn) {
    Response response = begin(turn);
    send(
        response,
        Buffer.buffer(
            Silence.of(turn.settings.serviceFormat(), turn.settings.sampleRateHz(), SILENCE_MS)));
    complete(turn, response, null);
    endNamed(turn, Audience.Status.COMPLETED);
  }

  private void openLane(SpeechSettings settings, Dialect dialect) {
    Lane opening = new Lane(settings);
    lane = opening;
    host.upstreams()
        .of(dialect)
        .open(new SpeechRequest(settings, providerKey), opening)
        .onComplete(
            session -> {
              metrics.upstreamOpened(dialect.name().toLowerCase(Locale.ROOT));
              opening.opened(session);
            },
            failure -> opening.onFailed(asUpstream(failure)));
  }

  private static UpstreamException asUpstream(Throwable failure) {
    return failure instanceof UpstreamException expected
        ? expected
        : new UpstreamException(
            UpstreamException.Kind.UNREACHABLE, "the service cannot be reached");
  }

  private void dropLaneOf(Turn turn) {
    if (lane != null && lane.turn == turn) {
      dropLane();
    }
  }

  private void dropLane() {
    Lane old = lane;
    lane = null;
    if (old != null && old.session != null) {
      old.session.close();
    }
  }

  // -- cancelling ---------------------------------------------------------------------------------

  /**
   * Ends the speaking response and everything that waits.
   *
   * @return false when there was nothing
   */
  boolean cancelAll(@Nullable Integer playedMs) {
    if (turns.isEmpty()) {
      return false;
    }
    stopSpeaking();
    while (!turns.isEmpty()) {
      cancelled(turns.remove(), playedMs);
    }
    onIdle.run();
    return true;
  }

  /**
   * Ends one response, with the turn it belongs to.
   *
   * @return false when there is no such response, or it is over
   */
  boolean cancel(String responseId, @Nullable Integer playedMs) {
    for (Iterator<Turn> each = turns.iterator(); each.hasNext(); ) {
      Turn turn = each.next();
      if (turn.has(responseId)) {
        if (lane != null && lane.turn == turn) {
          stopSpeaking();
        }
        each.remove();
        cancelled(turn, playedMs);
        pump();
        if (turns.isEmpty()) {
          onIdle.run();
        }
        return true;
      }
    }
    return false;
  }

  private void stopSpeaking() {
    if (lane != null && lane.turn != null) {
      dropLane();
    }
    lead.reset();
    resumeAfterLead();
  }

  private void cancelled(Turn turn, @Nullable Integer playedMs) {
    end(turn, Audience.Status.CANCELLED, playedMs);
  }

  // -- how responses begin and end ----------------------------------------------------------------

  private Response begin(Turn turn) {
    String named = turn.named.poll();
    Timings timings = turn.timings(System.nanoTime());
    Response response =
        new Response(
            named == null ? ServerEvents.newId("resp_") : named,
            ServerEvents.newId("item_"),
            turn.settings,
            turn.voice.shown(),
            lane == null || lane.session == null ? null : lane.session.vendorRequest(),
            timings,
            turn.spokenTo);
    turn.response = response;
    turn.spoke = true;
    metrics.firstAudio(timings.firstAudioMs());
    audience.responseCreated(response);
    return response;
  }

  private void send(Response response, Buffer audio) {
    Buffer shaped = response.shape(audio);
    if (shaped.length() == 0) {
      return;
    }
    audience.audio(response, shaped);
    metrics.audioSent(shaped.length());
  }

  private void complete(Turn turn, Response response, @Nullable Integer characters) {
    turn.response = null;
    turn.spokenTo =
        response.textFrom
            + SpokenText.indexAt(
                turn.spoken().substring(response.textFrom),
                response.audioMs(),
                turn.settings.speechRate(),
                response.words);
    dropHalfSample(response);
    Audience.Status status = turn.scribe == null ? Audience.Status.COMPLETED : turn.scribe.status();
    audience.responseDone(response, status, outcome(turn, response, characters, status));
    metrics.responseDone(status.wireName);
  }

  /** All that the model wrote has been spoken. */
  private void endWritten(Turn turn) {
    Response response = turn.response;
    if (response != null) {
      complete(turn, response, turn.characters);
    }
    if (turns.isEmpty()) {
      onIdle.run();
    }
  }

  private void dropHalfSample(Response response) {
    if (response.hasHalfSample()) {
      metrics.oddByteDropped();
    }
  }

  private static JsonObject outcome(
      Turn turn, Response response, @Nullable Integer characters, Audience.Status status) {
    JsonObject usage = new JsonObject();
    if (characters != null) {
      usage.put("characters", characters);
    }
    JsonObject outcome =
        new JsonObject()
            .put("first_audio_ms", response.timings.firstAudioMs())
            .put("timings", response.timings.toJson())
            .put("usage", usage.put("audio_ms", response.audioMs()));
    if (turn.scribe != null) {
      turn.scribe.describe(outcome, status);
    }
    return outcome;
  }

  /** Ends whatever of a turn has not ended: nobody hears the rest of it. */
  private void end(Turn turn, Audience.Status status, @Nullable Integer playedMs) {
    turn.end();
    if (turn.scribe != null) {
      turn.scribe.stop();
    }
    Response response = turn.response;
    turn.response = null;
    if (response != null) {
      dropHalfSample(response);
      String text = turn.spoken().substring(response.textFrom);
      long heardMs = playedMs == null ? response.audioMs() : Math.min(playedMs, response.audioMs());
      int to = SpokenText.indexAt(text, heardMs, turn.settings.speechRate(), response.words);
      int from = turn.wording.originalTo(response.textFrom);
      int until = to == 0 ? from : turn.wording.originalTo(response.textFrom + to);
      JsonObject outcome =
          outcome(turn, response, turn.characters, status)
              .put("spoken_text", turn.text().substring(from, until))
              .put("unspoken_text", turn.text().substring(until));
      audience.responseDone(response, status, outcome);
      metrics.responseDone(status.wireName);
    } else if (turn.named.isEmpty()) {
      // It was under way, though its id was never told: the client still learns that it ended.
      turn.named.add(ServerEvents.newId("resp_"));
    }
    endNamed(turn, status);
  }

  private void endNamed(Turn turn, Audience.Status status) {
    for (String id = turn.named.poll(); id != null; id = turn.named.poll()) {
      JsonObject outcome = new JsonObject().put("usage", new JsonObject().put("audio_ms", 0));
      if (status != Audience.Status.COMPLETED) {
        outcome.put("spoken_text", "").put("unspoken_text", turn.unspoken());
      }
      if (turn.scribe != null) {
        turn.scribe.describe(outcome, status);
      }
      audience.responseDone(id, turn.voice.shown(), status, outcome);
      metrics.responseDone(status.wireName);
    }
  }

  private void failTurn(Turn turn, SessionError error) {
    turns.remove(turn);
    audience.error(error, null);
    end(turn, Audience.Status.FAILED, null);
    pump();
    if (turns.isEmpty()) {
      onIdle.run();
    }
  }

  // -- pressure and deadlines ---------------------------------------------------------------------

  private void afterAudio(Response response, long microsBefore) {
    long now = System.nanoTime();
    progressNanos = now;
    audioNanos = now;
    lead.sent(now, response.audioMicros() - microsBefore);
    holdIfFull(now);
    long tooFarMs = lead.aheadMs(now) - limits.maxLead().toMillis();
    if (tooFarMs > 0 && !leadPaused) {
      leadPaused = true;
      pauseLane();
      leadTimer = host.vertx().setTimer(tooFarMs + LEAD_STEP_MS, played -> resumeAfterLead());
    }
  }

  private void holdIfFull(long now) {
    if (stalledSinceNanos == 0 && audience.isFull()) {
      stalledSinceNanos = now;
      pauseLane();
      forEachScribe(Scribe::pause);
      audience.onDrain(
          () -> {
            stalledSinceNanos = 0;
            forEachScribe(Scribe::resume);
            resumeLane();
          });
    }
  }

  private void forEachScribe(Consumer<Scribe> action) {
    // What they do may end a turn.
    for (Turn turn : List.copyOf(turns)) {
      if (turn.scribe != null) {
        action.accept(turn.scribe);
      }
    }
  }

  private void resumeAfterLead() {
    if (leadPaused) {
      leadPaused = false;
      host.vertx().cancelTimer(leadTimer);
      resumeLane();
    }
  }

  private boolean isPaused() {
    return leadPaused || stalledSinceNanos != 0;
  }

  private void pauseLane() {
    if (lane != null && lane.session != null) {
      lane.session.pause();
    }
  }

  private void resumeLane() {
    if (!closed && !isPaused()) {
      progressNanos = System.nanoTime();
      if (lane != null && lane.session != null) {
        lane.session.resume();
      }
    }
  }

  /** Looks at the deadlines; called about once a second. */
  void tick(long nowNanos) {
    Lane now = lane;
    if (now == null || now.session == null) {
      return;
    }
    if (now.turn == null) {
      if (nowNanos - now.idleSinceNanos > host.patience().idleLane().toNanos()) {
        dropLane();
      }
    } else if (!isPaused() && nowNanos - progressNanos > patienceWith(now.turn)) {
      now.session.close();
      now.onFailed(
          new UpstreamException(
              UpstreamException.Kind.TIMEOUT, "the service sent nothing for too long"));
    }
  }

  private long patienceWith(Turn turn) {
    if (turn.endSent) {
      return host.patience().progress().toNanos();
    }
    // A service may wait for the end of a sentence as long as it likes, but not in mid-response.
    return turn.response == null || turn.awaitsText()
        ? Long.MAX_VALUE
        : host.patience().openProgress().toNanos();
  }

  /** Ends everything without a word: the client is gone or about to be. */
  void close() {
    closed = true;
    host.vertx().cancelTimer(leadTimer);
    dropLane();
    forEachScribe(Scribe::stop);
    turns.clear();
  }

  /** A conversation with the service: dead as soon as it is no longer {@link Speaker#lane}. */
  private final class Lane implements UpstreamListener {
    private final SpeechSettings settings;

    /** Null until opened. */
    private @Nullable UpstreamSession session;

    /** The turn it speaks; null between turns. */
    private @Nullable Turn turn;

    /** While it is being opened. */
    private boolean fresh = true;

    /** Whether it stood idle before its turn came, so that the service may have left meanwhile. */
    private boolean stoodIdle;

    private long openedNanos;
    private long idleSinceNanos = System.nanoTime();

    Lane(SpeechSettings settings) {
      this.settings = settings;
    }

    boolean fits(SpeechSettings wanted) {
      return settings.equals(wanted) && (session == null || session.reusable());
    }

    void opened(UpstreamSession opened) {
      if (lane != this || closed) {
        opened.close();
        return;
      }
      session = opened;
      openedNanos = System.nanoTime();
      idleSinceNanos = openedNanos;
      if (isPaused()) {
        opened.pause();
      }
      pump();
      fresh = false;
    }

    @Override
    public void onAudio(Buffer audio) {
      Turn speaking = turn;
      if (lane != this || speaking == null) {
        return;
      }
      Response response = speaking.response == null ? begin(speaking) : speaking.response;
      long before = response.audioMicros();
      boolean sounded = response.hasAudio();
      send(response, audio);
      afterAudio(response, before);
      String customId = speaking.voice.customId();
      if (customId != null && !sounded && response.hasAudio()) {
        host.voices().spoke(customId);
      }
    }

    @Override
    public void onWords(List<Word> words) {
      Turn speaking = turn;
      if (lane == this && speaking != null) {
        Response response = speaking.response == null ? begin(speaking) : speaking.response;
        List<Word> placed =
            response.place(words, speaking.scribe == null ? "" : speaking.spoken().toString());
        int base = speaking.wording.originalTo(response.textFrom);
        audience.timestamps(response, speaking.wording.originals(placed, response.textFrom, base));
      }
    }

    @Override
    public void onSentenceBegin(String text) {
      if (lane == this && turn != null) {
        audience.sentenceBegins(text);
      }
    }

    @Override
    public void onSentenceEnd() {
      if (lane == this && turn != null) {
        audience.sentenceEnds();
      }
    }

    @Override
    public void onResponseDone(@Nullable Integer characters) {
      Turn speaking = turn;
      if (lane != this || speaking == null) {
        return;
      }
      progressNanos = System.nanoTime();
      Response response = speaking.response;
      if (speaking.scribe != null) {
        // What a model writes is one response, however many the service makes of it.
        speaking.count(characters);
        if (response != null) {
          response.partOver();
        }
      } else if (response != null && response.hasAudio()) {
        complete(speaking, response, characters);
      } else {
        noAudio(speaking);
      }
    }

    private void noAudio(Turn silent) {
      dropLane();
      failTurn(
          silent,
          new SessionError(
              ErrorCode.NO_AUDIO,
              null,
              "the service gave no audio for this text",
              "is the voice ready, and does it belong to the model?"));
    }

    @Override
    public void onTurnClosed() {
      if (lane == this && turn != null) {
        if (turn.scribe == null) {
          turn.end();
        }
        // What might still have become a mark; what a model writes later is another task.
        if (turn.ended && session != null && turn.isBehind()) {
          session.append(turn.spoken().substring(turn.fed));
          turn.fed = turn.spoken().length();
        }
        turn.endSent = true;
        progressNanos = System.nanoTime();
      }
    }

    @Override
    public void onTurnDone() {
      Turn spoken = turn;
      if (lane != this || spoken == null) {
        return;
      }
      Response response = spoken.response;
      boolean silent = spoken.scribe != null && (response == null || !response.hasAudio());
      if (!spoken.spoke || silent) {
        noAudio(spoken);
        return;
      }
      turn = null;
      idleSinceNanos = System.nanoTime();
      if (spoken.scribe != null && (!spoken.ended || spoken.isBehind())) {
        spoken.endSent = false;
        if (session != null && !session.reusable()) {
          dropLane();
        }
        pump();
        return;
      }
      if (spoken.scribe != null && response != null) {
        complete(spoken, response, spoken.characters);
      }
      spoken.end();
      turns.remove(spoken);
      // The service may have spoken the committed text in a response that began before.
      endNamed(spoken, Audience.Status.COMPLETED);
      if (session != null && !session.reusable()) {
        dropLane();
      }
      pump();
      if (turns.isEmpty()) {
        onIdle.run();
      }
    }

    @Override
    public void onFailed(UpstreamException cause) {
      if (lane != this) {
        return;
      }
      lane = null;
      metrics.upstreamFailed(cause.kind().name().toLowerCase(Locale.ROOT));
      Turn failed = turn == null && session == null ? turns.peek() : turn;
      if (failed == null || !failed.mayFlow()) {
        // Between turns: the next text opens another one.
        pump();
      } else if (stoodIdle
          && cause.kind() == UpstreamException.Kind.CLOSED
          && !failed.spoke
          && !failed.retried) {
        // It closed while idle and the text crossed with that; nothing has been spoken twice.
        failed.rewind();
        pump();
      } else {
        failTurn(failed, SessionError.of(cause));
      }
    }
  }
}
