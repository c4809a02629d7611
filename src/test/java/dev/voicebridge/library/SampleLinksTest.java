package dev.voicebridge.library;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;

class SampleLinksTest {
  private final SampleLinks links = new SampleLinks();

  @Test
  void aSampleIsThereUntilItsLinkEnds() {
    String link = links.offer(Buffer.buffer("speech"), "audio/wav");

    SampleLinks.Linked linked = links.get(link);
    assertNotNull(linked);
    assertEquals("speech", linked.bytes().toString());
    assertEquals("audio/wav", linked.mediaType());

    links.end(link);
    assertNull(links.get(link));
  }

  @Test
  void nobodyCanGuessALink() {
    Buffer sample = Buffer.buffer("speech");
    String one = links.offer(sample, "audio/wav");
    String other = links.offer(sample, "audio/wav");

    assertNotEquals(one, other);
    assertTrue(one.matches("[A-Za-z0-9_-]{43}\\.wav"), one);
    assertNull(links.get(one.substring(1)));
  }
}
