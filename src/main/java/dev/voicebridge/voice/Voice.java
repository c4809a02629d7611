package dev.voicebridge.voice;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What we know of one voice. Immutable; change one with {@link #edit()}.
 *
 * <p>Durable data: {@link #parse} takes records of older versions (fields missing) and of newer
 * ones (fields unknown: they are kept in {@code further} and written back), so that instances of
 * different age can share a library.
 *
 * @param id ours, {@code [a-z0-9_-]{1,64}}; never reused
 * @param provider {@code dashscope}, {@code siliconflow} …
 * @param family the provider's interface: {@code cosyvoice}, {@code qwen}, {@code siliconflow} …
 * @param providerVoiceId as the provider writes it, blanks and colons included; null until it
 *     answered. Unique within a provider
 * @param targetModel the model that the voice was made for; empty when the provider did not say
 * @param vendorStatus the vendor's own word, as it came ({@code DEPLOYING}, {@code OK}, {@code
 *     UNDEPLOYED}); null: none yet
 * @param language of the sample or the preview text, as the vendor codes it
 * @param owner name of the key whose voice this is; null: found at the vendor, for the operator
 *     only
 * @param displayName any script; may be empty
 * @param tags in order, none twice
 * @param consent who said that the speaker agreed; null: nobody did
 * @param sample null: not cloned here
 * @param design null: not designed here
 * @param account fingerprint of the vendor key it was made with, never the key; null: unknown
 * @param region of the vendor; null: unknown
 * @param created when the record was made, or the voice where the vendor told
 * @param modified when anything but {@code lastUsed} last changed
 * @param lastUsed kept by {@link VoiceStore#used}; null: never
 * @param preview media type of the preview that {@link VoiceStore#preview} has; null: none is kept
 * @param requestIds the vendor's, oldest first
 * @param usage the vendor's usage counts, by name
 * @param verdicts summary of the sample doctor; null: not asked
 * @param version set by the store: 0 was never stored, and each put adds one
 * @param further fields that this version does not know
 */
public record Voice(
    String id,
    String provider,
    String family,
    @Nullable String providerVoiceId,
    String targetModel,
    State state,
    @Nullable String vendorStatus,
    @Nullable String language,
    Origin origin,
    @Nullable String owner,
    String displayName,
    List<String> tags,
    @Nullable Consent consent,
    @Nullable Sample sample,
    @Nullable Design design,
    @Nullable String account,
    @Nullable String region,
    Instant created,
    Instant modified,
    @Nullable Instant lastUsed,
    @Nullable String preview,
    List<String> requestIds,
    JsonObject usage,
    @Nullable JsonObject verdicts,
    long version,
    JsonObject further) {

  public static final String DASHSCOPE = "dashscope";
  public static final String SILICONFLOW = "siliconflow";

  private static final Pattern ID = Pattern.compile("[a-z0-9_-]{1,64}");
  private static final Set<String> KNOWN =
      Set.of(
          "id",
          "provider",
          "family",
          "provider_voice_id",
          "target_model",
          "state",
          "vendor_status",
          "language",
          "origin",
          "owner",
          "display_name",
          "tags",
          "consent",
          "sample",
          "design",
          "account",
          "region",
          "created",
          "modified",
          "last_used",
          "preview",
          "request_ids",
          "usage",
          "verdicts",
          "version");

  /** Where a voice is on its way. A deleted voice has no record (the store keeps a tombstone). */
  public enum State {
    /** Written before the vendor is asked; it may or may not exist there. */
    PENDING,
    /** The vendor has it and is at work. */
    DEPLOYING,
    /** Can speak. */
    OK,
    /** Refused or not usable ({@code UNDEPLOYED}). */
    FAILED;

    /** Whether the vendor still has to say what becomes of it. */
    public boolean isUnderWay() {
      return this == PENDING || this == DEPLOYING;
    }
  }

  /** How a voice came to us. */
  public enum Origin {
    CLONED,
    DESIGNED,
    /** Made elsewhere; seen in the vendor's list. */
    FOUND
  }

  /**
   * @param saidBy who stated that the speaker agreed
   * @param how {@code stated} by the caller, or {@code key_holder}: taken as the word of the key's
   *     holder, where a vendor-shaped door has no field for it; open-ended
   * @param at when
   */
  public record Consent(String saidBy, String how, Instant at) {
    JsonObject toJson() {
      return new JsonObject().put("said_by", saidBy).put("how", how).put("at", at.toString());
    }

    static Consent parse(JsonObject json) {
      return new Consent(
          json.getString("said_by", ""),
          json.getString("how", ""),
          Instant.parse(json.getString("at")));
    }
  }

  /**
   * @param sha256 of the sample as it was given, lower-case hex
   * @param source how the vendor got it: {@code inline}, {@code url}, {@code signed_link}, {@code
   *     vendor_upload} …
   */
  public record Sample(String sha256, String source) {
    JsonObject toJson() {
      return new JsonObject().put("sha256", sha256).put("source", source);
    }

    static Sample parse(JsonObject json) {
      return new Sample(json.getString("sha256", ""), json.getString("source", ""));
    }
  }

  /**
   * @param description what the voice should be like
   * @param previewText what the preview says; empty: not told
   */
  public record Design(String description, String previewText) {
    JsonObject toJson() {
      return new JsonObject().put("description", description).put("preview_text", previewText);
    }

    static Design parse(JsonObject json) {
      return new Design(json.getString("description", ""), json.getString("preview_text", ""));
    }
  }

  /**
   * @throws IllegalArgumentException when the id is not one of ours or the provider is empty
   */
  public Voice {
    if (!isId(id)) {
      throw new IllegalArgumentException("not a voice id: [a-z0-9_-]{1,64}");
    }
    if (provider.isEmpty()) {
      throw new IllegalArgumentException("a voice needs a provider");
    }
    tags = tags.stream().distinct().toList();
    requestIds = List.copyOf(requestIds);
    usage = usage.copy();
    verdicts = verdicts == null ? null : verdicts.copy();
    further = further.copy();
  }

  /** Whether it has the form of our ids. */
  public static boolean isId(String id) {
    return ID.matcher(id).matches();
  }

  /** A copy: the record itself never changes. */
  @Override
  public JsonObject usage() {
    return usage.copy();
  }

  /** A copy: the record itself never changes. */
  @Override
  public @Nullable JsonObject verdicts() {
    return verdicts == null ? null : verdicts.copy();
  }

  /** A copy: the record itself never changes. */
  @Override
  public JsonObject further() {
    return further.copy();
  }

  /** A new record, pending, made now; {@code owner} null: found at the vendor. */
  public static Editor draft(
      String id,
      String provider,
      String family,
      String targetModel,
      Origin origin,
      @Nullable String owner,
      Instant now) {
    return new Editor(id, provider, family, targetModel, origin, owner, now);
  }

  /** A copy to change; the version stays, for the store to compare. */
  public Editor edit() {
    return new Editor(this);
  }

  /** Times are ISO-8601 in UTC; what is null is left out. */
  public JsonObject toJson() {
    JsonObject json = further.copy();
    json.put("id", id)
        .put("provider", provider)
        .put("family", family)
        .put("target_model", targetModel)
        .put("state", state.name())
        .put("origin", origin.name())
        .put("display_name", displayName)
        .put("tags", new JsonArray(tags))
        .put("created", created.toString())
        .put("modified", modified.toString())
        .put("request_ids", new JsonArray(requestIds))
        .put("usage", usage.copy())
        .put("version", version);
    put(json, "provider_voice_id", providerVoiceId);
    put(json, "vendor_status", vendorStatus);
    put(json, "language", language);
    put(json, "owner", owner);
    put(json, "consent", consent == null ? null : consent.toJson());
    put(json, "sample", sample == null ? null : sample.toJson());
    put(json, "design", design == null ? null : design.toJson());
    put(json, "account", account);
    put(json, "region", region);
    put(json, "last_used", lastUsed == null ? null : lastUsed.toString());
    put(json, "preview", preview);
    put(json, "verdicts", verdicts());
    return json;
  }

  private static void put(JsonObject json, String name, @Nullable Object value) {
    if (value != null) {
      json.put(name, value);
    }
  }

  /**
   * @throws IllegalArgumentException when it is not a voice that this version understands
   */
  public static Voice parse(JsonObject json) {
    try {
      JsonObject further = json.copy();
      KNOWN.forEach(further::remove);
      Instant created = Instant.parse(json.getString("created"));
      return new Voice(
          Objects.requireNonNull(json.getString("id"), "id"),
          Objects.requireNonNull(json.getString("provider"), "provider"),
          json.getString("family", ""),
          json.getString("provider_voice_id"),
          json.getString("target_model", ""),
          State.valueOf(json.getString("state")),
          json.getString("vendor_status"),
          json.getString("language"),
          Origin.valueOf(json.getString("origin", Origin.FOUND.name())),
          json.getString("owner"),
          json.getString("display_name", ""),
          strings(json, "tags"),
          part(json, "consent", Consent::parse),
          part(json, "sample", Sample::parse),
          part(json, "design", Design::parse),
          json.getString("account"),
          json.getString("region"),
          created,
          instant(json, "modified", created),
          instant(json, "last_used", null),
          json.getString("preview"),
          strings(json, "request_ids"),
          json.getJsonObject("usage", new JsonObject()),
          json.getJsonObject("verdicts"),
          json.getLong("version", 0L),
          further);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException("not a voice: " + e, e);
    }
  }

  private static List<String> strings(JsonObject json, String name) {
    return json.getJsonArray(name, new JsonArray()).stream().map(String.class::cast).toList();
  }

  private static <T> @Nullable T part(
      JsonObject json, String name, Function<JsonObject, T> parser) {
    JsonObject part = json.getJsonObject(name);
    return part == null ? null : parser.apply(part);
  }

  @SuppressWarnings("NullAway") // null in, null out
  private static Instant instant(JsonObject json, String name, @Nullable Instant otherwise) {
    String text = json.getString(name);
    return text == null ? otherwise : Instant.parse(text);
  }

  /** Changes a copy, then {@link #done}. Not for two threads. */
  public static final class Editor {
    private final String id;
    private final String provider;
    private String family;
    private @Nullable String providerVoiceId;
    private String targetModel;
    private State state = State.PENDING;
    private @Nullable String vendorStatus;
    private @Nullable String language;
    private Origin origin;
    private @Nullable String owner;
    private String displayName = "";
    private List<String> tags = List.of();
    private @Nullable Consent consent;
    private @Nullable Sample sample;
    private @Nullable Design design;
    private @Nullable String account;
    private @Nullable String region;
    private Instant created;
    private Instant modified;
    private @Nullable Instant lastUsed;
    private @Nullable String preview;
    private List<String> requestIds = List.of();
    private JsonObject usage = new JsonObject();
    private @Nullable JsonObject verdicts;
    private long version;
    private JsonObject further = new JsonObject();

    private Editor(
        String id,
        String provider,
        String family,
        String targetModel,
        Origin origin,
        @Nullable String owner,
        Instant now) {
      this.id = id;
      this.provider = provider;
      this.family = family;
      this.targetModel = targetModel;
      this.origin = origin;
      this.owner = owner;
      this.created = now;
      this.modified = now;
    }

    private Editor(Voice voice) {
      this(
          voice.id,
          voice.provider,
          voice.family,
          voice.targetModel,
          voice.origin,
          voice.owner,
          voice.created);
      this.providerVoiceId = voice.providerVoiceId;
      this.state = voice.state;
      this.vendorStatus = voice.vendorStatus;
      this.language = voice.language;
      this.displayName = voice.displayName;
      this.tags = voice.tags;
      this.consent = voice.consent;
      this.sample = voice.sample;
      this.design = voice.design;
      this.account = voice.account;
      this.region = voice.region;
      this.modified = voice.modified;
      this.lastUsed = voice.lastUsed;
      this.preview = voice.preview;
      this.requestIds = voice.requestIds;
      this.usage = voice.usage;
      this.verdicts = voice.verdicts;
      this.version = voice.version;
      this.further = voice.further;
    }

    public Editor family(String value) {
      this.family = value;
      return this;
    }

    public Editor providerVoiceId(@Nullable String value) {
      this.providerVoiceId = value;
      return this;
    }

    public Editor targetModel(String value) {
      this.targetModel = value;
      return this;
    }

    public Editor state(State value) {
      this.state = value;
      return this;
    }

    public Editor vendorStatus(@Nullable String value) {
      this.vendorStatus = value;
      return this;
    }

    public Editor language(@Nullable String value) {
      this.language = value;
      return this;
    }

    public Editor origin(Origin value) {
      this.origin = value;
      return this;
    }

    public Editor owner(@Nullable String value) {
      this.owner = value;
      return this;
    }

    public Editor displayName(String value) {
      this.displayName = value;
      return this;
    }

    public Editor tags(List<String> value) {
      this.tags = value;
      return this;
    }

    public Editor consent(@Nullable Consent value) {
      this.consent = value;
      return this;
    }

    public Editor sample(@Nullable Sample value) {
      this.sample = value;
      return this;
    }

    public Editor design(@Nullable Design value) {
      this.design = value;
      return this;
    }

    public Editor account(@Nullable String value) {
      this.account = value;
      return this;
    }

    public Editor region(@Nullable String value) {
      this.region = value;
      return this;
    }

    public Editor created(Instant value) {
      this.created = value;
      return this;
    }

    public Editor modified(Instant value) {
      this.modified = value;
      return this;
    }

    public Editor lastUsed(@Nullable Instant value) {
      this.lastUsed = value;
      return this;
    }

    public Editor preview(@Nullable String value) {
      this.preview = value;
      return this;
    }

    public Editor requestIds(List<String> value) {
      this.requestIds = value;
      return this;
    }

    public Editor usage(JsonObject value) {
      this.usage = value;
      return this;
    }

    public Editor verdicts(@Nullable JsonObject value) {
      this.verdicts = value;
      return this;
    }

    /**
     * A note of the library's own.
     *
     * @param name not one of the record's own fields
     * @param value null: takes it away
     */
    public Editor note(String name, @Nullable Object value) {
      if (KNOWN.contains(name)) {
        throw new IllegalArgumentException(name + " is a field of its own");
      }
      this.further = this.further.copy();
      if (value == null) {
        this.further.remove(name);
      } else {
        this.further.put(name, value);
      }
      return this;
    }

    /** For a store: callers leave it as they read it. */
    public Editor version(long value) {
      this.version = value;
      return this;
    }

    /**
     * @throws IllegalArgumentException as the record does
     */
    public Voice done() {
      return new Voice(
          id,
          provider,
          family,
          providerVoiceId,
          targetModel,
          state,
          vendorStatus,
          language,
          origin,
          owner,
          displayName,
          tags,
          consent,
          sample,
          design,
          account,
          region,
          created,
          modified,
          lastUsed,
          preview,
          requestIds,
          usage,
          verdicts,
          version,
          further);
    }
  }
}
