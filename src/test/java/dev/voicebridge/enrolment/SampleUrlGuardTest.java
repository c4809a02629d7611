package dev.voicebridge.enrolment;

import static dev.voicebridge.enrolment.ScriptedVendor.failure;
import static dev.voicebridge.enrolment.ScriptedVendor.within;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.voicebridge.enrolment.SampleUrlGuard.Bounds;
import dev.voicebridge.enrolment.SampleUrlGuard.Resolver;
import dev.voicebridge.net.Addresses;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SampleUrlGuardTest {
  private static final Bounds BOUNDS = new Bounds(Duration.ofSeconds(5), 1000);

  private final ScriptedVendor host = new ScriptedVendor();
  private final int port = java.net.URI.create(host.url()).getPort();

  @AfterEach
  void close() {
    host.close();
  }

  private static InetAddress address(String literal) {
    try {
      return InetAddress.getByName(literal);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private static Resolver always(String... literals) {
    return name ->
        Future.succeededFuture(
            java.util.Arrays.stream(literals).map(SampleUrlGuardTest::address).toList());
  }

  /** Allows this server under the name that tests use. */
  private SampleUrlGuard allowing(Resolver resolver) {
    return new SampleUrlGuard(host.vertx, Set.of("samples.test:" + port), BOUNDS, resolver);
  }

  private String url(String path) {
    return "http://samples.test:" + port + path;
  }

  private static String code(Future<?> failing) {
    return failure(failing).diagnosis().code();
  }

  @Test
  void anAllowedHostIsFetched() {
    host.then(request -> request.response().end("RIFF"));

    Buffer sample = within(allowing(always("127.0.0.1")).fetch(url("/a.wav?sig=1%202")));

    assertEquals("RIFF", sample.toString());
    assertEquals("/a.wav?sig=1%202", host.last().uri());
    assertEquals("samples.test:" + port, host.last().headers().get("Host"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.9.9.9",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.169.254",
        "169.254.170.2",
        "100.64.0.1",
        "100.100.100.200",
        "100.127.255.255",
        "168.63.129.16",
        "192.0.2.1",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "fd00:ec2::254",
        "::ffff:10.0.0.1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001::1",
        "2001:db8::1",
        "ff02::1",
        "::127.0.0.1"
      })
  void nothingInsideIsReached(String literal) {
    SampleUrlGuard guard = new SampleUrlGuard(host.vertx, Set.of(), BOUNDS, always(literal));

    assertEquals("url_forbidden_address", code(guard.fetch(url("/"))));
    assertEquals("url_forbidden_address", code(guard.check(url("/"))));
    assertEquals(0, host.asked.size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "8.8.8.8",
        "100.63.255.255",
        "100.128.0.1",
        "172.32.0.1",
        "2606:4700::1"
      })
  void theInternetIs(String literal) {
    within(new SampleUrlGuard(host.vertx, Set.of(), BOUNDS, always(literal)).check(url("/")));

    assertTrue(Addresses.reachable(address(literal), false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"169.254.169.254", "100.100.100.200", "fd00:ec2::254", "::ffff:169.254.169.254"})
  void metadataIsNotReachedEvenIfTheOperatorAllowsTheHost(String literal) {
    assertEquals("url_forbidden_address", code(allowing(always(literal)).fetch(url("/"))));
  }

  @Test
  void oneBadAddressAmongGoodOnesIsEnough() {
    SampleUrlGuard guard =
        new SampleUrlGuard(host.vertx, Set.of(), BOUNDS, always("8.8.8.8", "10.0.0.1"));

    assertEquals("url_forbidden_address", code(guard.fetch(url("/"))));
  }

  @Test
  void anAllowedHostIsAllowedOnItsPortOnly() {
    SampleUrlGuard guard =
        new SampleUrlGuard(host.vertx, Set.of("samples.test:1"), BOUNDS, always("127.0.0.1"));

    assertEquals("url_forbidden_address", code(guard.fetch(url("/"))));
  }

  @Test
  void realNumbersOfThisMachineInDisguiseAreSeenThrough() {
    SampleUrlGuard guard = new SampleUrlGuard(host.vertx, Set.of());

    for (String name :
        List.of(
            "127.0.0.1",
            "2130706433",
            "127.1",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "localhost",
            "localhost.")) {
      String told = code(guard.fetch("http://" + name + ":" + port + "/"));
      assertTrue(
          Set.of("url_forbidden_address", "url_unresolvable", "url_malformed").contains(told),
          name + " " + told);
    }
    assertEquals(0, host.asked.size());
  }

  @Test
  void aNameThatChangesBetweenCheckAndUseChangesNothing() {
    AtomicInteger asked = new AtomicInteger();
    Resolver rebinding =
        name -> {
          // First this server, afterwards somewhere that would be refused or not answer.
          String literal = asked.incrementAndGet() == 1 ? "127.0.0.1" : "169.254.169.254";
          return Future.succeededFuture(List.of(address(literal)));
        };
    host.then(request -> request.response().end("first"));

    // The name exists in no DNS: only the judged address can have led here.
    assertEquals("first", within(allowing(rebinding).fetch(url("/"))).toString());
    assertEquals(1, asked.get());
    assertEquals("url_forbidden_address", code(allowing(rebinding).fetch(url("/"))));
  }

  @Test
  void everyRedirectIsJudgedAnew() {
    Resolver resolver =
        name ->
            Future.succeededFuture(
                List.of(address(name.equals("samples.test") ? "127.0.0.1" : "169.254.169.254")));
    host.then(
        request ->
            request
                .response()
                .setStatusCode(302)
                .putHeader("Location", "http://metadata.test/latest")
                .end());

    assertEquals("url_forbidden_address", code(allowing(resolver).fetch(url("/"))));
    assertEquals(1, host.asked.size());
  }

  private void redirect(String location) {
    host.then(
        request -> request.response().setStatusCode(307).putHeader("Location", location).end());
  }

  @Test
  void threeRedirectsAreFollowedAndNoFourth() {
    redirect("/b");
    redirect("c?d");
    redirect(url("/e"));
    host.then(request -> request.response().end("there"));

    assertEquals("there", within(allowing(always("127.0.0.1")).fetch(url("/a"))).toString());
    assertEquals(
        List.of("/a", "/b", "/c?d", "/e"),
        host.asked.stream().map(ScriptedVendor.Asked::uri).toList());

    for (int i = 0; i < 4; i++) {
      redirect("/again");
    }
    assertEquals("url_too_many_redirects", code(allowing(always("127.0.0.1")).fetch(url("/a"))));
    assertEquals(8, host.asked.size());
  }

  @Test
  void aRedirectToAnotherSchemeIsRefused() {
    for (String location :
        List.of("file:///etc/passwd", "ftp://samples.test/x", "oss://a/b", "http://[")) {
      redirect(location);
      assertEquals("url_malformed", code(allowing(always("127.0.0.1")).fetch(url("/a"))), location);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "file:///etc/passwd",
        "ftp://h/a",
        "http://",
        "http:///a",
        "http://user@h/",
        "http://u:p@h/a",
        "http://h:0/",
        "http://h:99999/",
        "gopher://h/",
        "http://h/\r\nHost: x",
        "javascript:alert(1)",
        "http://h /"
      })
  void onlyWholeHttpUrlsAreUrls(String url) {
    assertEquals("url_malformed", code(allowing(always("8.8.8.8")).fetch(url)));
  }

  @Test
  void aFileThatIsTooLargeIsNotRead() {
    host.then(request -> request.response().end("x".repeat(1001)));
    assertEquals("url_too_large", code(allowing(always("127.0.0.1")).fetch(url("/"))));

    host.then(request -> request.response().end("x".repeat(1000)));
    assertEquals(1000, within(allowing(always("127.0.0.1")).fetch(url("/"))).length());
  }

  @Test
  void onlyA200IsASample() {
    host.then(403, "<xml/>");

    assertEquals("url_status", code(allowing(always("127.0.0.1")).fetch(url("/"))));
  }

  @Test
  void aCutFileIsNoSample() {
    host.then(
        request -> {
          request.response().putHeader("Content-Length", "100").write("RIFF");
          host.vertx.setTimer(50, cut -> request.connection().close());
        });

    assertEquals("url_unreachable", code(allowing(always("127.0.0.1")).fetch(url("/"))));
  }

  @Test
  void aHostThatDripsAndAResolverThatHangsEndInTime() {
    Bounds hasty = new Bounds(Duration.ofMillis(300), 1000);
    host.then(request -> request.response().setChunked(true).write("RIFF"));
    SampleUrlGuard slow =
        new SampleUrlGuard(host.vertx, Set.of("samples.test:" + port), hasty, always("127.0.0.1"));
    assertEquals("url_timeout", code(slow.fetch(url("/"))));

    Promise<List<InetAddress>> never = Promise.promise();
    SampleUrlGuard hanging =
        new SampleUrlGuard(host.vertx, Set.of(), hasty, name -> never.future());
    assertEquals("url_timeout", code(hanging.fetch(url("/"))));
    assertEquals("url_timeout", code(hanging.check(url("/"))));
  }

  @Test
  void aNameThatIsNowhereIsSaidSo() {
    assertEquals(
        "url_unresolvable",
        code(allowing(name -> Future.failedFuture("no such host")).fetch(url("/"))));
    assertEquals("url_unresolvable", code(allowing(always()).fetch(url("/"))));
    assertFalse(Addresses.reachable(address("10.0.0.1"), false));
  }
}
