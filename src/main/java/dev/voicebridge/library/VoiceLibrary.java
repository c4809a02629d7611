package dev.voicebridge.library;

import dev.voicebridge.catalogue.Catalogue;
import dev.voicebridge.config.Config;
import dev.voicebridge.enrolment.Diagnosis;
import dev.voicebridge.enrolment.EnrolledVoice;
import dev.voicebridge.enrolment.EnrolmentException;
import dev.voicebridge.enrolment.Faq;
import dev.voicebridge.enrolment.Impossible;
import dev.voicebridge.enrolment.Provider;
import dev.voicebridge.enrolment.Region;
import dev.voicebridge.enrolment.SampleUrlGuard;
import dev.voicebridge.enrolment.TargetModel;
import dev.voicebridge.library.LibraryException.Reason;
import dev.voicebridge.sample.SampleReport;
import dev.voicebridge.voice.CachedVoices;
import dev.voicebridge.voice.SharedRate;
import dev.voicebridge.voice.StoreHealth;
import dev.voicebridge.voice.Voice;
import dev.voicebridge.voice.VoiceChange;
import dev.voicebridge.voice.VoicePage;
import dev.voicebridge.voice.VoiceQuery;
import dev.voicebridge.voice.VoiceStore;
import dev.voicebridge.voice.VoiceStoreException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Clone, design, keep, find: one library over every provider. Callable from any event loop; every
 * future ends in bounded time, on the caller's context. What fails fails with {@link
 * LibraryException}, {@link EnrolmentException} (the vendor's refusal, explained) or {@link
 * dev.voicebridge.voice.VoiceStoreException}.
 */
public final class VoiceLibrary {
  /** Places that an account has for the voices of one family. */
  public static final int PLACES = 1000;

  /** The longest display name, in characters. */
  /** A note in the record, so that instances that do not know of it keep it. */
  private static final String PRONUNCIATIONS = "pronunciations";

  public static final int MAX_NAME = 100;

  public static final int MAX_TAGS = 20;

  /** The longest tag, in characters. */
  public static final int MAX_TAG = 50;

  private static final int FEW_PLACES = 50;

  private static final int SAMPLES_AT_ONCE = 2;

  private final Vertx vertx;
  private final Context loop;
  private final Catalogue catalogue;
  private final Times times;
  private final Records records;
  private final Vendors vendors;
  private final WorkerExecutor doctor;
  private final Examination examination;
  private final Follower follower;
  private final Enroller enroller;
  private final Refresh refresh;
  private final EnrolmentMeter meter;
  private final SampleLinks links = new SampleLinks();
  private final VoiceStore.Watch watch;

  /** Who waits for the next change of a voice. Library loop only. */
  private final Map<String, Set<Promise<Void>>> waiting = new HashMap<>();

  /**
   * To be called on the loop that is to do the work.
   *
   * @param voices of the store; both stay the caller's to close
   */
  VoiceLibrary(
      Vertx vertx,
      Config config,
      Catalogue catalogue,
      VoiceStore store,
      CachedVoices voices,
      SharedRate rate,
      Times times,
      EnrolmentMeter meter) {
    this.vertx = vertx;
    this.meter = meter;
    this.loop = vertx.getOrCreateContext();
    this.catalogue = catalogue;
    this.times = times;
    this.records = new Records(store, voices);
    this.vendors = new Vendors(vertx, config, rate);
    this.doctor = vertx.createSharedWorkerExecutor("sample-doctor", SAMPLES_AT_ONCE);
    this.examination =
        new Examination(new SampleUrlGuard(vertx, Set.copyOf(config.sampleHosts())), doctor);
    this.follower = new Follower(vertx, records, times);
    this.enroller =
        new Enroller(
            records,
            vendors,
            examination,
            follower,
            links,
            linkBase(config),
            config.keepPreviews());
    this.refresh = new Refresh(records, vendors, rate, times);
    this.watch =
        store.watch(
            change -> {
              refresh.changed(change);
              loop.runOnContext(v -> changed(change));
            });
  }

  /** A vendor fetches from whichever instance it meets; only a lone one has the sample for sure. */
  private static @Nullable String linkBase(Config config) {
    String publicUrl = config.publicUrl();
    return publicUrl == null || config.redisUrl() != null ? null : publicUrl + SampleLinks.PATH;
  }

  private void changed(VoiceChange change) {
    records.changed(change);
    Set<Promise<Void>> waiters = waiting.remove(change.id());
    if (waiters != null) {
      waiters.forEach(Promise::tryComplete);
    }
  }

