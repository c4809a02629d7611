package dev.voicebridge.upstream.qwen;

import dev.voicebridge.upstream.Bytes;
import dev.voicebridge.upstream.Mode;
import dev.voicebridge.upstream.ServiceSocket;
import dev.voicebridge.upstream.SpeechSettings;
import dev.voicebridge.upstream.SpeechText;
import dev.voicebridge.upstream.UpstreamException;
import dev.voicebridge.upstream.UpstreamListener;
import dev.voicebridge.upstream.UpstreamMeter;
import dev.voicebridge.upstream.UpstreamSession;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One realtime session.
 *
 * <p>In {@code commit} mode every turn is one commit, or several where the text is too long for
 * one; the session goes on. In {@code server_commit} mode the service cuts sentences itself, and
 * only {@code session.finished} says that the last of them has been spoken: a turn is a session. A
 * turn is stopped by closing the socket, because nothing is promised about {@code response.cancel}.
 */
final class QwenSession implements UpstreamSession, ServiceSocket.Receiver {
  private final ServiceSocket socket;
  private final SpeechSettings settings;
  private final UpstreamListener listener;
  private final UpstreamMeter meter;

  /** The text of the turn in commit mode, until it is ended. */
  private final StringBuilder text = new StringBuilder();

  /** Pieces of a long commit that still wait; the one being spoken is not among them. */
  private final Deque<String> pieces = new ArrayDeque<>();

  /** Between the first append and the end of the turn. */
  private boolean turnActive;

  /** Commit mode: between a commit and its {@code response.done}. */
  private boolean pieceActive;

  /**
   * Server commit mode: between the first audio of a response and its {@code response.done}. The
   * service may find a response for a text of nothing but dots, and that is none.
   */
  private boolean responseActive;

  /** Sum over the pieces of a turn; null until the service said a number. */
  private @Nullable Integer characters;

  /** The response that ended last; a second end of it, without audio between, is none. */
  private @Nullable String lastDone;

  /** What support asks for; null until the service has said it. */
  private @Nullable String sessionId;

  private boolean finishSent;
  private boolean over;

  QwenSession(
      ServiceSocket socket,
      SpeechSettings settings,
      UpstreamListener listener,
      UpstreamMeter meter) {
    this.socket = socket;
    this.settings = settings;
    this.listener = listener;
    this.meter = meter;
    socket.receiver(this);
    // Not waiting for session.created or session.updated saves two round trips, and neither the
    // vendor's samples nor its SDKs wait.
    socket.write(event("session.update").put("session", sessionFields(settings)));
  }

  private static JsonObject sessionFields(SpeechSettings settings) {
    JsonObject session =
        new JsonObject()
            .put("voice", settings.voice())
            .put("mode", settings.mode().wireName())
            .put("language_type", settings.languageType())
            .put("response_format", settings.serviceFormat().wireName())
            .put("sample_rate", settings.sampleRateHz());
    // Older models do not know these, so only what was chosen is said.
    if (settings.speechRate() != 1.0) {
      session.put("speech_rate", settings.speechRate());
    }
    if (settings.pitchRate() != 1.0) {
      session.put("pitch_rate", settings.pitchRate());
    }
    if (settings.volume() != 50) {
      session.put("volume", settings.volume());
    }
    if (settings.bitRateKbps() != null) {
      session.put("bit_rate", settings.bitRateKbps());
    }
    if (settings.instructions() != null) {
      session.put("instructions", settings.instructions());
      session.put("optimize_instructions", settings.optimizeInstructions());
    }
    if (!settings.textNormalization()) {
      session.put("enable_tn", false);
    }
    return session;
  }

  private static JsonObject event(String type) {
    return new JsonObject()
        .put("event_id", "event_" + UUID.randomUUID().toString().replace("-", ""))
        .put("type", type);
  }

  @Override
  public void append(String more) {
    turnActive = true;
    if (settings.mode() == Mode.COMMIT) {
      text.append(more);
    } else {
      socket.write(event("input_text_buffer.append").put("text", more));
    }
  }

  @Override
  public void endTurn() {
    if (settings.mode() == Mode.COMMIT) {
      pieces.addAll(SpeechText.pieces(text.toString(), settings.maxTextChars()));
      text.setLength(0);
      speakNextPiece();
    } else if (!finishSent) {
      finishSent = true;
      socket.write(event("session.finish"));
    }
  }

  private void speakNextPiece() {
    String piece = pieces.poll();
    while (piece != null && !SpeechText.speakable(piece)) {
      piece = pieces.poll();
    }
    if (piece == null) {
      Integer counted = characters;
      characters = null;
      listener.onResponseDone(counted);
      endOfTurn();
      return;
    }
    pieceActive = true;
    socket.write(event("input_text_buffer.append").put("text", piece));
    socket.write(event("input_text_buffer.commit"));
  }

