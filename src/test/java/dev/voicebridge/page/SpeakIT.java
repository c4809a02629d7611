package dev.voicebridge.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The Speak page: two voices, words, marks, files, and what it tells of what happened. */
@Timeout(120)
class SpeakIT {
  @RegisterExtension static final Studio studio = Studio.with();
  private static final String LONG =
      "And the river went on and on, past the mill and the old bridge. ";
  private static final String TALE =
      "The little fox stood on tiptoe and knocked softly on the door of the moon.";

  /**
   * An ear at the loudspeaker, and a note of what is handed to the audio thread: {@code ear} is an
   * analyser, {@code handed} an entry for each {@code begin}, with the bytes that followed it.
   */
  private static final String EAR =
      """
      window.handed = [];
      const connect = AudioNode.prototype.connect;
      AudioNode.prototype.connect = function (target, ...rest) {
        if (target instanceof AudioDestinationNode) {
          window.ear = target.context.createAnalyser();
          connect.call(this, window.ear);
        }
        return connect.call(this, target, ...rest);
      };
      const post = MessagePort.prototype.postMessage;
      MessagePort.prototype.postMessage = function (message, ...rest) {
        if (message?.type === 'begin') window.handed.push({ rate: message.sampleRate, chunks: [] });
        else if (message instanceof ArrayBuffer) window.handed.at(-1)?.chunks.push(message.slice(0));
        return post.call(this, message, ...rest);
      };
      window.levelOf = async (at) => {
        const { speechLevel } = await import('/js/speak/level.js');
        const { chunks, rate } = window.handed.at(at);
        const bytes = chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
        return { ...speechLevel(chunks, rate), ms: bytes * 500 / rate };
      };
      """;

  @Test
  void nothingSoundsATenthOfASecondAfterStop() {
    try (Visitor visitor = visitor("en-US")) {
      Page page = speakPage(visitor);
      page.fill("#text", LONG.repeat(20));
      page.click("#speak");
      assertSounds(page);

      Object loudest =
          page.evaluate(
              """
              async () => {
                const samples = new Float32Array(window.ear.fftSize);
                const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
                document.querySelector('#stop').click();
                // What the ear remembers is the last 2,048 samples.
                await pause(100 + (samples.length * 1000) / window.ear.context.sampleRate);
                let loudest = 0;
                for (let i = 0; i < 40; i++) {
                  window.ear.getFloatTimeDomainData(samples);
                  loudest = Math.max(loudest, ...samples.map(Math.abs));
                  await pause(20);
                }
                return loudest;
              }
              """);

      assertEquals(0.0, ((Number) loudest).doubleValue());
    }
  }

  @Test
  void twoVoicesAreEquallyLoudAndChangeOverAtTheSamePlace() {
    try (Visitor visitor = visitor("en-US")) {
      Page page = speakPage(visitor);
      page.fill("#text", LONG.repeat(2));
      compareWith(page, "Ethan");

      page.click("#compare-make");
      assertThat(page.locator("#compare-told")).containsText("Equally loud: Cherry");
      page.click("#compare-play");
      page.waitForFunction("() => document.querySelector('#compare-position').value > 0.2");
      JsonObject first = level(page);
      double before = position(page);
      page.click("#side-2");

      assertThat(page.locator("#side-2")).hasAttribute("aria-pressed", "true");
      assertThat(page.locator("#side-2")).hasText("Ethan");
      page.waitForFunction(
          "from => document.querySelector('#compare-position').value > from", before);
      JsonObject rest = level(page);
      page.click("#compare-play");
      page.evaluate("document.querySelector('#compare-position').value = 0");
      page.click("#compare-play");
      JsonObject second = level(page);
      double share = rest.getDouble("ms") / second.getDouble("ms");
      assertTrue(
          share <= 1.02 - before && share > 0.6 - before,
          () -> "from %.2f on it should not be %.2f of the whole".formatted(before, share));
      double apart = 20 * Math.log10(first.getDouble("rms") / second.getDouble("rms"));
      assertEquals(0, apart, 0.3, "dB between the two as they are played");
      assertTrue(first.getDouble("peak") < 1 && second.getDouble("peak") < 1);
    }
  }