  /** The work on the library's loop, its end on the caller's. */
  <T> Future<T> there(Supplier<Future<T>> work) {
    Context caller = vertx.getOrCreateContext();
    Promise<T> promise = Promise.promise();
    loop.runOnContext(
        v -> {
          Future<T> done;
          try {
            done = work.get();
          } catch (RuntimeException refused) {
            done = Future.failedFuture(refused);
          }
          done.onComplete(result -> caller.runOnContext(back -> promise.handle(result)));
        });
    return promise.future();
  }

  /**
   * As {@link #there}, for what can't be done without writing a record: nothing is begun while the
   * store is known to be away, and no vendor is asked then.
   */
  private <T> Future<T> writing(Supplier<Future<T>> work) {
    return there(
        () -> {
          StoreHealth health = records.store().health();
          if (health.state() != StoreHealth.State.OK) {
            throw VoiceStoreException.unavailable(String.valueOf(health.detail()));
          }
          return work.get();
        });
  }

  /** Newest first, from memory; only what the asker may see. */
  public VoicePage list(Asker asker, VoiceQuery query) {
    VoiceQuery theirs = asker.operator() ? query : query.ownedBy(asker.owner());
    if (asker.voices().isEmpty()) {
      return records.voices().list(theirs);
    }
    List<Voice> seen =
        records.voices().list(theirs.page(0, Integer.MAX_VALUE)).voices().stream()
            .filter(asker::sees)
            .toList();
    return new VoicePage(
        seen.stream().skip(query.offset()).limit(query.limit()).toList(), seen.size());
  }

  /**
   * From memory, at once.
   *
   * @param id ours or the provider's
   * @return null: there is none that the asker may see
   */
  public @Nullable Voice find(Asker asker, String id) {
    Voice voice = records.find(id);
    return voice != null && asker.sees(voice) ? voice : null;
  }

  /**
   * As {@link #find}, but asks the store as well; fails with {@code NOT_FOUND}.
   *
   * @param longest while the vendor is at work on the voice, waits so long for the end of that;
   *     zero: does not wait
   */
  public Future<Voice> get(Asker asker, String id, Duration longest) {
    return there(() -> ended(asker, id, Instant.now().plus(longest)));
  }

  private Future<Voice> ended(Asker asker, String id, Instant until) {
    return records
        .need(asker, id)
        .compose(
            voice -> {
              long leftMs = Duration.between(Instant.now(), until).toMillis();
              if (!voice.state().isUnderWay() || leftMs <= 0) {
                return Future.succeededFuture(voice);
              }
              Promise<Void> next = Promise.promise();
              waiting.computeIfAbsent(voice.id(), any -> new HashSet<>()).add(next);
              long timer = vertx.setTimer(leftMs, late -> next.tryComplete());
              return next.future()
                  .compose(
                      woken -> {
                        vertx.cancelTimer(timer);
                        stopWaiting(voice.id(), next);
                        return ended(asker, id, until);
                      });
            });
  }

  private void stopWaiting(String id, Promise<Void> waiter) {
    Set<Promise<Void>> waiters = waiting.get(id);
    if (waiters != null && waiters.remove(waiter) && waiters.isEmpty()) {
      waiting.remove(id);
    }
  }

  /** What the doctor says; fails with {@code EnrolmentException} where a URL can't be fetched. */
  public Future<SampleReport> examine(SampleSource sample) {
    return there(() -> examination.examine(sample).map(Examination.Examined::report));
  }

  /** Completes when the vendor has said yes: the voice may still be {@code DEPLOYING}. */
  public Future<Made> make(Asker asker, CloneOrder order) {
    return counted(order.provider(), writing(() -> enroller.make(asker, order)));
  }

  /** Completes with the preview. */
  public Future<Made> make(Asker asker, DesignOrder order) {
    return counted(order.provider(), writing(() -> enroller.make(asker, order)));
  }

  private Future<Made> counted(Provider family, Future<Made> made) {
    return made.onComplete(done -> meter.enrolled(family, EnrolmentMeter.Outcome.of(done)));
  }

  /** The vendor's request, which isn't sent; see {@code Enrolment.dryRun}. */
  public Future<JsonObject> dryRun(Asker asker, CloneOrder order) {
    return there(() -> enroller.dryRun(asker, order));
  }

  /** The vendor's request, which isn't sent; see {@code Enrolment.dryRun}. */
  public Future<JsonObject> dryRun(Asker asker, DesignOrder order) {
    return there(() -> enroller.dryRun(asker, order));
  }

