package dev.voicebridge.page;

import com.microsoft.playwright.Browser.NewContextOptions;
import dev.voicebridge.FreshServer;
import java.net.URI;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A fresh server and a browser for its page; started and closed as {@link FreshServer} is, by
 * {@code @RegisterExtension} or by hand.
 */
final class Studio implements BeforeAllCallback, AfterAllCallback, AutoCloseable {
  private final FreshServer server;
  private @Nullable Browser browser;

  private Studio(FreshServer server) {
    this.server = server;
  }

  /**
   * @param namesAndValues settings of the server
   */
  static Studio with(String... namesAndValues) {
    return new Studio(FreshServer.with(namesAndValues));
  }

  Studio start() {
    server.start();
    browser = Browser.open();
    return this;
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    start();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    close();
  }

  @Override
  public void close() {
    if (browser != null) {
      browser.close();
    }
    server.close();
  }

  /** Of the page; ends with a slash. */
  URI address() {
    return server.uri("/");
  }

  Browser browser() {
    return Objects.requireNonNull(browser, "not started");
  }

  /**
   * @param locale {@code en-US}, {@code zh-CN}
   */
  Visitor visitor(String locale) {
    return new Visitor(browser(), address(), locale);
  }

  Visitor visitor(NewContextOptions options) {
    return new Visitor(browser(), address(), options);
  }
}
