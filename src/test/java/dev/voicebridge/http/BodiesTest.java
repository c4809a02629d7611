package dev.voicebridge.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BodiesTest {
  private static final String FORM = "multipart/form-data; boundary=XX";

  private final Vertx vertx = Vertx.vertx();
  private int port;

  @BeforeAll
  void open() throws Exception {
    Bodies bodies = new Bodies(vertx);
    Router router = Router.router(vertx);
    router
        .post("/")
        .handler(
            ctx ->
                bodies
                    .read(ctx)
                    .onSuccess(
                        body -> {
                          Body.FilePart file = body.file();
                          Answers.json(
                              ctx,
                              200,
                              new JsonObject()
                                  .put("fields", body.fields())
                                  .put("file", file == null ? null : file.bytes().toString())
                                  .put("type", file == null ? null : file.mediaType()));
                        })
                    .onFailure(
                        why -> {
                          if (!ctx.response().closed()) {
                            Answers.problem(ctx, (Problem.Failure) why);
                          }
                        }));
    HttpServer server = vertx.createHttpServer().requestHandler(router);
    port = server.listen(0, "127.0.0.1").await(10, TimeUnit.SECONDS).actualPort();
  }

  @AfterAll
  void close() throws Exception {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  private record Said(int status, JsonObject body, String head) {
    JsonObject error() {
      return body.getJsonObject("error");
    }
  }

  private Socket socket(String type, String length) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(10_000);
    String head =
        "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: " + type + "\r\n";
    send(socket, head + length + "\r\n");
    return socket;
  }

  private static void send(Socket socket, String text) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  /** Reads no more than the answer: who still sends must not be cut off by our reading. */
  private static Said answer(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    Buffer all = Buffer.buffer();
    byte[] chunk = new byte[4096];
    while (true) {
      String text = all.toString();
      int body = text.indexOf("\r\n\r\n");
      if (body > 0) {
        String head = text.substring(0, body).toLowerCase(java.util.Locale.ROOT);
        String after = head.substring(head.indexOf("content-length: ") + 16);
        int length = Integer.parseInt(after.split("\r\n", 2)[0].trim());
        if (all.length() >= body + 4 + length) {
          return new Said(
              Integer.parseInt(text.substring(9, 12)),
              new JsonObject(all.getBuffer(body + 4, body + 4 + length)),
              head);
        }
      }
      int read = in.read(chunk);
      assertTrue(read > 0, "the answer broke off: " + text);
      all.appendBytes(chunk, 0, read);
    }
  }

  private Said post(String type, String body) throws IOException {
    int length = body.getBytes(StandardCharsets.UTF_8).length;
    try (Socket socket = socket(type, "Content-Length: " + length + "\r\n")) {
      send(socket, body);
      return answer(socket);
    }
  }

  private static String text(String name, String value) {
    return "--XX\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
  }

  private static String file(String name, String value) {
    return "--XX\r\nContent-Disposition: form-data; name=\""
        + name
        + "\"; filename=\"../../x.wav\"\r\nContent-Type: audio/wav\r\n\r\n"
        + value
        + "\r\n";
  }

  @Test
  void aFormIsTakenApart() throws Exception {
    Said said =
        post(
            FORM,
            text("name", "外婆")
                + text("tags", "a")
                + text("tags", "b")
                + file("file", "RIFF")
                + "--XX--\r\n");

    assertEquals(200, said.status(), said.body().encode());
    assertEquals("RIFF", said.body().getString("file"));
    assertEquals("audio/wav", said.body().getString("type"));
    assertEquals("外婆", said.body().getJsonObject("fields").getString("name"));
    assertEquals(
        List.of("a", "b"), said.body().getJsonObject("fields").getJsonArray("tags").getList());
  }

  @Test
  void aFormWithoutAFileHasNone() throws Exception {
    assertEquals(null, post(FORM, text("name", "x") + "--XX--").body().getString("file"));
  }

  @Test
  void twoFilesAreOneTooMany() throws Exception {
    Said said = post(FORM, file("file", "a") + file("file", "b") + "--XX--\r\n");

    assertEquals(400, said.status());
    assertEquals("file", said.error().getString("param"));
  }

  @Test
  void aFileOfAnotherNameIsNamed() throws Exception {
    Said said = post(FORM, file("audio", "a") + "--XX--\r\n");

    assertEquals(400, said.status());
    assertEquals("audio", said.error().getString("param"));
  }

  @Test
  void aFormThatEndsEarlyIsNoForm() throws Exception {
    assertEquals(400, post(FORM, text("name", "x") + "--XX\r\nContent-Dispo").status());
    assertEquals(400, post(FORM, file("file", "half of it")).status());
    assertEquals(400, post(FORM, "").status());
  }

  @Test
  void aFormNeedsABoundary() throws Exception {
    assertEquals(400, post("multipart/form-data", "x").status());
  }

  @ParameterizedTest
  @CsvSource({"application/json, 15728641", "multipart/form-data; boundary=XX, 11534337"})
  void whatSaysThatItIsTooLargeIsRefusedUnread(String type, int length) throws Exception {
    try (Socket socket = socket(type, "Content-Length: " + length + "\r\n")) {
      assertEquals(413, answer(socket).status());
    }
  }

  @ParameterizedTest
  @CsvSource({"application/json, 15", "multipart/form-data; boundary=XX, 11"})
  void whatGrowsTooLargeIsRefused(String type, int megabytes) throws Exception {
    try (Socket socket = socket(type, "Transfer-Encoding: chunked\r\n")) {
      if (type.startsWith("m")) {
        String begin = file("file", "").stripTrailing() + "\r\n\r\n";
        send(socket, Integer.toHexString(begin.length()) + "\r\n" + begin + "\r\n");
      }
      for (int i = 0; i <= megabytes; i++) {
        send(socket, "100000\r\n" + "x".repeat(1 << 20) + "\r\n");
      }
      send(socket, "0\r\n\r\n");

      assertEquals(413, answer(socket).status());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"[]", "{", "nothing", "{} x", "\"text\""})
  void whatIsNotOneObjectIsNotJson(String body) throws Exception {
    Said said = post("application/json", body);

    assertEquals(400, said.status(), said.body().encode());
    assertEquals("invalid_json", said.error().getString("code"));
  }

  @Test
  void whoAsksBeforeSendingIsToldToGoOn() throws Exception {
    try (Socket socket =
        socket("application/json", "Expect: 100-continue\r\nContent-Length: 2\r\n")) {
      String next = "HTTP/1.1 100 Continue\r\n\r\n";
      byte[] said = socket.getInputStream().readNBytes(next.length());
      assertEquals(next, new String(said, StandardCharsets.US_ASCII));
      send(socket, "{}");
      assertEquals(200, answer(socket).status());
    }
  }

  @Test
  void anotherTypeIs415() throws Exception {
    assertEquals(415, post("text/plain", "{}").status());
  }

  @Test
  void onlySoManyLargeBodiesAreHeldAtOnce() throws Exception {
    List<Socket> open = new ArrayList<>();
    try {
      for (int i = 0; i < Bodies.MAX_AT_ONCE; i++) {
        open.add(socket("application/json", "Content-Length: 100000\r\n"));
      }
      Said said = await(429);
      assertTrue(said.head().contains("retry-after: "), said.head());
      assertEquals(200, post("application/json", "{}").status(), "small ones are not counted");
    } finally {
      for (Socket socket : open) {
        socket.close();
      }
    }
    // Those that went away in the middle hold nothing.
    await(200);
  }

  /** Until a large body gets that status: the server learns of sockets when it does. */
  private Said await(int status) throws Exception {
    String large = "{\"x\":\"" + "y".repeat(100_000) + "\"}";
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (true) {
      Said said = post("application/json", large);
      if (said.status() == status) {
        return said;
      }
      assertTrue(System.nanoTime() < deadline, "still " + said.status());
    }
  }
}
