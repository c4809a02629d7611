package dev.voicebridge.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.WebSocketRoute;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.UnsupportedAudioFileException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page in a real Chromium, from the click to the samples in the audio thread. */
@Timeout(120)
class PageIT {
  @RegisterExtension static final Studio studio = Studio.with();
  private static final Path SCREENSHOTS = Path.of("target/screenshots");
  private static final String LONG =
      "And the river went on and on, past the mill and the old bridge. ";

  private Visitor visitor;
  private Page page;

  @AfterEach
  void theConsoleIsClean() {
    visitor.close();
  }

  @Test
  void theFirstSoundIsOneClickAway() {
    open("en-US");

    page.click("#speak");

    assertSounds(0);
    assertThat(state()).hasText(Pattern.compile("Speaking – first sound after \\d+ ms"));
    assertThat(page.locator("[data-fact=firstSound]")).hasText(Pattern.compile("\\d+ ms"));
  }

  @Test
  void whatIsTypedIsSpokenToItsEnd() {
    open("en-US");
    page.fill("#text", "Good morning, bridge.");

    page.click("#speak");

    waitForState("completed");
    assertThat(state()).hasText(Pattern.compile("Done – \\d+\\.\\d s of speech"));
    assertTrue(soundingSamples() > 1000);
    assertThat(page.locator("[data-fact=gaps]")).hasText("0");
  }

  @Test
  void stopIsSilenceAndTheServerHearsHowMuchWasPlayed() {
    open("en-US");
    List<String> sent = new ArrayList<>();
    page.onWebSocket(socket -> socket.onFrameSent(frame -> sent.add(frame.text())));
    page.fill("#text", LONG.repeat(20));
    page.click("#speak");
    assertSounds(0);

    page.click("#stop");

    waitForState("stopped");
    // The worklet reports ten times a second while anything sounds.
    long grown =
        ((Number)
                page.evaluate(
                    """
                    async () => {
                      const player = document.querySelector('vb-player');
                      const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
                      await pause(250);
                      const before = player.soundingSamples;
                      await pause(700);
                      return player.soundingSamples - before;
                    }
                    """))
            .longValue();
    assertEquals(0, grown);
    assertTrue(
        sent.stream().anyMatch(frame -> frame.matches(".*response\\.cancel.*\"played_ms\":\\d+.*")),
        () -> "no cancel among " + sent);
  }

  @Test
  void aNewTextReplacesTheOneBeingSpoken() {
    open("en-US");
    page.fill("#text", LONG.repeat(20));
    page.click("#speak");
    assertSounds(0);
    long before = soundingSamples();

    page.fill("#text", "Short.");
    page.click("#speak");

    waitForState("completed");
    assertSounds(before);
  }

  @Test
  void theSavedFileIsAWavWithRealSizes() throws IOException, UnsupportedAudioFileException {
    open("en-US");
    page.fill("#text", "Save me.");
    page.click("#speak");
    waitForState("completed");

    Download download = page.waitForDownload(() -> page.click("#save"));

    assertTrue(download.suggestedFilename().matches("voicebridge-.*\\.wav"));
    Path file = download.path();
    try (AudioInputStream audio = AudioSystem.getAudioInputStream(file.toFile())) {
      assertEquals(1, audio.getFormat().getChannels());
      assertEquals(16, audio.getFormat().getSampleSizeInBits());
      assertEquals(24_000, audio.getFormat().getSampleRate());
      assertEquals(Files.size(file) - 44, audio.getFrameLength() * 2);
      byte[] samples = audio.readAllBytes();
      assertTrue(samples.length > 4_800, "a tenth of a second at least");
      int sounding = 0;
      for (byte sample : samples) if (sample != 0) sounding++;
      assertTrue(sounding > samples.length / 4, "mostly silent");
    }
  }

  @Test
  void whatWasHeardIsPlayedAgainWithoutTheServer() {
    open("en-US");
    page.fill("#text", "Once more.");
    page.click("#speak");
    waitForState("completed");
    long before = soundingSamples();
    List<String> sent = new ArrayList<>();
    page.onRequest(request -> sent.add(request.url()));

    page.click("#again");

    assertSounds(before);
    waitForState("completed");
    assertEquals(List.of(), sent);
  }

  @Test
  void aBrowserThatRefusesTheRateStillSpeaks() {
    newPage("en-US");
    page.addInitScript(
        """
        window.AudioContext = class extends window.AudioContext {
          constructor(options) {
            if (options.sampleRate) throw new DOMException('no', 'NotSupportedError');
            super(options);
          }
        };
        """);
    visit();
    page.fill("#text", "At another rate.");

    page.click("#speak");

    waitForState("completed");
    assertTrue(soundingSamples() > 1000);
  }

