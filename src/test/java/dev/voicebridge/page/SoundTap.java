package dev.voicebridge.page;

import com.microsoft.playwright.Page;

/**
 * Listens at the loudspeaker of a page: everything that is connected to it also goes to analysers
 * that are read many times a second. Samples above and below zero are kept apart, so that a test
 * can tell one scripted voice from another.
 */
final class SoundTap {
  private static final String SCRIPT =
      """
      {
        const taps = [];
        const heard = {
          aboveAt: 0,
          belowAt: 0,
          mark: () => taps.forEach((tap) => (tap.mark = tap.analyser.context.currentTime)),
          aboveSinceMarkMs: () => Math.max(...taps.map((tap) => (tap.aboveAt - tap.mark) * 1000)),
        };
        const connect = AudioNode.prototype.connect;
        AudioNode.prototype.connect = function (to, ...more) {
          if (to instanceof AudioDestinationNode) {
            const analyser = this.context.createAnalyser();
            analyser.fftSize = 1024;
            connect.call(this, analyser);
            taps.push({ analyser, wave: new Float32Array(1024), aboveAt: 0, mark: 0 });
          }
          return connect.call(this, to, ...more);
        };
        setInterval(() => {
          for (const tap of taps) {
            const at = tap.analyser.context.currentTime;
            tap.analyser.getFloatTimeDomainData(tap.wave);
            if (tap.wave.some((value) => value > 0.01)) { tap.aboveAt = at; heard.aboveAt = performance.now(); }
            if (tap.wave.some((value) => value < -0.01)) heard.belowAt = performance.now();
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

  /**
   * Does something and waits a while.
   *
   * @return how long after it a sample above zero was still heard, ms on the clock of the sound: a
   *     machine that is short of time stops that clock, too
   */
  double soundsOnAfter(String action) {
    page.evaluate("() => { soundTap.mark(); " + action + "; }");
    page.waitForFunction("since => performance.now() > since + 700", now());
    return ((Number) page.evaluate("soundTap.aboveSinceMarkMs()")).doubleValue();
  }

  /** The page's clock, ms. */
  double now() {
    return ((Number) page.evaluate("performance.now()")).doubleValue();
  }
}
