package dev.voicebridge.scripted;

import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** A dialect and who decides when there is enough text. */
enum Manner {
  QWEN_COMMIT(TestBridge.QWEN, "commit"),
  QWEN_SERVER(TestBridge.QWEN, "server_commit"),
  COSYVOICE_COMMIT(TestBridge.COSYVOICE, "commit"),
  COSYVOICE_SERVER(TestBridge.COSYVOICE, "server_commit"),
  SAMBERT_COMMIT(TestBridge.SAMBERT, "commit"),
  SAMBERT_SERVER(TestBridge.SAMBERT, "server_commit");

  final String model;
  final String mode;

  Manner(String model, String mode) {
    this.model = model;
    this.mode = mode;
  }

  /** Each with both doors, for {@code @MethodSource}. */
  static Stream<Arguments> everyWay() {
    return Stream.of(values())
        .flatMap(manner -> Stream.of(Door.values()).map(door -> Arguments.of(manner, door)));
  }

  /** A session in that mode, PCM. */
  RecordingClient open(TestBridge bridge, Door door, Object... fields) {
    RecordingClient client = bridge.open(door, model);
    client.update("mode", mode).expect("session.updated");
    if (fields.length > 0) {
      client.update(fields).expect("session.updated");
    }
    return client;
  }
}