  @Test
  void blindMeansThatNobodyKnowsUntilAsked() {
    try (Visitor visitor = visitor("en-US")) {
      Page page = speakPage(visitor);
      page.fill("#text", "Which is which?");
      compareWith(page, "Ethan");
      page.check("#blind");

      page.click("#compare-make");

      assertThat(page.locator("#side-1")).hasText("Voice 1");
      assertThat(page.locator("#side-2")).hasText("Voice 2");
      page.click("#reveal");
      assertThat(page.locator("#side-1")).hasText(Pattern.compile("Cherry|Ethan"));
      assertThat(page.locator("#side-2")).hasText(Pattern.compile("Cherry|Ethan"));
      assertFalse(page.textContent("#side-1").equals(page.textContent("#side-2")));
    }
  }

  @Test
  void theWordThatIsHeardIsMarkedWhenTheModelTellsItsTimes() {
    try (Visitor visitor = visitor("en-US")) {
      Page page = speakPage(visitor);
      List<JsonObject> words = new CopyOnWriteArrayList<>();
      page.onWebSocket(
          socket ->
              socket.onFrameReceived(
                  frame -> {
                    String text = frame.text();
                    if (text != null && text.contains("\"response.audio.timestamps\"")) {
                      JsonArray told = new JsonObject(text).getJsonArray("words");
                      told.forEach(word -> words.add((JsonObject) word));
                    }
                  }));
      page.selectOption("#model", "cosyvoice-v3-flash");
      page.fill("#text", TALE);
      page.click("#speak");
      assertThat(page.locator("vb-reading")).hasAttribute("data-times", "told");

      JsonArray seen = watchWords(page);

      assertTrue(seen.size() >= 6, () -> "only " + seen);
      int last = -1;
      for (Object each : seen) {
        JsonObject at = (JsonObject) each;
        int begin = at.getInteger("begin");
        assertTrue(begin >= last, () -> "it went back in " + seen);
        last = begin;
        JsonObject word =
            words.stream()
                .filter(one -> one.getInteger("begin_index") == begin)
                .findFirst()
                .orElseThrow();
        assertEquals(word.getString("text"), at.getString("word"));
        double ms = at.getDouble("ms");
        assertTrue(
            ms > word.getInteger("begin_ms") - 400 && ms < word.getInteger("end_ms") + 900,
            () -> "%s at %.0f ms".formatted(word, ms));
      }
    }
  }

  @Test
  void withoutToldTimesThePlaceIsEstimatedAndSaysSo() {
    try (Visitor visitor = visitor("en-US")) {
      Page page = speakPage(visitor);
      page.fill("#text", TALE);
      page.click("#speak");
      assertSounds(page);

      assertThat(page.locator("vb-reading")).hasAttribute("data-times", "estimated");
      assertThat(page.locator("vb-reading")).containsText("estimated");
      JsonArray seen = watchWords(page);

      int last = -1;
      for (Object each : seen) {
        int begin = ((JsonObject) each).getInteger("begin");
        assertTrue(begin >= last - 4, () -> "it went back in " + seen);
        last = begin;
      }
      assertTrue(last > TALE.length() / 2, () -> "it stayed behind: " + seen);
      assertThat(page.locator(".reading mark")).hasText("");
    }
  }

