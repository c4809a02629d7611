package dev.voicebridge.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class LeadTest {
  private static final long MS = 1_000_000;
  private final Lead lead = new Lead();

  @Test
  void isNothingBeforeTheFirstAudio() {
    assertEquals(0, lead.aheadMs(5));
  }

  @Test
  void growsWithWhatIsSentAndShrinksWithTime() {
    lead.sent(0, 1_000_000);
    lead.sent(0, 500_000);
    assertEquals(1_500, lead.aheadMs(0));
    assertEquals(1_000, lead.aheadMs(500 * MS));
    assertEquals(0, lead.aheadMs(9_000 * MS));
  }

  @Test
  void aPauseIsNotMadeUpFor() {
    lead.sent(0, 100_000);
    lead.sent(10_000 * MS, 100_000);
    assertEquals(100, lead.aheadMs(10_000 * MS));
  }

  @Test
  void isGoneWhenTheListenerThrewItAway() {
    lead.sent(0, 1_000_000);
    lead.reset();
    assertEquals(0, lead.aheadMs(0));
  }

  @Test
  void worksAcrossTheOverflowOfTheClock() {
    long near = Long.MAX_VALUE - 10 * MS;
    lead.sent(near, 1_000_000);
    assertEquals(500, lead.aheadMs(near + 500 * MS));
  }
}