  private void endOfTurn() {
    turnActive = false;
    listener.onTurnDone();
  }

  @Override
  public @Nullable String vendorRequest() {
    return sessionId;
  }

  @Override
  public boolean reusable() {
    return !over && !finishSent && socket.isOpen();
  }

  @Override
  public void close() {
    over = true;
    socket.close();
  }

  @Override
  public void pause() {
    socket.pause();
  }

  @Override
  public void resume() {
    socket.resume();
  }

  @Override
  public void onText(byte[] utf8) {
    byte[] audio = AudioDelta.scan(utf8);
    if (audio != null) {
      meter.delta(true);
      heard(Bytes.wrap(audio));
      return;
    }
    JsonObject event = ServiceSocket.parse(utf8);
    Object type = event == null ? null : event.getValue("type");
    if (event == null || !(type instanceof String name)) {
      fail(new UpstreamException(UpstreamException.Kind.GARBAGE, "the service sent no event"));
      return;
    }
    try {
      onEvent(name, event);
    } catch (ClassCastException | IllegalArgumentException malformed) {
      fail(
          new UpstreamException(
              UpstreamException.Kind.GARBAGE, "the service sent a malformed " + known(name)));
    }
  }

  /** The service's own words reach a caller only where they are among those we know. */
  private static String known(String type) {
    return type.matches("[a-z_.]{1,64}") ? type : "event";
  }

  private void onEvent(String type, JsonObject event) {
    switch (type) {
      case "response.audio.delta" -> {
        meter.delta(false);
        heard(AudioDelta.parse(event));
      }
      case "session.created" -> {
        if (event.getValue("session") instanceof JsonObject created
            && created.getValue("id") instanceof String id) {
          sessionId = id;
        }
      }
      case "response.done" -> onResponseDone(event.getJsonObject("response"));
      case "session.finished" -> onSessionFinished();
      case "error" -> {
        JsonObject error = event.getJsonObject("error", event);
        String code = error.getString("code");
        fail(
            socket.vendorError(
                code == null ? error.getString("type") : code, error.getString("message")));
      }
      default -> {
        // Everything else repeats what is known already, or is new.
      }
    }
  }

  private void heard(Buffer audio) {
    boolean speaking = settings.mode() == Mode.COMMIT ? pieceActive : turnActive;
    if (!over && speaking && audio.length() > 0) {
      responseActive = true;
      listener.onAudio(audio);
    }
  }

  private void onResponseDone(@Nullable JsonObject response) {
    String id = response == null ? null : response.getString("id");
    if (id != null && id.equals(lastDone) && !responseActive) {
      return;
    }
    lastDone = id;
    Integer counted = response == null ? null : characters(response.getJsonObject("usage"));
    String status = response == null ? null : response.getString("status");
    if ("failed".equals(status) || "incomplete".equals(status)) {
      fail(
          new UpstreamException(
              UpstreamException.Kind.SERVICE, "the service ended the response as " + status));
    } else if (settings.mode() == Mode.COMMIT) {
      if (pieceActive) {
        pieceActive = false;
        responseActive = false;
        if (counted != null) {
          characters = characters == null ? counted : characters + counted;
        }
        speakNextPiece();
      }
    } else if (responseActive) {
      responseActive = false;
      listener.onResponseDone(counted);
    }
  }

  /** The legacy models count tokens instead. */
  private static @Nullable Integer characters(@Nullable JsonObject usage) {
    return usage == null ? null : usage.getInteger("characters");
  }

  private void onSessionFinished() {
    over = true;
    socket.close();
    if (!turnActive) {
      return;
    }
    if (settings.mode() == Mode.COMMIT) {
      listener.onFailed(
          new UpstreamException(
              UpstreamException.Kind.CLOSED, "the service finished before the text was spoken"));
      return;
    }
    if (responseActive) {
      // A last response whose end was not said.
      responseActive = false;
      listener.onResponseDone(null);
    }
    endOfTurn();
  }

  private void fail(UpstreamException cause) {
    if (!over) {
      over = true;
      socket.close();
      listener.onFailed(cause);
    }
  }

  @Override
  public void onBinary(Buffer bytes) {
    fail(
        new UpstreamException(
            UpstreamException.Kind.GARBAGE, "the service sent a binary frame where events belong"));
  }

  @Override
  public void onClosed(int code, String reason) {
    if (!over) {
      over = true;
      // The reason is the only diagnosis there is.
      listener.onFailed(
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
}