  @Test
  void typingIsSpokenBeforeTheTextIsFinished() {
    try (Visitor visitor = visitor("en-US")) {
      Page page = speakPage(visitor);
      List<String> sent = sentBy(page);
      page.click("#manner-typing");
      assertThat(page.locator("#manner-advice")).containsText("navigation");
      page.fill("#text", "");
      page.click("#speak");
      page.locator("#text").pressSequentially("Turn left at the old mill. Then go ");

      assertSounds(page);
      assertTrue(sent.stream().noneMatch(frame -> frame.contains("input_text_buffer.commit")));
      assertTrue(sent.stream().anyMatch(frame -> frame.contains("\"mode\":\"server_commit\"")));
      page.locator("#text").pressSequentially("straight on");
      page.click("#commit");

      waitForState(page, "completed");
      String whole =
          String.join(
              "",
              sent.stream()
                  .map(JsonObject::new)
                  .filter(event -> "input_text_buffer.append".equals(event.getString("type")))
                  .map(event -> event.getString("text"))
                  .toList());
      // The client ends a text that the server cuts with a blank, which nobody speaks.
      assertEquals("Turn left at the old mill. Then go straight on", whole.stripTrailing());
      assertThat(page.locator("#commit")).isHidden();
    }
  }

  @Test
  void whatWasSentCannotBeChangedAndThatIsSaid() {
    try (Visitor visitor = visitor("en-US")) {
      Page page = speakPage(visitor);
      page.click("#manner-typing");
      page.fill("#text", "One two three. ");
      page.click("#speak");
      assertThat(page.locator("#commit")).isVisible();

      page.fill("#text", "Ten two three. ");

      assertThat(page.locator("[role=alert]")).containsText("spoken already");
      page.click("#stop");
      waitForState(page, "stopped");
    }
  }

  @Test
  void theWaterfallsStagesAreInOrderAndAddUp() {
    try (Visitor visitor = visitor("en-US")) {
      Page page = speakPage(visitor);
      page.fill("#text", "One click, many stages.");
      page.click("#speak");
      waitForState(page, "completed");
      page.click("#happened-fold > summary");

      Locator stages = page.locator(".waterfall li");

      assertEquals(
          List.of("connect", "queued", "open", "text", "audio", "network", "decoded", "heard"),
          stages.all().stream().map(stage -> stage.getAttribute("data-stage")).toList());
      double at = 0;
      for (Locator stage : stages.all()) {
        assertEquals(at, Double.parseDouble(stage.getAttribute("data-from")), 0.001);
        double to = Double.parseDouble(stage.getAttribute("data-to"));
        assertTrue(to >= at);
        at = to;
      }
      String heard = page.textContent("[data-fact=firstSound]").replaceAll("\\D", "");
      assertEquals(Double.parseDouble(heard), at, 1.0);
      assertThat(page.locator("vb-happened > p"))
          .containsText(Pattern.compile("Connect \\d+ ms, .*Heard \\d+ ms: "));
      assertThat(page.locator("[data-fact=received]"))
          .hasText(Pattern.compile("\\d+ kB in \\d+ frames"));
      assertThat(page.locator("[data-fact=counted]"))
          .containsText("characters, counted by the vendor");
      assertThat(page.locator(".history .past")).hasCount(1);
    }
  }

  /** The network holds everything back for a while, after a few frames of audio. */
  private static final String STALL =
      """
      window.WebSocket = class extends WebSocket {
        #frames = 0;
        #free = Promise.resolve();
        set onmessage(listener) {
          super.onmessage = listener && ((event) => {
            if (typeof event.data !== 'string' && ++this.#frames === 8) {
              this.#free = new Promise((resolve) => setTimeout(resolve, 3000));
            }
            this.#free.then(() => listener(event));
          });
        }
      };
      """;

