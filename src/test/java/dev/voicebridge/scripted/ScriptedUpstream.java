package dev.voicebridge.scripted;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A speech service of sockets and bytes that does what its {@link Script} says: {@code
 * /api-ws/v1/realtime} and {@code /api-ws/v1/inference}. It frames by hand, so that it can frame
 * badly.
 */
final class ScriptedUpstream implements AutoCloseable {
  static final String KEY = "sk-scripted-0123456789";
  private static final int PATIENCE_SECONDS = 10;
  private static final int TEXT = 1;
  private static final int BINARY = 2;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;

  final Script script = new Script();

  /** Every connection that was accepted, in order. */
  final List<Connection> connections = new CopyOnWriteArrayList<>();

  /** Every utterance that was begun, in order. */
  final List<Utterance> utterances = new CopyOnWriteArrayList<>();

  /** {@code Authorization} of every attempt, accepted or not. */
  final List<String> authorizations = new CopyOnWriteArrayList<>();

  private final BlockingQueue<JsonObject> received = new LinkedBlockingQueue<>();
  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final int port;

  ScriptedUpstream() {
    NetServer server =
        vertx.createNetServer(new NetServerOptions().setHost("127.0.0.1").setTcpNoDelay(true));
    server.connectHandler(socket -> new Connection(socket).begin());
    port = within(server.listen(0)).actualPort();
  }

  String baseUrl() {
    return "http://127.0.0.1:" + port;
  }

  /** The audio of a text: the same whenever it is asked for. */
  static byte[] audio(String text, int from, int length) {
    byte[] bytes = new byte[length];
    int hash = text.hashCode();
    for (int i = 0; i < length; i++) {
      int at = from + i;
      int mixed = (at ^ hash) * 0x9E3779B1;
      bytes[i] = (byte) (mixed >>> 13 ^ mixed >>> 24);
    }
    return bytes;
  }

  byte[] audioOf(String text) {
    return audio(text, 0, script.audioBytes.applyAsInt(text));
  }

  /** The next message of that kind; {@code type} or {@code header.action}. */
  JsonObject expect(String kind) {
    return expect(kind, message -> true);
  }