  /**
   * Renames, tags, and says how words are pronounced. A designed voice that was one {@linkplain
   * DesignOrder#take take} of several is kept from then on.
   *
   * @param displayName null: as it is
   * @param tags null: as they are
   * @param pronunciations words and what to say for them, instead of all that were there; null: as
   *     they are
   */
  public Future<Voice> edit(
      Asker asker,
      String id,
      @Nullable String displayName,
      @Nullable List<String> tags,
      @Nullable JsonObject pronunciations) {
    return writing(
        () -> {
          Enroller.checkEdit(displayName, tags);
          return records
              .need(asker, id)
              .compose(
                  voice ->
                      records.change(
                          voice,
                          editor -> {
                            if (displayName != null) {
                              editor.displayName(displayName);
                            }
                            if (tags != null) {
                              editor.tags(tags);
                            }
                            if (pronunciations != null) {
                              editor.note(
                                  PRONUNCIATIONS, pronunciations.isEmpty() ? null : pronunciations);
                            }
                            return editor.note(Refresh.TAKE, null);
                          }));
        });
  }

  /**
   * Another sample for a cloned voice: the vendor's own update where there is one, elsewhere
   * another clone under the same id of ours.
   *
   * @param order its provider, model and name don't count: the voice's own do
   */
  public Future<Made> resample(Asker asker, String id, CloneOrder order) {
    return writing(
        () ->
            records
                .need(asker, id)
                .compose(
                    voice -> {
                      CloneOrder another = forVoice(order, voice);
                      return counted(another.provider(), enroller.resample(asker, voice, another));
                    }));
  }

  private CloneOrder forVoice(CloneOrder order, Voice voice) {
    Vendors.Vendor vendor = vendors.of(voice);
    return forVoice(order, voice, vendor == null ? order.provider() : vendor.family());
  }

  static CloneOrder forVoice(CloneOrder order, Voice voice, Provider family) {
    return new CloneOrder(
        family,
        voice.targetModel(),
        voice.displayName(),
        null,
        order.sample(),
        order.agreement(),
        voice.tags(),
        order.language(),
        order.transcript(),
        order.maxPromptSeconds(),
        order.preprocess(),
        true);
  }

  /**
   * What somebody does with a vendor key of their own. The key is in the visit's memory and nowhere
   * else; let go of the visit when the request is over.
   *
   * @param key not empty
   */
  public Visit visit(String key) {
    return new Visit(this, vertx, vendors.visiting(key), examination, links, times);
  }

  /** Here and at the vendor. */
  public Future<Void> delete(Asker asker, String id) {
    return writing(() -> records.need(asker, id).compose(this::delete));
  }

  private Future<Void> delete(Voice voice) {
    String providerVoiceId = voice.providerVoiceId();
    if (providerVoiceId == null) {
      return records.delete(voice);
    }
    Vendors.Vendor vendor = vendors.of(voice);
    if (vendor == null) {
      throw LibraryException.of(
          Reason.UNSUPPORTED,
          "",
          "这个声音属于另一个账号，要用那个账号的密钥来删除",
          "this voice belongs to another account: delete it with that account's key");
    }
    return vendor
        .enrolment()
        .delete(providerVoiceId)
        .<Void>mapEmpty()
        .recover(VoiceLibrary::unlessGone)
        .compose(
            gone -> {
              refresh.deleted(providerVoiceId);
              return records.delete(voice);
            });
  }

  /** Succeeds after all where what was to be deleted isn't there. */
  static Future<Void> unlessGone(Throwable failure) {
    boolean gone =
        failure instanceof EnrolmentException known
            && Set.of("voice_not_found", "resource_not_found").contains(known.diagnosis().code());
    return gone ? Future.succeededFuture() : Future.failedFuture(failure);
  }

  /** How words are said with it; null: nothing is said about any. */
  public static @Nullable JsonObject pronunciations(Voice voice) {
    return voice.further().getValue(PRONUNCIATIONS) instanceof JsonObject words ? words : null;
  }

  /** Whether it is one {@linkplain DesignOrder#take take} of several and not kept yet. */
  public static boolean isTake(Voice voice) {
    return voice.further().getBoolean(Refresh.TAKE, false);
  }

  /** Everything that is known about how a voice came to be, fit for a file; no secrets. */
  public Future<JsonObject> evidence(Asker asker, String id) {
    return there(() -> records.need(asker, id).map(VoiceLibrary::evidence));
  }

  private static JsonObject evidence(Voice voice) {
    JsonObject json = voice.toJson();
    json.remove("version");
    if (voice.consent() == null) {
      json.putNull("consent");
    }
    return json.put("written", Instant.now().toString());
  }

  /** The preview that was kept of a designed voice; null: none was. */
  public Future<@Nullable KeptPreview> preview(Asker asker, String id) {
    return there(
        () ->
            records
                .need(asker, id)
                .compose(
                    voice -> {
                      String mediaType = voice.preview();
                      return mediaType == null
                          ? Future.<@Nullable KeptPreview>succeededFuture()
                          : records
                              .store()
                              .preview(voice.id())
                              .map(
                                  audio ->
                                      audio == null ? null : new KeptPreview(mediaType, audio));
                    }));
  }

