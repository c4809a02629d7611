package dev.voicebridge.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The Talk page: a language model that is heard while it writes, and talked over. */
@Timeout(180)
class TalkIT {
  @RegisterExtension static final Studio studio = Studio.with();
  private static final Pattern DOOR = Pattern.compile(".*/v1/realtime\\?.*");
  private static final int LEVEL = 8_000;

  /** Events of the page's sessions, oldest first. */
  private final List<JsonObject> sent = new CopyOnWriteArrayList<>();

  private final List<JsonObject> told = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void start() {
    PlaywrightAssertions.setDefaultAssertionTimeout(30_000);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "voice=Cherry&model=qwen3-tts-flash-realtime",
        "voice=longanyang&model=cosyvoice-v3-flash"
      })
  void aQuestionIsAnsweredAloudAndMarkedAsItIsHeard(String voice) {
    try (Visitor visitor = visitor("en-US")) {
      SoundTap tap = SoundTap.on(visitor.page());
      Page page = visitor.go("talk?" + voice);
      page.fill("#talk-prompt", "Tell me a story");
      page.keyboard().press("Enter");

      Locator answer = page.locator(".them");
      assertThat(answer.locator(".said")).containsText("Once upon a time");
      tap.waitForSound();
      assertThat(answer).hasAttribute("data-state", "speaking");
      assertThat(page.locator(".talk-foot .state")).hasText("Speaking");
      page.waitForFunction(
          "() => document.querySelector('.them .heard').textContent.includes('Once upon')");
      assertThat(answer.locator("mark")).hasText(Pattern.compile("\\w+"));
      assertFalse(answer.locator(".rest").textContent().isEmpty(), "the text runs ahead");
      assertThat(answer.locator(".times")).containsText("First word after");
      JsonObject prompt = told("response.create", sent).get(0).getJsonObject("response");
      assertTrue(prompt.getString("instructions").startsWith("You are a friendly companion."));
      assertEquals("user", message(prompt, 0).getString("role"));
      page.keyboard().press("Escape");
      assertThat(answer).hasAttribute("data-state", "cut");
    }
  }

  @Test
  void anAnswerThatWasHeardToItsEndIsTold() {
    try (Visitor visitor = visitor("en-US")) {
      Page page = talkPage(visitor);
      page.fill("#talk-prompt", "Hello");
      page.click("#talk-send");

      assertThat(page.locator(".them")).hasAttribute("data-state", "done");
      assertThat(page.locator(".them .heard")).hasText(Pattern.compile("^Hello! .*today\\?$"));
      assertThat(page.locator(".talk-foot .state")).hasText("Done");
      assertThat(page.locator("#talk-stop")).isHidden();
      page.fill("#talk-prompt", "Count to 3");
      page.click("#talk-send");

      page.waitForCondition(() -> told("response.create", sent).size() == 2);
      JsonObject prompt = told("response.create", sent).get(1).getJsonObject("response");
      assertEquals(3, prompt.getJsonArray("messages").size());
      assertEquals("assistant", message(prompt, 1).getString("role"));
      assertEquals(
          page.locator(".them .heard").first().textContent(),
          message(prompt, 1).getString("content"));
      assertThat(page.locator(".them").nth(1)).hasAttribute("data-state", "done");
      page.locator(".them").first().getByText("Hear again").click();
      assertThat(page.locator(".them").first()).hasAttribute("data-state", "speaking");
      assertThat(page.locator(".them").first()).hasAttribute("data-state", "done");
    }
  }

  @Test
  void theNextPromptCutsOffAndTheModelIsToldOnlyWhatWasHeard() {
    try (Visitor visitor = visitor("en-US")) {
      Page page = talkPage(visitor);
      page.fill("#talk-prompt", "Tell me a story");
      page.keyboard().press("Enter");
      page.waitForFunction(
          "() => document.querySelector('.them .heard').textContent.split(' ').length > 5");

      page.fill("#talk-prompt", "Count to 5");
      assertThat(page.locator("#talk-send")).hasText("Talk over it");
      page.keyboard().press("Enter");

      Locator first = page.locator(".them").first();
      Locator second = page.locator(".them").nth(1);
      assertThat(second.locator(".said")).containsText("1, 2, 3, 4, 5.");
      assertThat(first).hasAttribute("data-state", "cut");
      assertThat(first).containsText("the model is told only what was heard");
      String heard = first.locator(".heard").textContent();
      assertThat(first.locator(".rest")).hasText(Pattern.compile("\\w"));
      JsonObject cancel = told("response.cancel", sent).get(0);
      assertTrue(cancel.getInteger("played_ms") > 0, cancel::encode);
      JsonObject prompt = told("response.create", sent).get(1).getJsonObject("response");
      assertEquals(heard.strip(), message(prompt, 1).getString("content"));
      assertEquals("Count to 5", message(prompt, 2).getString("content"));

      // After its end the server says nothing of the first any more.
      assertThat(second).hasAttribute("data-state", "done");
      List<JsonObject> dones = told("response.done", told);
      assertEquals("cancelled", dones.get(0).getJsonObject("response").getString("status"));
      String id = dones.get(0).getJsonObject("response").getString("id");
      List<JsonObject> later = told.subList(told.indexOf(dones.get(0)) + 1, told.size());
      assertEquals(
          List.of(),
          later.stream().filter(event -> id.equals(event.getString("response_id"))).toList());
      assertEquals(heard, first.locator(".heard").textContent());
    }
  }

  @Test
  void nothingOfTheFirstIsHeardAfterTheSecondWasSent() {
    try (Visitor visitor = visitor("en-US")) {
      Page page = visitor.page();
      SoundTap tap = SoundTap.on(page);
      List<ScriptedVoice> voices = new CopyOnWriteArrayList<>();
      page.routeWebSocket(
          DOOR,
          socket ->
              voices.add(
                  new ScriptedVoice(
                      socket,
                      text -> text.startsWith("No") ? 2 : 8,
                      text -> text.startsWith("No") ? -LEVEL : LEVEL)));
      visitor.go("talk");
      assertThat(page.locator(".talk-foot .state")).hasText("Ready");
      page.fill("#talk-prompt", "Yes, and so on and on and on");
      page.keyboard().press("Enter");
      tap.waitForSound();
      page.fill("#talk-prompt", "No");

      double soundedOnMs = tap.soundsOnAfter("document.querySelector('#talk-send').click()");

      assertTrue(soundedOnMs < 100, () -> "the first sounded on for " + soundedOnMs + " ms");
      tap.waitForSoundBelow();
      assertEquals(1, voices.get(0).cancels().size());
      assertTrue(voices.get(0).cancels().get(0).getInteger("played_ms") > 0);
    }
  }

  @Test
  void aServerWithoutALanguageModelSaysWhatIsMissing() {
    try (Visitor visitor = visitor("zh-CN")) {
      Page page = visitor.page();
      List<ScriptedVoice> voices = new CopyOnWriteArrayList<>();
      page.routeWebSocket(
          DOOR,
          socket -> {
            ScriptedVoice voice = new ScriptedVoice(socket, text -> 1, text -> LEVEL);
            voice.answers(prompt -> voices.get(0).prompts().size() > 1 ? "好的，马上。" : "");
            voices.add(voice);
          });
      visitor.go("talk");
      page.locator(".talk-empty .chip").nth(1).click();

      Locator complaint = page.locator(".them [data-code=llm_not_configured]");
      assertThat(complaint).containsText("没有可用的语言模型。");
      assertThat(complaint).containsText("Set LLM_BASE_URL and LLM_API_KEY.");
      assertThat(page.locator(".them .said")).isHidden();
      visitor.assertAccessible();
      visitor.screenshot("talk-without-a-model");

      complaint.locator("[data-retry]").click();
      assertThat(page.locator(".them .said")).containsText("好的，马上。");
      assertThat(page.locator(".turn")).hasCount(1);
      // What failed was never asked.
      assertEquals(1, voices.get(0).prompts().get(1).getJsonArray("messages").size());
    }
  }

  @Test
  void itIsUsedWithTheKeyboardAlone() {
    try (Visitor visitor = visitor("en-US")) {
      Page page = talkPage(visitor);
      visitor.tabTo("#talk-prompt");
      page.keyboard().type("Tell me");
      page.keyboard().press("Shift+Enter");
      page.keyboard().type("a story");
      assertThat(page.locator("#talk-prompt")).hasValue("Tell me\na story");
      assertThat(page.locator(".turn")).hasCount(0);
      page.keyboard().press("Enter");

      assertThat(page.locator(".you")).containsText("Tell me");
      assertThat(page.locator("#talk-prompt")).hasValue("");
      assertThat(page.locator("#talk-prompt")).isFocused();
      visitor.tabTo("#talk-stop");
      page.keyboard().press("Enter");
      assertThat(page.locator(".them")).hasAttribute("data-state", "cut");
      assertThat(page.locator("#talk-prompt")).isFocused();

      visitor.tabTo("#talk-clear");
      page.keyboard().press("Enter");
      assertThat(page.locator(".turn")).hasCount(0);
      assertThat(page.locator(".talk-empty")).isVisible();
      page.click(".toast button");
      assertThat(page.locator(".turn")).hasCount(1);
      assertThat(page.locator(".them")).hasAttribute("data-state", "cut");
    }
  }

  @Test
  void theLanguageChangesWithoutTheConversation() {
    try (Visitor visitor = visitor("en-US")) {
      Page page = talkPage(visitor);
      page.fill("#talk-prompt", "Hello");
      page.keyboard().press("Enter");
      assertThat(page.locator(".them")).hasAttribute("data-state", "done");
      String answer = page.locator(".them .said").innerText();

      page.getByText("中文").click();

      assertThat(page.locator("vb-talk h2")).hasText("对话");
      assertThat(page).hasTitle("对话 – Voicebridge");
      assertThat(page.locator(".talk-foot .state")).hasText("说完了");
      assertThat(page.locator("#talk-role")).hasValue(Pattern.compile("聊天伙伴"));
      assertThat(page.locator(".times")).containsText("首字");
      assertEquals(answer, page.locator(".them .said").innerText());
    }
  }

  @Test
  void whoAnswersAndWithWhichVoiceIsChosenHere() {
    try (Visitor visitor = visitor("en-US")) {
      Page page = talkPage(visitor);
      page.getByText("Storyteller").click();
      assertThat(page.locator("#talk-role"))
          .hasValue(Pattern.compile("You are a warm storyteller for children\\..*"));
      page.click("#talk-voice button.pick");
      page.locator("dialog[open] .voice").nth(2).click();
      String name = page.locator("dialog[open] .voice").nth(2).locator("b").innerText();
      page.getByText("Take this voice").click();
      assertThat(page.locator("#talk-voice .voice-name")).containsText(name);
      page.fill("#talk-prompt", "Who are you?");
      page.keyboard().press("Enter");

      assertThat(page.locator(".said")).containsText("warm storyteller for children");
      page.waitForCondition(() -> !told("response.created", told).isEmpty());
      assertEquals(
          told("session.updated", told).stream()
              .reduce((a, b) -> b)
              .orElseThrow()
              .getJsonObject("session")
              .getString("voice"),
          told("response.created", told).get(0).getJsonObject("response").getString("voice"));
    }
  }

  @ParameterizedTest
  @CsvSource({"360, zh-CN, LIGHT", "360, en-US, DARK", "1440, zh-CN, DARK", "1440, en-US, LIGHT"})
  void itIsAccessibleAndWhole(int width, String locale, ColorScheme scheme) {
    boolean chinese = locale.equals("zh-CN");
    try (Visitor visitor =
        studio.visitor(
            new NewContextOptions()
                .setViewportSize(width, 800)
                .setLocale(locale)
                .setColorScheme(scheme))) {
      Page page = talkPage(visitor);
      visitor.assertAccessible();
      visitor.assertNothingIsCutOff();
      page.fill("#talk-prompt", chinese ? "讲个故事吧" : "Tell me a story");
      page.keyboard().press("Enter");
      page.waitForFunction("() => document.querySelector('.them .heard').textContent.length > 9");
      visitor.assertAccessible();
      page.fill("#talk-prompt", chinese ? "番茄炒蛋怎么做？" : "How do I make tomato and eggs?");
      page.keyboard().press("Enter");
      page.waitForFunction(
          "() => document.querySelectorAll('.them .heard')[1]?.textContent.length > 9");

      visitor.assertAccessible();
      visitor.assertNothingIsCutOff();
      visitor.screenshot("talk-%d-%s-%s".formatted(width, locale, scheme));
    }
  }

  private Visitor visitor(String locale) {
    Visitor visitor = studio.visitor(locale);
    visitor
        .page()
        .onWebSocket(
            socket -> {
              socket.onFrameSent(frame -> note(frame.text(), sent));
              socket.onFrameReceived(frame -> note(frame.text(), told));
            });
    return visitor;
  }

  private static void note(String text, List<JsonObject> where) {
    if (text != null && text.startsWith("{")) {
      where.add(new JsonObject(text));
    }
  }

  private static List<JsonObject> told(String type, List<JsonObject> events) {
    return events.stream().filter(event -> event.getString("type").equals(type)).toList();
  }

  private static JsonObject message(JsonObject prompt, int at) {
    JsonArray messages = prompt.getJsonArray("messages");
    return messages.getJsonObject(at);
  }

  private static Page talkPage(Visitor visitor) {
    Page page = visitor.go("talk");
    assertThat(page.locator(".talk-foot .state")).hasText(Pattern.compile("Ready|可以开始了"));
    return page;
  }
}
