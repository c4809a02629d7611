package dev.voicebridge.scripted;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A stop that stops. */
class CancelTest {
  @AutoClose private final TestBridge bridge = new TestBridge();
  private final Script script = bridge.script;

  @ParameterizedTest
  @MethodSource("dev.voicebridge.scripted.Manner#everyWay")
  void atAnyMomentNothingFollowsAndTheNextTextSpeaks(Manner manner, Door door) {
    RecordingClient client = manner.open(bridge, door);
    Random random = new Random(manner.name().hashCode() * 31L + door.name().hashCode());
    for (int round = 0; round < 14; round++) {
      // Long enough never to end by itself.
      script.audioBytes = text -> text.startsWith("长") ? 50_000_000 : 7_000;
      script.paceMs = random.nextInt(3);
      script.minDelta = 1;
      script.maxDelta = 6_001;
      String text = "长篇" + round;
      int spokenBefore = bridge.upstream.utterances.size();
      client.commit(text);
      String id = client.await("input_text_buffer.committed").getString("response_id");
      int moment = round % 4;
      if (moment == 1) {
        client.await("response.created");
      } else if (moment >= 2) {
        for (int i = random.nextInt(20); i >= 0; i--) {
          client.awaitAudio();
        }
      }

      long said = System.nanoTime();
      if (random.nextBoolean()) {
        client.cancel();
      } else {
        client.cancel(id);
      }
      Spoken cancelled = client.spoken();

      assertEquals(id, cancelled.id());
      assertEquals("cancelled", cancelled.status());
      assertEquals(
          text,
          cancelled.done().getString("spoken_text") + cancelled.done().getString("unspoken_text"));
      if (bridge.upstream.utterances.size() > spokenBefore) {
        ScriptedUpstream.Utterance dead = bridge.upstream.utterance(spokenBefore);
        Eventually.holds("the service hears of it", () -> dead.connection.closedNanos != 0);
        AtOnce.followed(said, dead.connection.closedNanos);
        assertTrue(dead.lastProducedNanos <= dead.connection.closedNanos);
      }
      client.cancel(id).expectError("response_not_active");

      script.paceMs = 0;
      client.commit("好的" + round);
      client.committed();
      assertArrayEquals(bridge.upstream.audioOf("好的" + round), client.completed().audio());
    }
    client.expectNothingMore();
  }

  @ParameterizedTest
  @EnumSource
  void whileTheListenerIsStalledFreesTheServiceAndTheNextTextArrivesWhole(Manner manner)
      throws InterruptedException {
    script.audioBytes = text -> text.startsWith("长") ? 50_000_000 : 7_000;
    RecordingClient client = manner.open(bridge, Door.BINARY);
    client.commit("长篇");
    client.awaitAudio();
    client.socket.pause();
    ScriptedUpstream.Utterance dead = bridge.upstream.utterance(0);
    Flow.untilStill(dead.produced);

    long said = System.nanoTime();
    client.cancel();
    Eventually.holds("the service hears of it", () -> dead.connection.closedNanos != 0);
    AtOnce.followed(said, dead.connection.closedNanos);
    client.commit("好的");
    client.socket.resume();

    Spoken cancelled = client.spoken();
    assertEquals("cancelled", cancelled.status());
    assertArrayEquals(bridge.upstream.audioOf("好的"), client.completed().audio());
    client.expectNothingMore();
  }

  @ParameterizedTest
  @EnumSource
  void endsEveryWaitingResponseWithAnEndOfItsOwn(Manner manner) {
    script.audioBytes = text -> text.startsWith("长") ? 50_000_000 : 7_000;
    script.paceMs = 2;
    RecordingClient client = manner.open(bridge, Door.BINARY);
    String first = committed(client.commit("长篇一"));
    client.awaitAudio();
    String second = committed(client.commit("第二"));
    String third = committed(client.commit("第三"));

    client.append("没有提交").cancel();

    assertEquals(first, cancelled(client));
    assertEquals(second, cancelled(client));
    assertEquals(third, cancelled(client));
    if (manner.mode.equals("server_commit")) {
      // What streamed in behind them has no id yet, and an end all the same.
      cancelled(client);
    }
    client.commit().expectError("invalid_value");
    client.cancel().expectError("response_not_active");
    assertEquals(1, bridge.upstream.utterances.size());
  }

