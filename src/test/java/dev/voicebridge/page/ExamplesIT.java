package dev.voicebridge.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.WebSocketRoute;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples on the client module, in a real Chromium. */
@Timeout(180)
class ExamplesIT {
  @RegisterExtension static final Studio studio = Studio.with();
  private static final Path SCREENSHOTS = Path.of("target/screenshots");
  private static final Pattern DOOR = Pattern.compile(".*/v1/realtime\\?.*");
  private static final int LEVEL = 8_000;

  private final List<String> complaints = new ArrayList<>();
  private BrowserContext context;
  private Page page;
  private SoundTap tap;

  @BeforeAll
  static void start() {
    PlaywrightAssertions.setDefaultAssertionTimeout(30_000);
  }

  @AfterEach
  void theConsoleIsClean() {
    context.close();
    assertEquals(List.of(), complaints);
  }

  // ---- the kiosk

  @Test
  void theKioskSaysWhatIsTouched() {
    open("kiosk");
    waitForLink("open");

    page.click("[data-phrase=tickets]");

    tap.waitForSound();
    assertThat(page.locator("[data-phrase=tickets]")).hasAttribute("aria-pressed", "true");
    assertThat(page.locator("#words b")).containsText("Tickets are sold");
    assertThat(page.locator("#note")).hasText("The answer is read aloud here.");
    assertThat(page.locator("#stop")).isDisabled();
  }

  @Test
  void theKioskFallsSilentAtOnce() {
    open("kiosk");
    page.click("[data-phrase=help]");
    tap.waitForSound();

    double soundedOnMs = tap.soundsOnAfter("document.querySelector('#stop').click()");

    assertTrue(soundedOnMs < 100, () -> "sounded on for " + soundedOnMs + " ms");
  }

  @Test
  void theKioskGoesOnAfterTheNetworkWasLostAndSaysThenWhatWasTouched() {
    newPage("en-US");
    Network network = new Network();
    page.routeWebSocket(DOOR, network::take);
    visit("kiosk");
    waitForLink("open");

    network.cut(4008);
    waitForLink("waiting");
    assertThat(page.locator("#link")).containsText("Connection lost. Trying again");
    page.click("[data-phrase=hours]");
    assertThat(page.locator("#note")).containsText("as soon as the connection is back");
    network.mend();

    waitForLink("open");
    tap.waitForSound();
    assertThat(page.locator("#words b")).containsText("We are open");
  }

  @Test
  void aPhraseThatBreaksOffIsSaidOnceMore() {
    newPage("en-US");
    Network network = new Network();
    page.routeWebSocket(DOOR, network::speak);
    visit("kiosk");
    waitForLink("open");
    page.click("[data-phrase=lift]");
    tap.waitForSound();

    network.cut(1012);
    network.mend();

    page.waitForCondition(() -> network.texts().size() == 2);
    assertEquals(network.texts().get(0), network.texts().get(1));
    waitForLink("open");
    assertThat(page.locator("[data-phrase=lift]")).hasAttribute("aria-pressed", "true");
  }

  @Test
  void aKioskWhoseServerRefusesItSaysSoAndTriesOn() {
    newPage("en-US");
    List<WebSocketRoute> tries = new CopyOnWriteArrayList<>();
    page.routeWebSocket(
        DOOR,
        socket -> {
          tries.add(socket);
          if (tries.size() > 1) {
            socket.connectToServer();
            return;
          }
          socket.send(
              "{\"type\":\"error\",\"error\":{\"code\":\"model_not_found\",\"message\":\"No such"
                  + " model.\"}}");
          socket.close(new WebSocketRoute.CloseOptions().setCode(4504).setReason("no such model"));
        });
    visit("kiosk");

    waitForLink("broken");
    assertThat(page.locator("#link")).containsText("out of order: No such model.");
    waitForLink("open");
  }

  @Test
  void aServerThatWantsAKeyAsksForItOnce() {
    newPage("zh-CN");
    KeyedTickets.on(page, Route::resume);
    visit("game");

    assertThat(page.locator("form.key")).hasCount(1);
    page.fill("form.key input", "sesame");
    page.keyboard().press("Enter");

    assertThat(page.locator("form.key")).hasCount(0);
    page.click("#play");
    tap.waitForSound();
    complaints.removeIf(complaint -> complaint.contains("401"));
  }

