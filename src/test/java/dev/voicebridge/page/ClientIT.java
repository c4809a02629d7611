package dev.voicebridge.page;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The client module in a page of another origin, in a real Chromium. */
@Timeout(120)
class ClientIT {
  /** Long enough that it can be stopped in the middle. */
  private static final String LONG = "And the river went on and on, past the old mill. ".repeat(10);

  private static final String HTML =
      """
      <!doctype html><html lang="en"><head><title>Elsewhere</title></head>
      <body><button>Speak</button><script type="module" src="/page.js"></script></body></html>
      """;

  private static final Vertx VERTX = Vertx.vertx();
  private static Studio studio;
  private static int allowed;
  private static int foreign;

  private final List<String> complaints = new ArrayList<>();
  private final List<String> said = new ArrayList<>();
  private BrowserContext context;
  private Page page;
  private SoundTap tap;

  @BeforeAll
  static void start() throws Exception {
    try (ServerSocket free = new ServerSocket(0)) {
      allowed = free.getLocalPort();
    }
    studio = Studio.with("VOICEBRIDGE_ALLOWED_ORIGINS", "http://127.0.0.1:" + allowed).start();
    serve(allowed);
    foreign = serve(0);
  }

  /** A site of somebody else, with a policy as strict as it can be. */
  private static int serve(int port) throws Exception {
    String address = studio.address().toString().replaceAll("/$", "");
    String example = example(address);
    String policy =
        "default-src 'none'; script-src 'self' %s; connect-src %s %s"
            .formatted(address, address, address.replace("http", "ws"));
    HttpServer server =
        VERTX
            .createHttpServer()
            .requestHandler(
                request -> {
                  boolean script = request.path().endsWith(".js");
                  request
                      .response()
                      .putHeader("content-type", script ? "text/javascript" : "text/html")
                      .putHeader("content-security-policy", policy)
                      .end(script ? example : HTML);
                });
    return server.listen(port, "127.0.0.1").await(10, SECONDS).actualPort();
  }

  /** The example at the head of the module as it stands there, for another host. */
  private static String example(String address) throws IOException {
    String module = Files.readString(Path.of("webroot/client/voicebridge.js"));
    Matcher fenced = Pattern.compile("```js\n(.*?) \\* ```", Pattern.DOTALL).matcher(module);
    assertTrue(fenced.find(), "no example in the module");
    String code = fenced.group(1).replaceAll("(?m)^ \\* ?", "");
    assertTrue(code.contains("https://voice.example/client/"), code);
    return code.replace("https://voice.example", address)
        + "Object.assign(window, { bridge, player });";
  }

  @AfterAll
  static void stop() throws Exception {
    studio.close();
    VERTX.close().await(10, SECONDS);
  }

  @AfterEach
  void theConsoleIsClean() {
    context.close();
    assertEquals(List.of(), complaints);
  }

  @Test
  void theExampleAtTheHeadOfTheModuleSpeaksOnAnAllowedPage() {
    open(allowed);

    page.click("button");

    tap.waitForSound();
    page.waitForCondition(() -> said.contains("completed"));
    assertTrue(number("player.soundingSamples") > 1_000);
  }

  @Test
  void ticketsAndListsCanBeReadFromAnAllowedPage() {
    open(allowed);

    Object answers =
        page.evaluate(
            """
            async (bridge) => {
              const { fetchTicket } = await import(bridge + 'client/voicebridge.js');
              const url = bridge.replace('http', 'ws') + 'v1/realtime';
              const ticket = await fetchTicket({ url });
              const models = await (await fetch(bridge + 'v1/audio/models')).json();
              const voices = await (await fetch(bridge + 'v1/audio/voices')).json();
              const socket = new WebSocket(url + '?model=qwen3-tts-flash-realtime', ['voicebridge.v1', 'ticket.' + ticket]);
              const first = await new Promise((resolve) => (socket.onmessage = ({ data }) => resolve(JSON.parse(data).type)));
              return [ticket.length > 20, models.models.length > 5, voices.voices.length > 5, socket.protocol, first];
            }
            """,
            studio.address().toString());

    assertEquals(List.of(true, true, true, "voicebridge.v1", "session.created"), answers);
  }

  @Test
  void aStopIsSilenceWithinATenthOfASecondAndTellsWhatWasHeard() {
    open(allowed);
    List<String> sent = new ArrayList<>();
    page.onWebSocket(socket -> socket.onFrameSent(frame -> sent.add(frame.text())));
    page.evaluate("text => { player.unlock(); player.play(bridge.speak(text)); }", LONG);
    tap.waitForSound();

    double soundedOnMs = tap.soundsOnAfter("bridge.cancel(player.stop())");

    assertTrue(soundedOnMs < 100, () -> "sounded on for " + soundedOnMs + " ms");
    assertTrue(
        sent.stream().anyMatch(frame -> frame.matches(".*response\\.cancel.*\"played_ms\":\\d+.*")),
        () -> "no cancel among " + sent);
  }

  @Test
  void aSecondSpeechIsHeardAfterTheFirst() {
    open(allowed);
    Object told =
        page.evaluate(
            """
            async () => {
              player.unlock();
              const ends = [];
              const both = ['One and two.', 'Three.'].map((text) => player.play(bridge.speak(text)).then(({ status, playedMs }) => ends.push(text + status + (playedMs > 100))));
              await Promise.all(both);
              return ends;
            }
            """);

    assertEquals(List.of("One and two.completedtrue", "Three.completedtrue"), told);
  }

  @Test
  void aPageThatIsNotAllowedGetsNothing() {
    open(foreign);

    page.waitForCondition(() -> complaints.stream().anyMatch(text -> text.contains("CORS")));
    assertEquals("undefined", page.evaluate("typeof bridge"));
    complaints.clear();
  }

  private void open(int port) {
    context = studio.browser().chromium().newContext();
    context.setDefaultTimeout(30_000);
    page = context.newPage();
    tap = SoundTap.on(page);
    page.onConsoleMessage(
        message -> {
          said.add(message.text());
          boolean icon = message.location().contains("favicon");
          if (List.of("error", "warning").contains(message.type()) && !icon) {
            complaints.add(message.text());
          }
        });
    page.onPageError(complaints::add);
    page.navigate("http://127.0.0.1:" + port + "/");
    if (port == allowed) page.waitForFunction("() => typeof player === 'object'");
  }

  private long number(String expression) {
    return ((Number) page.evaluate(expression)).longValue();
  }
}
