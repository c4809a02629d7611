package dev.voicebridge.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.FrameLocator;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.LocatorAssertions.HasAttributeOptions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.FilePayload;
import dev.voicebridge.FreshServer;
import dev.voicebridge.sample.TestSamples;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From a sample to a voice that speaks, in a real Chromium whose microphone plays a known file. */
@Timeout(180)
class CloneIT {
  /** What the microphone hears, again and again. */
  private static final int SPOKEN = 2;

  private static final AtomicInteger FRESH = new AtomicInteger(3);
  @RegisterExtension static final FreshServer server = FreshServer.with();
  @TempDir static Path folder;
  private static Wiretap wiretap;
  private static URI address;
  private static Browser browser;

  private Visitor visitor;
  private Page page;

  @BeforeAll
  static void start() throws IOException {
    wiretap = new Wiretap(server.uri("/"));
    address = wiretap.address();
    Path speech = Files.write(folder.resolve("speech.wav"), TestSamples.speech(SPOKEN));
    browser =
        Browser.open(
            "--use-fake-device-for-media-stream", "--use-file-for-fake-audio-capture=" + speech);
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
    }
    wiretap.close();
  }

  @AfterEach
  void theConsoleIsClean() {
    visitor.close();
  }

  @Test
  void whatIsRecordedArrivesAndBecomesAVoiceThatSpeaks() throws Exception {
    open("en-US");

    page.click(".record");
    waitUntilLongEnough();
    assertThat(page.locator("vb-sample-step .drop")).isHidden();
    visitor.screenshot("clone-recording");
    visitor.assertAccessible();
    page.click(".record");
    waitForVerdict("good|remarks");
    assertThat(page.locator("vb-wave"))
        .hasAttribute("data-duration-ms", Pattern.compile("[1-3]\\d{4}"));
    page.click("[data-step=check] [data-key='clone.next']");
    assertThat(page.locator("#clone-transcript"))
        .hasValue(Pattern.compile("^On Saturday mornings.*"));
    assertThat(page.locator("#clone-language")).hasValue("en");
    page.click("[data-next=words]");
    page.fill("#clone-name", "奶奶 Grandma");
    page.fill("#clone-tags", "family， books");
    page.check("#clone-consent");
    page.click("[data-next=name]");
    assertThat(page.locator("[name=clone-model]:checked")).hasValue("cosyvoice-v3.5-plus");
    assertThat(page.locator(".cost")).containsText("Cloning is free");
    assertThat(page.locator(".cost")).containsText("one of 1,000 places");
    page.click("[data-next=model]");
    page.click("[data-key='clone.make']");
    waitForMaking("made");

    String id = page.locator(".voice-id code").first().textContent();
    JsonObject voice = get("v1/voices/" + id);
    assertEquals("奶奶 Grandma", voice.getString("name"));
    assertEquals(new JsonArray(List.of("family", "books")), voice.getJsonArray("tags"));
    assertEquals("en", voice.getString("language"));
    assertEquals("stated", voice.getJsonObject("consent").getString("how"));
    page.click(".try-speak");
    page.waitForFunction("() => document.querySelector('vb-making').dataset.soundingSamples > 0");
    page.waitForSelector("vb-making vb-status[data-state=completed]");
    visitor.screenshot("clone-made");

    List<byte[]> sent = wiretap.wavs("/v1/voices");
    byte[] arrived = sent.get(sent.size() - 1);
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(arrived);
    assertEquals(HexFormat.of().formatHex(hash), voice.getJsonObject("sample").getString("sha256"));
    double alike = Alike.of(TestSamples.speech(SPOKEN), arrived);
    assertTrue(alike > 0.95, () -> "only " + alike + " alike");
    double other = Alike.of(TestSamples.speech(SPOKEN + 1), arrived);
    assertTrue(other < 0.5, () -> "any sound is " + other + " alike");

    page.click("a[href='#/speak?voice=" + id + "']");
    assertThat(page.locator("vb-speak .voice-name").first()).containsText("奶奶");
  }

  @Test
  void aBadSampleIsExplainedAndMarkedWhereItIsBad() {
    open("en-US");

    TestSamples.Flawed paused = TestSamples.withPause(9);
    give(paused.wav());

    waitForVerdict("mendable");
    assertMarked("long_pause", paused.beginMs(), paused.endMs());
    assertThat(page.locator(".finding[data-code=long_pause]")).containsText("pause is too long");
    assertThat(page.locator(".finding[data-code=long_pause]")).containsText("under 2 s");
    assertThat(page.locator(".verdict[data-provider=cosyvoice]"))
        .hasAttribute("data-verdict", "usable_after_mending");

    page.click("[data-step=check] [data-key='clone.again']");
    TestSamples.Flawed clipped = TestSamples.clipped(9);
    give(clipped.wav());

    waitForVerdict("remarks");
    assertMarked("clipping", clipped.beginMs(), clipped.endMs());
    page.click("[data-language=zh]");
    assertThat(page.locator(".finding[data-code=clipping]")).containsText("削波");
  }

  @Test
  void theMendedSampleIsHeardAndTaken() {
    open("en-US");
    give(TestSamples.withPause(10).wav());
    waitForVerdict("mendable");
    int before = durationMs();

    page.click("[data-key='clone.mend.hear']");

    assertThat(page.locator(".mend-steps")).containsText("Long pauses shortened");
    page.click("[data-key='clone.mend.after']");
    assertThat(page.locator(".mend .wave-head")).isVisible();
    page.click("[data-key='clone.mend.before']");
    assertThat(page.locator(".check-body .wave-head")).isVisible();
    page.click("[data-key='clone.mend.use']");
    waitForVerdict("good|remarks");
    assertThat(page.locator(".finding[data-code=long_pause]")).hasCount(0);
    assertTrue(durationMs() < before - 1_000, () -> durationMs() + " of " + before);

    page.click("[data-key='clone.undo']");
    waitForVerdict("mendable");
    assertEquals(before, durationMs());
  }

  @Test
  void aStretchIsCutOutAndAnotherRecordedAgain() {
    open("en-US");
    give(TestSamples.speech(11));
    waitForVerdict("good|remarks");
    int before = durationMs();

    Locator box = page.locator(".check-body .wave-box");
    double width = box.boundingBox().width;
    double x = box.boundingBox().x;
    double y = box.boundingBox().y + 60;
    page.mouse().move(x + width * 0.5, y);
    page.mouse().down();
    page.mouse().move(x + width * 0.6, y);
    page.mouse().up();
    assertThat(page.locator(".stretch")).isVisible();
    page.click("[data-key='clone.stretch.cut']");
    waitForVerdict("good|remarks");
    assertEquals(before * 0.9, durationMs(), before * 0.02);

    int cut = durationMs();
    page.click("[data-key='clone.select']");
    assertThat(page.locator("[data-edge=begin]")).isFocused();
    page.keyboard().press("PageDown");
    assertThat(page.locator("[data-edge=begin]"))
        .hasAttribute("aria-valuenow", Pattern.compile("\\d+"));
    page.click(".stretch .record");
    page.waitForSelector(".stretch vb-recorder[data-state=recording]");
    page.waitForFunction(
        "() => parseFloat(document.querySelector('.stretch .record-time').textContent) >= 4");
    page.click(".stretch .record");
    page.waitForFunction(
        "before => Number(document.querySelector('.check-body vb-wave').dataset.durationMs) > before",
        cut);
    waitForVerdict("good|remarks|mendable");

    page.click("[data-key='clone.undo']");
    page.click("[data-key='clone.undo']");
    waitForVerdict("good|remarks");
    assertEquals(before, durationMs());
  }

  @Test
  void aRefusedMicrophoneIsExplained() {
    visitor = new Visitor(browser, address, "en-US");
    visitor.context().grantPermissions(List.of());
    page = visitor.go("clone");

    page.click(".record");

    assertThat(page.locator("[data-trouble=refused]")).containsText("no permission");
    assertThat(page.locator("[data-trouble=refused]")).containsText("allow the microphone");
    visitor.assertAccessible();
    assertThat(page.locator(".drop")).isVisible();
  }

  @Test
  void aFrameWithoutPermissionOpensInAWindowOfItsOwn() {
    visitor = new Visitor(browser, address, "en-US");
    visitor.context().grantPermissions(List.of("microphone"));
    page = visitor.go("clone");
    page.evaluate(
        """
        () => {
          const frame = document.createElement('iframe');
          frame.allow = "microphone 'none'";
          frame.src = location.href;
          frame.id = 'host';
          frame.width = 400;
          frame.height = 700;
          document.body.prepend(frame);
        }
        """);
    FrameLocator framed = page.frameLocator("#host");

    framed.locator("vb-sample-step .record").click();

    assertThat(framed.locator("[data-trouble=framed]")).containsText("does not let it use");
    assertThat(framed.locator("[data-trouble=framed] a")).hasAttribute("target", "_blank");
    visitor.forgive("ermissions policy");
  }

  @Test
  void aMissingMicrophoneIsExplained() {
    visitor = new Visitor(browser, address, "zh-CN");
    visitor
        .context()
        .addInitScript(
            "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotFoundError'); }");
    page = visitor.go("clone");

    page.click(".record");

    assertThat(page.locator("[data-trouble=none]")).containsText("没有找到麦克风");
  }

  @Test
  void aTextRenamedIsNoSample() {
    open("en-US");

    give("This is not a sound.\n".repeat(50).getBytes(StandardCharsets.US_ASCII));

    waitForVerdict("refused");
    assertThat(page.locator(".finding[data-code=unsupported_format]"))
        .containsText("isn't supported");
    assertThat(page.locator("[data-step=check] [data-key='clone.next']"))
        .hasAttribute("aria-disabled", "true");
    page.click("[data-step=check] [data-key='clone.again']");
    assertThat(page.locator("vb-sample-step .record")).isVisible();
  }

  @Test
  void aFileThatIsTooBigIsNotSent() {
    open("en-US");

    give(new byte[10 * 1024 * 1024 + 1]);

    assertThat(page.locator("vb-sample-step > [role=alert]")).containsText("10 MB are the most");
    assertThat(page.locator("[data-step=sample]")).hasAttribute("data-state", "open");
  }

  @Test
  void aDroppedFileIsTakenWhereverItFalls() {
    open("en-US");

    page.evaluate(
        """
        (base64) => {
          const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File([bytes], 'Aunt May.wav', { type: 'audio/wav' }));
          const fall = (type) => document.querySelector('h1').dispatchEvent(
            new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
          fall('dragover');
          fall('drop');
        }
        """,
        Base64.getEncoder().encodeToString(TestSamples.speech(16)));

    waitForVerdict("good|remarks");
    assertThat(page.locator("[data-step=sample] .step-summary")).hasText("Aunt May.wav");
    assertThat(page.locator("#clone-name")).hasValue("Aunt May");
  }

  @Test
  void theMicrophoneIsFreeAsSoonAsThePageIsLeft() {
    open("en-US");
    page.evaluate(
        """
        () => {
          const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
          window.asked = [];
          navigator.mediaDevices.getUserMedia = async (what) => {
            const stream = await ask(what);
            window.asked.push({ what, stream });
            return stream;
          };
        }
        """);
    page.click(".record");
    page.waitForSelector("vb-recorder[data-state=recording]");
    assertEquals(
        List.of(false, false, false),
        page.evaluate(
            "() => { const { audio } = asked[0].what; return [audio.echoCancellation, audio.noiseSuppression, audio.autoGainControl]; }"));

    page.click("nav a[href='#/speak']");

    page.waitForFunction(
        "() => asked[0].stream.getTracks().every((track) => track.readyState === 'ended')");
    page.click("nav a[href='#/clone']");
    assertThat(page.locator("vb-recorder").first()).hasAttribute("data-state", "idle");
  }

  @Test
  void aSampleThatHasAVoiceAlreadyIsOfferedIt() {
    open("en-US");
    byte[] sample = TestSamples.speech(FRESH.incrementAndGet());
    toTheLastStep(sample, "Twin");
    page.click("[data-key='clone.make']");
    waitForMaking("made");
    String first = page.locator(".voice-id code").first().textContent();
    page.click("[data-key='clone.another']");
    assertThat(page.locator("[data-step=sample]")).hasAttribute("data-state", "open");

    toTheLastStep(sample, "Twin two");
    page.click("[data-key='clone.make']");

    waitForMaking("existing");
    assertThat(page.locator("vb-making")).containsText("already has a voice: Twin");
    page.click("[data-key='clone.existing.again']");
    waitForMaking("made");
    assertNotEquals(first, page.locator(".voice-id code").first().textContent());
  }

  @Test
  void aRefusalLeadsBackToWhatIsWrong() {
    open("en-US");
    page.route(
        Pattern.compile(".*/v1/voices$"),
        route ->
            route.fulfill(
                new Route.FulfillOptions()
                    .setStatus(422)
                    .setContentType("application/json")
                    .setBody(
                        """
                        {"error":{"code":"sample_refused","type":"invalid_request_error",
                        "message":"No voice can be made of it.","message_zh":"做不成。",
                        "hint":"Leave the fan off.","evidence":{"vendor_code":"Audio.PreprocessError"},
                        "report":{"file":{"duration_ms":15000,"sample_rate":24000},
                        "measures":{"speech_ms":9000,"snr_db":12},
                        "findings":[{"code":"noise","severity":"warning","begin_ms":3000,"end_ms":6000,
                        "message":{"zh":"噪声","en":"Too noisy"},"what_to_do":{"zh":"重录","en":"Again"}}],
                        "verdicts":[{"provider":"cosyvoice","verdict":"refused","vendor_code":"x",
                        "reasons":["noise"]}]}}}
                        """)));
    toTheLastStep(TestSamples.speech(12), "Refused");

    page.click("[data-key='clone.make']");

    waitForMaking("failed");
    assertThat(page.locator("vb-making [role=alert]")).containsText("No voice can be made of it.");
    assertThat(page.locator("vb-making [role=alert]")).containsText("Leave the fan off.");
    page.click("vb-making summary");
    assertThat(page.locator("vb-making pre")).containsText("Audio.PreprocessError");
    visitor.assertAccessible();
    page.click("[data-key='clone.back.check']");
    assertThat(page.locator("[data-step=check]")).hasAttribute("data-state", "open");
    assertMarked("noise", 3_000, 6_000);
    visitor.forgive("422");
  }

  @Test
  void anUploadCanBeCancelledAndNothingIsLost() {
    open("en-US");
    page.route(Pattern.compile(".*/v1/voices$"), route -> {});
    toTheLastStep(TestSamples.speech(13), "Patience");
    page.dblclick("[data-key='clone.make']");

    page.click("[data-key='clone.make.cancel']");

    assertThat(page.locator("[data-key='clone.make']")).isVisible();
    page.click("[data-step=name] .step-head");
    assertThat(page.locator("#clone-name")).hasValue("Patience");
    assertThat(page.locator("#clone-consent")).isChecked();
    page.fill("#clone-name", "Patience two");
    page.click("[data-next=name]");
    assertThat(page.locator("[data-step=make]")).hasAttribute("data-state", "open");
    visitor.forgive("ERR_FAILED");
  }

  @Test
  void withoutANameOrConsentTheWayEndsAndSaysWhy() {
    open("en-US");
    give(TestSamples.speech(14));
    waitForVerdict("good|remarks");
    page.click("[data-step=check] [data-key='clone.next']");
    page.click("[data-next=words]");

    page.fill("#clone-name", " ");
    page.click("[data-next=name]");
    assertThat(page.locator("#clone-name")).isFocused();
    assertThat(page.locator("#clone-name-fault")).hasText("Give the voice a name.");
    page.fill("#clone-name", "No");
    page.click("[data-next=name]");

    assertThat(page.locator("#clone-consent")).isFocused();
    assertThat(page.locator("#clone-name-fault")).containsText("speaker has agreed");
    assertThat(page.locator("[data-step=model] .step-head")).hasAttribute("aria-disabled", "true");
  }

  @Test
  void theWholeWayIsGoneFromTheKeyboard() {
    open("zh-CN");
    visitor.tabTo(".record");
    page.keyboard().press("Enter");
    waitUntilLongEnough();
    page.keyboard().press("Enter");
    waitForVerdict("good|remarks");
    visitor.tabTo("[data-step=check] [data-key='clone.next']");
    page.keyboard().press("Enter");
    visitor.tabTo("[data-next=words]");
    page.keyboard().press("Enter");
    visitor.tabTo("#clone-name");
    page.keyboard().type("Keys");
    visitor.tabTo("#clone-consent");
    page.keyboard().press("Space");
    visitor.tabTo("[data-next=name]");
    page.keyboard().press("Enter");
    visitor.tabTo("[name=clone-model]");
    page.keyboard().press("ArrowDown");
    assertThat(page.locator("[name=clone-model]:checked"))
        .hasValue(Pattern.compile("qwen3-tts-vc-realtime.*"));
    visitor.tabTo("[data-next=model]");
    page.keyboard().press("Enter");
    visitor.tabTo("[data-key='clone.make']");
    page.keyboard().press("Enter");
    waitForMaking("made");
    assertThat(page.locator(".try-speak")).isFocused();
    page.keyboard().press("Enter");
    page.waitForFunction("() => document.querySelector('vb-making').dataset.soundingSamples > 0");
  }

  @ParameterizedTest
  @CsvSource({
    "360, zh-CN, LIGHT",
    "360, en-US, DARK",
    "768, en-US, LIGHT",
    "1440, zh-CN, DARK",
  })
  void everyStepFitsAndIsAccessible(int width, String locale, ColorScheme scheme) {
    visit(
        new NewContextOptions()
            .setViewportSize(width, 800)
            .setLocale(locale)
            .setColorScheme(scheme));
    String name = "clone-%d-%s-".formatted(width, locale);
    looksRight(name + "1-sample");
    give(TestSamples.withPause(15).wav());
    waitForVerdict("mendable");
    page.click("[data-key='clone.mend.hear']");
    page.waitForSelector("[data-key='clone.mend.use']");
    page.click("[data-key='clone.selectThis'] >> nth=0");
    looksRight(name + "2-check");
    page.click("[data-step=check] [data-key='clone.next']");
    looksRight(name + "3-words");
    page.click("[data-next=words]");
    page.fill("#clone-name", "A voice with rather a long name, 一个名字相当长的声音".repeat(2));
    page.click("[data-next=name]");
    looksRight(name + "4-name");
    page.check("#clone-consent");
    page.click("[data-next=name]");
    page.click(".models summary");
    looksRight(name + "5-model");
    page.click("[data-next=model]");
    looksRight(name + "6-make");
    page.click("[data-key='clone.make']");
    page.waitForSelector("vb-making[data-state=made], vb-making[data-state=existing]");
    if (page.locator("[data-key='clone.existing.use']").isVisible()) {
      page.click("[data-key='clone.existing.use']");
    }
    waitForMaking("made");
    looksRight(name + "7-made");
  }

  private void looksRight(String name) {
    visitor.screenshot(name);
    visitor.assertNothingIsCutOff();
    visitor.assertAccessible();
  }

  private void open(String locale) {
    visit(new NewContextOptions().setLocale(locale));
  }

  private void visit(NewContextOptions options) {
    visitor = new Visitor(browser, address, options);
    visitor.context().grantPermissions(List.of("microphone"));
    page = visitor.go("clone");
    page.waitForFunction(
        "() => document.querySelectorAll('#clone-language option').length > 1"); // the lists
  }

  private void give(byte[] file) {
    page.setInputFiles("#clone-file", new FilePayload("sample.wav", "audio/wav", file));
  }

  private void toTheLastStep(byte[] sample, String name) {
    give(sample);
    waitForVerdict("good|remarks");
    page.click("[data-step=check] [data-key='clone.next']");
    page.click("[data-next=words]");
    page.fill("#clone-name", name);
    page.check("#clone-consent");
    page.click("[data-next=name]");
    page.click("[data-next=model]");
  }

  private void waitForVerdict(String oneOf) {
    assertThat(page.locator("vb-check-step"))
        .hasAttribute(
            "data-verdict",
            Pattern.compile("^(" + oneOf + ")$"),
            new HasAttributeOptions().setTimeout(20_000));
  }

  private void waitUntilLongEnough() {
    page.waitForSelector(
        ".record-advice[data-advice=good]", new Page.WaitForSelectorOptions().setTimeout(50_000));
  }

  private void waitForMaking(String state) {
    page.waitForSelector(
        "vb-making[data-state=" + state + "]",
        new Page.WaitForSelectorOptions().setTimeout(40_000));
  }

  private void assertMarked(String code, int beginMs, int endMs) {
    Locator mark = page.locator(".check-body .place[data-code=" + code + "]");
    assertThat(mark).hasCount(1);
    assertEquals(beginMs, Integer.parseInt(mark.getAttribute("data-begin-ms")), 300);
    assertEquals(endMs, Integer.parseInt(mark.getAttribute("data-end-ms")), 300);
    // And it is drawn there.
    double left =
        ((Number)
                mark.evaluate(
                    """
                    (mark) => {
                      const box = mark.closest('.wave-box').getBoundingClientRect();
                      return (mark.getBoundingClientRect().left - box.left) / box.width;
                    }
                    """))
            .doubleValue();
    assertEquals(beginMs / (double) durationMs(), left, 300.0 / durationMs());
  }

  private int durationMs() {
    return Integer.parseInt(page.locator(".check-body vb-wave").getAttribute("data-duration-ms"));
  }

  private JsonObject get(String path) {
    return new JsonObject(page.request().get(address + path).text());
  }
}
