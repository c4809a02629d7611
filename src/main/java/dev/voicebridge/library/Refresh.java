package dev.voicebridge.library;

import dev.voicebridge.enrolment.EnrolledVoice;
import dev.voicebridge.enrolment.EnrolmentException;
import dev.voicebridge.voice.SharedRate;
import dev.voicebridge.voice.StoreHealth;
import dev.voicebridge.voice.Voice;
import dev.voicebridge.voice.VoiceChange;
import dev.voicebridge.voice.VoiceStoreException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the library with the vendors' lists: what was made elsewhere appears, what was deleted
 * elsewhere goes, what was cut off half-way is tied to its owner. One instance at a time looks at
 * an account. Library loop only.
 */
final class Refresh {
  /** The vendor's name hint of a voice, as the record notes it. */
  static final String PREFIX = "prefix";

  /** The hint of the clone that is to take its place. */
  static final String NEXT_PREFIX = "next_prefix";

  /** What the record will say of its sample when that clone is made. */
  static final String NEXT = "next";

  /** The vendor's id of the voice whose place another clone took, until it is deleted there. */
  static final String REPLACED = "replaced";

  /** One try of a design, to be deleted unless it is kept. */
  static final String TAKE = "take";

  private static final Logger log = LoggerFactory.getLogger(Refresh.class);

  private final Records records;
  private final Vendors vendors;
  private final SharedRate rate;
  private final Times times;

  /**
   * The providers' ids of what was deleted a moment ago, here or by another instance: a list that
   * was asked for before may still show them. Any thread.
   */
  private final Map<String, Instant> deleted = new ConcurrentHashMap<>();

  /** The provider's id of each record, by our id: a deletion doesn't tell it. Any thread. */
  private final Map<String, String> providerIds = new ConcurrentHashMap<>();

  Refresh(Records records, Vendors vendors, SharedRate rate, Times times) {
    this.records = records;
    this.vendors = vendors;
    this.rate = rate;
    this.times = times;
  }

  /** Any thread. */
  void changed(VoiceChange change) {
    Voice voice = change.voice();
    String providerVoiceId = voice == null ? null : voice.providerVoiceId();
    String before =
        providerVoiceId == null
            ? providerIds.remove(change.id())
            : providerIds.put(change.id(), providerVoiceId);
    if (before != null && !before.equals(providerVoiceId)) {
      deleted(before);
    }
  }

  void deleted(String providerVoiceId) {
    deleted.put(providerVoiceId, Instant.now());
  }

  /** Looks at every account once; one after the other. Never fails. */
  Future<Void> all() {
    Future<Void> chain = Future.succeededFuture();
    for (Vendors.Vendor vendor : vendors.all()) {
      chain = chain.compose(done -> turn(vendor));
    }
    return chain;
  }

  private Future<Void> turn(Vendors.Vendor vendor) {
    if (records.store().health().state() != StoreHealth.State.OK) {
      return Future.succeededFuture();
    }
    String pot = "refresh:" + vendor.family().id() + ":" + vendor.account().fingerprint();
    // A little less than the period, so that the one who looks regularly finds the pot full again.
    Duration period = times.refresh().multipliedBy(8).dividedBy(10);
    return rate.claim(new SharedRate.Pot(pot, 1, period))
        .compose(mine -> mine ? now(vendor) : Future.succeededFuture())
        .recover(
            failure -> {
              log.atWarn()
                  .addKeyValue("provider", vendor.family().id())
                  .addKeyValue("cause", failure.getMessage())
                  .log("the vendor's voices could not be listed");
              return Future.succeededFuture();
            });
  }

  /** Looks at one account. */
  Future<Void> now(Vendors.Vendor vendor) {
    Instant began = Instant.now();
    // One that ends while the list is on its way may have made a voice that the list lacks.
    Set<String> underWay = records.underWay();
    deleted.values().removeIf(at -> at.isBefore(began.minus(times.pending())));
    return vendor
        .enrolment()
        .list()
        .compose(
            list ->
                each(list.voices(), listed -> take(vendor, listed))
                    .compose(taken -> missing(vendor, list.voices(), began)))
        .compose(done -> replaced(vendor))
        .compose(done -> abandoned(vendor, began, underWay));
  }

