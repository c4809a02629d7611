package dev.voicebridge.bridge;

import dev.voicebridge.llm.ChatClient;
import dev.voicebridge.llm.ChatException;
import dev.voicebridge.upstream.UpstreamListener.Word;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One text spoken to one request: a single turn of a {@link Speaker}, so that limits, deadlines,
 * cancelling and counting are those of a session. Event loop only.
 */
public final class SpeechStream {
  private static final Logger log = LoggerFactory.getLogger(SpeechStream.class);

  /** For a voice that only the other instances may know. */
  private static final long ASK_MS = 1_000;

  /** Whoever asks for a file wants it as fast as it can be had; pressure still bounds it. */
  private static final Duration ANY_LEAD = Duration.ofDays(365);

  private final SessionHost host;
  private final Caller caller;
  private final SpeechOrder order;
  private final SpeechSink sink;
  private final SessionLimits limits;
  private final long openedNanos = System.nanoTime();

  /** What is spoken; null until it is known that it can be. */
  private @Nullable SpeechPlan plan;

  private @Nullable Speaker speaker;
  private @Nullable Recoding recoding;

  /** Why it ends without its end; null: nothing is wrong. */
  private @Nullable SessionError error;

  /** What waits for room; null: nothing. */
  private @Nullable Runnable onRoom;

  private @Nullable String vendorRequest;

  /** Words that came before the first sound was encoded. */
  private final JsonArray earlyWords = new JsonArray();

  /** Whether the service gave anything. */
  private boolean heard;

  private boolean begun;
  private boolean over;
  private int characters;

  /** What was spoken of what a language model wrote, code points. */
  private int written;

  private JsonObject chatUsage = new JsonObject();

  /** Why the language model did not write on; null: it wrote all it wanted. */
  private @Nullable JsonObject cut;

  /**
   * What a language model wrote before there was anything to hear: a voice that the service refuses
   * is to be a refusal, and not the end of an answer that began well.
   */
  private final StringBuilder earlyText = new StringBuilder();

  /** Null until it is known. */
  private @Nullable String earlyWhole;

  private long audioMs;
  private long tickTimer = -1;

  private SpeechStream(SessionHost host, Caller caller, SpeechOrder order, SpeechSink sink) {
    this.host = host;
    this.caller = caller;
    this.order = order;
    this.sink = sink;
    this.limits = caller.limits().withLead(ANY_LEAD);
  }

  /**
   * Begins to speak; everything that can go wrong goes to the sink, perhaps before this returns.
   */
  public static SpeechStream open(
      SessionHost host, Caller caller, SpeechOrder order, SpeechSink sink) {
    SpeechStream stream = new SpeechStream(host, caller, order, sink);
    stream.guard(stream::lookUp);
    return stream;
  }

  /** Stops at once, without another word to the sink. Idempotent. */
  public void close() {
    if (!over) {
      over = true;
      host.vertx().cancelTimer(tickTimer);
      if (recoding != null) {
        recoding.close();
      }
      if (speaker != null) {
        speaker.close();
      }
    }
  }

  private void guard(Runnable action) {
    try {
      action.run();
    } catch (SessionError refused) {
      fail(refused);
    } catch (RuntimeException bug) {
      log.atError().setCause(bug).log("a speech request failed");
      fail(new SessionError(ErrorCode.INTERNAL, null, "something went wrong here"));
    }
  }

  private void lookUp() {
    if (order.text().length() > limits.maxTextChars()) {
      throw new SessionError(
          ErrorCode.TEXT_TOO_LONG,
          "input",
          "one request takes at most " + limits.maxTextChars() + " characters",
          "cut the text");
    }
    if (order.prompt() != null && host.chat() == null) {
      throw SessionError.of(ChatException.notConfigured());
    }
    VoiceBook book = order.bookOf(host);
    if (!SessionSettings.mustAsk(host.catalogue(), book, caller, order.voice())) {
      speak(null);
      return;
    }
    book.ask(caller, order.voice())
        .timeout(ASK_MS, TimeUnit.MILLISECONDS)
        .onComplete(answer -> guard(() -> speak(answer.result())));
  }

  private void speak(@Nullable CustomVoice asked) {
    if (over) {
      return;
    }
    SpeechPlan planned = SpeechPlan.of(host, caller, order, asked);
    plan = planned;
    recoding = new Recoding(host.vertx(), planned.settings().speech(), order, new Recoded());
    Speaker mouth = new Speaker(host, new Ear(), limits, this::onIdle);
    speaker = mouth;
    mouth.providerKey(order.providerKey());
    long tickMs = host.patience().tick().toMillis();
    tickTimer = host.vertx().setPeriodic(tickMs, tick -> guard(this::tick));
    Prompt prompt = order.prompt();
    if (prompt == null) {
      Turn turn = new Turn(planned.settings());
      turn.append(order.text());
      turn.committed(openedNanos);
      mouth.add(turn);
      mouth.announce(turn);
    } else {
      ask(planned, mouth, prompt);
    }
    mouth.pump();
  }

  private void ask(SpeechPlan planned, Speaker mouth, Prompt prompt) {
    ChatClient client = Scribe.clientFor(host, planned.settings(), order.providerKey());
    Turn turn =
        Scribe.turn(client, planned.settings(), prompt, new Ear(), host.metrics(), limits, mouth);
    // Both services get ready at once.
    mouth.warmUp(turn.settings, turn.dialect);
    mouth.add(turn);
    mouth.announce(turn, Objects.requireNonNull(turn.scribe));
  }

