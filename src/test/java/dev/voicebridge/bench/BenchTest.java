package dev.voicebridge.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The benchmarks still run; what they measure is no test. */
@Timeout(120)
class BenchTest {
  @Test
  void ordersAreWhatTheServiceReads() {
    Speech.Order order = new Speech.Order(Speech.Shape.MIXED, 20, 100_000);

    assertEquals(order, Speech.Order.parse(order.text()));
  }

  @Test
  void quantilesAreBetweenNeighbours() {
    assertEquals(2.5, Statistics.quantile(List.of(4, 1, 3, 2), 0.5));
    assertEquals(4, Statistics.quantile(List.of(4, 1, 3, 2), 1));
  }

  @Test
  void everyByteComesThroughTheBridgeAndStraight() throws Exception {
    FirstAudioBench.main(
        new String[] {"--sessions", "2", "--rounds", "2", "--warm-up", "0", "--gap-us", "1000"});
  }

  @Test
  void everyByteOfManyRequestsAtOnceIsRight() throws Exception {
    SpeechRequestBench.main(
        "--rounds 1 --requests 2 --warm-up 0 --at-once 6 --slow 2 --minutes 2 --seconds 1"
            .split(" ", -1));
  }
}
