package dev.voicebridge.page;

import com.microsoft.playwright.Page;

/**
 * Listens at the loudspeaker of a page: everything that is connected to it also goes to analysers
 * that are read many times a second. Positive and negative peaks are kept apart, so that a test can
 * tell one scripted voice from another.
 */
final class SoundTap {
  private static final String SCRIPT =
      """
      {
        const taps = [];
        const heard = { above: 0, below: 0, aboveAt: 0, belowAt: 0, reads: 0 };
        const connect = AudioNode.prototype.connect;
        AudioNode.prototype.connect = function (to, ...more) {
          if (to instanceof AudioDestinationNode) {
            const analyser = this.context.createAnalyser();
            analyser.fftSize = 1024;
            connect.call(this, analyser);
            taps.push([analyser, new Float32Array(1024)]);
          }
          return connect.call(this, to, ...more);
        };
        setInterval(() => {
          heard.reads++;
          for (const [analyser, wave] of taps) {
            analyser.getFloatTimeDomainData(wave);
            for (const value of wave) {
              if (value > 0.01) { heard.above = Math.max(heard.above, value); heard.aboveAt = performance.now(); }
              if (value < -0.01) { heard.below = Math.max(heard.below, -value); heard.belowAt = performance.now(); }
            }
          }
        }, 10);
        Object.defineProperty(window, 'soundTap', { value: heard });
      }
      """;

  private final Page page;

  private SoundTap(Page page) {
    this.page = page;
  }

  /** To be called before the page is opened. */
  static SoundTap on(Page page) {
    page.addInitScript(SCRIPT);
    return new SoundTap(page);
  }

  /** Waits until something sounds from now on. */
  void waitForSound() {
    waitFor("aboveAt");
  }

  /** Waits until something sounds from now on that lies below zero. */
  void waitForSoundBelow() {
    waitFor("belowAt");
  }

  private void waitFor(String when) {
    page.waitForFunction("since => soundTap." + when + " > since", now());
  }

  /** When a sample above zero was last heard, on the page's clock. */
  double lastAboveMs() {
    return ((Number) page.evaluate("soundTap.aboveAt")).doubleValue();
  }

  /** The page's clock, ms. */
  double now() {
    return ((Number) page.evaluate("performance.now()")).doubleValue();
  }
}
