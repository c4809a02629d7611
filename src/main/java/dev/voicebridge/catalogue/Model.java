package dev.voicebridge.catalogue;

import dev.voicebridge.audio.AudioFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One model as the data file describes it.
 *
 * @param name the vendor's name
 * @param provider whose model it is: {@code dashscope}, {@code siliconflow} or an engine's name
 * @param sameAs the name this one is an alias or snapshot of because the vendor says so; else null
 * @param formats what the model encodes itself; {@code wav} is always possible where {@code pcm} is
 * @param sampleRatesHz rates the vendor documents
 * @param defaultSampleRateHz the rate used when the caller names none, Hz
 * @param languages the {@code language_type} names it takes; empty: takes none
 * @param spokenDialects regional kinds of speech that an instruction may ask for, in English
 * @param voiceKinds which kinds of voice it speaks with
 * @param maxTextChars longest text of one synthesis, counted as the vendor counts
 * @param defaultVoice the voice used when the caller names none; null where one must be named
 * @param budget what the vendor allows per account, shared by {@link Budget#sharedBy()}
 */
public record Model(
    String name,
    Dialect dialect,
    String provider,
    @Nullable String sameAs,
    Set<AudioFormat> formats,
    Set<Integer> sampleRatesHz,
    int defaultSampleRateHz,
    Set<Ability> abilities,
    Set<String> languages,
    Set<String> spokenDialects,
    Set<VoiceKind> voiceKinds,
    int maxTextChars,
    @Nullable String defaultVoice,
    Budget budget) {

  /** Where a voice comes from. */
  public enum VoiceKind {
    SYSTEM,
    CLONED,
    DESIGNED
  }

  /**
   * @param syntheses how many syntheses may begin in {@code periodSeconds}
   * @param sharedBy the name of the pot that several models draw from
   */
  public record Budget(int syntheses, int periodSeconds, String sharedBy) {}

  public boolean can(Ability ability) {
    return abilities.contains(ability);
  }
}