  // ---- navigation

  @Test
  void theRouteIsSpokenToItsEndSentenceBySentence() {
    open("navigation");

    page.click("#drive");

    tap.waitForSound();
    assertThat(page.locator("#voice")).hasAttribute("data-kind", "prompt");
    page.waitForFunction(
        "() => document.querySelector('#words b')?.textContent.includes('left lane')");
    assertThat(page.locator("#voice")).hasAttribute("data-kind", "idle");
    double before = ((Number) page.evaluate("parseFloat(distance.textContent)")).doubleValue();
    page.waitForFunction("before => parseFloat(distance.textContent) !== before", before);
  }

  @Test
  void anUrgentPromptCutsInAndTheRestOfTheRouteFollows() {
    newPage("en-US");
    List<ScriptedVoice> voices = new CopyOnWriteArrayList<>();
    page.routeWebSocket(
        DOOR,
        socket ->
            voices.add(
                new ScriptedVoice(
                    socket, text -> urgent(text) ? 2 : 8, text -> urgent(text) ? -LEVEL : LEVEL)));
    visit("navigation");
    page.click("#drive");
    tap.waitForSound();

    double soundedOnMs = tap.soundsOnAfter("urgent.click()");

    tap.waitForSoundBelow();
    // The warning is heard now, and nothing of the route beside it.
    assertTrue(soundedOnMs < 100, () -> "the route sounded on for " + soundedOnMs + " ms");
    assertThat(page.locator("#voice")).hasAttribute("data-kind", "rest");
    tap.waitForSound();
    ScriptedVoice voice = voices.get(0);
    assertEquals(1, voice.cancels().size());
    assertTrue(voice.cancels().get(0).getInteger("played_ms", 0) > 0, voice.cancels()::toString);
    List<String> said = voice.texts();
    assertTrue(said.get(0).startsWith("In two hundred metres turn right."), said.toString());
    assertTrue(urgent(said.get(1)), said.toString());
    assertTrue(said.get(0).endsWith(said.get(2)), said.toString());
  }

  private static boolean urgent(String text) {
    return text.startsWith("Careful!");
  }

  // ---- the game

  @Test
  void twoCharactersSpeakAndCutEachOtherOff() {
    open("game");

    page.click("#play");

    assertThat(page.locator("#bubble-keeper b")).containsText("Quiet night");
    assertThat(page.locator("#bubble-gull b")).containsText("shouting");
    assertThat(page.locator("#bubble-keeper b")).containsText("–");
    assertThat(page.locator("#bubble-gull b")).containsText("Fish!");
    assertThat(page.locator("#script p")).hasCount(4);
    page.click("#cut-keeper");
    assertThat(page.locator("#bubble-keeper b")).containsText("Hush!");
    double soundedOnMs = tap.soundsOnAfter("play.click()");
    assertTrue(soundedOnMs < 100, () -> "sounded on for " + soundedOnMs + " ms");
  }

  @Test
  void theyAnswerAVisitorWhoMayCutThemOff() {
    newPage("en-US");
    List<JsonObject> sent = new CopyOnWriteArrayList<>();
    page.onWebSocket(socket -> socket.onFrameSent(frame -> sent.add(new JsonObject(frame.text()))));
    visit("game");
    page.fill("#line", "Keeper, tell me a story.");
    page.keyboard().press("Enter");
    tap.waitForSound();
    assertThat(page.locator("#bubble-keeper b")).containsText("an old keeper");

    page.fill("#line", "And who are you, gull?");
    page.keyboard().press("Enter");

    assertThat(page.locator("#bubble-gull b")).containsText("cheeky gull");
    assertThat(page.locator("#note")).isEmpty();
    JsonObject cancel = first("response.cancel", sent);
    assertTrue(cancel.getInteger("played_ms") > 0, cancel::encode);
    List<JsonObject> prompts = sent.stream().filter(event -> is("response.create", event)).toList();
    assertEquals(2, prompts.size());
    String told = prompts.get(1).getJsonObject("response").getJsonArray("messages").encode();
    assertTrue(told.contains("The keeper says: “Once upon a time"), told);
    assertTrue(!told.contains("you can find your way"), "what was not heard was never said");
    // The other one has a word to say about that.
    assertThat(page.locator("#bubble-keeper b")).containsText("lighthouse keeper");
    assertThat(page.locator("#script")).containsText("And who are you, gull?");
    page.click("#play");
    assertThat(page.locator("#bubble-keeper b")).containsText("Quiet night");
  }

