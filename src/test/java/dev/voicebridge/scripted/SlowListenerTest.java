package dev.voicebridge.scripted;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.bridge.SessionLimits;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who reads slowly costs the server little, and nobody else anything. */
class SlowListenerTest {
  /** Kernel buffers of both connections, the WebSocket queue and one read. */
  private static final long BOUND = 12_000_000;

  @AutoClose
  private final TestBridge bridge = new TestBridge(TestBridge.IMPATIENT, TestBridge.SHORT);

  private final Script script = bridge.script;

  private static SessionLimits limits(Duration lead, Duration slow) {
    SessionLimits d = SessionLimits.DEFAULTS;
    return new SessionLimits(
        d.maxMessageBytes(),
        d.maxTextChars(),
        d.maxQueuedChars(),
        d.maxQueuedResponses(),
        lead,
        d.idle(),
        d.maxAge(),
        slow,
        d.maxMessagesPerSecond());
  }

  @ParameterizedTest
  @EnumSource
  void stopsTheServiceAndHearsEverythingLater(Manner manner) {
    bridge.limits = limits(Duration.ofHours(1), Duration.ofMinutes(1));
    script.audioBytes = text -> text.startsWith("长") ? 25_000_000 : 7_000;
    script.minDelta = 50_000;
    script.maxDelta = 50_000;
    RecordingClient slow = manner.open(bridge, Door.BINARY);
    RecordingClient other = manner.open(bridge, Door.BINARY);
    slow.socket.pause();
    slow.commit("长篇");

    long produced = Flow.untilStill(bridge.upstream.utterance(0).produced);
    assertTrue(produced < BOUND, "the service got rid of " + produced);
    assertArrayEquals(bridge.upstream.audioOf("别人"), other.commit("别人").completed().audio());
    assertEquals(produced, bridge.upstream.utterance(0).produced.get());

    slow.socket.resume();
    slow.committed();
    assertArrayEquals(bridge.upstream.audioOf("长篇"), slow.completed().audio());
    slow.expectNothingMore();
  }

  @Test
  void isClosedWith4008WhenItTakesNothingForTooLong() {
    bridge.limits = limits(Duration.ofHours(1), Duration.ofMillis(200));
    script.audioBytes = text -> 50_000_000;
    RecordingClient client = Manner.QWEN_COMMIT.open(bridge, Door.BINARY);
    client.socket.pause();
    client.commit("长篇");

    assertEquals(4008, bridge.closed(0).number());
    Eventually.holds(
        "the service is let go", () -> bridge.upstream.utterance(0).connection.closedNanos != 0);
  }

  @ParameterizedTest
  @EnumSource
  void theServiceIsHeldBackWhenAudioRunsTooFarAhead(Manner manner) {
    bridge.limits = limits(Duration.ofMillis(500), Duration.ofMinutes(1));
    // At 48 kB a second or so this is minutes; what is on its way fits the kernel's buffers.
    script.audioBytes = text -> text.startsWith("长") ? 40_000_000 : 7_000;
    RecordingClient client = manner.open(bridge, Door.BINARY);

    client.commit("长篇");
    client.awaitAudio();
    Flow.untilStill(client.audioBytes);

    assertTrue(client.audioBytes.get() < 1_000_000, "ahead by " + client.audioBytes.get());
    client.cancel();
    assertEquals("cancelled", client.spoken().status());
    assertArrayEquals(bridge.upstream.audioOf("好的"), client.commit("好的").completed().audio());
  }

  @Test
  void whatWasHeldBackComesInTime() {
    bridge.limits = limits(Duration.ofMillis(100), Duration.ofMinutes(1));
    // 1.5 s of audio: 500 ms steps, so it must have been resumed at least twice.
    script.audioBytes = text -> 72_000;
    RecordingClient client = Manner.QWEN_COMMIT.open(bridge, Door.BINARY);

    long from = System.nanoTime();
    Spoken spoken = client.commit("长篇").completed();

    assertArrayEquals(bridge.upstream.audioOf("长篇"), spoken.audio());
    assertTrue(System.nanoTime() - from > 500_000_000L, "nothing was held back");
  }

  @Test
  void whoVanishesLeavesNothingBehind() {
    script.audioBytes = text -> 50_000_000;
    for (Manner manner : Manner.values()) {
      int before = bridge.upstream.utterances.size();
      RecordingClient client = manner.open(bridge, Door.BINARY);
      client.commit("长篇");
      client.awaitAudio();
      client.socket.shutdown();
      client.socket.close();
      Eventually.holds(
          "let go", () -> bridge.upstream.utterance(before).connection.closedNanos != 0);
    }
  }
}
