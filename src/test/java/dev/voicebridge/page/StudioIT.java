package dev.voicebridge.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.FrameLocator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What all pages of the studio have in common. */
@Timeout(120)
class StudioIT {
  private static final List<String> VIEWS =
      List.of("clone", "design", "library", "speak", "talk", "script", "profiles", "use");
  private static final int WEIGHT = 300_000;

  private static final Vertx VERTX = Vertx.vertx();
  private static HttpServer other;
  private static Studio studio;

  private Visitor visitor;
  private Page page;

  /** The server, and a site of another origin that may frame its page. */
  @BeforeAll
  static void start() throws Exception {
    other = VERTX.createHttpServer();
    other.requestHandler(
        request ->
            request
                .response()
                .putHeader("content-type", "text/html")
                .end(
                    "<!doctype html><title>A site</title><iframe width=900 height=700"
                        + " allow=microphone src='"
                        + studio.address()
                        + "#/speak'></iframe>"));
    other.listen(0, "127.0.0.1").await(10, TimeUnit.SECONDS);
    studio =
        Studio.with("VOICEBRIDGE_ALLOWED_ORIGINS", "http://127.0.0.1:" + other.actualPort())
            .start();
  }

  @AfterAll
  static void stop() throws Exception {
    studio.close();
    VERTX.close().await(10, TimeUnit.SECONDS);
  }

  @AfterEach
  void theConsoleIsClean() {
    visitor.close();
  }

  private void enter(String locale) {
    visitor = studio.visitor(locale);
    page = visitor.page();
  }

  @Test
  void itOpensOnTheWayToAClone() {
    enter("en-US");
    page.navigate(studio.address().toString());

    page.waitForSelector("vb-clone > *");
    assertThat(page.locator("nav a[aria-current=page]")).hasText("Clone");
    assertThat(page).hasTitle("Clone – Voicebridge");
  }

  @Test
  void allPagesTogetherWeighLessThan300KilobytesOnTheWire() {
    enter("en-US");
    List<Response> answers = new ArrayList<>();
    page.onResponse(answers::add);
    for (String view : VIEWS) {
      visitor.go(view);
    }

    page.waitForLoadState(com.microsoft.playwright.options.LoadState.NETWORKIDLE);
    int files = 0;
    long bytes = 0;
    for (Response answer : answers) {
      if (!answer.url().contains("/v1/")) {
        answer.finished();
        files++;
        bytes += answer.request().sizes().responseBodySize;
      }
    }
    assertTrue(files > 40, () -> "only few files: " + answers.size());
    assertTrue(bytes > 50_000 && bytes < WEIGHT, bytes + " bytes");
  }

  @Test
  void theFirstPaintWaitsForNoSound() {
    enter("en-US");
    List<String> beforePaint = new ArrayList<>();
    page.navigate(studio.address().toString());
    page.waitForSelector("vb-clone > *");
    // What the browser had asked for when it first drew something.
    Object asked =
        page.evaluate(
            """
            () => {
              const paint = performance.getEntriesByName('first-contentful-paint')[0].startTime;
              return performance.getEntriesByType('resource')
                .filter((entry) => entry.responseEnd < paint && entry.name.includes('worklet'))
                .map((entry) => entry.name);
            }
            """);

    assertEquals(beforePaint, asked);
    assertEquals(
        0,
        page.evaluate(
            "performance.getEntriesByType('resource').filter((e) => e.name.includes('worklet')).length"));
  }

  @Test
  void nothingIsLostByLookingElsewhere() {
    enter("en-US");
    visitor.go("speak");
    page.fill("#text", "Half a thought");
    page.click("nav a[href='#/use']");
    assertThat(page.locator("vb-speak")).isHidden();
    page.click("nav a[href='#/speak']");

    assertThat(page.locator("#text")).hasValue("Half a thought");
    assertThat(page.locator("vb-use")).isHidden();
  }

