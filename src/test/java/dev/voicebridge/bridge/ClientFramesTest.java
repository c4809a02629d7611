package dev.voicebridge.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.http.WebSocketFrameType;
import io.vertx.core.http.impl.websocket.WebSocketFrameImpl;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ClientFramesTest {
  private static final int MAX = 64;

  private final List<String> heard = new ArrayList<>();
  private final ClientFrames frames =
      new ClientFrames(
          MAX,
          new ClientFrames.Receiver() {
            @Override
            public void onText(String text) {
              heard.add(text);
            }

            @Override
            public void onBinary() {
              heard.add("binary");
            }

            @Override
            public void broken(CloseCode why) {
              heard.add(why.name());
            }
          });

  private void text(byte[] bytes, boolean last) {
    // Vert.x's own factory takes a String, which is always right.
    frames.handle(new WebSocketFrameImpl(WebSocketFrameType.TEXT, bytes, last));
  }

  private void more(byte[] bytes, boolean last) {
    frames.handle(WebSocketFrame.continuationFrame(Buffer.buffer(bytes), last));
  }

  @Test
  void textThatIsNotUtf8IsRefusedBeforeAnybodyReadsIt() {
    byte[][] wrong = {
      {(byte) 0xff},
      {'a', (byte) 0xc0, (byte) 0x80},
      {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
      {(byte) 0xe4, (byte) 0xbd}
    };
    for (byte[] bytes : wrong) {
      ClientFramesTest fresh = new ClientFramesTest();
      fresh.text(bytes, true);
      assertEquals(List.of("BAD_UTF8"), fresh.heard);
    }
  }

  @Test
  void aCharacterMayBeCutAcrossFrames() {
    byte[] bytes = "a你𝄞".getBytes(StandardCharsets.UTF_8);

    text(new byte[] {bytes[0]}, false);
    for (int i = 1; i < bytes.length; i++) {
      more(new byte[] {bytes[i]}, i == bytes.length - 1);
    }
    text("next".getBytes(StandardCharsets.UTF_8), true);

    assertEquals(List.of("a你𝄞", "next"), heard);
  }

  @Test
  void aBrokenCharacterAcrossFramesIsRefused() {
    text(new byte[] {(byte) 0xe4}, false);
    more(new byte[] {'a'}, true);

    assertEquals(List.of("BAD_UTF8"), heard);
  }

  @Test
  void aMessageMayBeAsLongAsTheLimitAndNoLonger() {
    text("x".repeat(MAX).getBytes(StandardCharsets.UTF_8), true);
    text("x".repeat(MAX).getBytes(StandardCharsets.UTF_8), false);
    more(new byte[] {'x'}, false);
    more(new byte[] {'x'}, true);
    text(new byte[] {'x'}, true);

    assertEquals(List.of("x".repeat(MAX), "TOO_BIG"), heard);
  }

  @Test
  void binaryMessagesAreToldAsSuch() {
    frames.handle(WebSocketFrame.binaryFrame(Buffer.buffer("a"), false));
    more(new byte[] {'b'}, true);

    assertEquals(List.of("binary"), heard);
  }
}
