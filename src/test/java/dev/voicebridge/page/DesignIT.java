package dev.voicebridge.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static com.microsoft.playwright.assertions.PlaywrightAssertions.setDefaultAssertionTimeout;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From a description to a voice that is kept, at the embedded vendor. */
@Timeout(180)
class DesignIT {
  @RegisterExtension static final Studio studio = Studio.with();
  private static VoicesOverHttp voices;

  @BeforeAll
  static void start() {
    setDefaultAssertionTimeout(20_000);
    voices = new VoicesOverHttp(studio.address());
  }

  @Test
  void aDescriptionBecomesTakesToCompareAndOneIsKept() throws Exception {
    try (Visitor visitor = studio.visitor("en-US")) {
      Page page = open(visitor);
      page.click("text=female voice");
      page.click("text=low pitch");
      page.click("text=for audiobooks");
      assertThat(page.locator("#description")).hasValue("female voice, low pitch, for audiobooks");
      assertThat(page.locator("#description-verdict")).hasText("Good to go.");

      page.click("#hear");

      Locator first = take(page, 1);
      assertThat(first).hasAttribute("data-playing", "");
      assertTrue(
          ((Number) first.locator("rect").count()).intValue() > 20, "an outline of what it says");
      page.waitForFunction("() => document.querySelectorAll('vb-take .heard').length > 1");

      page.click("text=husky");
      page.click("#hear");

      Locator second = take(page, 2);
      assertThat(second.locator("ins")).hasText(", husky");
      assertThat(first).not().hasAttribute("data-playing", "");
      assertThat(second).hasAttribute("data-playing", "");
      second.locator(".play").click();
      assertThat(second).not().hasAttribute("data-playing", "");
      first.locator(".play").click();
      assertThat(first).hasAttribute("data-playing", "");

      second.locator(".keep").click();
      page.keyboard().type("The reader");
      page.keyboard().press("Enter");

      assertThat(second.locator(".kept")).containsText("The reader");
      String id = second.locator(".voice-id").textContent();
      assertThat(second.locator("a")).hasAttribute("href", "#/speak?voice=" + id);
      assertEquals("The reader", voices.get(id).getString("name"));
      assertFalse(voices.get(id).getBoolean("take"));
      visitor.screenshot("design-kept");
      visitor.assertAccessible();

      String other = voices.idOf("Take 1");
      assertTrue(voices.get(other).getBoolean("take"));
      first.locator(".discard").click();
      assertThat(first).isHidden();
      assertThat(page.locator("vb-toast")).containsText("“Take 1” is deleted");
      page.navigate("about:blank");
      voices.awaitGone(other);
      assertEquals("The reader", voices.get(id).getString("name"));
      voices.delete(id);
    }
  }

  @Test
  void aDiscardedTakeComesBackUntilTheUndoIsGoneAndThenIsGoneAtTheServer() throws Exception {
    try (Visitor visitor = studio.visitor("en-US")) {
      Page page = open(visitor);
      page.fill("#description", "A calm man of about 40, mellow and slow; for documentaries.");
      page.click("#hear");
      Locator card = take(page, 1);
      assertThat(card.locator(".discard")).isVisible();
      String id = voices.idOf("Take 1");

      card.locator(".discard").click();
      assertThat(card).isHidden();
      page.click("vb-toast button");
      assertThat(card).isVisible();
      assertEquals("Take 1", voices.get(id).getString("name"));

      card.locator(".discard").click();
      voices.awaitGone(id);
      assertThat(page.locator("vb-take")).hasCount(0);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"en-US", "zh-CN"})
  void everyBadExampleIsExplainedAndNoGoodOneIs(String locale) {
    try (Visitor visitor = studio.visitor(locale)) {
      Page page = open(visitor);
      page.click("summary");
      assertThat(page.locator(".bad li")).hasCount(4);
      for (String bad : page.locator(".bad li p:first-child").allTextContents()) {
        page.fill("#description", bad);
        assertThat(page.locator("#description-verdict .advice li").first()).isVisible();
        String told = page.locator("#description-verdict .advice").textContent();
        assertEquals(locale.equals("zh-CN"), told.matches("(?s).*[\\u4e00-\\u9fff].*"), told);
        page.fill("#description", "");
        assertThat(page.locator("#description-verdict .advice")).hasCount(0);
      }
      List<Locator> good = page.locator(".good button").all();
      assertEquals(3, good.size());
      for (Locator button : good) {
        button.click();
        assertThat(page.locator("#description-verdict .fine")).isVisible();
        page.fill("#description", "");
        assertThat(page.locator("#description-verdict .fine")).hasCount(0);
      }
    }
  }

  @Test
  void nothingIsAskedOfTheVendorWhileTheDescriptionIsBad() {
    try (Visitor visitor = studio.visitor("en-US")) {
      Page page = open(visitor);
      List<String> asked = new ArrayList<>();
      page.onRequest(
          request -> {
            if (request.method().equals("POST") && request.url().endsWith("/v1/voices")) {
              asked.add(request.url());
            }
          });
      page.click("#hear");
      assertThat(page.locator("#description")).isFocused();
      assertThat(page.locator(".ordering")).containsText("Describe the voice first.");

      page.fill("#description", "Sounds like Taylor Swift.");
      assertThat(page.locator("#description-verdict")).containsText("imitate a real person");
      page.click("#hear");
      assertThat(page.locator(".ordering")).containsText("Change the description first");

      page.fill("#description", "x".repeat(501));
      assertThat(page.locator("#description-count")).hasText("501 / 500");
      assertThat(page.locator("#description-count")).hasAttribute("data-over", "");
      page.fill("#preview-text", "Hi");
      assertThat(page.locator("#preview-text-verdict")).containsText("15–200");
      assertEquals(List.of(), asked);
    }
  }

