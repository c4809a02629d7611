package dev.voicebridge.emulator.siliconflow;

import dev.voicebridge.audio.AudioEncoder;
import dev.voicebridge.audio.Encoders;
import dev.voicebridge.emulator.engine.SpeechEngine.Utterance;
import dev.voicebridge.emulator.engine.VoiceTraits;
import dev.voicebridge.emulator.library.CustomVoice;
import dev.voicebridge.emulator.library.SampleCheck;
import dev.voicebridge.emulator.library.SampleException;
import dev.voicebridge.emulator.library.SampleFetch;
import dev.voicebridge.emulator.library.SampleRules;
import dev.voicebridge.emulator.library.VoiceLibrary;
import dev.voicebridge.emulator.wire.Accounts;
import dev.voicebridge.emulator.wire.Fault;
import dev.voicebridge.emulator.wire.Faults;
import dev.voicebridge.emulator.wire.HttpCall;
import dev.voicebridge.emulator.wire.Narrator;
import dev.voicebridge.emulator.wire.Sentences;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Every call of the service. Event loop only.
 *
 * <p>Transcription doesn't listen: for audio that this guest spoke itself, byte by byte the same,
 * it answers with the text that was spoken (of the last 256 answers), for anything else with {@link
 * #UNHEARD}.
 */
public final class SiliconFlowDoor {
  /** What every recording says that the guest didn't make. */
  public static final String UNHEARD = "今天天气很好，我们一起去公园散步吧。";

  private static final String ROOT = "/v1/";
  private static final int MOST_BODY_BYTES = 16 << 20;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");
  private static final Pattern DATA_URI = Pattern.compile("data:audio/[a-z0-9.+-]+;base64,");
  private static final int LONGEST_TYPE = 64;

  private final Vertx vertx;
  private final Narrator narrator;
  private final Accounts accounts;
  private final VoiceLibrary library;
  private final SampleFetch fetch;
  private final Faults faults;
  private final SpokenTexts texts = new SpokenTexts();

  public SiliconFlowDoor(
      Vertx vertx,
      Narrator narrator,
      Accounts accounts,
      VoiceLibrary library,
      SampleFetch fetch,
      Faults faults) {
    this.vertx = vertx;
    this.narrator = narrator;
    this.accounts = accounts;
    this.library = library;
    this.fetch = fetch;
    this.faults = faults;
  }

  /** Answers every request. */
  public void handle(HttpServerRequest request) {
    HttpCall call = new HttpCall(vertx, request, faults);
    HttpServerResponse response = request.response();
    response
        .putHeader("x-siliconcloud-trace-id", call.id())
        .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    String path = request.path() == null ? "" : request.path();
    String operation = path.startsWith(ROOT) ? path.substring(ROOT.length()) : "";
    String method = request.method().name();
    if (method.equals("OPTIONS")) {
      response
          .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, "GET, POST")
          .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, "Authorization, Content-Type")
          .setStatusCode(204)
          .end();
      return;
    }
    String account = accounts.of(request.getHeader(HttpHeaders.AUTHORIZATION));
    String route = method + " " + operation;
    if (account == null) {
      answer(call, new FlowException(401, "", "Invalid token"));
      return;
    }
    try {
      Fault.OnCall fault = call.strike(operation);
      if (fault instanceof Fault.RefuseCall refusal) {
        throw new FlowException(refusal.status(), refusal.code(), refusal.message());
      } else if (fault instanceof Fault.LimitCall) {
        throw new FlowException(
            429, "", "Request was rejected due to rate limiting. Details:TPM limit reached.");
      } else if (fault instanceof Fault.GarbageCall) {
        call.answer(200, "application/json", Buffer.buffer());
        return;
      }
      switch (route) {
        case "POST audio/speech" -> speak(call, account);
        case "POST uploads/audio/voice" -> upload(call, account);
        case "GET audio/voice/list" -> list(call, account);
        case "POST audio/voice/deletions" -> delete(call, account);
        case "POST audio/transcriptions" -> transcribe(call);
        case "GET models" -> models(call);
        default -> call.answer(404, "text/plain", Buffer.buffer("404 page not found"));
      }
    } catch (FlowException error) {
      answer(call, error);
    }
  }

  private void speak(HttpCall call, String account) {
    var unused =
        json(call)
            .map(SpeechOrder::parse)
            .compose(
                order ->
                    traits(order, account)
                        .compose(traits -> new Answer(call, order, traits).begin()))
            .onFailure(cause -> answer(call, cause));
  }

  private Future<VoiceTraits> traits(SpeechOrder order, String account) {
    String reference = order.reference();
    if (reference != null) {
      return sample(reference).compose(this::listen);
    }
    VoiceTraits preset = Presets.find(order.model(), order.voice());
    if (preset != null) {
      return Future.succeededFuture(preset);
    }
    CustomVoice own = library.find(account, order.voice());
    if (own == null || !own.targetModel().equals(order.model())) {
      throw FlowException.bad("Invalid voice.");
    }
    return Future.succeededFuture(own.traits());
  }

  private Future<byte[]> sample(String audio) {
    if (!audio.startsWith("data:")) {
      return fetch.fetch(audio);
    }
    int comma = audio.indexOf(',');
    if (comma < 0
        || comma > LONGEST_TYPE
        || !DATA_URI.matcher(audio.substring(0, comma + 1)).matches()) {
      throw FlowException.bad("audio must be a base64 data URI or a URL.");
    }
    try {
      return Future.succeededFuture(Base64.getDecoder().decode(audio.substring(comma + 1)));
    } catch (IllegalArgumentException e) {
      throw FlowException.bad("audio is no valid base64.");
    }
  }

  private Future<VoiceTraits> listen(byte[] sample) {
    return narrator
        .compute(() -> SampleCheck.check(sample, SampleRules.SILICONFLOW))
        .map(heard -> VoiceTraits.ofPitch(heard.pitchHz(), "zh"));
  }

  private void upload(HttpCall call, String account) {
    String type = call.request().getHeader(HttpHeaders.CONTENT_TYPE);
    boolean form = type != null && type.startsWith("multipart/");
    var unused =
        (form
                ? FormBody.read(call, SampleRules.MOST_BYTES)
                : json(call).map(body -> new FormBody(body, Buffer.buffer())))
            .compose(body -> call.work().compose(now -> make(body, account)))
            .onSuccess(id -> answer(call, new JsonObject().put("uri", id)))
            .onFailure(cause -> answer(call, cause));
  }

  private Future<String> make(FormBody body, String account) {
    String model = SpeechOrder.text(body.fields(), "model");
    String name = SpeechOrder.text(body.fields(), "customName");
    String text = SpeechOrder.text(body.fields(), "text");
    String audio = SpeechOrder.text(body.fields(), "audio");
    if (!Presets.isSpeechModel(model)) {
      throw FlowException.bad("Model does not exist. Please check it carefully.");
    }
    if (!NAME.matcher(name).matches()) {
      throw FlowException.bad("customName must be letters, digits, - and _, 64 at most.");
    }
    if (text.isBlank()) {
      throw FlowException.bad("text is required.");
    }
    if (audio.isEmpty() && body.file().length() == 0) {
      throw FlowException.bad("file or audio is required.");
    }
    checkRoom(account);
    return (audio.isEmpty() ? Future.succeededFuture(body.file().getBytes()) : sample(audio))
        .compose(this::listen)
        .compose(
            traits -> {
              checkRoom(account);
              long now = System.currentTimeMillis();
              String random = UUID.randomUUID().toString().replace("-", "").substring(0, 20);
              String id = "speech:" + name + ":" + account + ":" + random;
              return library
                  .put(
                      new CustomVoice(
                          id,
                          account,
                          CustomVoice.Kind.SILICONFLOW,
                          model,
                          name,
                          "zh",
                          now,
                          now,
                          false,
                          null,
                          text,
                          "",
                          traits))
                  .map(kept -> id);
            });
  }

  private void checkRoom(String account) {
    if (library.isFull(account, CustomVoice.Kind.SILICONFLOW.family())) {
      throw new FlowException(403, "20012", "The number of voices has reached its limit.");
    }
  }

  private void list(HttpCall call, String account) {
    JsonArray voices = new JsonArray();
    library
        .list(account, voice -> true)
        .forEach(
            voice ->
                voices.add(
                    new JsonObject()
                        .put("model", voice.targetModel())
                        .put("customName", voice.name())
                        .put("text", voice.prompt())
                        .put("uri", voice.id())));
    // documented under one name, live under the other
    answer(call, new JsonObject().put("result", voices).put("results", voices));
  }

  private void delete(HttpCall call, String account) {
    var unused =
        json(call)
            .compose(
                body -> {
                  CustomVoice voice = library.find(account, SpeechOrder.text(body, "uri"));
                  if (voice == null) {
                    throw FlowException.bad("The voice does not exist.");
                  }
                  return library.remove(voice.id());
                })
            .onSuccess(gone -> answer(call, new JsonObject().put("deleted", true)))
            .onFailure(cause -> answer(call, cause));
  }

  private void transcribe(HttpCall call) {
    var unused =
        FormBody.read(call, MOST_BODY_BYTES)
            .onSuccess(
                form -> {
                  String model = SpeechOrder.text(form.fields(), "model");
                  if (!model.equals(Presets.TRANSCRIPTION_MODEL)) {
                    answer(
                        call,
                        FlowException.bad("Model does not exist. Please check it carefully."));
                  } else if (form.file().length() == 0) {
                    answer(call, FlowException.bad("file is required."));
                  } else {
                    String text = texts.of(form.file().getBytes(), UNHEARD);
                    answer(call, new JsonObject().put("text", text));
                  }
                })
            .onFailure(cause -> answer(call, cause));
  }

  private static void models(HttpCall call) {
    JsonArray models = new JsonArray();
    for (String model : Presets.SPEECH_MODELS) {
      models.add(model(model));
    }
    models.add(model(Presets.TRANSCRIPTION_MODEL));
    answer(call, new JsonObject().put("object", "list").put("data", models));
  }

  private static JsonObject model(String id) {
    return new JsonObject()
        .put("id", id)
        .put("object", "model")
        .put("created", 0)
        .put("owned_by", "");
  }

  private static Future<JsonObject> json(HttpCall call) {
    return call.body(MOST_BODY_BYTES)
        .map(
            body -> {
              try {
                return new JsonObject(body);
              } catch (DecodeException | ClassCastException e) {
                throw FlowException.bad("The body is no JSON object.");
              }
            });
  }

  private static void answer(HttpCall call, JsonObject body) {
    call.answer(200, "application/json", body.toBuffer());
  }

  private static void answer(HttpCall call, Throwable cause) {
    if (cause instanceof FlowException error) {
      call.answer(error.status(), "application/json", error.body());
    } else if (cause instanceof SampleException error) {
      answer(call, FlowException.bad(error.words()));
    } else if (cause instanceof HttpCall.TooBigException) {
      answer(call, new FlowException(413, FlowException.BAD_PARAMETER, "Body too large."));
    } else if (!call.isOver()) {
      answer(call, new FlowException(500, "50507", "Unknown error."));
    }
  }

  /** Speaks sentence by sentence, no faster than the caller reads; holds a sentence at most. */
  private final class Answer {
    private final HttpCall call;
    private final SpeechOrder order;
    private final @Nullable VoiceTraits traits;
    private final AudioEncoder encoder;
    private final Deque<String> sentences;
    private final Buffer whole = Buffer.buffer();
    private final MessageDigest digest = SpokenTexts.digest();
    private boolean begun;

    Answer(HttpCall call, SpeechOrder order, VoiceTraits traits) {
      this.call = call;
      this.order = order;
      this.traits = traits;
      this.encoder = Encoders.of(order.format(), order.sampleRateHz(), null);
      this.sentences = new ArrayDeque<>(Sentences.of(order.input()));
    }

    Future<Void> begin() {
      return next();
    }

    private Future<Void> next() {
      if (call.isOver()) {
        return Future.succeededFuture();
      }
      String sentence = sentences.poll();
      if (sentence == null) {
        return narrator.compute(encoder::finish).compose(this::send).map(this::ended);
      }
      return narrator
          .samples(
              new Utterance(
                  sentence,
                  order.voice(),
                  "Auto",
                  Math.max(0.5, Math.min(2, order.speed())),
                  1,
                  50,
                  order.sampleRateHz(),
                  traits))
          .compose(samples -> narrator.compute(() -> encoded(samples)))
          .compose(this::send)
          .compose(sent -> next());
    }

    private byte[] encoded(short[] samples) {
      double factor = Math.pow(10, order.gainDb() / 20);
      for (int i = 0; i < samples.length; i++) {
        long louder = Math.round(samples[i] * factor);
        samples[i] = (short) Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, louder));
      }
      return encoder.encode(samples, 0, samples.length);
    }

    private Future<Void> send(byte[] bytes) {
      digest.update(bytes);
      if (!order.stream()) {
        whole.appendBytes(bytes);
        return Future.succeededFuture();
      }
      if (!begun) {
        begun = true;
        call.begin(200, order.format().mediaType(), -1);
      }
      return bytes.length == 0 ? Future.succeededFuture() : call.write(Buffer.buffer(bytes));
    }

    private @Nullable Void ended(@Nullable Void sent) {
      texts.said(digest, order.input());
      if (order.stream()) {
        call.end();
      } else {
        call.answer(200, order.format().mediaType(), whole);
      }
      return null;
    }
  }
}