  @Test
  void aBufferThatRanDryIsSeenAndCounted() {
    try (Visitor visitor = visitor("en-US")) {
      visitor.page().addInitScript(STALL);
      Page page = speakPage(visitor);
      page.click("#happened-fold > summary");
      page.fill("#text", LONG.repeat(2));

      page.click("#speak");
      waitForState(page, "completed");

      assertThat(page.locator("vb-happened [data-fact=buffer]"))
          .hasText(Pattern.compile("at most \\d.* s, gaps: [1-9]"));
      assertThat(page.locator(".strip")).hasAttribute("aria-label", Pattern.compile("gaps: [1-9]"));
      Object alarmed =
          page.evaluate(
              """
              () => {
                const canvas = document.querySelector('.strip');
                const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
                let red = 0;
                for (let i = 0; i < data.length; i += 4) if (data[i] > 140 && data[i + 1] < 80 && data[i + 3] > 0) red++;
                return red;
              }
              """);
      assertTrue(((Number) alarmed).intValue() > 20, "the strip shows no gap");
    }
  }

  @Test
  void theSavedLogHasTheEventsAndNoKey() throws IOException {
    try (Visitor visitor = visitor("en-US")) {
      Page page = visitor.page();
      List<String> tickets = new CopyOnWriteArrayList<>();
      KeyedTickets.on(
          page,
          route -> {
            var answer = route.fetch();
            tickets.add(new JsonObject(answer.text()).getString("ticket"));
            route.fulfill(new Route.FulfillOptions().setResponse(answer));
          });
      speakPage(visitor);
      page.fill("#text", "Write this down.");
      page.click("#speak");
      waitForState(page, "failed");
      page.fill("#key", "sesame");
      page.keyboard().press("Enter");
      waitForState(page, "completed");
      page.click("#wire-fold > summary");
      assertThat(page.locator(".wire li.frames"))
          .containsText(Pattern.compile("\\d+ frames, \\d+ kB"));
      page.selectOption("#wire-kind", "out");
      assertThat(page.locator(".wire")).containsText("input_text_buffer.commit");
      assertThat(page.locator(".wire")).not().containsText("response.done");

      Download download = page.waitForDownload(() -> page.click("#wire-save"));

      String saved = Files.readString(download.path());
      List<String> types =
          new JsonArray(saved)
              .stream().map(entry -> ((JsonObject) entry).getString("type")).toList();
      assertTrue(
          types.containsAll(
              List.of(
                  "session.created",
                  "input_text_buffer.append",
                  "response.created",
                  "audio",
                  "response.done")),
          () -> "only " + types);
      assertTrue(types.indexOf("input_text_buffer.append") < types.indexOf("audio"));
      assertFalse(saved.contains("sesame"));
      assertFalse(tickets.isEmpty());
      for (String ticket : tickets) {
        assertFalse(saved.contains(ticket), "a ticket is in the file");
      }
      visitor.forgive("401");
    }
  }

  @Test
  void aPausedLogStandsStill() {
    try (Visitor visitor = visitor("en-US")) {
      Page page = speakPage(visitor);
      page.click("#wire-fold > summary");
      page.click("#wire-pause");
      page.fill("#text", "Quietly.");

      page.click("#speak");
      waitForState(page, "completed");

      assertThat(page.locator(".wire li")).hasCount(0);
    }
  }

  @ParameterizedTest
  @CsvSource({"mp3, 16000", "mp3, 24000", "opus, 48000"})
  void theChosenFormatIsMadeByTheServerAtTheChosenRate(String format, int rate) throws IOException {
    try (Visitor visitor = visitor("en-US")) {
      Page page = speakPage(visitor);
      page.click("vb-options summary");
      page.selectOption("#sample-rate", String.valueOf(rate));
      page.fill("#text", TALE);
      page.click("#speak");
      waitForState(page, "completed");
      page.selectOption("#format", format);
      assertThat(page.locator("#format-note")).containsText("speaks the text once more");

      Download download = page.waitForDownload(() -> page.click("#save"));

      assertTrue(download.suggestedFilename().endsWith("." + format));
      byte[] file = Files.readAllBytes(download.path());
      assertEquals(rate, format.equals("mp3") ? mp3Rate(file) : opusRate(file));
      JsonObject heard =
          new JsonObject(
              (String)
                  page.evaluate(
                      """
                      async (base64) => {
                        const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
                        const context = new OfflineAudioContext(1, 1, 48000);
                        const audio = await context.decodeAudioData(bytes.buffer);
                        const loudest = audio.getChannelData(0).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
                        return JSON.stringify({ seconds: audio.duration, loudest });
                      }
                      """,
                      Base64.getEncoder().encodeToString(file)));
      assertTrue(
          heard.getDouble("seconds") > 2 && heard.getDouble("loudest") > 0.05, heard::encode);
    }
  }

