package dev.voicebridge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.voicebridge.audio.AudioFormat;
import dev.voicebridge.audio.Decoded;
import dev.voicebridge.audio.Ffmpeg;
import dev.voicebridge.audio.Ffmpeg.Verdict;
import dev.voicebridge.audio.Resampler;
import dev.voicebridge.sample.TestSamples;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * ffmpeg says what is in the answers of {@code POST /v1/audio/speech}. An engine that always says
 * the same speaks, so that two answers are the same sound; it ends on a loud tone, so that a lost
 * tail is a loss.
 */
@Timeout(120)
final class FfmpegJudgeTest {
  private static final int HZ = 24_000;
  private static final int TONE_MS = 80;

  /** One piece for the engine; a longer text is cut. */
  private static final String SHORT = "夜里下了一场小雨。";

  private static final String LONG = "从前有一座山，山里有一座庙，庙里有一个老和尚在给小和尚讲故事。".repeat(12);

  /** A WAV of unknown length: it can't be told from one that was cut. */
  private static final Pattern OPEN_WAV =
      Pattern.compile(
          "\\[wav @ \\w+] (Ignoring maximum wav data size, file may be invalid"
              + "|Packet corrupt \\(stream = 0, dts = NOPTS\\)\\.)"
              + "|pipe:0: corrupt input packet in stream 0");

  @TempDir private static Path folder;

  private static final Vertx VERTX = Vertx.vertx();
  private static final AtomicInteger PIECES = new AtomicInteger();
  private static short[] source;
  private static FreshServer server;
  private static VoicesDoor door;

  @BeforeAll
  static void start() throws Exception {
    Decoded speech = Decoded.of(AudioFormat.WAV, 0, TestSamples.speech(1));
    Resampler resampler = new Resampler(speech.sampleRateHz(), HZ);
    source = Arrays.copyOf(resampler.process(speech.samples()), 5 * HZ);
    for (int i = source.length - TONE_MS * HZ / 1000; i < source.length; i++) {
      source[i] = (short) (9000 * Math.sin(2 * Math.PI * 1000 * i / HZ));
    }
    Buffer body = Buffer.buffer();
    for (short sample : source) {
      body.appendShortLE(sample);
    }
    HttpServer engine =
        VERTX
            .createHttpServer()
            .requestHandler(
                request ->
                    request
                        .body()
                        .onSuccess(
                            text -> {
                              PIECES.incrementAndGet();
                              request
                                  .response()
                                  .putHeader("content-type", "audio/pcm;rate=" + HZ)
                                  .end(body);
                            }))
            .listen(0, "127.0.0.1")
            .await(10, TimeUnit.SECONDS);
    Path engines =
        Files.writeString(
            folder.resolve("engines.json"),
            """
            [{"name": "parrot", "base_url": "http://127.0.0.1:%d/v1", "models": ["parrot"],
              "voices": ["polly"], "sample_rate": %d}]
            """
                .formatted(engine.actualPort(), HZ));
    server = FreshServer.with("VOICEBRIDGE_UPSTREAMS", engines.toString()).start();
    door = new VoicesDoor(server);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
    VERTX.close().await(10, TimeUnit.SECONDS);
  }

  private static byte[] speak(String text, String format, boolean events) throws Exception {
    JsonObject order =
        new JsonObject()
            .put("model", "parrot")
            .put("voice", "polly")
            .put("input", text)
            .put("response_format", format);
    return speak(events ? order.put("stream_format", "sse") : order);
  }

  private static byte[] speak(JsonObject order) throws Exception {
    var answer = door.send("POST", "/v1/audio/speech", order);
    assertEquals(200, answer.statusCode(), () -> VoicesDoor.text(answer));
    return "sse".equals(order.getString("stream_format")) ? joined(answer.body()) : answer.body();
  }

