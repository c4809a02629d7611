package dev.voicebridge.page;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Somebody at the page, in a browser profile of their own. Closing it checks that the console
 * stayed clean.
 */
final class Visitor implements AutoCloseable {
  private static final Path SCREENSHOTS = Path.of("target/screenshots");
  private static final Set<String> GRAVE = Set.of("serious", "critical");

  private final URI address;
  private final BrowserContext context;
  private final Page page;
  private final List<String> complaints = new ArrayList<>();

  /**
   * @param locale {@code en-US}, {@code zh-CN}
   */
  Visitor(Browser browser, URI address, String locale) {
    this(browser, address, new NewContextOptions().setLocale(locale));
  }

  Visitor(Browser browser, URI address, NewContextOptions options) {
    this.address = address;
    context = browser.chromium().newContext(options);
    context.setDefaultTimeout(20_000);
    page = context.newPage();
    page.onConsoleMessage(
        message -> {
          if (List.of("error", "warning").contains(message.type())) {
            complaints.add(message.text());
          }
        });
    page.onPageError(complaints::add);
  }

  Page page() {
    return page;
  }

  BrowserContext context() {
    return context;
  }

  /**
   * Opens a page of the studio and waits until it is built.
   *
   * @param view {@code clone}, {@code speak} …
   */
  Page go(String view) {
    page.navigate(address + "#/" + view);
    page.waitForSelector("vb-" + view.split("\\?", 2)[0] + " > *");
    return page;
  }

  /** What the browser itself says of a failure that the test has made. */
  void forgive(String part) {
    complaints.removeIf(complaint -> complaint.contains(part));
  }

  /** No serious fault of accessibility in what is shown. */
  void assertAccessible() {
    List<String> faults =
        new AxeBuilder(page)
            .analyze().getViolations().stream()
                .filter(rule -> GRAVE.contains(rule.getImpact()))
                .map(Visitor::told)
                .toList();
    assertEquals(List.of(), faults);
  }

  private static String told(Rule rule) {
    return rule.getId()
        + ": "
        + rule.getNodes().stream().map(node -> String.valueOf(node.getTarget())).toList();
  }

  /** Nothing to scroll sideways to, and no words that end in the middle. */
  void assertNothingIsCutOff() {
    assertEquals(
        page.evaluate("document.documentElement.clientWidth"),
        page.evaluate("document.documentElement.scrollWidth"),
        "scrolls sideways");
    assertEquals(
        List.of(),
        page.evaluate(
            """
            () => [...document.querySelectorAll('main button, main label, main a, main h2, main h3, main p, nav a')]
              .filter((node) => node.checkVisibility() && node.scrollWidth > node.clientWidth + 1
                && getComputedStyle(node).overflowX !== 'visible' && node.clientWidth > 1)
              .map((node) => `${node.tagName} ${node.textContent.trim()}`)
            """));
  }

  /** Written to {@code target/screenshots}, to be looked at. */
  void screenshot(String name) {
    page.screenshot(
        new Page.ScreenshotOptions().setPath(SCREENSHOTS.resolve(name + ".png")).setFullPage(true));
  }

  void tabTo(String selector) {
    for (int i = 0; i < 120; i++) {
      page.keyboard().press("Tab");
      Object reached = page.evaluate("s => document.activeElement.matches(s)", selector);
      if (Boolean.TRUE.equals(reached)) {
        return;
      }
    }
    throw new AssertionError("Tab does not reach " + selector);
  }

  @Override
  public void close() {
    context.close();
    assertEquals(List.of(), complaints);
  }
}
