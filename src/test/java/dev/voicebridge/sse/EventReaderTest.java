package dev.voicebridge.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventReaderTest {
  private final List<String> heard = new ArrayList<>();
  private final EventReader reader =
      new EventReader(200, (name, data) -> heard.add(name + "|" + data));

  private void feed(String text) {
    reader.feed(Buffer.buffer(text));
  }

  @Test
  void anEventEndsWithABlankLine() {
    feed("data: {\"a\":1}\n");
    assertEquals(List.of(), heard);
    feed("\n");

    assertEquals(List.of("message|{\"a\":1}"), heard);
  }

  @Test
  void dashScopesFieldsCommentsAndCarriageReturnsAreUnderstood() {
    feed("id:1\r\nevent:result\r\n:HTTP_STATUS/200\r\ndata:{}\r\n\r\ndata: [DONE]\r\n\r\n");

    assertEquals(List.of("result|{}", "message|[DONE]"), heard);
  }

  @Test
  void onlyOneBlankIsTakenOffAndSeveralLinesAreOneEvent() {
    feed("\uFEFFdata:  a\ndata:b\n\n");

    assertEquals(List.of("message| a\nb"), heard);
  }

  @Test
  void anEventWithoutDataIsNone() {
    feed("event: ping\n\n: alive\n\ndata\n\ndata: x\n\n");

    assertEquals(List.of("message|x"), heard);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7})
  void itMayBeCutAnywhereAlsoInsideACharacter(int size) {
    byte[] bytes = "event: a\ndata: 你好😀\n\ndata: b\n\n".getBytes(StandardCharsets.UTF_8);
    for (int from = 0; from < bytes.length; from += size) {
      reader.feed(Buffer.buffer(bytes).getBuffer(from, Math.min(bytes.length, from + size)));
    }

    assertEquals(List.of("a|你好😀", "message|b"), heard);
  }

  @Test
  void aLineWithoutEndIsRefusedBeforeItFillsTheMemory() {
    assertThrows(
        IllegalStateException.class,
        () -> {
          for (int i = 0; i < 10; i++) {
            feed("data: " + "x".repeat(50));
          }
        });
  }

  @Test
  void anEventOfManyLinesIsRefusedLikewise() {
    assertThrows(
        IllegalStateException.class,
        () -> {
          for (int i = 0; i < 10; i++) {
            feed("data: " + "x".repeat(50) + "\n");
          }
        });
  }
}
