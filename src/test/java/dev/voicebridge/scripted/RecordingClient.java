package dev.voicebridge.scripted;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.internal.http.WebSocketInternal;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A client that writes down what it hears, and notes each breach of what always holds: audio only
 * between {@code response.created} and {@code response.done}, one response at a time, one end each,
 * nothing after the close.
 */
final class RecordingClient extends SocketClient<Heard> {
  final boolean base64;

  private final Context context = Vertx.currentContext();
  private final Set<String> created = new HashSet<>();
  private final Set<String> done = new HashSet<>();
  private @Nullable String speaking;
  private boolean closed;
  private int events;

  /** On the socket's event loop. */
  RecordingClient(WebSocket socket, boolean base64) {
    super(socket);
    this.base64 = base64;
    socket.textMessageHandler(this::onText);
    socket.binaryMessageHandler(this::onAudio);
    socket.closeHandler(
        v -> {
          closed = true;
          heard.add(farewell());
        });
  }

  private void onText(String text) {
    raw.add(text);
    JsonObject event = new JsonObject(text);
    check(!closed, "an event after the close");
    String type = event.getString("type");
    switch (type) {
      case "response.created" -> {
        String id = event.getJsonObject("response").getString("id");
        check(speaking == null, "two responses at once");
        check(!done.contains(id), "a response that was over began");
        speaking = id;
        created.add(id);
      }
      case "response.done" -> {
        String id = event.getJsonObject("response").getString("id");
        check(done.add(id), "a second end of a response");
        // One that waits may end while another speaks.
        check(id.equals(speaking) || !created.contains(id), "an end out of order");
        if (id.equals(speaking)) {
          speaking = null;
        }
      }
      case "response.audio.delta" -> {
        check(base64, "base64 on the binary door");
        check(event.getString("response_id").equals(speaking), "audio of a dead response");
        onAudio(Buffer.buffer(Base64.getDecoder().decode(event.getString("delta"))));
        return;
      }
      default -> {}
    }
    heard.add(new Heard.Event(event, System.nanoTime()));
  }

  private void onAudio(Buffer bytes) {
    check(speaking != null, "audio while nothing speaks");
    check(!closed, "audio after the close");
    check(bytes.length() > 0, "an empty audio frame");
    audioBytes.addAndGet(bytes.length());
    heard.add(new Heard.Audio(bytes, System.nanoTime()));
  }

  // -- saying -------------------------------------------------------------------------------------

  RecordingClient say(String type) {
    return say(new JsonObject().put("type", type));
  }

  RecordingClient say(JsonObject event) {
    socket.writeTextMessage(event.copy().put("event_id", "c" + events++).encode());
    return this;
  }

  RecordingClient update(Object... fields) {
    JsonObject session = new JsonObject();
    for (int i = 0; i < fields.length; i += 2) {
      session.put((String) fields[i], fields[i + 1]);
    }
    return say(new JsonObject().put("type", "session.update").put("session", session));
  }

  RecordingClient append(String text) {
    return say(new JsonObject().put("type", "input_text_buffer.append").put("text", text));
  }

  RecordingClient commit() {
    return say("input_text_buffer.commit");
  }

  RecordingClient commit(String text) {
    JsonObject append = new JsonObject().put("type", "input_text_buffer.append").put("text", text);
    String commit = new JsonObject().put("type", "input_text_buffer.commit").encode();
    // In one write, so that the bridge reads both before anything of an answer can come between.
    ChannelHandlerContext wire = ((WebSocketInternal) socket).channelHandlerContext();
    context.runOnContext(
        v -> {
          var unused = wire.write(new TextWebSocketFrame(append.encode()), wire.voidPromise());
          unused = wire.writeAndFlush(new TextWebSocketFrame(commit), wire.voidPromise());
        });
    return this;
  }

  RecordingClient finish() {
    return say("session.finish");
  }

  RecordingClient cancel() {
    return say("response.cancel");
  }

  RecordingClient cancel(String responseId) {
    return say(new JsonObject().put("type", "response.cancel").put("response_id", responseId));
  }

  // -- hearing ------------------------------------------------------------------------------------

