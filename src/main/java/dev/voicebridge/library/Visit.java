package dev.voicebridge.library;

import dev.voicebridge.enrolment.Operation;
import dev.voicebridge.enrolment.Provider;
import dev.voicebridge.library.LibraryException.Reason;
import dev.voicebridge.voice.CachedVoices;
import dev.voicebridge.voice.MemoryVoiceStore;
import dev.voicebridge.voice.Voice;
import dev.voicebridge.voice.VoicePage;
import dev.voicebridge.voice.VoiceQuery;
import dev.voicebridge.voice.VoiceStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request that brings a vendor key of its own. It talks to the vendor at once and leaves nothing
 * behind: no record, no voice in the shared library, nobody who follows an enrolment. Its voices go
 * by the provider's ids, since ours would have to be kept; a record that it answers with has one
 * that means nothing. Callable, completing and failing as {@link VoiceLibrary}.
 */
public final class Visit {
  private final VoiceLibrary library;
  private final Vertx vertx;
  private final Vendors vendors;
  private final Examination examination;
  private final SampleLinks links;
  private final Times times;

  /**
   * @param vendors with the visitor's key
   */
  Visit(
      VoiceLibrary library,
      Vertx vertx,
      Vendors vendors,
      Examination examination,
      SampleLinks links,
      Times times) {
    this.library = library;
    this.vertx = vertx;
    this.vendors = vendors;
    this.examination = examination;
    this.links = links;
    this.times = times;
  }

  /**
   * Voices of the visitor's account.
   *
   * @param quota as {@link VoiceLibrary#quota}
   */
  public record Listed(VoicePage page, JsonArray quota) {}

  /** Makes voices as the library does, over records that are forgotten. */
  private Enroller enroller(VoiceStore forgotten) {
    Records records = new Records(forgotten, CachedVoices.following(forgotten));
    Follower nobody = new Follower(vertx, records, times);
    nobody.close();
    // No signed link: it would have to live on after the answer.
    return new Enroller(records, vendors, examination, nobody, links, null, false);
  }

  private VoiceStore forgotten() {
    return new MemoryVoiceStore(vertx);
  }

  /**
   * @param family null: both that DashScope has
   */
  public Future<Listed> list(@Nullable Provider family, VoiceQuery query) {
    return library.there(
        () -> {
          VoiceStore found = forgotten();
          JsonArray quota = new JsonArray();
          Future<Void> chain = Future.succeededFuture();
          for (Provider each :
              family == null ? List.of(Provider.COSYVOICE, Provider.QWEN) : List.of(family)) {
            chain = chain.compose(done -> list(vendors.need(each), found, quota));
          }
          return chain.compose(done -> found.list(query)).map(page -> new Listed(page, quota));
        });
  }

  private static Future<Void> list(Vendors.Vendor vendor, VoiceStore to, JsonArray quota) {
    return vendor
        .enrolment()
        .list()
        .compose(
            list -> {
              quota.add(VoiceLibrary.quota(vendor, list.voices().size()));
              List<Future<Voice>> kept = new ArrayList<>();
              list.voices().forEach(voice -> kept.add(to.put(Refresh.found(vendor, voice))));
              return Future.all(kept).mapEmpty();
            });
  }

  /**
   * @param longest as in {@link VoiceLibrary#get}
   */
  public Future<Voice> get(Provider family, String id, Duration longest) {
    return library.there(
        () -> ended(vendors.need(family), id, Instant.now().plus(longest), times.ask()));
  }

  private Future<Voice> ended(Vendors.Vendor vendor, String id, Instant until, Duration pause) {
    return vendor
        .enrolment()
        .query(id)
        .map(found -> Refresh.found(vendor, found.voice()))
        .compose(
            voice -> {
              long leftMs = Duration.between(Instant.now(), until).toMillis();
              if (!voice.state().isUnderWay() || leftMs <= 0) {
                return Future.succeededFuture(voice);
              }
              Promise<Void> later = Promise.promise();
              vertx.setTimer(
                  Math.max(1, Math.min(leftMs, pause.toMillis())), timer -> later.complete());
              return later
                  .future()
                  .compose(again -> ended(vendor, id, until, pause.multipliedBy(3).dividedBy(2)));
            });
  }

  /** What can't be kept, tags, is among what was left out. */
  public Future<Made> make(Asker asker, CloneOrder order) {
    return library.there(
        () ->
            enroller(forgotten())
                .make(asker, order)
                .map(made -> without(made, order.tags(), false)));
  }

  /** What can't be kept, tags and the end of a take, is among what was left out. */
  public Future<Made> make(Asker asker, DesignOrder order) {
    return library.there(
        () ->
            enroller(forgotten())
                .make(asker, order)
                .map(made -> without(made, order.tags(), order.take())));
  }

  private static Made without(Made made, List<String> tags, boolean take) {
    List<String> leftOut = new ArrayList<>(made.leftOut());
    if (!tags.isEmpty()) {
      leftOut.add("tags");
    }
    if (take) {
      leftOut.add("take");
    }
    return new Made(
        made.voice().edit().tags(List.of()).done(),
        made.existing(),
        made.report(),
        made.mending(),
        made.preview(),
        leftOut,
        made.remarks(),
        made.transcript());
  }

  public Future<JsonObject> dryRun(Asker asker, CloneOrder order) {
    return library.there(() -> enroller(forgotten()).dryRun(asker, order));
  }

  public Future<JsonObject> dryRun(Asker asker, DesignOrder order) {
    return library.there(() -> enroller(forgotten()).dryRun(asker, order));
  }

  /** Only where the vendor can do it: without an update, the voice's id would become another. */
  public Future<Made> resample(Asker asker, Provider family, String id, CloneOrder order) {
    return library.there(
        () -> {
          Vendors.Vendor vendor = vendors.need(family);
          if (!vendor.enrolment().operations().contains(Operation.UPDATE)) {
            throw LibraryException.of(
                Reason.UNSUPPORTED,
                "provider",
                family.id() + " 不能给声音换样本：请重新克隆，再删掉旧的",
                family.id()
                    + " can't give a voice another sample: clone again, delete the old one");
          }
          VoiceStore one = forgotten();
          return ended(vendor, id, Instant.now(), times.ask())
              .compose(one::put)
              .compose(
                  voice ->
                      enroller(one)
                          .resample(asker, voice, VoiceLibrary.forVoice(order, voice, family)));
        });
  }

  public Future<Void> delete(Provider family, String id) {
    return library.there(() -> vendors.need(family).enrolment().delete(id).mapEmpty());
  }

  /** As {@link VoiceLibrary#uploadPolicy}. */
  public Future<JsonObject> uploadPolicy(String model) {
    return library.there(() -> vendors.cosyVoice().uploadPolicy(model));
  }
}