  private static String committed(RecordingClient client) {
    return client.await("input_text_buffer.committed").getString("response_id");
  }

  private static String cancelled(RecordingClient client) {
    Spoken spoken = client.spoken();
    assertEquals("cancelled", spoken.status());
    return spoken.id();
  }

  @ParameterizedTest
  @EnumSource
  void ofAWaitingResponseLeavesTheOthersAlone(Manner manner) {
    script.paceMs = 10;
    RecordingClient client = manner.open(bridge, Door.BINARY);
    String first = committed(client.commit("第一个，说得长一点"));
    client.awaitAudio();
    String second = committed(client.commit("第二"));
    String third = committed(client.commit("第三"));

    client.cancel(second);

    assertEquals(second, cancelled(client));
    Spoken rest = client.completed();
    assertEquals(first, rest.id());
    Spoken last = client.completed();
    assertEquals(third, last.id());
    assertArrayEquals(bridge.upstream.audioOf("第三"), last.audio());
    assertEquals(
        List.of("第一个，说得长一点", "第三"),
        bridge.upstream.utterances.stream().map(each -> each.text).toList());
  }

  @Test
  void ofWhatIsOverOrNeverWasIsAnErrorAndNothingElse() {
    RecordingClient client = Manner.QWEN_COMMIT.open(bridge, Door.BINARY);
    client.cancel().expectError("response_not_active");
    client.cancel("resp_unknown").expectError("response_not_active");
    Spoken spoken = client.commit("好").completed();
    client.cancel(spoken.id()).expectError("response_not_active");
    client.cancel().expectError("response_not_active");
    assertArrayEquals(bridge.upstream.audioOf("再"), client.commit("再").completed().audio());
  }

  @Test
  void tellsWhatWasHeard() {
    script.audioBytes = text -> 4_800_000;
    script.paceMs = 1;
    RecordingClient client = Manner.QWEN_COMMIT.open(bridge, Door.BINARY);
    String text = "一二三四五六七八九十";
    client.commit(text);
    client.awaitAudio();
    client.say(
        new io.vertx.core.json.JsonObject().put("type", "response.cancel").put("played_ms", 0));
    Spoken cancelled = client.spoken();
    assertEquals("", cancelled.done().getString("spoken_text"));
    assertEquals(text, cancelled.done().getString("unspoken_text"));
  }

  @Test
  void inTheMiddleOfAStreamStartsAfresh() {
    script.audioBytes = text -> 50_000_000;
    for (Manner manner :
        new Manner[] {Manner.QWEN_SERVER, Manner.COSYVOICE_SERVER, Manner.SAMBERT_SERVER}) {
      RecordingClient client = manner.open(bridge, Door.BINARY);
      client.append("第一句。第二句。第三");
      client.awaitAudio();
      client.cancel();
      assertEquals("cancelled", client.spoken().status());
      script.audioBytes = text -> 3_000;
      client.append("新的。").finish();
      Spoken fresh = client.completed();
      assertArrayEquals(ScriptedUpstream.audio("新的。", 0, 3_000), fresh.audio());
      client.expect("session.finished");
      script.audioBytes = text -> 50_000_000;
    }
  }

  @Test
  void whatWasHeardOfACancelledResponseIsABeginningOfIt() {
    script.audioBytes = text -> 50_000_000;
    script.minDelta = 1;
    RecordingClient client = Manner.COSYVOICE_COMMIT.open(bridge, Door.BINARY);
    client.commit("长");
    client.awaitAudio();
    client.cancel();
    Spoken cancelled = client.spoken();
    byte[] produced = bridge.upstream.utterance(0).audio();
    byte[] heard = cancelled.audio();
    int from = (int) client.audioBytes.get() - heard.length;
    assertArrayEquals(Arrays.copyOfRange(produced, from, from + heard.length), heard);
  }
}