  /** The next thing heard is this event. */
  JsonObject expect(String type) {
    Heard next = next();
    if (next instanceof Heard.Event event && event.type().equals(type)) {
      return event.json();
    }
    throw new AssertionError("not " + type + " but " + show(next));
  }

  /**
   * The answer to a commit. Where text is spoken as it streams in, a response may have begun before
   * the commit arrived: what came before the answer is heard after it.
   */
  JsonObject committed() {
    ArrayDeque<Heard> before = new ArrayDeque<>();
    for (; ; ) {
      Heard next = next();
      if (next instanceof Heard.Event event && event.type().equals("input_text_buffer.committed")) {
        before.descendingIterator().forEachRemaining(heard::addFirst);
        return event.json();
      }
      if (next instanceof Heard.Closed) {
        throw new AssertionError("no answer to the commit but " + show(next));
      }
      before.add(next);
    }
  }

  /** The next of this kind; what comes before it is passed over. */
  JsonObject await(String type) {
    for (; ; ) {
      Heard next = next();
      if (next instanceof Heard.Event event && event.type().equals(type)) {
        return event.json();
      }
      if (next instanceof Heard.Closed) {
        throw new AssertionError("no " + type + " but " + show(next));
      }
    }
  }

  /** The next piece of audio; events before it are passed over. */
  Buffer awaitAudio() {
    for (; ; ) {
      Heard next = next();
      if (next instanceof Heard.Audio audio) {
        return audio.bytes();
      }
      if (next instanceof Heard.Closed) {
        throw new AssertionError("no audio but " + show(next));
      }
    }
  }

  /** {@code error.error}, which is the next thing heard. */
  JsonObject expectError(String code) {
    JsonObject error = expect("error").getJsonObject("error");
    if (!code.equals(error.getString("code"))) {
      throw new AssertionError("not " + code + " but " + error);
    }
    return error;
  }

  /** Everything up to the end of the next response. */
  Spoken spoken() {
    JsonObject created = new JsonObject();
    Buffer audio = Buffer.buffer();
    List<JsonObject> words = new ArrayList<>();
    List<JsonObject> others = new ArrayList<>();
    int deltas = 0;
    for (; ; ) {
      Heard next = next();
      if (next instanceof Heard.Audio piece) {
        audio.appendBuffer(piece.bytes());
        deltas++;
      } else if (next instanceof Heard.Event event) {
        switch (event.type()) {
          case "response.created" -> created = event.json().getJsonObject("response");
          case "response.audio.timestamps" ->
              event.json().getJsonArray("words").forEach(word -> words.add((JsonObject) word));
          case "response.done" -> {
            return new Spoken(
                created, event.json().getJsonObject("response"), audio, deltas, words, others);
          }
          default -> others.add(event.json());
        }
      } else {
        throw new AssertionError("no response but " + show(next));
      }
    }
  }

  /** A response that ended well. */
  Spoken completed() {
    Spoken spoken = spoken();
    if (!spoken.status().equals("completed")) {
      throw new AssertionError("not completed: " + spoken.done() + " " + spoken.others());
    }
    return spoken;
  }

  void expectClose(int code) {
    for (; ; ) {
      if (next() instanceof Heard.Closed closed) {
        if (closed.code() != code) {
          throw new AssertionError("closed with " + closed);
        }
        return;
      }
    }
  }

  Heard.Closed awaitClose() {
    for (; ; ) {
      if (next() instanceof Heard.Closed closed) {
        return closed;
      }
    }
  }

  /**
   * Nothing but the answer to one more question comes: whatever the session had to say before was
   * said.
   */
  void expectNothingMore() {
    say(new JsonObject().put("type", "response.cancel").put("response_id", "nobody"));
    JsonObject error = expect("error").getJsonObject("error");
    if (!error.getString("code").equals("response_not_active")) {
      throw new AssertionError("not silent: " + error);
    }
  }

  private static String show(Heard heard) {
    return heard instanceof Heard.Audio audio
        ? "audio of " + audio.bytes().length() + " bytes"
        : heard.toString();
  }
}