  private void tick() {
    if (over || speaker == null) {
      return;
    }
    long now = System.nanoTime();
    long stalledSince = speaker.stalledSinceNanos();
    if (stalledSince != 0 && now - stalledSince > limits.slowReader().toNanos()) {
      throw new SessionError(ErrorCode.SESSION_ENDED, null, "the answer was read too slowly");
    }
    if (now - openedNanos > limits.maxAge().toNanos()) {
      throw new SessionError(ErrorCode.SESSION_ENDED, null, "the answer took too long");
    }
    speaker.tick(now);
  }

  /** Everything is spoken, or will never be. */
  private void onIdle() {
    if (over) {
      return;
    }
    if (error != null) {
      fail(error);
    } else if (!heard) {
      fail(new SessionError(ErrorCode.NO_AUDIO, null, "the service gave no audio for this text"));
    } else if (recoding != null) {
      recoding.end();
    }
  }

  private void fail(SessionError why) {
    if (!over) {
      close();
      sink.failed(why);
    }
  }

  private void begin() {
    if (begun || plan == null) {
      return;
    }
    begun = true;
    sink.begun(
        new SpeechSink.Begun(
            plan.settings().speech().model(),
            plan.settings().voiceName().shown(),
            plan.ignored(),
            plan.speed(),
            vendorRequest));
    if (!earlyText.isEmpty()) {
      sink.text(earlyText.toString());
      earlyText.setLength(0);
    }
    if (earlyWhole != null) {
      sink.textDone(earlyWhole);
    }
    if (!earlyWords.isEmpty()) {
      sink.words(earlyWords);
    }
  }

  private boolean isFull() {
    return sink.isFull() || (recoding != null && recoding.isFull());
  }

  private void roomAgain() {
    Runnable waiting = onRoom;
    if (waiting == null || over) {
      return;
    }
    if (!isFull()) {
      onRoom = null;
      waiting.run();
    } else if (sink.isFull()) {
      sink.onDrain(this::roomAgain);
    }
  }

  private final class Recoded implements Recoding.Listener {
    @Override
    public void recoded(Buffer bytes) {
      begin();
      sink.audio(bytes);
    }

    @Override
    public void relieved() {
      roomAgain();
    }

    @Override
    public void ended() {
      if (over) {
        return;
      }
      if (!begun) {
        fail(new SessionError(ErrorCode.NO_AUDIO, null, "the service gave no audio"));
        return;
      }
      close();
      sink.done(
          new SpeechSink.Usage(
              characters == 0 ? codePoints(order.text()) + written : characters,
              audioMs,
              chatUsage,
              cut));
    }

    @Override
    public void broke(Throwable bug) {
      log.atError().setCause(bug).log("an encoder failed");
      fail(new SessionError(ErrorCode.INTERNAL, null, "the audio could not be encoded"));
    }
  }

  private static int codePoints(String text) {
    return text.codePointCount(0, text.length());
  }

  /** What the speaker says goes to the recoding; of the events only the outcome matters here. */
  private final class Ear implements Audience {
    @Override
    public void committed(String responseId) {}

    @Override
    public void queued(String responseId, int place, long etaMs) {}

    @Override
    public void textDelta(String responseId, String delta) {
      if (over) {
        return;
      }
      written += codePoints(delta);
      if (begun) {
        sink.text(delta);
      } else {
        earlyText.append(delta);
      }
    }

    @Override
    public void textDone(String responseId, String text) {
      if (over) {
        return;
      }
      if (begun) {
        sink.textDone(text);
      } else {
        earlyWhole = text;
      }
    }

    @Override
    public void responseCreated(Response response) {
      vendorRequest = response.vendorRequest;
    }

    @Override
    public void audio(Response response, Buffer audio) {
      heard = true;
      if (!over && recoding != null) {
        recoding.add(audio);
      }
    }

    @Override
    public void timestamps(Response response, List<Word> words) {
      JsonArray told = ServerEvents.json(words, audioMs);
      if (begun && !over) {
        sink.words(told);
      } else {
        earlyWords.addAll(told);
      }
    }

    @Override
    public void responseDone(Response response, Status status, JsonObject outcome) {
      audioMs += response.audioMs();
      JsonObject usage = outcome.getJsonObject("usage");
      Integer counted = usage.getInteger("characters");
      characters += counted == null ? 0 : counted;
      chatUsage = usage.copy();
      chatUsage.remove("characters");
      chatUsage.remove("audio_ms");
      cut = outcome.getJsonObject("status_details");
    }

    @Override
    public void responseDone(String id, String voice, Status status, JsonObject outcome) {}

    @Override
    public void error(SessionError why, @Nullable String clientEventId) {
      boolean perhapsTheVoice =
          plan != null && plan.unsure() && why.code() == ErrorCode.UPSTREAM_ERROR && !begun;
      error = perhapsTheVoice ? SpeechPlan.unknownVoice(host.catalogue(), order.voice()) : why;
    }

    @Override
    public boolean isFull() {
      return !over && SpeechStream.this.isFull();
    }

    @Override
    public void onDrain(Runnable action) {
      onRoom = action;
      if (sink.isFull()) {
        sink.onDrain(SpeechStream.this::roomAgain);
      }
    }
  }
}
