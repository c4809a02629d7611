package dev.voicebridge.voice;

import dev.voicebridge.voice.Voice.Origin;
import dev.voicebridge.voice.Voice.State;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which voices to list. What is null asks nothing.
 *
 * @param owner only voices of this key; null: everyone's, those without owner too (the operator)
 * @param tag one that the voice has
 * @param text part of the id, the provider's id, the display name, a tag or the description; case
 *     does not count
 * @param offset how many to leave out, ≥ 0
 * @param limit how many at most, ≥ 0
 */
public record VoiceQuery(
    @Nullable String owner,
    @Nullable String provider,
    @Nullable String targetModel,
    @Nullable String tag,
    @Nullable Origin origin,
    @Nullable State state,
    @Nullable String text,
    int offset,
    int limit) {
  public VoiceQuery {
    if (offset < 0 || limit < 0) {
      throw new IllegalArgumentException("offset and limit can't be negative");
    }
  }

  /** Everything. */
  public static VoiceQuery all() {
    return new VoiceQuery(null, null, null, null, null, null, null, 0, Integer.MAX_VALUE);
  }

  public VoiceQuery ownedBy(@Nullable String value) {
    return new VoiceQuery(value, provider, targetModel, tag, origin, state, text, offset, limit);
  }

  public VoiceQuery ofProvider(@Nullable String value) {
    return new VoiceQuery(owner, value, targetModel, tag, origin, state, text, offset, limit);
  }

  public VoiceQuery ofModel(@Nullable String value) {
    return new VoiceQuery(owner, provider, value, tag, origin, state, text, offset, limit);
  }

  public VoiceQuery tagged(@Nullable String value) {
    return new VoiceQuery(owner, provider, targetModel, value, origin, state, text, offset, limit);
  }

  public VoiceQuery made(@Nullable Origin value) {
    return new VoiceQuery(owner, provider, targetModel, tag, value, state, text, offset, limit);
  }

  public VoiceQuery inState(@Nullable State value) {
    return new VoiceQuery(owner, provider, targetModel, tag, origin, value, text, offset, limit);
  }

  public VoiceQuery containing(@Nullable String value) {
    return new VoiceQuery(owner, provider, targetModel, tag, origin, state, value, offset, limit);
  }

  public VoiceQuery page(int newOffset, int newLimit) {
    return new VoiceQuery(
        owner, provider, targetModel, tag, origin, state, text, newOffset, newLimit);
  }

  boolean fits(Voice voice) {
    return (owner == null || owner.equals(voice.owner()))
        && (provider == null || provider.equals(voice.provider()))
        && (targetModel == null || targetModel.equals(voice.targetModel()))
        && (tag == null || voice.tags().contains(tag))
        && (origin == null || origin == voice.origin())
        && (state == null || state == voice.state())
        && (text == null || says(voice, text.toLowerCase(Locale.ROOT)));
  }

  private static boolean says(Voice voice, String part) {
    Voice.Design design = voice.design();
    return holds(voice.id(), part)
        || holds(voice.providerVoiceId(), part)
        || holds(voice.displayName(), part)
        || voice.tags().stream().anyMatch(tag -> holds(tag, part))
        || (design != null && holds(design.description(), part));
  }

  private static boolean holds(@Nullable String text, String part) {
    return text != null && text.toLowerCase(Locale.ROOT).contains(part);
  }
}