  @Test
  void presetsOfInstructionsReachTheModelAndTooLongOnesDoNot() {
    try (Visitor visitor = visitor("en-US")) {
      Page page = speakPage(visitor);
      List<String> sent = sentBy(page);
      page.selectOption("#model", "qwen3-tts-instruct-flash-realtime");
      page.click("vb-options summary");
      assertThat(page.locator("#styles .chip")).hasCount(5);
      assertThat(page.locator("#instruction-rule")).containsText("Chinese or English");
      page.click("#styles .chip >> text=A caring friend");
      assertThat(page.locator("#instructions")).hasValue(Pattern.compile("^Slow and tender"));
      page.fill("#text", "All is well.");

      page.click("#speak");

      waitForState(page, "completed");
      assertTrue(
          sent.stream().anyMatch(frame -> frame.contains("\"instructions\":\"Slow and tender")));
      page.fill("#instructions", "slow ".repeat(1_200));
      int before = sent.size();
      page.click("#speak");
      assertThat(page.locator("[role=alert]")).containsText("too long");
      assertTrue(
          sent.subList(before, sent.size()).stream()
              .noneMatch(frame -> frame.contains("input_text_buffer.append")));
    }
  }

  @Test
  void marksAreHelpedWithAndMalformedOnesAreToldBeforeTheyAreSent() {
    try (Visitor visitor = visitor("en-US")) {
      Page page = speakPage(visitor);
      List<String> sent = sentBy(page);
      page.selectOption("#model", "cosyvoice-v3-flash");
      page.fill("#text", "你好");
      page.click("vb-options summary");
      page.check("#ssml");
      assertThat(page.locator("#text")).hasValue("<speak>你好</speak>");
      assertThat(page.locator("#manner-typing")).isDisabled();

      page.fill("#text", "<speak>你好<break time=500ms/></speak>");
      page.click("#speak");

      assertThat(page.locator("[role=alert]")).containsText("At character 10");
      assertTrue(sent.stream().noneMatch(frame -> frame.contains("input_text_buffer.append")));
      page.fill("#text", "<speak>你好</speak>");
      page.evaluate("document.querySelector('#text').setSelectionRange(9, 9)");
      page.click(".marks-row .chip >> nth=0");
      assertThat(page.locator("#text")).hasValue("<speak>你好<break time=\"500ms\"/></speak>");
      page.click("#speak");
      waitForState(page, "completed");
      assertTrue(sent.stream().anyMatch(frame -> frame.contains("\"enable_ssml\":true")));
      assertThat(page.locator(".reading")).hasText("你好");
    }
  }

  @Test
  void theGainIsHeardAndTheFileStaysAsItWas() {
    try (Visitor visitor = visitor("en-US")) {
      Page page = speakPage(visitor);
      page.fill("#text", "Louder or softer.");
      page.click("#speak");
      waitForState(page, "completed");
      JsonObject plain = level(page);
      page.click("vb-options summary");
      page.fill("#gain", "-12");

      page.click("#again");
      waitForState(page, "completed");

      JsonObject softer = level(page);
      double db = 20 * Math.log10(softer.getDouble("rms") / plain.getDouble("rms"));
      assertEquals(-12, db, 0.2);
    }
  }

