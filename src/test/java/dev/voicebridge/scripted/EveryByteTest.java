package dev.voicebridge.scripted;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.audio.WavHeader;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the service produced is what the client hears, byte for byte. */
class EveryByteTest {
  @AutoClose private final TestBridge bridge = new TestBridge();
  private final Script script = bridge.script;

  @ParameterizedTest
  @MethodSource("dev.voicebridge.scripted.Manner#everyWay")
  void hearsWhatTheServiceSpoke(Manner manner, Door door) {
    RecordingClient client = manner.open(bridge, door);

    client.commit("你好，世界！");
    client.committed();
    Spoken spoken = client.completed();

    assertArrayEquals(bridge.upstream.audioOf("你好，世界！"), spoken.audio());
    client.expectNothingMore();
  }

  @ParameterizedTest
  @MethodSource("dev.voicebridge.scripted.Manner#everyWay")
  void hearsItWhateverTheSlices(Manner manner, Door door) {
    RecordingClient client = manner.open(bridge, door);
    Random random = new Random(manner.name().hashCode() * 31L + door.name().hashCode());
    for (int round = 0; round < 12; round++) {
      script.seed = random.nextLong();
      script.minDelta = 1;
      script.maxDelta = new int[] {1, 2, 7, 99, 4_801, 30_001}[round % 6];
      int bytes = script.maxDelta * (3 + random.nextInt(30)) + random.nextInt(2);
      script.audioBytes = text -> bytes;
      script.maxFrame = new int[] {Integer.MAX_VALUE, 1, 50, 3_000}[random.nextInt(4)];
      if (script.maxFrame < 50 && bytes > 5_000) {
        script.maxFrame = 50;
      }
      script.maxWrite = new int[] {Integer.MAX_VALUE, 1_000, 3}[random.nextInt(3)];
      if (bytes > 5_000) {
        script.maxWrite = Math.max(500, script.maxWrite);
      }
      String text = "第" + round + "句话";

      client.commit(text);
      Spoken spoken = client.completed();

      // Samples are whole: an odd last byte is dropped.
      assertArrayEquals(
          ScriptedUpstream.audio(text, 0, bytes - bytes % 2), spoken.audio(), "round " + round);
      assertTrue(spoken.audio().length % 2 == 0);
    }
  }

  @Test
  void everyFrameHoldsWholeSamplesAndTheDroppedByteIsCounted() {
    script.minDelta = 1;
    script.maxDelta = 9;
    script.audioBytes = text -> 1_001;
    RecordingClient client = Manner.QWEN_COMMIT.open(bridge, Door.BINARY);

    client.commit("一");
    int total = 0;
    while (total < 1_000) {
      Buffer audio = client.awaitAudio();
      assertEquals(0, audio.length() % 2);
      total += audio.length();
    }
    client.await("response.done");

    assertEquals(1_000, total);
    assertEquals(1.0, bridge.metric("voicebridge_audio_odd_bytes_total"));
  }

  @ParameterizedTest
  @EnumSource
  void passesEncodedAudioThroughUntouched(Manner manner) {
    script.audioBytes = text -> 20_001;
    script.minDelta = 1;
    script.maxDelta = 3_001;
    for (Door door : Door.values()) {
      RecordingClient client = manner.open(bridge, door, "response_format", "mp3");

      client.commit("你好");
      Spoken spoken = client.completed();

      assertArrayEquals(ScriptedUpstream.audio("你好", 0, 20_001), spoken.audio());
      assertEquals("mp3", spoken.created().getString("response_format"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void writesItsOwnWavHeaderBeforeTheSameSamples(Manner manner) {
    RecordingClient client =
        manner.open(bridge, Door.BINARY, "response_format", "wav", "sample_rate", 16_000);

    for (String text : new String[] {"你好", "再见"}) {
      client.commit(text);
      Spoken spoken = client.completed();

      byte[] header = WavHeader.streaming(16_000);
      assertArrayEquals(header, Arrays.copyOf(spoken.audio(), header.length));
      assertArrayEquals(
          bridge.upstream.audioOf(text),
          Arrays.copyOfRange(spoken.audio(), header.length, spoken.audio().length));
      assertEquals("wav", spoken.created().getString("response_format"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void hearsEverySentenceOfATextThatStreamsIn(Manner manner) {
    RecordingClient client = manner.open(bridge, Door.BINARY);
    String text = "第一句。第二句话！Then 3.14 is a number. 最后";
    ByteSum expected = new ByteSum();

    text.codePoints().forEach(point -> client.append(Character.toString(point)));
    client.finish();
    ByteSum heard = new ByteSum();
    while (true) {
      Heard next = client.next();
      if (next instanceof Heard.Audio audio) {
        heard.add(audio.bytes().getBytes());
      } else if (next instanceof Heard.Event event && event.type().equals("session.finished")) {
        break;
      }
    }

    StringBuilder said = new StringBuilder();
    for (ScriptedUpstream.Utterance utterance : bridge.upstream.utterances) {
      said.append(utterance.text);
      expected.add(utterance.audio());
    }
    assertEquals(text, said.toString());
    assertArrayEquals(expected.bytes(), heard.bytes());
  }

  @Test
  void aDeltaOfASecondAndMoreIsNoTrouble() {
    script.minDelta = 150_000;
    script.maxDelta = 150_000;
    script.audioBytes = text -> 600_000;
    for (Manner manner : Manner.values()) {
      RecordingClient client = manner.open(bridge, Door.BASE64);

      client.commit("很长的一句话");

      assertArrayEquals(ScriptedUpstream.audio("很长的一句话", 0, 600_000), client.completed().audio());
    }
  }

  @Test
  void sessionsOfOneServerHearOnlyTheirOwn() {
    script.minDelta = 100;
    script.maxDelta = 1_000;
    RecordingClient[] clients =
        Stream.of(Manner.values())
            .flatMap(m -> Stream.of(m.open(bridge, Door.BINARY), m.open(bridge, Door.BASE64)))
            .toArray(RecordingClient[]::new);

    for (int i = 0; i < clients.length; i++) {
      clients[i].commit("我是第" + i + "个");
    }

    for (int i = 0; i < clients.length; i++) {
      assertArrayEquals(bridge.upstream.audioOf("我是第" + i + "个"), clients[i].completed().audio());
    }
  }

  /** Bytes one after the other. */
  private static final class ByteSum {
    private final Buffer sum = Buffer.buffer();

    void add(byte[] bytes) {
      sum.appendBytes(bytes);
    }

    byte[] bytes() {
      return sum.getBytes();
    }
  }
}
