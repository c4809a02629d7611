package dev.voicebridge.scripted;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.upstream.Deadlines;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The service fails: one clear error, one end, and the session goes on. */
class FaultsTest {
  private static final String LEAKY = "Invalid key " + ScriptedUpstream.KEY + " for you";

  @AutoClose private TestBridge bridge = new TestBridge(TestBridge.IMPATIENT, TestBridge.SHORT);

  private Script script = bridge.script;

  private record Case(Fault fault, String code) {}

  static Stream<Arguments> cases() {
    String body = new JsonObject().put("code", "InvalidApiKey").put("message", LEAKY).encode();
    List<Case> everywhere =
        List.of(
            new Case(new Fault.Refuse(401, body), "upstream_refused"),
            new Case(new Fault.Refuse(429, "{}"), "upstream_rate_limited"),
            new Case(new Fault.Refuse(500, "<html>" + ScriptedUpstream.KEY), "upstream_error"),
            new Case(new Fault.Refuse(403, "{\"code\":7,\"message\":[]}"), "upstream_refused"),
            new Case(new Fault.NeverAccept(), "upstream_timeout"),
            new Case(new Fault.Stall(0), "upstream_timeout"),
            new Case(new Fault.Stall(5_000), "upstream_timeout"),
            new Case(new Fault.NeverStart(), "upstream_timeout"),
            new Case(new Fault.CutAfter(0), "upstream_closed"),
            new Case(new Fault.CutAfter(5_000), "upstream_closed"),
            new Case(new Fault.CloseAfter(5_000, 1000, "bye"), "upstream_closed"),
            new Case(new Fault.CloseAfter(0, 1011, LEAKY), "upstream_closed"),
            new Case(new Fault.CloseAfter(0, 1007, LEAKY), "upstream_error"),
            new Case(new Fault.CloseWithoutCode(0), "upstream_closed"),
            new Case(new Fault.CloseWithoutCode(5_000), "upstream_closed"),
            new Case(new Fault.Garbage(0, "<html>"), "upstream_garbage"),
            new Case(new Fault.Garbage(5_000, "[]"), "upstream_garbage"),
            new Case(new Fault.Garbage(5_000, "{\"type\":7,\"header\":7}"), "upstream_garbage"),
            new Case(new Fault.Garbage(5_000, "{}"), "upstream_garbage"),
            new Case(new Fault.Says(0, "InvalidParameter", LEAKY), "upstream_error"),
            new Case(new Fault.Says(5_000, "Throttling.RateQuota", LEAKY), "upstream_rate_limited"),
            new Case(
                new Fault.Says(0, ScriptedUpstream.KEY, "the key is in the code"),
                "upstream_error"),
            new Case(new Fault.NoAudio(), "no_audio"),
            new Case(new Fault.BrokenFrame(5_000), "upstream_closed"),
            new Case(new Fault.EndlessMessage(), "upstream_closed"));
    List<Case> realtime =
        List.of(
            new Case(new Fault.NotBase64(0), "upstream_garbage"),
            new Case(new Fault.NotBase64(5_000), "upstream_garbage"),
            new Case(new Fault.BinaryFrame(5_000), "upstream_garbage"),
            new Case(
                new Fault.Garbage(0, "{\"type\":\"response.audio.delta\",\"delta\":{}}"),
                "upstream_garbage"),
            new Case(
                new Fault.Garbage(0, "{\"type\":\"response.done\",\"response\":7}"),
                "upstream_garbage"),
            new Case(new Fault.DoneAs("failed"), "upstream_error"),
            new Case(new Fault.DoneAs("incomplete"), "upstream_error"),
            new Case(new Fault.FinishEarly(), "?"));
    List<Case> inference =
        List.of(
            new Case(
                new Fault.Garbage(0, "{\"header\":{\"event\":\"task-finished\"},\"payload\":[]}"),
                "upstream_garbage"),
            new Case(
                new Fault.Garbage(
                    0,
                    "{\"header\":{\"event\":\"result-generated\"},\"payload\":{\"output\":{\"sentence\":"
                        + "{\"index\":\"x\",\"words\":[3]}}}}"),
                "upstream_garbage"));
    return Stream.of(Manner.values())
        .flatMap(
            manner ->
                Stream.concat(
                        everywhere.stream(),
                        manner.model.equals(TestBridge.QWEN)
                            ? realtime.stream()
                            : inference.stream())
                    .map(each -> Arguments.of(manner, each.fault, each.code)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void oneErrorOneEndAndTheNextTextSpeaks(Manner manner, Fault fault, String code) {
    String expected =
        code.equals("?") ? manner.mode.equals("commit") ? "upstream_closed" : "no_audio" : code;
    if (!expected.equals("upstream_timeout")) {
      // What is told at once must not turn into a timeout on a busy machine.
      bridge.close();
      bridge = new TestBridge(TestBridge.UNHURRIED, Deadlines.DEFAULTS);
      script = bridge.script;
    }
    RecordingClient client = bridge.open(manner.model);
    if (fault.atConnect()) {
      script.door = fault;
    } else {
      // A close before the first audio may count as the end of an idle socket: tried again, once.
      script.next(fault, fault);
    }
    client.update("mode", manner.mode).expect("session.updated");

    client.commit("会出错");
    String id = client.committed().getString("response_id");
    Spoken failed = client.spoken();

    assertEquals(id, failed.id());
    assertEquals("failed", failed.status());
    List<JsonObject> errors =
        failed.others().stream().filter(event -> event.getString("type").equals("error")).toList();
    assertEquals(1, errors.size(), failed.others().toString());
    JsonObject error = errors.get(0).getJsonObject("error");
    assertEquals(expected, error.getString("code"), error.toString());
    assertFalse(error.getString("message").isEmpty());
    byte[] whole = bridge.upstream.audioOf("会出错");
    assertArrayEquals(Arrays.copyOf(whole, failed.audio().length), failed.audio());
    assertEquals(
        "会出错", failed.done().getString("spoken_text") + failed.done().getString("unspoken_text"));
    client.expectNothingMore();

    script.door = null;
    script.faults.clear();
    client.commit("现在好了");
    assertArrayEquals(bridge.upstream.audioOf("现在好了"), client.completed().audio());
    client.expectNothingMore();
    assertFalse(client.raw.toString().contains(ScriptedUpstream.KEY), "the key got out");
  }

  @ParameterizedTest
  @EnumSource
  void aServiceThatClosesBetweenTextsIsOpenedAgainInSilence(Manner manner) {
    RecordingClient client = manner.open(bridge, Door.BINARY);
    client.commit("一").completed();
    int last = bridge.upstream.connections.size() - 1;
    bridge.upstream.connection(last).sayBye(1000, "idle");
    Eventually.holds("closed", () -> bridge.upstream.connection(last).closedNanos != 0);

    client.commit("二");
    client.committed();
    Spoken spoken = client.completed();

    assertArrayEquals(bridge.upstream.audioOf("二"), spoken.audio());
    assertEquals(
        List.of(),
        spoken.others().stream().filter(e -> e.getString("type").equals("error")).toList());
  }

  @ParameterizedTest
  @EnumSource(names = {"QWEN_COMMIT", "COSYVOICE_COMMIT", "SAMBERT_COMMIT"})
  void aTextThatCrossesWithAnIdleCloseIsSpokenAllTheSame(Manner manner) {
    RecordingClient client = manner.open(bridge, Door.BINARY);
    client.commit("一").completed();
    // The close meets the next text on the way.
    script.next(new Fault.CloseAfter(0, 1000, "idle"));

    client.commit("二");
    client.committed();

    assertArrayEquals(bridge.upstream.audioOf("二"), client.completed().audio());
    assertEquals(2, bridge.upstream.connections.size());
  }

  @ParameterizedTest
  @EnumSource
  void aFailureInTheMiddleOfAQueueEndsOnlyItsOwn(Manner manner) {
    RecordingClient client = manner.open(bridge, Door.BINARY);
    client.commit("一").completed();
    script.paceMs = 5;
    client.commit("第一个").commit("第二个").commit("第三个");
    Eventually.holds("speaks", () -> bridge.upstream.utterances.size() == 2);
    script.next(new Fault.CutAfter(4_000));

    assertEquals("completed", client.spoken().status());
    assertEquals("failed", client.spoken().status());
    assertArrayEquals(bridge.upstream.audioOf("第三个"), client.completed().audio());
    client.expectNothingMore();
  }

  @ParameterizedTest
  @EnumSource(names = {"QWEN_SERVER", "COSYVOICE_SERVER", "SAMBERT_SERVER"})
  void aStreamThatFailsIsFollowedByAFreshOne(Manner manner) {
    RecordingClient client = manner.open(bridge, Door.BINARY);
    script.next(new Fault.CutAfter(4_000));
    client.append("第一句。");
    assertEquals("failed", client.spoken().status());

    client.append("第二句。").finish();
    assertArrayEquals(bridge.upstream.audioOf("第二句。"), client.completed().audio());
    client.expect("session.finished");
  }

  @Test
  void aServiceThatSpeaksNothingAfterFinishIsAFailure() {
    script.audioBytes = text -> 0;
    RecordingClient client = Manner.QWEN_SERVER.open(bridge, Door.BINARY);
    client.append("你好").finish();
    assertEquals("no_audio", client.await("error").getJsonObject("error").getString("code"));
    assertEquals("failed", client.spoken().status());
    client.expect("session.finished");
  }

  @Test
  void aResponseThatStopsHalfWayInAStreamIsNoticed() {
    RecordingClient client = Manner.QWEN_SERVER.open(bridge, Door.BINARY);
    script.next(new Fault.Stall(5_000));
    client.append("第一句。");
    Spoken failed = client.spoken();
    assertEquals("failed", failed.status());
    assertTrue(failed.audio().length >= 5_000);
  }

  @Test
  void aGapInTheTextEndsTheTaskWell() {
    RecordingClient client = Manner.COSYVOICE_SERVER.open(bridge, Door.BINARY);
    client.append("第一");
    // Nothing more is said; the vendor would fail the task.
    bridge.upstream.expect("finish-task");
    assertArrayEquals(bridge.upstream.audioOf("第一"), client.completed().audio());

    client.append("第二");
    assertArrayEquals(bridge.upstream.audioOf("第二"), client.completed().audio());
    client.commit().expectError("invalid_value");
  }
}