  @Test
  void theKeysOfAPageThatIsHiddenDoNothing() {
    enter("en-US");
    visitor.go("speak");
    page.fill("#text", "Not to be spoken.");
    List<String> sent = new ArrayList<>();
    page.onWebSocket(socket -> socket.onFrameSent(frame -> sent.add(frame.text())));
    page.click("nav a[href='#/script']");
    page.click("#script-text");
    page.keyboard().press("Control+Enter");
    page.waitForTimeout(500);

    assertTrue(sent.stream().noneMatch(frame -> frame.contains("append")), sent.toString());
  }

  @Test
  void aDialogGoesWithItsPage() {
    enter("en-US");
    visitor.go("speak");
    page.click("nav a[href='#/use']");
    page.click("#use-voice button");
    assertThat(page.locator("dialog[open]")).isVisible();

    page.goBack();

    assertThat(page.locator("dialog[open]")).hasCount(0);
    page.click("#speak");
    page.waitForSelector("vb-status[data-state=heard]");
  }

  @Test
  void anAddressThatIsNoPageIsTheFirst() {
    enter("en-US");
    page.navigate(studio.address() + "#/toString");

    page.waitForSelector("vb-clone > *");
    page.click("nav a[href='#/use']");
    page.waitForSelector("vb-use > *");
  }

  @Test
  void aPageThatDoesNotComeSaysSoAndTheOtherOneStays() {
    enter("en-US");
    visitor.go("use");
    page.route("**/views/design.js", route -> route.abort());
    page.click("nav a[href='#/design']");

    assertThat(page.getByText("This page could not be loaded.")).isVisible();
    assertThat(page.locator("nav a[aria-current=page]")).hasText("Use it");
    visitor.forgive("ERR_FAILED");
  }

  @Test
  void whoBringsAVendorKeySpeaksWithItAndTheServersVoicesAreNotTheirs() {
    enter("en-US");
    visitor.go("speak");
    List<String> sent = new ArrayList<>();
    page.onWebSocket(socket -> socket.onFrameSent(frame -> sent.add(frame.text())));
    List<String> shown = new ArrayList<>();
    page.onRequest(
        request -> {
          if (request.headers().containsKey("x-provider-key")) {
            shown.add(request.url());
          }
        });
    page.click("#keys");
    page.fill("#provider-key", "sk-of-a-visitor");
    page.keyboard().press("Enter");
    assertThat(page.locator("#keys")).hasAttribute("aria-label", "Your own vendor key is in use");

    page.fill("#text", "On my own account.");
    page.click("#speak");

    page.waitForCondition(
        () -> sent.stream().anyMatch(frame -> frame.contains("session.authenticate")));
    assertTrue(sent.get(0).contains("sk-of-a-visitor"), "it comes first");
    assertTrue(shown.stream().allMatch(url -> url.contains("/v1/voices")), shown.toString());
    assertEquals(
        0,
        page.evaluate(
            "Object.values({...localStorage, ...sessionStorage}).filter((v) => v.includes('sk-of')).length"));
    // The guest refuses a key that isn't its own: that is what a wrong key looks like.
    page.waitForSelector("vb-status[data-state=failed], vb-status[data-state=completed]");
    visitor.forgive("Failed to load resource");
  }

  @Test
  void aSiteThatIsAllowedMayFrameItAndThereIsAWayOut() {
    enter("en-US");
    page.navigate("http://127.0.0.1:" + other.actualPort() + "/");
    FrameLocator frame = page.frameLocator("iframe");
    assertThat(frame.locator("#speak")).isVisible();

    assertThat(frame.getByText("Open in a window of its own"))
        .hasAttribute("href", studio.address() + "#/speak");
    visitor.forgive("favicon");
  }

  @Test
  void everyPageFitsAndCanBeUsedWithoutEyes() {
    for (String locale : List.of("en-US", "zh-CN")) {
      visitor = studio.visitor(new NewContextOptions().setViewportSize(360, 800).setLocale(locale));
      for (String view : VIEWS) {
        page = visitor.go(view);
        page.waitForLoadState(com.microsoft.playwright.options.LoadState.NETWORKIDLE);
        visitor.assertAccessible();
        visitor.assertNothingIsCutOff();
        visitor.screenshot("studio-" + view + "-360-" + locale);
      }
      visitor.close();
    }
  }
}