  /** Why a voice is silent, the likeliest first. */
  public Future<List<Diagnosis>> whySilent(Asker asker, String id, @Nullable String model) {
    return there(
        () ->
            records
                .need(asker, id)
                .map(
                    voice ->
                        Faq.silent(
                            speaking(voice, model),
                            catalogue,
                            voice.verdicts(),
                            FaqLimits.of(voice))));
  }

  private Impossible.Speaking speaking(Voice voice, @Nullable String model) {
    EnrolledVoice.Status status =
        switch (voice.state()) {
          case OK -> EnrolledVoice.Status.OK;
          case FAILED -> EnrolledVoice.Status.UNDEPLOYED;
          case PENDING, DEPLOYING -> EnrolledVoice.Status.DEPLOYING;
        };
    String providerVoiceId = voice.providerVoiceId();
    EnrolledVoice asked =
        new EnrolledVoice(
            providerVoiceId == null ? voice.id() : providerVoiceId,
            voice.targetModel().isEmpty() ? null : voice.targetModel(),
            status,
            null,
            null,
            voice.language(),
            null,
            null,
            null,
            null);
    VendorAccount account =
        vendors.all().stream()
            .filter(vendor -> vendor.family().id().equals(voice.family()))
            .map(Vendors.Vendor::account)
            .findFirst()
            .orElse(null);
    Region here = account == null ? Region.UNKNOWN : Region.of(account.account().baseUrl());
    return new Impossible.Speaking(
        model == null ? voice.targetModel() : model,
        asked,
        null,
        here,
        region(voice.region()),
        account == null ? null : account.fingerprint(),
        voice.account());
  }

  private static @Nullable Region region(@Nullable String name) {
    if (name == null) {
      return null;
    }
    for (Region region : Region.values()) {
      if (region.name().toLowerCase(Locale.ROOT).equals(name)) {
        return region;
      }
    }
    return null;
  }

  /** Why a voice is unstable, the likeliest first. */
  public Future<List<Diagnosis>> whyUnstable(Asker asker, String id) {
    return there(
        () ->
            records
                .need(asker, id)
                .map(voice -> Faq.unstable(voice.verdicts(), FaqLimits.of(voice))));
  }

  /** Whether the voice was made with the key that is at hand. */
  public boolean isOfThisAccount(Voice voice) {
    return vendors.of(voice) != null;
  }

  /** Places taken: {@code [{"provider", "used", "places", "warning"}]}, as far as known here. */
  public JsonArray quota() {
    JsonArray quota = new JsonArray();
    List<Voice> all = records.voices().list(VoiceQuery.all()).voices();
    for (Vendors.Vendor vendor : vendors.all()) {
      quota.add(quota(vendor, all.stream().filter(vendor::has).count()));
    }
    return quota;
  }

  static JsonObject quota(Vendors.Vendor vendor, long used) {
    return new JsonObject()
        .put("provider", vendor.family().id())
        .put("used", used)
        .put("places", PLACES)
        .put("warning", used > PLACES - FEW_PLACES);
  }

  /** The models that voices can be made for with the keys and in the region at hand. */
  public List<TargetModel> targets() {
    return vendors.all().stream()
        .flatMap(
            vendor ->
                TargetModel.offered(
                    vendor.family(), Region.of(vendor.account().account().baseUrl()))
                    .stream())
        .toList();
  }

  /** The providers that there is a key for. */
  public Set<Provider> providers() {
    return vendors.all().stream().map(Vendors.Vendor::family).collect(Collectors.toSet());
  }

  /** The voices of our account at a provider, as far as known here. Any thread. */
  public long count(Provider provider, Voice.State state) {
    Vendors.Vendor vendor = vendors.need(provider);
    return records.of(vendor).stream().filter(voice -> voice.state() == state).count();
  }

  /** What the vendor gives for an upload to its temporary store, passed on as it is. */
  public Future<JsonObject> uploadPolicy(String model) {
    return there(() -> vendors.cosyVoice().uploadPolicy(model));
  }

  /** A session spoke with it. Cheap. */
  public void used(String id) {
    records.store().used(id, Instant.now());
  }

  public StoreHealth health() {
    return records.store().health();
  }

  /** Samples that a vendor may fetch now. */
  public SampleLinks links() {
    return links;
  }

  /** Looks at every vendor's list. Never fails. */
  Future<Void> refresh() {
    return refresh.all();
  }

  Future<Void> close() {
    follower.close();
    watch.close();
    return doctor.close();
  }
}