  private <T> Future<Void> each(List<T> things, java.util.function.Function<T, Future<Void>> step) {
    Future<Void> chain = Future.succeededFuture();
    for (T thing : things) {
      chain =
          chain
              .compose(done -> step.apply(thing))
              // One record that somebody else is changing must not keep the others waiting.
              .recover(
                  failure ->
                      isOfOneVoice(failure)
                          ? Future.succeededFuture()
                          : Future.failedFuture(failure));
    }
    return chain;
  }

  /** What a vendor won't delete now is asked for again at the next look. */
  private static boolean isOfOneVoice(Throwable failure) {
    return failure instanceof VoiceStoreException known
        ? known.kind() != VoiceStoreException.Kind.UNAVAILABLE
        : failure instanceof LibraryException || failure instanceof EnrolmentException;
  }

  private Future<Void> take(Vendors.Vendor vendor, EnrolledVoice listed) {
    String provider = vendor.account().provider();
    Voice known = records.voices().byProviderId(provider, listed.providerVoiceId());
    if (known != null && !isNobodys(known)) {
      return status(known, listed);
    }
    Voice waiting = waitingFor(vendor, listed);
    if (waiting != null) {
      return records.change(waiting, editor -> tied(editor.done(), listed)).mapEmpty();
    }
    if (isReplaced(vendor, listed.providerVoiceId())) {
      return Future.succeededFuture();
    }
    if (known != null) {
      return status(known, listed);
    }
    return deleted.containsKey(listed.providerVoiceId())
        ? Future.succeededFuture()
        : records.store().put(found(vendor, listed)).mapEmpty();
  }

  /** The record of an enrolment that was cut off, with the voice that came of it. */
  private static Voice.Editor tied(Voice waiting, EnrolledVoice listed) {
    String before = waiting.providerVoiceId();
    if (listed.providerVoiceId().equals(before)) {
      return status(waiting.edit(), listed); // somebody else was quicker
    }
    JsonObject next = waiting.further().getJsonObject(NEXT);
    Voice voice = next == null ? waiting : Voice.parse(waiting.toJson().mergeIn(next));
    return status(voice.edit(), listed)
        .providerVoiceId(listed.providerVoiceId())
        .note(PREFIX, listed.name())
        .note(NEXT_PREFIX, null)
        .note(NEXT, null)
        .note(REPLACED, before);
  }

  private boolean isReplaced(Vendors.Vendor vendor, String providerVoiceId) {
    return records.of(vendor).stream()
        .anyMatch(voice -> providerVoiceId.equals(voice.further().getString(REPLACED)));
  }

  private static boolean isNobodys(Voice voice) {
    return voice.origin() == Voice.Origin.FOUND && voice.owner() == null;
  }

  private Future<Void> status(Voice known, EnrolledVoice listed) {
    return known.state() == Follower.state(listed.status())
        ? Future.succeededFuture()
        : records.change(known, editor -> status(editor, listed)).mapEmpty();
  }

  private static Voice.Editor status(Voice.Editor editor, EnrolledVoice listed) {
    return editor.state(Follower.state(listed.status())).vendorStatus(listed.status().name());
  }

  /**
   * The one record whose enrolment this voice must have come from. A prefix that a caller chose may
   * be there twice: then nobody can tell, and nobody gets it.
   */
  private @Nullable Voice waitingFor(Vendors.Vendor vendor, EnrolledVoice listed) {
    String name = listed.name();
    if (name == null) {
      return null;
    }
    Instant made = listed.created();
    List<Voice> waiting = new ArrayList<>();
    for (Voice voice : records.of(vendor)) {
      boolean isIts =
          voice.state() == Voice.State.PENDING && name.equals(voice.further().getString(PREFIX));
      boolean isNext = name.equals(voice.further().getString(NEXT_PREFIX));
      boolean modelFits =
          listed.targetModel() == null || listed.targetModel().equals(voice.targetModel());
      boolean isYounger =
          made == null || !made.isBefore(voice.created().minus(Duration.ofMinutes(5)));
      if ((isIts || isNext) && modelFits && isYounger) {
        waiting.add(voice);
      }
    }
    return waiting.size() == 1 ? waiting.get(0) : null;
  }