  @Test
  void aServerWithoutALanguageModelHasThemAnswerByHeart() {
    newPage("en-US");
    List<ScriptedVoice> voices = new CopyOnWriteArrayList<>();
    page.routeWebSocket(
        DOOR,
        socket -> {
          ScriptedVoice voice = new ScriptedVoice(socket, text -> 2, text -> LEVEL);
          voice.answers(prompt -> "");
          voices.add(voice);
        });
    visit("game");

    page.fill("#line", "What do you think of that?");
    page.click("#talk button");

    tap.waitForSound();
    assertThat(page.locator("#note")).containsText("This server has no language model");
    assertThat(page.locator("#bubble-keeper b")).containsText("The sea has an answer");
    assertThat(page.locator("#bubble-gull b")).containsText("herring");
    assertEquals(1, voices.stream().mapToInt(voice -> voice.prompts().size()).sum());
  }

  private static JsonObject first(String type, List<JsonObject> events) {
    return events.stream().filter(event -> is(type, event)).findFirst().orElseThrow();
  }

  private static boolean is(String type, JsonObject event) {
    return event.getString("type").equals(type);
  }

  /** With reduced motion nothing moves but the mouths, so that a change is a mouth. */
  @Test
  void theMouthThatSpeaksMovesAndNothingElseWhereLittleShouldMove() {
    newPage(
        new com.microsoft.playwright.Browser.NewContextOptions()
            .setLocale("en-US")
            .setReducedMotion(ReducedMotion.REDUCE));
    visit("game");
    page.evaluate(
        """
        () => {
          window.changes = [0, 0];
          const canvas = document.querySelector('canvas');
          const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true });
          const half = (i) => {
            if (i === 0) copy.drawImage(canvas, 0, 0);
            return copy.getImageData((i * canvas.width) / 2, 0, canvas.width / 2, canvas.height).data;
          };
          const sum = (data) => { let s = 0; for (let i = 0; i < data.length; i += 4) s = (s * 31 + data[i] * 3 + data[i + 1] * 5 + data[i + 2]) | 0; return s; };
          let last = [0, 1].map((i) => sum(half(i)));
          setInterval(() => {
            const now = [0, 1].map((i) => sum(half(i)));
            now.forEach((value, i) => { if (value !== last[i]) changes[i]++; });
            last = now;
          }, 50);
        }
        """);
    page.waitForTimeout(600);
    assertEquals(List.of(0, 0), page.evaluate("changes"));

    page.click("#play");
    assertThat(page.locator("#bubble-keeper b")).containsText("Quiet");
    page.waitForFunction("() => changes[0] > 2");
    assertEquals(0, page.evaluate("changes[1]"));
    assertThat(page.locator("#bubble-gull b")).containsText("shouting");
    page.waitForFunction("() => changes[1] > 2");
  }

  @Test
  void whereThereMayBeMotionTheSceneMoves() {
    open("game");
    String before = scene();
    page.waitForFunction(
        "before => document.querySelector('canvas').toDataURL() !== before", before);
    assertNotEquals(before, scene());
  }

  private String scene() {
    return (String) page.evaluate("document.querySelector('canvas').toDataURL()");
  }

  // ---- all

  @ParameterizedTest
  @CsvSource({"kiosk, 6", "navigation, 2", "game, 4"})
  void everyControlHasANameAndIsLargeEnoughForAFinger(String name, int atLeast) {
    open(name);

    Object small =
        page.evaluate(
            """
            () => [...document.querySelectorAll('button, a')]
              .filter((node) => node.checkVisibility())
              .filter((node) => {
                const { width, height } = node.getBoundingClientRect();
                const said = node.getAttribute('aria-label') || node.textContent.trim();
                return width < 44 || height < 44 || !said;
              })
              .map((node) => node.outerHTML)
            """);

    assertEquals(List.of(), small);
    assertTrue(page.locator("button").count() >= atLeast);
  }