  @Test
  void ownVoicesStandFirstWhateverTheModel() {
    try (Visitor visitor = visitor("en-US")) {
      Page page = visitor.page();
      page.route(
          Pattern.compile(".*/v1/voices\\?.*"),
          route ->
              route.fulfill(
                  new Route.FulfillOptions()
                      .setContentType("application/json")
                      .setBody(
                          """
                          {"data":[{"id":"grandma","name":"Grandma","target_model":"cosyvoice-v3.5-plus",
                          "usable":true,"tags":["family"]}],"total":1,"quota":[],"library":{}}""")));
      speakPage(visitor);
      page.selectOption("#model", "qwen3-tts-flash-realtime");
      assertThat(page.locator("input[name=voice]").first()).hasValue("grandma");

      page.check("input[name=voice][value=grandma]");

      assertThat(page.locator("#model")).hasValue("cosyvoice-v3.5-plus");
      assertThat(page.locator(".speaking-as .voice-name")).hasText("Grandma");
    }
  }

  @Test
  void anAddressMayNameAVoiceOrAProfile() {
    try (Visitor visitor = visitor("en-US")) {
      Page page = visitor.go("speak?voice=Kiki");
      assertThat(page.locator("input[name=voice][value=Kiki]")).isChecked();
      Object id =
          page.evaluate(
              """
              async () => {
                const { Profiles } = await import('/js/profiles.js');
                const profile = { name: 'Narrator', model: 'qwen3-tts-instruct-flash-realtime', voice: 'Ethan',
                  speed: 1.25, gain: -3, instructions: 'Calm.' };
                new Profiles().put(profile);
                return new Profiles().all[0].id;
              }
              """);

      page.reload();
      page.navigate(studio.address() + "#/speak?profile=" + id);

      assertThat(page.locator("input[name=voice][value=Ethan]")).isChecked();
      assertThat(page.locator("#model")).hasValue("qwen3-tts-instruct-flash-realtime");
      assertThat(page.locator("#speech-rate")).hasValue("1.25");
      assertThat(page.locator("#gain")).hasValue("-3");
      assertThat(page.locator("#instructions")).hasValue("Calm.");
    }
  }

  @Test
  void itIsPaintedWithoutWaitingForAudioCode() {
    try (Visitor visitor = visitor("en-US")) {
      Page page = visitor.page();
      List<String> asked = new CopyOnWriteArrayList<>();
      List<Route> held = new CopyOnWriteArrayList<>();
      page.onRequest(request -> asked.add(request.url()));
      page.route(Pattern.compile(".*/client/player\\.js"), held::add);

      page.navigate(
          studio.address() + "#/speak",
          new Page.NavigateOptions()
              .setWaitUntil(com.microsoft.playwright.options.WaitUntilState.COMMIT));
      page.waitForFunction(
          "() => performance.getEntriesByName('first-contentful-paint').length > 0");
      assertThat(page.locator("nav a").first()).isVisible();

      page.waitForCondition(() -> !held.isEmpty());
      held.forEach(Route::resume);
      waitForState(page, "ready");
      assertTrue(
          asked.stream().noneMatch(url -> url.contains("worklet")), "audio code before a click");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"en-US", "zh-CN"})
  void everythingUnfoldedIsAccessibleAndWhole(String locale) {
    try (Visitor visitor =
        studio.visitor(new NewContextOptions().setLocale(locale).setViewportSize(360, 740))) {
      Page page = speakPage(visitor);
      visitor.assertAccessible();
      visitor.assertNothingIsCutOff();
      page.selectOption("#model", "cosyvoice-v3-flash");
      for (Locator summary : page.locator("vb-speak summary").all()) {
        summary.click();
      }
      page.fill("#text", TALE);
      page.check("#ssml");
      page.click("#speak");
      waitForState(page, "completed");
      page.selectOption("#format", "mp3");
      assertThat(page.locator(".wire li").first()).isVisible();
      visitor.screenshot("speak-360-" + locale);
      visitor.assertAccessible();
      visitor.assertNothingIsCutOff();

      page.uncheck("#ssml");
      page.click("#manner-typing");
      page.click("#speak");
      assertThat(page.locator("#commit")).isVisible();
      visitor.assertNothingIsCutOff();
      page.click("#stop");
      page.click("#manner-whole");
      page.fill("#text", "A short one.");
      compareWith(page, "Ethan");
      page.click("#compare-make");
      assertThat(page.locator("#compare-play")).isVisible();
      visitor.screenshot("speak-360-compare-" + locale);
      visitor.assertAccessible();
      visitor.assertNothingIsCutOff();
    }
  }