  private static byte[] joined(byte[] events) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (String event : new String(events, StandardCharsets.UTF_8).split("\n\n", -1)) {
      if (event.contains("speech.audio.delta")) {
        all.writeBytes(
            Base64.getDecoder().decode(new JsonObject(event.substring(6)).getString("audio")));
      }
    }
    return all.toByteArray();
  }

  private static List<String> options(String format) {
    return switch (format) {
      case "pcm" -> List.of("-f", "s16le", "-ar", "" + HZ, "-ac", "1");
      case "ulaw" -> List.of("-f", "mulaw", "-ar", "8000", "-ac", "1");
      case "alaw" -> List.of("-f", "alaw", "-ar", "8000", "-ac", "1");
      case "opus" -> List.of("-f", "ogg");
      default -> List.of("-f", format);
    };
  }

  private static short[] judged(String format, byte[] stream) throws Exception {
    assumeTrue(Ffmpeg.executable().isPresent(), "ffmpeg: apt-get install -y ffmpeg");
    Verdict verdict = Ffmpeg.decode(folder, stream, options(format), HZ);
    String complaints =
        format.equals("wav")
            ? OPEN_WAV.matcher(verdict.complaints()).replaceAll("").strip()
            : verdict.complaints();
    assertEquals("", complaints, format);
    return verdict.decoded().samples();
  }

  /** How much of one is in another. */
  private record Likeness(int lag, double correlation, double snrDb) {
    /** Where the other is looked at from 0 to 100 ms late: codecs put silence first. */
    static Likeness of(short[] one, short[] other) {
      int span = HZ;
      int from = HZ;
      int best = 0;
      double most = -1;
      for (int lag = -HZ / 100; lag <= HZ / 10; lag++) {
        double sum = 0;
        for (int i = from; i < from + span; i++) {
          sum += (double) one[i] * other[i + lag];
        }
        if (sum > most) {
          most = sum;
          best = lag;
        }
      }
      return at(best, one, other);
    }

    private static Likeness at(int lag, short[] one, short[] other) {
      double both = 0;
      double ones = 0;
      double others = 0;
      for (int i = Math.max(0, -lag); i < one.length && i + lag < other.length; i++) {
        both += (double) one[i] * other[i + lag];
        ones += (double) one[i] * one[i];
        others += (double) other[i + lag] * other[i + lag];
      }
      double correlation = both / Math.sqrt(ones * others);
      return new Likeness(lag, correlation, -10 * Math.log10(1 - correlation * correlation));
    }
  }

  private static double rms(short[] samples, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += (double) samples[i] * samples[i];
    }
    return Math.sqrt(sum / (to - from));
  }

  private static int steepest(short[] samples, int from, int to) {
    int jump = 0;
    for (int i = Math.max(1, from); i < Math.min(samples.length, to); i++) {
      jump = Math.max(jump, Math.abs(samples[i] - samples[i - 1]));
    }
    return jump;
  }

  private static double ms(int samples) {
    return 1000.0 * samples / HZ;
  }

  @Test
  void thePcmIsWhatTheEngineSaid() throws Exception {
    short[] heard = judged("pcm", speak(SHORT, "pcm", false));

    assertEquals(source.length, heard.length);
    // The first and the last milliseconds rise and fall, so that joins cannot be heard.
    int ramp = 3 * HZ / 1000;
    assertArrayEquals(
        Arrays.copyOfRange(source, ramp, source.length - ramp),
        Arrays.copyOfRange(heard, ramp, source.length - ramp));
  }

  /**
   * The least that each keeps: a lossless format every bit, the codecs what their bit rates leave
   * of the wave, G.711 what 8 kHz and 8 bits do. They may be longer by what a codec puts before and
   * behind, never shorter.
   */
  @ParameterizedTest
  @CsvSource({
    "wav,  300, 0",
    "flac, 300, 0",
    "mp3,   25, 75",
    "opus,  12, 25",
    "ulaw,  10, 1",
    "alaw,  10, 1",
  })
  void everyFormatIsTheSameSpeechToItsEnd(String format, double snrDb, int longerMs)
      throws Exception {
    short[] pcm = judged("pcm", speak(SHORT, "pcm", false));
    for (boolean events : new boolean[] {false, true}) {
      short[] heard = judged(format, speak(SHORT, format, events));

      Likeness likeness = Likeness.of(pcm, heard);
      String told =
          "%s%s: %s, longer by %.2f ms"
              .formatted(
                  format, events ? " in events" : "", likeness, ms(heard.length - pcm.length));
      assertTrue(likeness.snrDb() >= snrDb, told);
      assertTrue(heard.length >= pcm.length - HZ / 4000, told);
      assertTrue(ms(heard.length - pcm.length) <= longerMs, told);
      int end = Math.min(heard.length, pcm.length + likeness.lag()) - 3 * HZ / 1000;
      int tone = TONE_MS * HZ / 1000 / 2;
      double loud = rms(pcm, pcm.length - 3 * HZ / 1000 - tone, pcm.length - 3 * HZ / 1000);
      assertEquals(loud, rms(heard, end - tone, end), loud / 8, told);
    }
  }

  @Test
  void mp3AnswersPutEndToEndDecodeAsOneWithoutAClick() throws Exception {
    byte[] first = speak(SHORT, "mp3", false);
    byte[] second = speak("第二句。", "mp3", true);
    short[] one = judged("mp3", first);
    short[] other = judged("mp3", second);
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);

    short[] joined = judged("mp3", both);

    assertEquals(one.length + other.length, joined.length);
    assertArrayEquals(one, Arrays.copyOf(joined, one.length));
    short[] behind = Arrays.copyOfRange(joined, one.length, joined.length);
    Likeness likeness = Likeness.of(other, behind);
    assertEquals(0, likeness.lag());
    assertTrue(likeness.snrDb() > 40, likeness.toString());
    int around = HZ / 20;
    int jump = steepest(joined, one.length - around, one.length + around);
    int within = steepest(one, 0, one.length);
    assertTrue(jump <= within, jump + " where they meet, " + within + " within");
  }

  @ParameterizedTest
  @CsvSource({"pcm, 0", "mp3, 75", "opus, 25", "flac, 0"})
  void whatIsCutForTheEngineIsJoinedWithoutALossOrAClick(String format, int longerMs)
      throws Exception {
    int before = PIECES.get();
    short[] heard = judged(format, speak(LONG, format, false));
    int pieces = PIECES.get() - before;

    assertTrue(pieces > 2, pieces + " pieces");
    double longer = ms(heard.length - pieces * source.length);
    assertTrue(longer >= 0 && longer <= longerMs, pieces + " pieces, longer by " + longer);
    int lag = Likeness.of(source, heard).lag();
    int within = steepest(heard, lag + HZ / 10, lag + source.length - HZ / 10);
    for (int piece = 1; piece < pieces; piece++) {
      int join = lag + piece * source.length;
      int jump = steepest(heard, join - HZ / 500, join + HZ / 100);
      assertTrue(jump <= within, jump + " at join " + piece + ", " + within + " within");
    }
  }
}
