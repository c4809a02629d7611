package dev.voicebridge.scripted;

import static dev.voicebridge.scripted.ScriptedUpstream.within;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.bridge.SessionLimits;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.http.WebSocketFrame;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Sessions behind the real doors. */
class WholeDoorTest {
  @AutoClose private final ScriptedServer server = new ScriptedServer();
  private final ScriptedUpstream upstream = server.upstream;
  private final Vertx vertx = server.vertx;
  private final WebSocketClient sockets =
      vertx.createWebSocketClient(new WebSocketClientOptions().setMaxFrameSize(1 << 20));

  private RecordingClient open(Door door) {
    int port = server.port();
    Promise<RecordingClient> connected = Promise.promise();
    vertx.runOnContext(
        v ->
            sockets
                .connect(
                    new WebSocketConnectOptions()
                        .setHost("127.0.0.1")
                        .setPort(port)
                        .setURI(door.path + "?model=" + TestBridge.QWEN)
                        .addHeader("Authorization", "Bearer anything"))
                .map(socket -> new RecordingClient(socket, door == Door.BASE64))
                .onComplete(connected));
    RecordingClient client = within(connected.future());
    client.expect("session.created");
    return client;
  }

  @Test
  void speakThroughBoth() {
    for (Door door : Door.values()) {
      try (RecordingClient client = open(door)) {
        client.commit("你好");
        assertArrayEquals(upstream.audioOf("你好"), client.completed().audio());
      }
    }
  }

  @Test
  void aFinishedSessionIsClosed() {
    RecordingClient client = open(Door.BASE64);
    client.finish();
    client.expect("session.finished");
    client.expectClose(1000);
  }

  @Test
  void aRestartSendsEverybodyElsewhere() {
    RecordingClient client = open(Door.BINARY);
    within(vertx.undeploy(server.verticle().deploymentID()));
    client.expectError("session_ended");
    client.expectClose(1012);
  }

  @Test
  void textThatIsNotUtf8IsClosedWith1007() {
    RecordingClient client = open(Door.BINARY);
    client.socket.writeFrame(WebSocketFrame.textFrame("{\"type\":\"", false));
    client.socket.writeFrame(
        WebSocketFrame.continuationFrame(Buffer.buffer(new byte[] {(byte) 0xC3, '"'}), true));
    client.expectClose(1007);
    assertTrue(client.raw.toString().contains("\"invalid_utf8\""));
  }

  @Test
  void aMessageThatIsTooBigIsClosedWith1009() {
    RecordingClient client = open(Door.BINARY);
    client.append("x".repeat(SessionLimits.DEFAULTS.maxMessageBytes()));
    client.expectClose(1009);
    assertTrue(client.raw.toString().contains("\"message_too_big\""));
  }
}