  private static Visitor visitor(String locale) {
    Visitor visitor = studio.visitor(locale);
    visitor.page().addInitScript(EAR);
    return visitor;
  }

  private static Page speakPage(Visitor visitor) {
    Page page = visitor.go("speak");
    waitForState(page, "ready");
    return page;
  }

  private static void waitForState(Page page, String name) {
    page.waitForSelector("vb-speak vb-status[data-state=" + name + "]");
  }

  private static void assertSounds(Page page) {
    page.waitForFunction("() => document.querySelector('vb-player').soundingSamples > 0");
  }

  private static List<String> sentBy(Page page) {
    List<String> sent = new CopyOnWriteArrayList<>();
    page.onWebSocket(socket -> socket.onFrameSent(frame -> sent.add(frame.text())));
    return sent;
  }

  private static void compareWith(Page page, String voice) {
    if (page.locator("#compare-fold[open]").count() == 0) {
      page.click("#compare-fold > summary");
    }
    page.click("vb-compare vb-voice-pick button.pick");
    page.check("dialog input[value='" + voice + "']");
    page.click("dialog .primary");
  }

  /** Of what was handed to the audio thread last: {@code rms}, {@code peak}, {@code ms}. */
  private static JsonObject level(Page page) {
    return new JsonObject((String) page.evaluate("async () => JSON.stringify(await levelOf(-1))"));
  }

  private static double position(Page page) {
    return Double.parseDouble(page.inputValue("#compare-position"));
  }

  /** Each word that is marked until the end: where it begins, and the position when it was seen. */
  private static JsonArray watchWords(Page page) {
    return new JsonArray(
        (String)
            page.evaluate(
                """
                () => new Promise((resolve) => {
                  const seen = [];
                  const look = () => {
                    const word = document.querySelector('.reading mark').textContent;
                    const begin = document.querySelector('.reading .read').textContent.length;
                    const ms = parseFloat(document.querySelector('.position').textContent) * 1000;
                    if (word && seen.at(-1)?.begin !== begin) seen.push({ word, begin, ms });
                    const { state } = document.querySelector('vb-speak vb-status').dataset;
                    if (['completed', 'failed', 'stopped'].includes(state)) resolve(JSON.stringify(seen));
                    else requestAnimationFrame(look);
                  };
                  look();
                })
                """));
  }

  /** What the first frame of an MP3 says. */
  private static int mp3Rate(byte[] file) {
    int at = 0;
    while ((file[at] & 0xff) != 0xff || (file[at + 1] & 0xe0) != 0xe0) {
      at++;
    }
    int version = (file[at + 1] >> 3) & 3;
    int[] rates = {44_100, 48_000, 32_000};
    int rate = rates[(file[at + 2] >> 2) & 3];
    return version == 3 ? rate : version == 2 ? rate / 2 : rate / 4;
  }

  /** What the head of an Ogg Opus file says of where it came from. */
  private static int opusRate(byte[] file) {
    String text = new String(file, java.nio.charset.StandardCharsets.ISO_8859_1);
    int at = text.indexOf("OpusHead");
    assertTrue(at > 0, "no Opus");
    return java.nio.ByteBuffer.wrap(file).order(java.nio.ByteOrder.LITTLE_ENDIAN).getInt(at + 12);
  }
}
