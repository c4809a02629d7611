package dev.voicebridge.emulator.wire;

import dev.voicebridge.audio.AudioFormat;
import dev.voicebridge.audio.WavHeader;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * {@code multimodal-generation}: Qwen-TTS over HTTP, as a stream of events or as a link to a whole
 * WAV file. Event loop only.
 */
final class GenerationDoor {
  private static final int MOST_BODY_BYTES = 1 << 20;
  private static final int LONGEST_TEXT = 600;
  private static final int LONGEST_LEGACY_TOKENS = 512;
  private static final int LONGEST_INSTRUCTIONS_TOKENS = 1600;
  private static final int HZ = 24_000;
  private static final Duration LINK_LIFE = Duration.ofHours(24);

  private final Uploads uploads;
  private final int uploadPort;

  /**
   * @param uploadPort where the storage listens, on the same host
   */
  GenerationDoor(Uploads uploads, int uploadPort) {
    this.uploads = uploads;
    this.uploadPort = uploadPort;
  }

  void generate(Guest guest, HttpCall call) {
    var unused =
        call.body(MOST_BODY_BYTES)
            .compose(
                body -> {
                  Answer answer = understood(guest, call, body);
                  return answer == null ? Future.<Void>succeededFuture() : answer.next();
                })
            .onFailure(
                cause -> {
                  if (!call.isBegun()) {
                    CustomizationDoor.refuse(guest, call, cause);
                  }
                });
  }