  @ParameterizedTest
  @ValueSource(strings = {"kiosk", "navigation", "game"})
  void theLanguageIsTheVisitorsAndCanBeChanged(String name) {
    newPage("zh-CN");
    visit(name);
    assertThat(page.locator("html")).hasAttribute("lang", "zh-CN");
    String chinese = page.locator("body").innerText();
    assertTrue(chinese.codePoints().anyMatch(c -> Character.isIdeographic(c)));

    page.click("[data-language]");

    assertThat(page.locator("html")).hasAttribute("lang", "en");
    page.reload();
    assertThat(page.locator("html")).hasAttribute("lang", "en");
    String english = page.locator("body").innerText().replace("中文", "");
    assertTrue(english.codePoints().noneMatch(Character::isIdeographic), english);
  }

  @ParameterizedTest
  @CsvSource({"360, 740, zh-CN", "768, 1024, en-US", "1440, 900, zh-CN"})
  void theyFitInLightAndDark(int width, int height, String locale) {
    for (String name : List.of("kiosk", "navigation", "game")) {
      for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
        newPage(
            new com.microsoft.playwright.Browser.NewContextOptions()
                .setViewportSize(width, height)
                .setLocale(locale)
                .setColorScheme(scheme));
        visit(name);
        page.click(name.equals("kiosk") ? "[data-phrase=cafe]" : "#drive, #play");
        tap.waitForSound();
        assertEquals(
            List.of(width, height),
            page.evaluate(
                "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"),
            name + " does not fit");
        String file =
            "example-%s-%d-%s-%s.png"
                .formatted(name, width, locale, scheme.name().toLowerCase(Locale.ROOT));
        page.screenshot(new Page.ScreenshotOptions().setPath(SCREENSHOTS.resolve(file)));
        context.close();
      }
    }
  }

  /** The way to the server, which can be cut and mended. */
  private static final class Network {
    private final List<WebSocketRoute> open = new CopyOnWriteArrayList<>();
    private final List<ScriptedVoice> voices = new CopyOnWriteArrayList<>();
    private volatile boolean cut;
    private volatile int code;

    /** To the real server. */
    void take(WebSocketRoute socket) {
      if (refused(socket)) return;
      open.add(socket);
      socket.connectToServer();
    }

    /** To a voice that speaks at length. */
    void speak(WebSocketRoute socket) {
      if (refused(socket)) return;
      open.add(socket);
      voices.add(new ScriptedVoice(socket, text -> 6, text -> LEVEL));
    }

    private boolean refused(WebSocketRoute socket) {
      if (cut) close(socket);
      return cut;
    }

    void cut(int closeCode) {
      code = closeCode;
      cut = true;
      open.forEach(this::close);
      open.clear();
    }

    void mend() {
      cut = false;
    }

    private void close(WebSocketRoute socket) {
      socket.close(new WebSocketRoute.CloseOptions().setCode(code).setReason("cut"));
    }

    List<String> texts() {
      return voices.stream().flatMap(voice -> voice.texts().stream()).toList();
    }
  }

  private void waitForLink(String state) {
    page.waitForSelector("#link[data-state=" + state + "]");
  }

  private void open(String name) {
    newPage("en-US");
    visit(name);
  }

  private void newPage(String locale) {
    newPage(new com.microsoft.playwright.Browser.NewContextOptions().setLocale(locale));
  }

  private void newPage(com.microsoft.playwright.Browser.NewContextOptions options) {
    context = studio.browser().chromium().newContext(options);
    context.setDefaultTimeout(30_000);
    page = context.newPage();
    tap = SoundTap.on(page);
    page.onConsoleMessage(
        message -> {
          if (List.of("error", "warning").contains(message.type())) complaints.add(message.text());
        });
    page.onPageError(complaints::add);
  }

  private void visit(String name) {
    page.navigate(studio.address() + "examples/" + name + ".html");
    page.waitForSelector("[data-language]:not(:empty)");
  }
}
