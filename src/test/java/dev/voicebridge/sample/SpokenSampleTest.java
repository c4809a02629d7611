package dev.voicebridge.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpokenSampleTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4})
  void everyProviderTakesItAsItIs(int number) throws Exception {
    SampleReport report = SampleDoctor.examine(SpokenSample.wav(number), "audio/wav");

    for (Provider provider : Provider.values()) {
      assertEquals(Verdict.Status.OK, report.verdict(provider).status(), report.toJson()::encode);
    }
  }
}
