package dev.voicebridge.scripted;

import static dev.voicebridge.scripted.ScriptedUpstream.within;

import dev.voicebridge.llm.ChatService;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A language model of sockets and bytes that says what it is told, byte for byte. */
final class ChatDouble implements AutoCloseable {
  static final String KEY = "sk-llm-secret";
  static final String MODEL = "model-of-the-settings";

  /** One answer: writes to the socket as it likes. */
  interface Answer {
    void to(Ask ask);
  }

  /** Every request, in order. */
  final List<Ask> asks = new CopyOnWriteArrayList<>();

  /** For the requests to come; without one a short answer is given. */
  final Queue<Answer> answers = new ConcurrentLinkedQueue<>();

  private final Vertx vertx = Vertx.vertx();
  private final int port;

  ChatDouble() {
    NetServer server = vertx.createNetServer();
    server.connectHandler(this::accept);
    port = within(server.listen(0, "127.0.0.1")).actualPort();
  }

  ChatService service() {
    return service(false);
  }

  ChatService service(boolean ofTheVendor) {
    return new ChatService("http://127.0.0.1:" + port + "/v1", KEY, MODEL, ofTheVendor);
  }

  ChatDouble next(Answer... more) {
    answers.addAll(List.of(more));
    return this;
  }

  Ask ask(int index) {
    Eventually.holds("request " + index + " of the language model", () -> asks.size() > index);
    return asks.get(index);
  }

  private void accept(NetSocket socket) {
    Connection connection = new Connection(socket);
    socket.handler(connection::read);
    socket.exceptionHandler(gone -> {});
    socket.closeHandler(gone -> connection.closed());
  }

  private final class Connection {
    private final NetSocket socket;
    private Buffer in = Buffer.buffer();
    private final List<Ask> mine = new ArrayList<>();

    Connection(NetSocket socket) {
      this.socket = socket;
    }

    void read(Buffer bytes) {
      in.appendBuffer(bytes);
      String so = in.toString(StandardCharsets.ISO_8859_1);
      int blank = so.indexOf("\r\n\r\n");
      if (blank < 0) {
        return;
      }
      String head = so.substring(0, blank);
      int length =
          head.lines()
              .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-length:"))
              .mapToInt(line -> Integer.parseInt(line.substring(15).strip()))
              .findFirst()
              .orElse(0);
      if (in.length() < blank + 4 + length) {
        return;
      }
      JsonObject body = in.getBuffer(blank + 4, blank + 4 + length).toJsonObject();
      in = in.getBuffer(blank + 4 + length, in.length());
      Ask ask = new Ask(vertx, socket, head, body);
      mine.add(ask);
      asks.add(ask);
      Answer answer = answers.poll();
      if (answer == null) {
        ask.say("好的。").done();
      } else {
        answer.to(ask);
      }
    }

    void closed() {
      mine.forEach(ask -> ask.closedNanos = System.nanoTime());
    }
  }

  /** One request, and the hand that writes its answer. */
  static final class Ask {
    final String head;
    final JsonObject body;

    /** When the connection was gone, {@link System#nanoTime}; zero: it stands. */
    volatile long closedNanos;

    final Vertx vertx;
    private final NetSocket socket;
    private boolean headSent;

    Ask(Vertx vertx, NetSocket socket, String head, JsonObject body) {
      this.vertx = vertx;
      this.socket = socket;
      this.head = head;
      this.body = body;
    }

    String header(String name) {
      return head.lines()
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
          .map(line -> line.substring(name.length() + 1).strip())
          .findFirst()
          .orElse("");
    }

    /** Whatever it is, as a chunk of a streamed answer. */
    Ask raw(String text) {
      begin();
      return bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    private void begin() {
      if (!headSent) {
        headSent = true;
        socket.write(
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream;charset=UTF-8\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n");
      }
    }

    private Ask bytes(byte[] utf8) {
      if (utf8.length > 0) {
        socket.write(
            Buffer.buffer(Integer.toHexString(utf8.length) + "\r\n")
                .appendBytes(utf8)
                .appendString("\r\n"));
      }
      return this;
    }

    /** The same bytes in pieces of random length, cut anywhere. */
    Ask cut(String text, Random random) {
      begin();
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
      for (int at = 0; at < utf8.length; ) {
        int to = Math.min(utf8.length, at + 1 + random.nextInt(7));
        bytes(Arrays.copyOfRange(utf8, at, to));
        at = to;
      }
      return this;
    }

    static String token(String text) {
      return data(new JsonObject().put("content", text), null);
    }

    static String data(JsonObject delta, @Nullable String finish) {
      return "data: "
          + new JsonObject()
              .put(
                  "choices",
                  new JsonArray()
                      .add(
                          new JsonObject()
                              .put("delta", delta)
                              .put("index", 0)
                              .put("finish_reason", finish)))
              .put("usage", null)
              .encode()
          + "\n\n";
    }

    static String usage(int in, int out) {
      return "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":"
          + in
          + ",\"completion_tokens\":"
          + out
          + "}}\n\n";
    }

    Ask say(String... tokens) {
      for (String token : tokens) {
        raw(token(token));
      }
      return this;
    }

    /** Finish reason, usage, [DONE] and the end. */
    Ask done() {
      return raw(data(new JsonObject().put("content", ""), "stop") + usage(7, 5))
          .raw("data: [DONE]\n\n")
          .end();
    }

    /** The end of the answer; the connection stays. */
    Ask end() {
      socket.write("0\r\n\r\n");
      return this;
    }

    /** An endless answer. */
    void endless(int paceMs, String token) {
      raw(token(token));
      vertx.setTimer(
          Math.max(1, paceMs),
          due -> {
            if (closedNanos == 0) {
              endless(paceMs, token);
            }
          });
    }

    /** Another answer than a stream. */
    Ask answer(int status, String type, String body, String... headers) {
      byte[] utf8 = body.getBytes(StandardCharsets.UTF_8);
      socket.write(
          Buffer.buffer(
                  "HTTP/1.1 "
                      + status
                      + " X\r\nContent-Type: "
                      + type
                      + "\r\nContent-Length: "
                      + utf8.length
                      + "\r\n"
                      + String.join("", headers)
                      + "\r\n")
              .appendBytes(utf8));
      return this;
    }

    void hangUp() {
      socket.close();
    }
  }

  @Override
  public void close() {
    within(vertx.close());
  }
}