  /** A record of what a vendor tells of a voice; nobody's, and not stored. */
  static Voice found(Vendors.Vendor vendor, EnrolledVoice listed) {
    String name = listed.name() == null ? listed.providerVoiceId() : listed.name();
    String model = listed.targetModel();
    Instant created = listed.created() == null ? Instant.now() : listed.created();
    Voice.Editor editor =
        Voice.draft(
                Names.id(name),
                vendor.account().provider(),
                vendor.family().id(),
                model == null ? "" : model,
                Voice.Origin.FOUND,
                null,
                created)
            .displayName(name)
            .providerVoiceId(listed.providerVoiceId())
            .language(listed.language())
            .account(vendor.account().fingerprint())
            .region(vendor.account().region())
            .note(PREFIX, listed.name());
    if (listed.description() != null) {
      String said = listed.previewText();
      editor.design(new Voice.Design(listed.description(), said == null ? "" : said));
    }
    return status(editor, listed).done();
  }

  /**
   * What one list lacks may only have moved to a page that was read before: a second one decides.
   */
  private Future<Void> missing(Vendors.Vendor vendor, List<EnrolledVoice> listed, Instant began) {
    List<Voice> missing = lacking(vendor, listed, began);
    if (missing.isEmpty()) {
      return Future.succeededFuture();
    }
    return vendor
        .enrolment()
        .list()
        .compose(
            again -> {
              Set<String> still = new HashSet<>();
              lacking(vendor, again.voices(), began).forEach(voice -> still.add(voice.id()));
              return each(
                  missing.stream().filter(voice -> still.contains(voice.id())).toList(),
                  records::delete);
            });
  }

  private List<Voice> lacking(Vendors.Vendor vendor, List<EnrolledVoice> listed, Instant began) {
    Set<String> there = new HashSet<>();
    listed.forEach(voice -> there.add(voice.providerVoiceId()));
    return records.of(vendor).stream()
        .filter(voice -> voice.providerVoiceId() != null)
        .filter(voice -> !there.contains(voice.providerVoiceId()))
        .filter(voice -> voice.modified().isBefore(began.minus(times.settle())))
        .toList();
  }

  /** Voices that another clone took the place of, and that may still be at the vendor. */
  private Future<Void> replaced(Vendors.Vendor vendor) {
    return each(
        records.of(vendor).stream().filter(voice -> voice.further().containsKey(REPLACED)).toList(),
        voice ->
            delete(vendor, voice.further().getString(REPLACED))
                .compose(gone -> records.change(voice, editor -> editor.note(REPLACED, null)))
                .mapEmpty());
  }

  /** At the vendor; one that isn't there is as good as deleted. */
  private Future<Void> delete(Vendors.Vendor vendor, String providerVoiceId) {
    return vendor
        .enrolment()
        .delete(providerVoiceId)
        .<Void>mapEmpty()
        .recover(VoiceLibrary::unlessGone)
        .onSuccess(gone -> deleted(providerVoiceId));
  }

  /**
   * Enrolments that came to nothing, and tries that nobody kept.
   *
   * @param underWay our ids of those that somebody here waits for: slow, but not given up
   */
  private Future<Void> abandoned(Vendors.Vendor vendor, Instant now, Set<String> underWay) {
    List<Voice> pending =
        records.of(vendor).stream()
            .filter(voice -> voice.state() == Voice.State.PENDING)
            .filter(voice -> !underWay.contains(voice.id()))
            .filter(voice -> voice.modified().isBefore(now.minus(times.pending())))
            .toList();
    List<Voice> takes =
        records.of(vendor).stream()
            .filter(voice -> voice.further().getBoolean(TAKE, false))
            .filter(voice -> voice.created().isBefore(now.minus(times.take())))
            .filter(voice -> voice.providerVoiceId() != null)
            .toList();
    return each(pending, records::delete)
        .compose(
            done ->
                each(
                    takes,
                    voice ->
                        delete(vendor, String.valueOf(voice.providerVoiceId()))
                            .compose(gone -> records.delete(voice))));
  }
}