  @Test
  void bothLanguagesAreWholeAndTheChoiceStays() {
    open("zh-CN");
    assertThat(page.locator("html")).hasAttribute("lang", "zh-CN");
    assertThat(page.locator("#speak")).hasText("朗读");
    page.click("#speak");
    assertThat(state()).hasText(Pattern.compile("正在朗读，\\d+ 毫秒后听到第一声"));

    page.click("[data-language=en]");

    assertThat(page.locator("html")).hasAttribute("lang", "en");
    assertThat(page.locator("#speak")).hasText("Speak");
    assertThat(state()).hasText(Pattern.compile("Speaking – first sound after \\d+ ms"));
    page.reload();
    assertThat(page.locator("#speak")).hasText("Speak");
  }

  @Test
  void everythingWorksFromTheKeyboard() {
    open("en-US");
    visitor.tabTo("#text");
    page.keyboard().press("Control+A");
    page.keyboard().type(LONG.repeat(3));
    page.keyboard().press("Control+Enter");
    assertSounds(0);
    page.keyboard().press("Escape");
    waitForState("stopped");

    visitor.tabTo("#speak");
    page.keyboard().press("Enter");
    waitForState("heard");
    visitor.tabTo("#stop");
    page.keyboard().press("Space");
    waitForState("stopped");

    visitor.tabTo("input[name=voice]");
    String before = chosenVoice();
    page.keyboard().press("ArrowDown");
    assertFalse(chosenVoice().equals(before));
  }

  @Test
  void everyControlHasAName() {
    open("en-US");
    page.click("summary");

    Object nameless =
        page.evaluate(
            """
            () => [...document.querySelectorAll('button, input, select, textarea, canvas, meter, a')]
              .filter((node) => node.checkVisibility())
              .filter((node) => !(node.getAttribute('aria-label') || node.labels?.length || node.textContent.trim()))
              .map((node) => node.outerHTML)
            """);

    assertEquals(List.of(), nameless);
  }

  @Test
  void voicesFollowTheModelAndTheSearch() {
    open("en-US");
    page.selectOption("#model", "qwen3-tts-flash-realtime");
    assertThat(page.locator("input[name=voice][value=Kiki]")).hasCount(1);

    page.fill("#voice-search", "cantonese");
    assertThat(page.locator("input[name=voice][value=Kiki]")).hasCount(1);
    assertThat(page.locator("input[name=voice][value=Cherry]")).hasCount(0);

    page.fill("#voice-search", "no such voice at all");
    assertThat(page.locator("vb-voices")).containsText("No voice matches");

    page.selectOption("#model", "qwen3-tts-instruct-flash-realtime");
    assertThat(page.locator("input[name=voice][value=Kiki]")).hasCount(0);
    assertThat(page.locator("input[name=voice][value=Cherry]")).hasCount(1);
    page.click("summary");
    assertThat(page.locator("#instructions")).isVisible();
  }

  @Test
  void aModelThatIsItsOwnVoiceOffersNoOther() {
    open("en-US");
    page.selectOption(
        "#model", page.locator("#model option[value^=sambert]").first().getAttribute("value"));
    assertThat(page.locator("input[name=voice]")).hasCount(1);
    page.fill("#text", "你好。");

    page.click("#speak");

    waitForState("completed");
    assertTrue(soundingSamples() > 0);
  }

  @Test
  void theSentenceFollowsTheVoiceUntilSomethingIsTyped() {
    open("en-US");
    page.selectOption("#model", "qwen3-tts-flash-realtime");
    page.check("input[name=voice][value=Kiki]");
    assertThat(page.locator("#text")).hasValue(Pattern.compile("今朝"));

    page.fill("#text", "Mine.");
    page.check("input[name=voice][value=Cherry]");
    assertThat(page.locator("#text")).hasValue("Mine.");

    page.reload();
    assertThat(page.locator("#text")).hasValue("Mine.");
  }

  @Test
  void settingsReachTheSession() {
    open("en-US");
    List<String> sent = new ArrayList<>();
    page.onWebSocket(socket -> socket.onFrameSent(frame -> sent.add(frame.text())));
    page.click("summary");
    page.fill("#speech-rate", "1.5");
    page.selectOption("#sample-rate", "16000");
    page.fill("#text", "Faster.");

    page.click("#speak");

    waitForState("completed");
    String all = String.join("\n", sent);
    assertTrue(all.contains("\"speech_rate\":1.5"), all);
    assertTrue(all.contains("\"sample_rate\":16000"), all);
  }

  @Test
  void aLostConnectionIsSaidInWordsAndTriedAgain() {
    newPage("en-US");
    AtomicInteger connections = new AtomicInteger();
    page.routeWebSocket(
        Pattern.compile(".*/v1/realtime\\?.*"),
        socket -> {
          if (connections.incrementAndGet() > 2) socket.connectToServer();
          else socket.close(new WebSocketRoute.CloseOptions().setCode(4008).setReason("lost"));
        });
    visit();
    page.fill("#text", "Still here.");
    page.click("#speak");
    waitForState("failed");
    assertThat(page.locator("[role=alert]")).containsText("The server cannot be reached.");

    if (connections.get() < 2) page.click("#speak");
    waitForState("failed");
    page.click("[data-retry]");

    waitForState("completed");
    assertThat(page.locator("#text")).hasValue("Still here.");
    assertThat(page.locator("[role=alert]")).isEmpty();
  }