  JsonObject expect(String kind, Predicate<JsonObject> more) {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    List<String> seen = new ArrayList<>();
    try {
      for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
        JsonObject next = received.poll(left, TimeUnit.NANOSECONDS);
        if (next != null) {
          seen.add(kind(next));
          if (kind(next).equals(kind) && more.test(next)) {
            return next;
          }
        }
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    throw new AssertionError("the service did not hear " + kind + " but " + seen);
  }

  /** What has come and was not expected yet. */
  List<String> heardKinds() {
    return received.stream().map(ScriptedUpstream::kind).toList();
  }

  private static String kind(JsonObject message) {
    String type = message.getString("type");
    return type != null ? type : message.getJsonObject("header").getString("action");
  }

  Connection connection(int index) {
    Eventually.holds("connection " + index, () -> connections.size() > index);
    return connections.get(index);
  }

  Utterance utterance(int index) {
    Eventually.holds("utterance " + index, () -> utterances.size() > index);
    return utterances.get(index);
  }

  static <T> T within(Future<T> future) {
    try {
      return future.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (java.util.concurrent.TimeoutException late) {
      throw new AssertionError("not in time", late);
    }
  }

  @Override
  public void close() {
    within(vertx.close());
  }

  /** One text that is spoken. */
  static final class Utterance {
    final String text;
    final Connection connection;
    final AtomicLong produced = new AtomicLong();
    private final int bytes;
    private final Random sizes;
    private @Nullable Fault fault;
    volatile boolean ended;
    volatile long lastProducedNanos;

    Utterance(String text, int bytes, Connection connection, long seed, @Nullable Fault fault) {
      this.text = text;
      this.bytes = fault instanceof Fault.NoAudio ? 0 : bytes;
      this.connection = connection;
      this.sizes = new Random(seed);
      this.fault = fault;
    }

    byte[] audio() {
      return ScriptedUpstream.audio(text, 0, (int) produced.get());
    }
  }

  /** One socket. Service loop only, but for what is volatile. */
  final class Connection {
    final List<JsonObject> messages = new CopyOnWriteArrayList<>();
    volatile String path = "";
    volatile String authorization = "";

    /** When the peer's close frame or the end of TCP came, {@link System#nanoTime}; zero: not. */
    volatile long closedNanos;

    volatile int closeCode = -1;
    volatile boolean gone;
    private final NetSocket socket;
    private final Random random = new Random(script.seed);
    private Buffer in = Buffer.buffer();
    private boolean upgraded;
    private boolean stopped;
    private String mode = "server_commit";
    private String text = "";
    private @Nullable String taskId;
    private boolean out;
    private int taskCharacters;
    private int sentenceIndex;
    private long taskAudioMs;
    private final Deque<Runnable> jobs = new ArrayDeque<>();
    private boolean busy;
    private int chunks;
    private int responses;
    private int events;

    Connection(NetSocket socket) {
      this.socket = socket;
    }

    void begin() {
      socket.handler(this::read);
      socket.exceptionHandler(broken -> {});
      socket.closeHandler(
          v -> {
            gone = true;
            ended();
          });
    }

    private void ended() {
      stopped = true;
      if (closedNanos == 0) {
        closedNanos = System.nanoTime();
      }
    }

    /** Ends the TCP connection from outside. */
    void cut() {
      vertx.runOnContext(v -> socket.close());
    }

    /** Says goodbye while nothing is under way. */
    void sayBye(int code, String reason) {
      vertx.runOnContext(v -> closeFrame(code, reason));
    }

    private void read(Buffer bytes) {
      in.appendBuffer(bytes);
      if (!upgraded) {
        handshake();
      } else {
        frames();
      }
    }

    private void handshake() {
      String head = in.toString(StandardCharsets.ISO_8859_1);
      int end = head.indexOf("\r\n\r\n");
      if (end < 0) {
        return;
      }
      in = in.getBuffer(end + 4, in.length());
      path = head.split(" ", 3)[1];
      authorization = header(head, "authorization");
      authorizations.add(authorization);
      Fault fault = script.door;
      if (fault != null) {
        if (fault instanceof Fault.Refuse refuse) {
          socket.write(
              "HTTP/1.1 "
                  + refuse.status()
                  + " No\r\ncontent-type: application/json\r\ncontent-length: "
                  + refuse.body().getBytes(StandardCharsets.UTF_8).length
                  + "\r\n\r\n"
                  + refuse.body());
        }
        return;
      }
      upgraded = true;
      connections.add(this);
      Buffer answer =
          Buffer.buffer(
              "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n"
                  + "sec-websocket-accept: "
                  + accept(header(head, "sec-websocket-key"))
                  + "\r\n\r\n");
      boolean realtime = path.startsWith("/api-ws/v1/realtime");
      JsonObject created =
          new JsonObject()
              .put("type", "session.created")
              .put(
                  "session",
                  new JsonObject().put("object", "realtime.session").put("id", "sess_scripted"));
      if (realtime && script.created == Script.Ack.WITH_UPGRADE) {
        // One segment: whoever listens too late has lost it.
        answer.appendBuffer(frame(TEXT, true, Buffer.buffer(render(event(created)))));
      }
      socket.write(answer);
      if (realtime && script.created == Script.Ack.AT_ONCE) {
        sendEvent(created);
      } else if (realtime && script.created == Script.Ack.LATE) {
        vertx.setTimer(60, late -> sendEvent(created));
      }
      frames();
    }

    private void frames() {
      while (in.length() >= 2) {
        int second = in.getByte(1) & 0xff;
        int at = 2;
        long length = second & 0x7f;
        if (length == 126) {
          if (in.length() < 4) {
            return;
          }
          length = in.getUnsignedShort(2);
          at = 4;
        } else if (length == 127) {
          if (in.length() < 10) {
            return;
          }
          length = in.getLong(2);
          at = 10;
        }
        if (in.length() < at + 4 + length) {
          return;
        }
        byte[] mask = in.getBytes(at, at + 4);
        byte[] payload = in.getBytes(at + 4, (int) (at + 4 + length));
        for (int i = 0; i < payload.length; i++) {
          payload[i] ^= mask[i & 3];
        }
        int opcode = in.getByte(0) & 0x0f;
        in = in.getBuffer((int) (at + 4 + length), in.length());
        if (opcode == TEXT) {
          JsonObject message = new JsonObject(new String(payload, StandardCharsets.UTF_8));
          messages.add(message);
          received.add(message);
          if (message.containsKey("type")) {
            onRealtime(message);
          } else {
            onInference(message);
          }
        } else if (opcode == CLOSE) {
          closeCode = payload.length >= 2 ? (payload[0] & 0xff) << 8 | (payload[1] & 0xff) : 1005;
          boolean first = !stopped;
          ended();
          if (script.answersClose) {
            if (first) {
              socket.write(frame(CLOSE, true, Buffer.buffer(payload)));
            }
            socket.end();
          }
        } else if (opcode == PING) {
          socket.write(frame(PONG, true, Buffer.buffer(payload)));
        }
      }
    }

    // -- realtime -------------------------------------------------------------------------------

    private void onRealtime(JsonObject message) {
      switch (message.getString("type")) {
        case "session.update" -> {
          JsonObject session = message.getJsonObject("session");
          mode = session.getString("mode", "server_commit");
          JsonObject updated =
              new JsonObject().put("type", "session.updated").put("session", session);
          if (script.updated == Script.Ack.AT_ONCE || script.updated == Script.Ack.WITH_UPGRADE) {
            ack(updated);
          } else if (script.updated == Script.Ack.LATE) {
            vertx.setTimer(60, late -> ack(updated));
          }
        }
        case "input_text_buffer.append" -> {
          text += message.getString("text");
          if (mode.equals("server_commit")) {
            text = cutSentences(text, this::respond);
          }
        }
        case "input_text_buffer.commit" -> {
          if (!script.bare) {
            ack(new JsonObject().put("type", "input_text_buffer.committed").put("item_id", ""));
          }
          respond(text);
          text = "";
        }
        case "session.finish" -> {
          if (!text.isEmpty()) {
            respond(text);
            text = "";
          }
          job(
              () -> {
                sendEvent(new JsonObject().put("type", "session.finished"));
                if (script.closesAfterFinished) {
                  closeFrame(1000, "finished");
                }
                nextJob();
              });
        }
        default -> {}
      }
    }

    private void ack(JsonObject event) {
      sendEvent(event);
      if (script.duplicates) {
        sendEvent(event);
      }
    }

    private static String cutSentences(String text, java.util.function.Consumer<String> speak) {
      int from = 0;
      for (int i = 0; i < text.length(); i++) {
        if ("。！？".indexOf(text.charAt(i)) >= 0) {
          speak.accept(text.substring(from, i + 1));
          from = i + 1;
        }
      }
      return text.substring(from);
    }

    private void respond(String sentence) {
      job(() -> speakRealtime(sentence));
    }

    private void speakRealtime(String sentence) {
      Utterance utterance = begin(sentence);
      String id = "resp_" + responses++;
      String item = "item_" + id;
      if (utterance.fault instanceof Fault.NeverStart) {
        return;
      }
      if (utterance.fault instanceof Fault.FinishEarly) {
        sendEvent(new JsonObject().put("type", "session.finished"));
        return;
      }
      if (!script.bare) {
        sendEvent(
            new JsonObject()
                .put("type", "response.created")
                .put("response", new JsonObject().put("id", id).put("status", "in_progress")));
        sendEvent(about("response.output_item.added", id, item));
        sendEvent(about("response.content_part.added", id, item));
      }
      produce(
          utterance,
          chunk ->
              sendEvent(
                  about("response.audio.delta", id, item)
                      .put("delta", Base64.getEncoder().encodeToString(chunk))),
          () -> {
            JsonObject audioDone = about("response.audio.done", id, item);
            if (!script.bare && !script.tableDoneOrder) {
              ack(audioDone);
            }
            if (!script.bare) {
              ack(about("response.content_part.done", id, item));
              ack(about("response.output_item.done", id, item));
            }
            if (!script.bare && script.tableDoneOrder) {
              ack(audioDone);
            }
            JsonObject response =
                new JsonObject()
                    .put("id", id)
                    .put(
                        "status",
                        utterance.fault instanceof Fault.DoneAs as ? as.status() : "completed");
            if (script.tokenUsage) {
              response.put("usage", new JsonObject().put("total_tokens", 162));
            } else if (script.usage) {
              response.put("usage", new JsonObject().put("characters", sentence.length()));
            }
            ack(new JsonObject().put("type", "response.done").put("response", response));
            nextJob();
          });
    }

    private static JsonObject about(String type, String response, String item) {
      return new JsonObject()
          .put("type", type)
          .put("response_id", response)
          .put("item_id", item)
          .put("output_index", 0)
          .put("content_index", 0);
    }

    private JsonObject event(JsonObject event) {
      return new JsonObject().put("event_id", "event_s" + events++).mergeIn(event);
    }

    private void sendEvent(JsonObject event) {
      if (!stopped) {
        send(TEXT, Buffer.buffer(render(event(event))));
      }
    }

    // -- inference ------------------------------------------------------------------------------

    private void onInference(JsonObject message) {
      JsonObject header = message.getJsonObject("header");
      JsonObject payload = message.getJsonObject("payload");
      JsonObject input = payload.getJsonObject("input");
      switch (header.getString("action")) {
        case "run-task" -> {
          String id = header.getString("task_id");
          String whole = input.getString("text", "");
          boolean isOut = "out".equals(header.getString("streaming"));
          job(
              () -> {
                taskId = id;
                out = isOut;
                taskCharacters = 0;
                sentenceIndex = 0;
                taskAudioMs = 0;
                text = "";
                if (script.faults.peek() instanceof Fault.NeverStart) {
                  script.faults.poll();
                  return;
                }
                Runnable start =
                    () -> {
                      sendTask("task-started", new JsonObject(), new JsonObject());
                      if (script.duplicates) {
                        sendTask("task-started", new JsonObject(), new JsonObject());
                      }
                      nextJob();
                    };
                if (script.startDelayMs > 0) {
                  vertx.setTimer(script.startDelayMs, late -> start.run());
                } else {
                  start.run();
                }
              });
          if (isOut) {
            job(() -> speakTask(whole));
            finish();
          }
        }
        case "continue-task" -> {
          text += input.getString("text", "");
          text = cutSentences(text, sentence -> job(() -> speakTask(sentence)));
        }
        case "finish-task" -> {
          String rest = text;
          text = "";
          if (!rest.isEmpty()) {
            job(() -> speakTask(rest));
          }
          finish();
        }
        default -> {}
      }
    }

    private void finish() {
      job(
          () -> {
            JsonObject payload = new JsonObject();
            if (script.usage) {
              payload.put("usage", new JsonObject().put("characters", taskCharacters));
            } else {
              payload.put("usage", null);
            }
            payload.put("output", out ? null : new JsonObject());
            sendTask("task-finished", new JsonObject().put("request_uuid", "u"), payload);
            if (script.duplicates) {
              sendTask("task-finished", new JsonObject(), payload);
            }
            nextJob();
          });
    }

    private void sendTask(String event, JsonObject header, JsonObject payload) {
      JsonObject message =
          new JsonObject()
              .put(
                  "header",
                  new JsonObject()
                      .put("task_id", taskId)
                      .put("event", event)
                      .put("attributes", header));
      if (script.payloads) {
        message.put("payload", payload);
      }
      if (!stopped) {
        send(TEXT, Buffer.buffer(render(message)));
      }
    }

    private void sendSentence(String type, String sentence, JsonArray words, boolean count) {
      JsonObject payload =
          new JsonObject()
              .put(
                  "output",
                  new JsonObject()
                      .put(
                          "sentence",
                          new JsonObject().put("index", sentenceIndex).put("words", words))
                      .put("type", type)
                      .put("original_text", sentence));
      if (count) {
        payload.put("usage", new JsonObject().put("characters", taskCharacters));
      }
      sendTask("result-generated", new JsonObject(), payload);
    }

    private void speakTask(String sentence) {
      Utterance utterance = begin(sentence);
      taskCharacters += sentence.length();
      boolean events = script.sentenceEvents && !out;
      if (events) {
        sendSentence("sentence-begin", sentence, new JsonArray(), false);
      }
      produce(
          utterance,
          chunk -> {
            if (events) {
              sendSentence("sentence-synthesis", sentence, new JsonArray(), false);
            }
            send(BINARY, Buffer.buffer(chunk));
          },
          () -> {
            long ms = sentence.length() * 100L;
            long from = script.wordTimesRestart ? 0 : taskAudioMs;
            if (events) {
              sendSentence(
                  "sentence-end", sentence, words(sentence, sentence.length(), from), true);
              if (script.duplicates) {
                sendSentence(
                    "sentence-end", sentence, words(sentence, sentence.length(), from), true);
              }
            } else if (out && script.sentenceEvents) {
              for (int i = 1; i <= script.sentenceReports; i++) {
                int known = Math.max(1, sentence.length() * i / script.sentenceReports);
                sendTask(
                    "result-generated",
                    new JsonObject(),
                    new JsonObject()
                        .put(
                            "output",
                            new JsonObject()
                                .put(
                                    "sentence",
                                    new JsonObject()
                                        .put("begin_time", 0)
                                        .put("end_time", known * 100)
                                        .put("words", words(sentence, known, 0)))));
              }
            }
            taskAudioMs += ms;
            sentenceIndex++;
            nextJob();
          });
    }

    /** A word a character, 100 ms each, the first 10 ms silent. */
    private static JsonArray words(String sentence, int count, long fromMs) {
      JsonArray words = new JsonArray();
      for (int i = 0; i < count; i++) {
        words.add(
            new JsonObject()
                .put("text", sentence.substring(i, i + 1))
                .put("begin_index", i)
                .put("end_index", i + 1)
                .put("begin_time", fromMs + i * 100L + 10)
                .put("end_time", fromMs + i * 100L + 100));
      }
      return words;
    }

    // -- audio ----------------------------------------------------------------------------------

    private void job(Runnable job) {
      jobs.add(job);
      if (!busy) {
        nextJob();
      }
    }

    private void nextJob() {
      Runnable next = stopped ? null : jobs.poll();
      busy = next != null;
      if (next != null) {
        next.run();
      }
    }

    private Utterance begin(String sentence) {
      Fault fault = script.faults.peek();
      if (fault != null) {
        script.faults.poll();
      }
      Utterance utterance =
          new Utterance(
              sentence,
              script.audioBytes.applyAsInt(sentence),
              this,
              script.seed + utterances.size(),
              fault);
      utterances.add(utterance);
      return utterance;
    }

    private void produce(Utterance u, java.util.function.Consumer<byte[]> sink, Runnable whenDone) {
      if (stopped) {
        return;
      }
      int at = (int) u.produced.get();
      Integer faultAt = faultAt(u.fault);
      if (faultAt != null && at >= Math.min(faultAt, u.bytes)) {
        Fault fault = u.fault;
        u.fault = null;
        if (fault != null) {
          strike(fault);
        }
        return;
      }
      if (at >= u.bytes) {
        u.ended = true;
        whenDone.run();
        return;
      }
      int size =
          Math.min(
              u.bytes - at,
              script.minDelta + u.sizes.nextInt(script.maxDelta - script.minDelta + 1));
      if (faultAt != null) {
        size = Math.min(size, Math.max(1, faultAt - at));
      }
      u.lastProducedNanos = System.nanoTime();
      u.produced.addAndGet(size);
      sink.accept(audio(u.text, at, size));
      if (script.paceMs > 0) {
        vertx.setTimer(script.paceMs, v -> produce(u, sink, whenDone));
      } else if (socket.writeQueueFull()) {
        socket.drainHandler(v -> produce(u, sink, whenDone));
      } else if (++chunks % 16 == 0) {
        // A loop that always has a task reads nothing for up to a second (Netty 4.2).
        vertx.setTimer(1, v -> produce(u, sink, whenDone));
      } else {
        vertx.runOnContext(v -> produce(u, sink, whenDone));
      }
    }

    private static @Nullable Integer faultAt(@Nullable Fault fault) {
      if (fault instanceof Fault.Stall f) {
        return f.afterBytes();
      } else if (fault instanceof Fault.CutAfter f) {
        return f.bytes();
      } else if (fault instanceof Fault.CloseAfter f) {
        return f.bytes();
      } else if (fault instanceof Fault.CloseWithoutCode f) {
        return f.afterBytes();
      } else if (fault instanceof Fault.Garbage f) {
        return f.afterBytes();
      } else if (fault instanceof Fault.NotBase64 f) {
        return f.afterBytes();
      } else if (fault instanceof Fault.BinaryFrame f) {
        return f.afterBytes();
      } else if (fault instanceof Fault.Says f) {
        return f.afterBytes();
      } else if (fault instanceof Fault.BrokenFrame f) {
        return f.afterBytes();
      } else if (fault instanceof Fault.EndlessMessage) {
        return 0;
      }
      return null;
    }

    private void strike(Fault fault) {
      if (fault instanceof Fault.CutAfter) {
        socket.close();
      } else if (fault instanceof Fault.CloseAfter f) {
        closeFrame(f.code(), f.reason());
      } else if (fault instanceof Fault.CloseWithoutCode) {
        socket.write(frame(CLOSE, true, Buffer.buffer()));
      } else if (fault instanceof Fault.Garbage f) {
        send(TEXT, Buffer.buffer(f.text()));
      } else if (fault instanceof Fault.NotBase64) {
        sendEvent(about("response.audio.delta", "r", "i").put("delta", "§§ not base64 §§"));
      } else if (fault instanceof Fault.BinaryFrame) {
        send(BINARY, Buffer.buffer("audio?"));
      } else if (fault instanceof Fault.Says f) {
        if (path.startsWith("/api-ws/v1/realtime")) {
          sendEvent(
              new JsonObject()
                  .put("type", "error")
                  .put(
                      "error", new JsonObject().put("code", f.code()).put("message", f.message())));
        } else {
          JsonObject message =
              new JsonObject()
                  .put(
                      "header",
                      new JsonObject()
                          .put("task_id", taskId)
                          .put("event", "task-failed")
                          .put("error_code", f.code())
                          .put("error_message", f.message())
                          .put("attributes", new JsonObject()))
                  .put("payload", new JsonObject());
          send(TEXT, Buffer.buffer(render(message)));
          closeFrame(1007, "failed");
        }
      } else if (fault instanceof Fault.BrokenFrame) {
        // A reserved opcode.
        socket.write(Buffer.buffer(new byte[] {(byte) 0x83, 1, 0}));
      } else if (fault instanceof Fault.EndlessMessage) {
        Buffer half = Buffer.buffer(new byte[512 * 1024]);
        socket.write(frame(TEXT, false, half));
        for (int i = 0; i < 16; i++) {
          socket.write(frame(0, false, half));
        }
      }
    }

    private void closeFrame(int code, String reason) {
      if (!stopped) {
        socket.write(
            frame(CLOSE, true, Buffer.buffer().appendShort((short) code).appendString(reason)));
        stopped = true;
      }
    }

    // -- bytes ----------------------------------------------------------------------------------

    private void send(int opcode, Buffer payload) {
      if (stopped) {
        return;
      }
      Buffer wire = Buffer.buffer();
      int from = 0;
      int max = script.maxFrame;
      do {
        int to = (int) Math.min(payload.length(), (long) from + max);
        wire.appendBuffer(
            frame(from == 0 ? opcode : 0, to == payload.length(), payload.getBuffer(from, to)));
        if (to < payload.length() && random.nextInt(4) == 0) {
          // A ping may come between the fragments of a message.
          wire.appendBuffer(frame(PING, true, Buffer.buffer("p")));
        }
        from = to;
      } while (from < payload.length());
      for (int at = 0; at < wire.length(); ) {
        int to = (int) Math.min(wire.length(), (long) at + script.maxWrite);
        socket.write(wire.getBuffer(at, to));
        at = to;
      }
    }

    private byte[] render(JsonObject json) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      JsonObject full = json;
      if (script.extraFields) {
        full =
            json.copy()
                .put("x_true", true)
                .put("x_null", null)
                .put("x_number", -1.5e3)
                .put("x_object", new JsonObject().put("type", "response.done").put("delta", "AAAA"))
                .put("x_array", new JsonArray().add(new JsonObject().put("type", "error")).add(7));
      }
      write(out, full);
      return out.toByteArray();
    }

    private void write(ByteArrayOutputStream out, @Nullable Object value) {
      if (value instanceof JsonObject object) {
        List<Map.Entry<String, Object>> fields = new ArrayList<>(object.getMap().entrySet());
        if (script.shuffleKeys) {
          Collections.shuffle(fields, random);
        }
        ascii(out, "{");
        for (int i = 0; i < fields.size(); i++) {
          ascii(out, (i == 0 ? "" : ",") + blank());
          string(out, fields.get(i).getKey());
          ascii(out, blank() + ":" + blank());
          write(out, object.getValue(fields.get(i).getKey()));
          ascii(out, blank());
        }
        ascii(out, "}" + blank());
      } else if (value instanceof JsonArray array) {
        ascii(out, "[");
        for (int i = 0; i < array.size(); i++) {
          ascii(out, i == 0 ? "" : ",");
          write(out, array.getValue(i));
        }
        ascii(out, "]");
      } else if (value instanceof String text) {
        string(out, text);
      } else {
        ascii(out, Json.encode(value));
      }
    }

    private void string(ByteArrayOutputStream out, String text) {
      String encoded = Json.encode(text);
      if (script.escapes) {
        encoded = encoded.replace("/", "\\/").replace("response", "re\\u0073ponse");
      }
      out.writeBytes(encoded.getBytes(StandardCharsets.UTF_8));
    }

    private String blank() {
      return script.blanks ? List.of("", " ", "\n", "\t\r\n ").get(random.nextInt(4)) : "";
    }

    private static void ascii(ByteArrayOutputStream out, String text) {
      out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static Buffer frame(int opcode, boolean last, Buffer payload) {
    Buffer frame = Buffer.buffer(payload.length() + 10);
    frame.appendByte((byte) ((last ? 0x80 : 0) | opcode));
    if (payload.length() < 126) {
      frame.appendByte((byte) payload.length());
    } else if (payload.length() < 65_536) {
      frame.appendByte((byte) 126).appendUnsignedShort(payload.length());
    } else {
      frame.appendByte((byte) 127).appendLong(payload.length());
    }
    return frame.appendBuffer(payload);
  }

  private static String header(String head, String name) {
    for (String line : head.split("\r\n", -1)) {
      if (line.regionMatches(true, 0, name + ":", 0, name.length() + 1)) {
        return line.substring(name.length() + 1).trim();
      }
    }
    return "";
  }

  private static String accept(String key) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-1")
              .digest(
                  (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
                      .getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError(impossible);
    }
  }
}