  /**
   * @return null: it has been refused
   * @throws WireError in the vendor's words
   */
  private @Nullable Answer understood(Guest guest, HttpCall call, Buffer body) {
    JsonObject message = Json.parse(body.toString());
    if (message == null) {
      throw WireError.invalid("Invalid JSON body.");
    }
    Fault.OnCall fault = call.strike("generation");
    if (fault instanceof Fault.RefuseCall refusal) {
      CustomizationDoor.refuse(call, refusal.status(), refusal.code(), refusal.message());
      return null;
    }
    if (fault instanceof Fault.LimitCall
        || (guest.settings().rateLimits() && !guest.rates().admitGeneration())) {
      throw new WireError(
          "Throttling.RateQuota", "Requests rate limit exceeded, please try again later.");
    }
    String model = Json.text(message, "model");
    if (model == null || model.isEmpty()) {
      throw WireError.invalid("Required parameter(model) missing or invalid.");
    }
    Roster.Entry entry = guest.roster().generation(model);
    if (entry == null) {
      boolean elsewhere =
          guest.roster().realtime(model) != null
              || guest.roster().inference(model) != null
              || guest.roster().isSambert(model);
      throw elsewhere
          ? WireError.invalid("url error, please check url！")
          : new WireError("ModelNotFound", "Model not exist.");
    }
    JsonObject input = Json.object(message, "input");
    String text = Json.text(input, "text");
    String voice = Json.text(input, "voice");
    String language = Json.text(input, "language_type");
    String instructions = Json.text(input, "instructions");
    require(text != null && !text.isBlank(), "Required input(text) missing or invalid.");
    require(voice != null && !voice.isEmpty(), "Required input(voice) missing or invalid.");
    String said = String.valueOf(text);
    String name = String.valueOf(voice);
    if (guest.settings().limits()) {
      require(
          entry.legacy()
              ? TextCount.tokens(said) <= LONGEST_LEGACY_TOKENS
              : TextCount.plain(said) <= LONGEST_TEXT,
          "Range of input length should be [0, 600]");
    }
    require(entry.speaks(name), "Voice '" + name + "' is not supported.");
    require(
        language == null || RealtimeConfig.isLanguage(language), "language_type is not supported.");
    require(
        instructions == null || TextCount.tokens(instructions) <= LONGEST_INSTRUCTIONS_TOKENS,
        "instructions must not be longer than 1600 tokens.");
    Voicing voicing =
        new Voicing(name, language == null ? "Auto" : language, 1, 1, 50, AudioFormat.PCM, HZ, null)
            .with(guest.traits(name));
    boolean stream = "enable".equalsIgnoreCase(call.request().getHeader("X-DashScope-SSE"));
    return new Answer(
        guest,
        call,
        said,
        entry.legacy(),
        voicing,
        stream,
        guest.faults().take(Fault.Place.RESPONSE));
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw WireError.invalid(message);
    }
  }

  /** Speaks sentence by sentence, no faster than the caller reads. */
  private final class Answer {
    private final Guest guest;
    private final HttpCall call;
    private final String text;
    private final boolean legacy;
    private final Voicing voicing;
    private final boolean stream;
    private final @Nullable Fault fault;
    private final Deque<String> sentences;
    private final Buffer whole = Buffer.buffer();
    private final Instant until = Instant.now().plus(LINK_LIFE);
    private int sent;
    private int events;

    Answer(
        Guest guest,
        HttpCall call,
        String text,
        boolean legacy,
        Voicing voicing,
        boolean stream,
        @Nullable Fault fault) {
      this.guest = guest;
      this.call = call;
      this.text = text;
      this.legacy = legacy;
      this.voicing = voicing;
      this.stream = stream;
      this.fault = fault;
      this.sentences = new ArrayDeque<>(Sentences.of(text));
    }

    Future<Void> next() {
      if (call.isOver()) {
        return Future.succeededFuture();
      }
      String sentence = sentences.poll();
      if (sentence == null) {
        return stream ? send(true).compose(rest -> last()) : plain();
      }
      return guest
          .narrator()
          .samples(voicing.utterance(sentence))
          .compose(
              samples -> {
                if (!(fault instanceof Fault.NoAudio)) {
                  for (short sample : samples) {
                    whole.appendShortLE(sample);
                  }
                }
                return stream ? send(false) : Future.<Void>succeededFuture();
              })
          .compose(out -> next());
    }

    /** What has been spoken and not sent, in whole slices or, at the end, all of it. */
    private Future<Void> send(boolean all) {
      Promise<Void> sentAll = Promise.promise();
      slice(all, sentAll);
      return sentAll.future();
    }

    /** One slice, and then the next: not in each other's arms, for there may be thousands. */
    private void slice(boolean all, Promise<Void> sentAll) {
      int most = HZ * guest.settings().deltaMs() / 1000 * 2;
      if (fault instanceof Fault.OddBytes) {
        most--;
      }
      if (fault instanceof Fault.BigFrames) {
        most = Integer.MAX_VALUE;
      }
      int rest = whole.length() - sent;
      if (rest == 0 || (rest < most && !all)) {
        sentAll.complete();
        return;
      }
      int from = sent;
      sent += Math.min(most, rest);
      if (fault instanceof Fault.FailAfter fail && sent >= fail.bytes()) {
        var unused =
            event("error", 400, error(fail.code(), fail.message())).onSuccess(told -> call.end());
        return;
      }
      String data = Base64.getEncoder().encodeToString(whole.getBytes(from, sent));
      String shown = fault instanceof Fault.BadDelta ? "*** not base64 ***" : data;
      int ms = guest.settings().paced() ? (sent - from) / 2 * 1000 / HZ : 0;
      var unused =
          event("result", 200, answer(shown, "", "null"))
              .onSuccess(
                  out -> {
                    if (ms > 0) {
                      guest.vertx().setTimer(ms, due -> slice(all, sentAll));
                    } else {
                      guest.vertx().runOnContext(due -> slice(all, sentAll));
                    }
                  });
    }

    private Future<Void> last() {
      return event("result", 200, answer("", link(), "stop"))
          .map(
              out -> {
                call.end();
                return null;
              });
    }

    private Future<Void> plain() {
      JsonObject answer = answer("", link(), "stop");
      answer.getJsonObject("output").putNull("text").putNull("choices");
      call.answer(200, "application/json", answer.toBuffer());
      return Future.succeededFuture();
    }

    private String link() {
      Buffer file = Buffer.buffer(WavHeader.of(HZ, whole.length())).appendBuffer(whole);
      return uploads.publish(Uploads.host(call.request(), uploadPort), "out.wav", file, until);
    }

    private Future<Void> event(String name, int status, JsonObject data) {
      if (events++ == 0) {
        call.begin(200, "text/event-stream;charset=UTF-8", -1);
      }
      return call.write(
          Buffer.buffer(
              "id:%d\nevent:%s\n:HTTP_STATUS/%d\ndata:%s\n\n"
                  .formatted(events, name, status, data.encode())));
    }

    private JsonObject error(String code, String message) {
      return new JsonObject()
          .put("code", code)
          .put("message", message)
          .put("request_id", call.id());
    }

    private JsonObject answer(String data, String url, String finishReason) {
      JsonObject answer =
          new JsonObject()
              .put(
                  "output",
                  new JsonObject()
                      .put(
                          "audio",
                          new JsonObject()
                              .put("data", data)
                              .put("expires_at", until.getEpochSecond())
                              .put("id", "audio_" + call.id())
                              .put("url", url))
                      .put("finish_reason", finishReason));
      if (!(fault instanceof Fault.NoUsage)) {
        answer.put("usage", usage());
      }
      return answer.put("request_id", call.id());
    }

    private JsonObject usage() {
      if (!legacy) {
        return new JsonObject()
            .put("input_tokens", 0)
            .put("output_tokens", 0)
            .put("characters", TextCount.characters(text));
      }
      int input = TextCount.tokens(text);
      int output = (whole.length() / 2 + HZ - 1) / HZ * RealtimeResponse.TOKENS_PER_SECOND;
      return new JsonObject()
          .put("input_tokens", input)
          .put("output_tokens", output)
          .put("total_tokens", input + output)
          .put("input_tokens_details", new JsonObject().put("text_tokens", input))
          .put(
              "output_tokens_details",
              new JsonObject().put("audio_tokens", output).put("text_tokens", 0));
    }
  }
}