  @Test
  void aRefusalShowsTheServersMessageAndHint() {
    newPage("en-US");
    page.routeWebSocket(
        Pattern.compile(".*/v1/realtime\\?.*"),
        socket -> {
          socket.send(
              """
              {"type":"error","error":{"code":"model_not_found","message":"No such model.",
              "hint":"Did you mean another?"}}""");
          socket.close(new WebSocketRoute.CloseOptions().setCode(4504).setReason("no such model"));
        });
    visit();

    page.click("#speak");

    waitForState("failed");
    assertThat(page.locator("[role=alert]")).containsText("No such model.");
    assertThat(page.locator("[role=alert]")).containsText("Did you mean another?");
  }

  @Test
  void aServerThatWantsAKeyAsksForItAndKeepsItOutOfStorage() {
    newPage("en-US");
    KeyedTickets.on(page, Route::resume);
    visit();
    page.fill("#text", "Open.");
    page.click("#speak");
    waitForState("failed");
    assertThat(page.locator("#key")).isFocused();

    page.fill("#key", "sesame");
    page.keyboard().press("Enter");

    waitForState("completed");
    assertThat(page.locator("#key")).isHidden();
    String stored =
        (String)
            page.evaluate(
                "JSON.stringify({...localStorage}) + JSON.stringify({...sessionStorage})");
    assertFalse(stored.contains("sesame"), stored);
    visitor.forgive("401");
  }

  @Test
  void listsThatDoNotComeAreSaidAndTriedAgain() {
    newPage("en-US");
    AtomicInteger asked = new AtomicInteger();
    page.route(
        "**/v1/audio/voices*",
        route -> {
          if (asked.incrementAndGet() == 1) route.abort();
          else route.resume();
        });
    page.navigate(studio.address() + "#/speak");
    waitForState("failed");
    assertThat(page.locator("[role=alert]")).containsText("could not be loaded");

    page.click("[data-retry]");

    waitForState("ready");
    visitor.forgive("ERR_FAILED");
  }

  @Test
  void nothingComesFromElsewhere() {
    newPage("en-US");
    List<String> asked = new ArrayList<>();
    page.onRequest(request -> asked.add(request.url()));
    visit();
    page.click("#speak");
    assertSounds(0);

    assertTrue(asked.size() > 10);
    assertEquals(
        List.of(),
        asked.stream().filter(url -> !url.startsWith(studio.address().toString())).toList());
  }

  @ParameterizedTest
  @CsvSource({"360, 740, zh-CN", "768, 1024, en-US", "1440, 900, zh-CN"})
  void itFitsInLightAndDark(int width, int height, String locale) {
    for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
      open(
          new com.microsoft.playwright.Browser.NewContextOptions()
              .setViewportSize(width, height)
              .setLocale(locale)
              .setColorScheme(scheme));
      assertThat(page.locator("#speak")).isInViewport();
      page.click("#speak");
      waitForState("heard");
      page.click("#stop");
      waitForState("stopped");
      assertEquals(
          width, page.evaluate("document.documentElement.scrollWidth"), "scrolls sideways");
      String name = "%d-%s-%s.png".formatted(width, locale, scheme.name().toLowerCase(Locale.ROOT));
      page.screenshot(
          new Page.ScreenshotOptions().setPath(SCREENSHOTS.resolve(name)).setFullPage(true));
      visitor.close();
    }
  }

  private void open(String locale) {
    newPage(locale);
    visit();
  }

  private void open(com.microsoft.playwright.Browser.NewContextOptions options) {
    newPage(options);
    visit();
  }

  private void newPage(String locale) {
    newPage(new com.microsoft.playwright.Browser.NewContextOptions().setLocale(locale));
  }

  private void newPage(com.microsoft.playwright.Browser.NewContextOptions options) {
    visitor = studio.visitor(options);
    page = visitor.page();
  }

  private void visit() {
    visitor.go("speak");
    waitForState("ready");
  }

  private Locator state() {
    return page.locator("vb-status [role=status]");
  }

  private void waitForState(String name) {
    page.waitForSelector("vb-status[data-state=" + name + "]");
  }

  private long soundingSamples() {
    Object count = page.evaluate("document.querySelector('vb-player').soundingSamples");
    return ((Number) count).longValue();
  }

  /** Waits until samples other than zero have left the audio thread. */
  private void assertSounds(long before) {
    page.waitForFunction(
        "before => document.querySelector('vb-player').soundingSamples > before", (double) before);
  }

  private String chosenVoice() {
    return page.locator("input[name=voice]:checked").inputValue();
  }
}
