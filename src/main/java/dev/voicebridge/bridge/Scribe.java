package dev.voicebridge.bridge;

import dev.voicebridge.catalogue.Dialect;
import dev.voicebridge.llm.ChatClient;
import dev.voicebridge.llm.ChatEnd;
import dev.voicebridge.llm.ChatException;
import dev.voicebridge.llm.ChatListener;
import dev.voicebridge.llm.ChatStream;
import dev.voicebridge.metrics.Metrics;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Writes what a language model says into a turn, as it comes, and tells the audience. Event loop
 * only.
 */
final class Scribe implements ChatListener {
  /** What becomes of the turn. */
  interface Desk {
    /** There is more text, or all of it. */
    void written();

    /** The model could not go on. */
    void failed(Turn turn, SessionError why);
  }

  /** Known from the start: text comes before anything is spoken. */
  final String responseId = ServerEvents.newId("resp_");

  private final ChatClient client;
  private final Turn turn;
  private final Audience audience;
  private final Metrics metrics;
  private final int maxChars;
  private final Desk desk;

  /** Null once asked. */
  private @Nullable Prompt prompt;

  /** Null until asked. */
  private @Nullable ChatStream stream;

  private @Nullable ChatEnd end;
  private boolean over;
  private boolean paused;

  /** When the model was asked, and when it began to write; zero: not yet. */
  private long askedNanos;

  private long firstNanos;

  /** Why the answer is not whole, though all of it is spoken; null: it is whole. */
  private @Nullable String cut;

  private Scribe(
      ChatClient client,
      Turn turn,
      Prompt prompt,
      Audience audience,
      Metrics metrics,
      int maxChars,
      Desk desk) {
    this.client = client;
    this.turn = turn;
    this.prompt = prompt;
    this.audience = audience;
    this.metrics = metrics;
    this.maxChars = maxChars;
    this.desk = desk;
  }

  /**
   * Whether a caller may have text of a language model spoken.
   *
   * @throws SessionError when there is none for them
   */
  static ChatClient clientFor(SessionHost host, SessionSettings voice, @Nullable String key) {
    ChatClient client = host.chat();
    try {
      if (client == null) {
        throw ChatException.notConfigured();
      }
      client.admit(key, voice.dialect() != Dialect.OPENAI);
      return client;
    } catch (ChatException refused) {
      throw SessionError.of(refused);
    }
  }

  /** A turn that the model is going to write. */
  static Turn turn(
      ChatClient client,
      SessionSettings voice,
      Prompt prompt,
      Audience audience,
      Metrics metrics,
      SessionLimits limits,
      Desk desk) {
    Turn turn = new Turn(voice, voice.speech().streamed(), voice.modelsDiction());
    turn.scribe = new Scribe(client, turn, prompt, audience, metrics, limits.maxTextChars(), desk);
    return turn;
  }

  /** Prompts that nobody has asked yet, UTF-16 units. */
  int waitingChars() {
    return prompt == null ? 0 : prompt.chars();
  }

  /** Asks the model; once. */
  void start(@Nullable String providerKey) {
    Prompt asked = prompt;
    if (asked != null && !over) {
      prompt = null;
      askedNanos = System.nanoTime();
      stream = client.open(asked.order(), providerKey, this);
      if (paused) {
        stream.pause();
      }
    }
  }

  /** Nobody wants more of it: the model hears of it at once. Idempotent. */
  void stop() {
    if (!over) {
      over = true;
      prompt = null;
      if (stream != null) {
        stream.stop();
        metrics.chatDone("cancelled");
      }
    }
  }

  void pause() {
    paused = true;
    if (stream != null) {
      stream.pause();
    }
  }

  void resume() {
    paused = false;
    if (stream != null) {
      stream.resume();
    }
  }

  @Override
  public void onText(String delta) {
    if (over) {
      return;
    }
    if (firstNanos == 0) {
      firstNanos = System.nanoTime();
      metrics.firstToken(TimeUnit.NANOSECONDS.toMillis(firstNanos - askedNanos));
    }
    int room = maxChars - turn.text().length();
    String more = delta.length() <= room ? delta : delta.substring(0, whole(delta, room));
    if (!more.isEmpty()) {
      audience.textDelta(responseId, more);
      turn.append(more);
    }
    if (more.length() < delta.length()) {
      cut = "max_text_chars";
      if (stream != null) {
        stream.stop();
      }
      onDone(new ChatEnd(null, null, null));
    } else {
      desk.written();
    }
  }

  private static int whole(String text, int room) {
    return room > 0 && Character.isHighSurrogate(text.charAt(room - 1)) ? room - 1 : room;
  }

  @Override
  public void onDone(ChatEnd how) {
    if (over) {
      return;
    }
    over = true;
    end = how;
    if (turn.text().isEmpty()) {
      metrics.chatDone("failed");
      desk.failed(
          turn,
          new SessionError(
              ErrorCode.LLM_ERROR,
              null,
              "the language model gave no text",
              null,
              how.finishReason()));
      return;
    }
    metrics.chatDone("completed");
    metrics.chatTokens(how.inputTokens(), how.outputTokens());
    if ("length".equals(how.finishReason())) {
      cut = "max_output_tokens";
    } else if ("content_filter".equals(how.finishReason())) {
      cut = "content_filter";
    }
    turn.end();
    audience.textDone(responseId, turn.text().toString());
    desk.written();
  }

  @Override
  public void onFailed(ChatException cause) {
    if (!over) {
      over = true;
      metrics.chatDone("failed");
      desk.failed(turn, SessionError.of(cause));
    }
  }

  /** How a response whose text is spoken ended. */
  Audience.Status status() {
    return cut == null ? Audience.Status.COMPLETED : Audience.Status.INCOMPLETE;
  }

  /** Adds what is known of the model's part to what is told of a response's end. */
  void describe(JsonObject outcome, Audience.Status status) {
    JsonObject usage = outcome.getJsonObject("usage");
    if (end != null && end.inputTokens() != null) {
      usage.put("input_tokens", end.inputTokens());
    }
    if (end != null && end.outputTokens() != null) {
      usage.put("output_tokens", end.outputTokens());
    }
    JsonObject timings = outcome.getJsonObject("timings");
    if (timings != null && firstNanos != 0) {
      timings.put("first_token_ms", TimeUnit.NANOSECONDS.toMillis(firstNanos - turn.sinceNanos()));
    }
    if (status == Audience.Status.INCOMPLETE) {
      outcome.put("status_details", new JsonObject().put("type", "incomplete").put("reason", cut));
    }
  }
}
