package dev.voicebridge.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketFrame;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShortCutTest {
  private static final int SECONDS = 20;
  private static final String END = "end";

  private Vertx vertx;
  private WebSocketClient client;

  @BeforeEach
  void start() {
    vertx = Vertx.vertx();
    client = vertx.createWebSocketClient();
  }

  @AfterEach
  void stop() throws Exception {
    vertx.close().await(SECONDS, TimeUnit.SECONDS);
  }

  /** Collects messages; pauses at random. */
  private final class Ear implements ServiceSocket.Receiver {
    private final Promise<Void> end = Promise.promise();
    private final List<String> heard = new ArrayList<>();
    private final List<byte[]> arrays = new ArrayList<>();
    private final ServiceSocket socket;
    private final Random random;
    private final int pausePercent;

    Ear(ServiceSocket socket, long seed, int pausePercent) {
      this.socket = socket;
      this.random = new Random(seed);
      this.pausePercent = pausePercent;
    }

    @Override
    public void onText(byte[] utf8) {
      arrays.add(utf8);
      hear("text " + new String(utf8, StandardCharsets.UTF_8));
    }

    @Override
    public void onBinary(Buffer bytes) {
      hear("binary " + bytes.toString(StandardCharsets.UTF_8));
    }

    private void hear(String message) {
      heard.add(message);
      if (message.equals("text " + END)) {
        end.tryComplete();
      } else if (random.nextInt(100) < pausePercent) {
        socket.pause();
        if (random.nextBoolean()) {
          vertx.setTimer(1 + random.nextInt(3), over -> socket.resume());
        } else {
          vertx.runOnContext(over -> socket.resume());
        }
      }
    }

    @Override
    public void onClosed(int code, String reason) {
      end.tryFail("closed " + code + " " + reason);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void keepsEveryMessageInOrderHoweverItComesAndWhoeverPauses(long seed) throws Exception {
    List<String> said = new ArrayList<>();

    Ear ear = listen(seed, (int) (seed % 4) * 10, socket -> sayAnything(socket, seed, said));

    assertEquals(said, ear.heard);
  }

  @Test
  void takesTheShortWayWhileNobodyPauses() throws Exception {
    Ear ear =
        listen(
            1,
            0,
            socket -> {
              for (int i = 0; i < 100; i++) {
                socket.writeTextMessage("delta " + (100 + i));
              }
              socket.writeTextMessage(END);
            });

    // The long way makes an array for each.
    assertSame(ear.arrays.get(98), ear.arrays.get(99));
  }

  private interface Speaker {
    void speakTo(ServerWebSocket socket);
  }

  private Ear listen(long seed, int pausePercent, Speaker speaker) throws Exception {
    HttpServer server =
        vertx
            .createHttpServer()
            .webSocketHandler(speaker::speakTo)
            .listen(0, "127.0.0.1")
            .await(SECONDS, TimeUnit.SECONDS);
    String uri = "ws://127.0.0.1:" + server.actualPort() + "/";
    Promise<Ear> done = Promise.promise();
    vertx.runOnContext(
        start ->
            ServiceSocket.connect(
                    client, uri, new ServiceSocket.Secret("key"), Duration.ofSeconds(SECONDS))
                .compose(
                    socket -> {
                      Ear ear = new Ear(socket, seed, pausePercent);
                      socket.receiver(ear);
                      Future<Void> heard = ear.end.future();
                      return heard.map(ear);
                    })
                .onComplete(done));
    return done.future().await(SECONDS, TimeUnit.SECONDS);
  }

  private static void sayAnything(ServerWebSocket socket, long seed, List<String> said) {
    Random random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      String words = i + " " + "x".repeat(random.nextInt(random.nextBoolean() ? 20 : 5_000));
      switch (random.nextInt(6)) {
        case 0 -> {
          said.add("binary " + words);
          socket.writeBinaryMessage(Buffer.buffer(words));
        }
        case 1 -> {
          said.add("text " + words + words + words);
          socket.writeFrame(WebSocketFrame.textFrame(words, false));
          socket.writeFrame(WebSocketFrame.continuationFrame(Buffer.buffer(words), false));
          if (random.nextBoolean()) {
            socket.writePing(Buffer.buffer("p"));
          }
          socket.writeFrame(WebSocketFrame.continuationFrame(Buffer.buffer(words), true));
        }
        default -> {
          said.add("text " + words);
          socket.writeTextMessage(words);
        }
      }
    }
    said.add("text " + END);
    socket.writeTextMessage(END);
  }
}
