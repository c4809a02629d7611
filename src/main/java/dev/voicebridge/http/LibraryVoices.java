package dev.voicebridge.http;

import dev.voicebridge.bridge.Caller;
import dev.voicebridge.bridge.CustomVoice;
import dev.voicebridge.bridge.CustomVoice.Readiness;
import dev.voicebridge.bridge.VoiceBook;
import dev.voicebridge.enrolment.Region;
import dev.voicebridge.library.Asker;
import dev.voicebridge.library.LibraryException;
import dev.voicebridge.library.VoiceLibrary;
import dev.voicebridge.text.Pronunciations;
import dev.voicebridge.voice.Voice;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The library as sessions see it. Any event loop. */
final class LibraryVoices implements VoiceBook {
  /** {@code cosyvoice-v3-flash-mum-…}, {@code qwen-tts-vc-mum-…}, {@code speech:mum:…}. */
  private static final Pattern PROVIDERS =
      Pattern.compile("(?:cosyvoice-[^-]+-|qwen-tts-v[cd]-|speech:).+");

  private final VoiceLibrary library;
  private final Region region;

  /**
   * @param dashScopeUrl where sessions speak
   */
  LibraryVoices(VoiceLibrary library, String dashScopeUrl) {
    this.library = library;
    this.region = Region.of(dashScopeUrl);
  }

  @Override
  public @Nullable CustomVoice find(Caller caller, String name) {
    Voice voice = library.find(everybodys(caller), name);
    return voice == null ? null : of(caller, voice);
  }

  @Override
  public boolean plausible(String name) {
    return Voice.isId(name) || PROVIDERS.matcher(name).matches();
  }

  @Override
  public Future<@Nullable CustomVoice> ask(Caller caller, String name) {
    return library
        .get(everybodys(caller), name, Duration.ZERO)
        .<@Nullable CustomVoice>map(voice -> of(caller, voice))
        .recover(
            cause ->
                cause instanceof LibraryException refusal
                        && refusal.reason() == LibraryException.Reason.NOT_FOUND
                    ? Future.succeededFuture()
                    : Future.failedFuture(cause));
  }

  @Override
  public void spoke(String id) {
    library.used(id);
  }

  /** Sees every voice, so that another key's can be told from one that nobody has. */
  private static Asker everybodys(Caller caller) {
    return new Asker(caller.name(), true);
  }

  private CustomVoice of(Caller caller, Voice voice) {
    return of(caller, voice, region, library.isOfThisAccount(voice));
  }

  static CustomVoice of(Caller caller, Voice voice, Region region, boolean ofThisAccount) {
    String providerVoiceId = voice.providerVoiceId();
    return new CustomVoice(
        voice.id(),
        providerVoiceId == null ? "" : providerVoiceId,
        voice.targetModel(),
        readiness(voice),
        !caller.operator() && !caller.name().equals(voice.owner()),
        !ofThisAccount || isElsewhere(voice, region),
        pronunciations(voice));
  }

  /** They were checked when they were written; what another version wrote may be odd. */
  private static Pronunciations pronunciations(Voice voice) {
    JsonObject words = VoiceLibrary.pronunciations(voice);
    try {
      return words == null ? Pronunciations.NONE : Pronunciations.of(words.getMap());
    } catch (IllegalArgumentException odd) {
      return Pronunciations.NONE;
    }
  }

  private static Readiness readiness(Voice voice) {
    return switch (voice.state()) {
      case OK -> voice.providerVoiceId() == null ? Readiness.NOT_YET : Readiness.READY;
      case PENDING, DEPLOYING -> Readiness.NOT_YET;
      case FAILED -> Readiness.NEVER;
    };
  }

  /** No rule where a region is not known: behind a proxy it may be the same one. */
  private static boolean isElsewhere(Voice voice, Region region) {
    String made = voice.region();
    return voice.provider().equals(Voice.DASHSCOPE)
        && region != Region.UNKNOWN
        && made != null
        && !made.equals(Region.UNKNOWN.name().toLowerCase(Locale.ROOT))
        && !made.equals(region.name().toLowerCase(Locale.ROOT));
  }
}