  @Test
  void aRefusalOfTheVendorIsSaidInWordsAndTheDescriptionStays() {
    try (Visitor visitor = studio.visitor("zh-CN")) {
      Page page = open(visitor);
      page.route(
          Pattern.compile(".*/v1/voices$"),
          route -> {
            if (!route.request().method().equals("POST")) {
              route.resume();
              return;
            }
            route.fulfill(
                new com.microsoft.playwright.Route.FulfillOptions()
                    .setStatus(409)
                    .setContentType("application/json")
                    .setBody(
                        """
                        {"error":{"code":"voice_quota_reached","message":"No place is left.",
                        "message_zh":"名额已满。","hint":"Delete a voice.","hint_zh":"请删除一个音色。"}}"""));
          });
      page.fill("#description", "三十岁左右的女声，语速从容，音质圆润，适合有声书。");
      page.click("#hear");

      assertThat(page.locator(".ordering [role=alert]")).containsText("名额已满。");
      assertThat(page.locator(".ordering [role=alert]")).containsText("请删除一个音色。");
      assertThat(page.locator("#description")).hasValue(Pattern.compile("三十岁"));
      visitor.forgive("409");
    }
  }

  @Test
  void thePreviewTextFollowsTheLanguageUntilItIsChanged() {
    try (Visitor visitor = studio.visitor("en-US")) {
      Page page = open(visitor);
      assertThat(page.locator("#preview-text")).hasValue(Pattern.compile("rained a little"));
      page.selectOption("#design-language", "ja");
      assertThat(page.locator("#preview-text")).hasValue(Pattern.compile("昨夜"));
      page.fill("#preview-text", "My own words, and enough of them.");
      page.selectOption("#design-language", "fr");
      assertThat(page.locator("#preview-text")).hasValue("My own words, and enough of them.");
      page.selectOption("#design-model", "qwen3-tts-vd-realtime-2026-01-15");
      assertThat(page.locator(".cost")).containsText("Qwen");
    }
  }

  @Test
  void anExampleIsTakenOverAndWhatItReplacedComesBack() {
    try (Visitor visitor = studio.visitor("en-US")) {
      Page page = open(visitor);
      page.fill("#description", "My own words.");
      page.click("summary");
      page.locator(".good button").first().click();
      assertThat(page.locator("#description")).hasValue(Pattern.compile("A calm woman"));
      page.click("vb-toast button");
      assertThat(page.locator("#description")).hasValue("My own words.");

      page.reload();
      assertThat(page.locator("#description")).hasValue("My own words.");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"en-US", "zh-CN"})
  void itIsAccessibleAndWholeAtEveryWidth(String locale) throws Exception {
    for (Map.Entry<Integer, ColorScheme> look :
        Map.of(
                360, ColorScheme.LIGHT,
                768, ColorScheme.DARK,
                1440, ColorScheme.LIGHT)
            .entrySet()) {
      NewContextOptions options =
          new NewContextOptions()
              .setLocale(locale)
              .setViewportSize(look.getKey(), 800)
              .setColorScheme(look.getValue());
      try (Visitor visitor = studio.visitor(options)) {
        Page page = open(visitor);
        page.click("summary");
        page.locator(".chip").nth(1).click();
        assertThat(page.locator(".fine")).isVisible();
        visitor.assertAccessible();
        visitor.assertNothingIsCutOff();
        page.click("#hear");
        take(page, 1).locator(".keep").click();
        visitor.assertAccessible();
        visitor.assertNothingIsCutOff();
        page.fill("#description", "1234567");
        assertThat(page.locator(".advice")).isVisible();
        visitor.assertAccessible();
        visitor.screenshot("design-%d-%s".formatted(look.getKey(), locale));
      }
    }
    voices.deleteAll();
  }

  @Test
  void everythingWorksFromTheKeyboard() throws Exception {
    try (Visitor visitor = studio.visitor("en-US")) {
      Page page = open(visitor);
      visitor.tabTo("#description");
      page.keyboard().type("a teacher");
      visitor.tabTo(".chip");
      page.keyboard().press("Space");
      assertThat(page.locator(".chip").first()).hasAttribute("aria-pressed", "true");
      assertThat(page.locator("#description")).hasValue("a teacher, female voice");
      page.keyboard().press("Space");
      assertThat(page.locator("#description")).hasValue("a teacher");
      page.keyboard().press("Enter");
      visitor.tabTo("#hear");
      page.keyboard().press("Enter");
      assertThat(take(page, 1)).isVisible();
      visitor.tabTo(".discard");
      page.keyboard().press("Enter");
      assertThat(page.locator("vb-toast")).containsText("Take 1");
    }
    voices.deleteAll();
  }

  private static Page open(Visitor visitor) {
    Page page = visitor.go("design");
    page.waitForFunction("() => document.querySelector('#design-model').value !== ''");
    return page;
  }

  private static Locator take(Page page, int number) {
    page.waitForSelector("vb-take >> nth=" + (number - 1));
    return page.locator(
        "vb-take", new Page.LocatorOptions().setHasText(Pattern.compile("(Take|第) ?" + number)));
  }
}
