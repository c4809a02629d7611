package dev.voicebridge.library;

import dev.voicebridge.enrolment.CloneRequest;
import dev.voicebridge.enrolment.DescriptionRules;
import dev.voicebridge.enrolment.DesignRequest;
import dev.voicebridge.enrolment.Diagnosis;
import dev.voicebridge.enrolment.Enrolled;
import dev.voicebridge.enrolment.EnrolledVoice;
import dev.voicebridge.enrolment.EnrolmentException;
import dev.voicebridge.enrolment.EnrolmentRequest;
import dev.voicebridge.enrolment.Impossible;
import dev.voicebridge.enrolment.Operation;
import dev.voicebridge.enrolment.Preview;
import dev.voicebridge.enrolment.Provider;
import dev.voicebridge.enrolment.Receipt;
import dev.voicebridge.enrolment.Region;
import dev.voicebridge.enrolment.Sample;
import dev.voicebridge.library.Examination.Examined;
import dev.voicebridge.library.LibraryException.Reason;
import dev.voicebridge.sample.MendedSample;
import dev.voicebridge.sample.SampleReport;
import dev.voicebridge.voice.Voice;
import dev.voicebridge.voice.VoiceQuery;
import dev.voicebridge.voice.VoiceStoreException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes voices. A record is written before the vendor is asked, under a prefix that only it has;
 * whatever is cut off between the two is tied together by the next {@link Refresh}. Library loop
 * only.
 */
final class Enroller {
  private static final Logger log = LoggerFactory.getLogger(Enroller.class);

  /** A longer one is not kept. */
  private static final int MOST_PREVIEW_BYTES = 4 << 20;

  private final Records records;
  private final Vendors vendors;
  private final Examination examination;
  private final Follower follower;
  private final SampleLinks links;
  private final @Nullable String linkBase;
  private final boolean keepPreviews;

  /**
   * @param linkBase how a vendor reaches {@link SampleLinks}; null: not at all
   */
  Enroller(
      Records records,
      Vendors vendors,
      Examination examination,
      Follower follower,
      SampleLinks links,
      @Nullable String linkBase,
      boolean keepPreviews) {
    this.records = records;
    this.vendors = vendors;
    this.examination = examination;
    this.follower = follower;
    this.links = links;
    this.linkBase = linkBase;
    this.keepPreviews = keepPreviews;
  }

  /**
   * A sample on its way to a vendor.
   *
   * @param sha256 of what the caller gave; empty: nobody but the vendor can look into it
   * @param source as in {@link Voice.Sample}
   * @param after as in {@link Examination.Fit}
   * @param link of {@link SampleLinks}, to be ended; null: none
   * @param transcript what the sample says; null: not known
   * @param heard whether the transcript is the vendor's own
   */
  private record Parcel(
      Sample sample,
      String sha256,
      String source,
      @Nullable SampleReport report,
      List<MendedSample.Step> steps,
      @Nullable SampleReport after,
      @Nullable String link,
      @Nullable String transcript,
      boolean heard) {

    /**
     * What was found in the sample; where it was mended, also what was done ({@code mending}) and
     * what was found then ({@code after_mending}). Null: nobody looked.
     */
    @Nullable JsonObject verdicts() {
      if (report == null || after == null) {
        return report == null ? null : report.toJson();
      }
      JsonArray mending = new JsonArray();
      steps.forEach(step -> mending.add(step.toJson()));
      JsonObject found = after.toJson();
      found.remove("verdicts");
      return report.toJson().put("mending", mending).put("after_mending", found);
    }
  }

  // -- clones -------------------------------------------------------------------------------------

  Future<Made> make(Asker asker, CloneOrder order) {
    check(order.displayName(), order.tags());
    allow(asker, target(order));
    if (order.agreement() == Agreement.NONE) {
      throw noConsent();
    }
    Vendors.Vendor vendor = vendors.need(order.provider());
    if (isVendors(order)) {
      return create(asker, order, vendor, vendorsOwn(order));
    }
    return examination
        .examine(order.sample())
        .compose(
            examined -> {
              Voice existing = order.again() ? null : existing(asker, order, vendor, examined);
              return existing != null
                  ? Future.succeededFuture(
                      new Made(
                          existing,
                          true,
                          examined.report(),
                          List.of(),
                          null,
                          List.of(),
                          new JsonObject(),
                          null))
                  : parcel(order, examined).compose(parcel -> create(asker, order, vendor, parcel));
            });
  }

  private static boolean isVendors(CloneOrder order) {
    return order.sample() instanceof SampleSource.AtUrl there && there.isVendors();
  }

  private static Parcel vendorsOwn(CloneOrder order) {
    String url = ((SampleSource.AtUrl) order.sample()).url();
    return new Parcel(
        new Sample.AtUrl(url),
        "",
        "vendor_upload",
        null,
        List.of(),
        null,
        null,
        order.transcript(),
        false);
  }

  /** The voice that this caller already has from the same sample. */
  private @Nullable Voice existing(
      Asker asker, CloneOrder order, Vendors.Vendor vendor, Examined examined) {
    String sha256 = sha256(examined);
    String model = target(order);
    return records
        .voices()
        .list(VoiceQuery.all().ownedBy(asker.owner()).ofModel(model).made(Voice.Origin.CLONED))
        .voices()
        .stream()
        .filter(voice -> vendor.has(voice) && voice.state() != Voice.State.FAILED)
        .filter(voice -> voice.state() != Voice.State.PENDING)
        .filter(voice -> voice.sample() != null && voice.sample().sha256().equals(sha256))
        .findFirst()
        .orElse(null);
  }

  /** The model asked for, or the provider's default. */
  private static String target(CloneOrder order) {
    return Impossible.target(order.provider(), request(order, "x", placeholder(), null));
  }

  private static String sha256(Examined examined) {
    return new Sample.Inline(examined.bytes(), "audio/wav").sha256();
  }

  private static Sample placeholder() {
    return new Sample.AtUrl("https://example.invalid/sample.wav");
  }

  /** Mended, transcribed, and with a way to the vendor. */
  private Future<Parcel> parcel(CloneOrder order, Examined examined) {
    return examination
        .fit(order.provider(), examined)
        .compose(
            fit ->
                transcript(order, fit.sample()).map(heard -> parcel(order, examined, fit, heard)));
  }

  private Parcel parcel(
      CloneOrder order, Examined examined, Examination.Fit fit, @Nullable String heard) {
    String sha256 = sha256(examined);
    String transcript = heard == null ? order.transcript() : heard;
    Sample sample = fit.sample();
    String source = "inline";
    String link = null;
    if (order.provider() == Provider.COSYVOICE) {
      if (order.sample() instanceof SampleSource.AtUrl there && fit.steps().isEmpty()) {
        sample = new Sample.AtUrl(there.url());
        source = "url";
      } else if (linkBase != null) {
        link = links.offer(fit.sample().bytes(), fit.sample().mimeType());
        sample = new Sample.AtUrl(linkBase + link);
        source = "signed_link";
      } else {
        source = "vendor_upload";
      }
    }
    return new Parcel(
        sample,
        sha256,
        source,
        examined.report(),
        fit.steps(),
        fit.after(),
        link,
        transcript,
        heard != null);
  }

  /** What the vendor's recogniser hears, where the vendor needs a transcript and there is none. */
  private Future<@Nullable String> transcript(CloneOrder order, Sample.Inline sample) {
    String given = order.transcript();
    return order.provider() == Provider.SILICONFLOW && (given == null || given.isBlank())
        ? vendors.siliconFlow().transcribe(sample).map(text -> text)
        : Future.succeededFuture(null);
  }

  private Future<Made> create(Asker asker, CloneOrder order, Vendors.Vendor vendor, Parcel parcel) {
    String prefix = prefix(order.prefix(), order.provider(), order.displayName());
    CloneRequest request = request(order, prefix, parcel.sample(), parcel.transcript());
    refuse(Impossible.check(order.provider(), request, region(vendor)));
    places(vendor);
    Voice.Editor draft =
        draft(
                asker,
                vendor,
                Impossible.target(order.provider(), request),
                Voice.Origin.CLONED,
                order.displayName(),
                order.tags(),
                prefix)
            .language(order.language())
            .consent(consent(asker, order))
            .sample(new Voice.Sample(parcel.sha256(), parcel.source()))
            .verdicts(parcel.verdicts());
    return enrol(draft.done(), vendor, () -> vendor.enrolment().create(request), parcel.link())
        .map(
            done ->
                new Made(
                    done.voice(),
                    false,
                    parcel.report(),
                    parcel.steps(),
                    null,
                    done.enrolled().leftOut(),
                    done.enrolled().remarks(),
                    parcel.heard() ? parcel.transcript() : null));
  }

  private static Voice.Consent consent(Asker asker, CloneOrder order) {
    return new Voice.Consent(asker.owner(), order.agreement().how(), Instant.now());
  }

  private static CloneRequest request(
      CloneOrder order, String prefix, Sample sample, @Nullable String transcript) {
    return new CloneRequest(
        order.targetModel(),
        prefix,
        sample,
        order.language(),
        transcript,
        order.maxPromptSeconds(),
        order.preprocess());
  }

  // -- designs ------------------------------------------------------------------------------------

  Future<Made> make(Asker asker, DesignOrder order) {
    check(order.displayName(), order.tags());
    allow(asker, Impossible.target(order.provider(), request(order, "x")));
    Vendors.Vendor vendor = vendors.need(order.provider());
    String prefix = prefix(order.prefix(), order.provider(), order.displayName());
    DesignRequest request = request(order, prefix);
    refuse(DescriptionRules.check(order.provider(), request));
    refuse(Impossible.check(order.provider(), request, region(vendor)));
    places(vendor);
    Voice draft =
        draft(
                asker,
                vendor,
                Impossible.target(order.provider(), request),
                Voice.Origin.DESIGNED,
                order.displayName(),
                order.tags(),
                prefix)
            .language(order.language())
            .design(new Voice.Design(order.description(), order.previewText()))
            .note(Refresh.TAKE, order.take() ? Boolean.TRUE : null)
            .done();
    return enrol(draft, vendor, () -> vendor.enrolment().create(request), null)
        .compose(this::keptPreview)
        .map(
            done ->
                new Made(
                    done.voice(),
                    false,
                    null,
                    List.of(),
                    done.enrolled().preview(),
                    done.enrolled().leftOut(),
                    done.enrolled().remarks(),
                    null));
  }

  /** The voice is there whether its preview can be kept or not. */
  private Future<Done> keptPreview(Done done) {
    Preview preview = done.enrolled().preview();
    KeptPreview fit = keepPreviews && preview != null ? KeptPreview.of(preview) : null;
    if (fit == null || fit.audio().length() > MOST_PREVIEW_BYTES) {
      return Future.succeededFuture(done);
    }
    return records
        .store()
        .keepPreview(done.voice().id(), fit.audio())
        .compose(kept -> records.change(done.voice(), editor -> editor.preview(fit.mediaType())))
        .map(voice -> new Done(voice, done.enrolled()))
        .recover(
            failure -> {
              log.atWarn()
                  .addKeyValue("voice", done.voice().id())
                  .addKeyValue("cause", failure.getMessage())
                  .log("a preview was not kept");
              return Future.succeededFuture(done);
            });
  }

  private static DesignRequest request(DesignOrder order, String prefix) {
    return new DesignRequest(
        order.targetModel(),
        prefix,
        order.description(),
        order.previewText(),
        order.language(),
        order.sampleRateHz(),
        order.format());
  }

  // -- what both do -------------------------------------------------------------------------------

  private static void check(String displayName, List<String> tags) {
    if (displayName.isBlank() || displayName.length() > VoiceLibrary.MAX_NAME) {
      throw LibraryException.of(
          Reason.INVALID,
          "name",
          "名字要有 1 到 " + VoiceLibrary.MAX_NAME + " 个字符",
          "a name has 1 to " + VoiceLibrary.MAX_NAME + " characters");
    }
    if (tags.size() > VoiceLibrary.MAX_TAGS
        || tags.stream().anyMatch(tag -> tag.isBlank() || tag.length() > VoiceLibrary.MAX_TAG)) {
      throw LibraryException.of(
          Reason.INVALID,
          "tags",
          "最多 " + VoiceLibrary.MAX_TAGS + " 个标签，每个 1 到 " + VoiceLibrary.MAX_TAG + " 个字符",
          "at most "
              + VoiceLibrary.MAX_TAGS
              + " tags of 1 to "
              + VoiceLibrary.MAX_TAG
              + " characters");
    }
  }

  /**
   * @param model empty: the provider has none for this, and will be the one to say so
   */
  private static void allow(Asker asker, String model) {
    if (!asker.makesVoices()) {
      throw LibraryException.of(
          Reason.NOT_ALLOWED,
          "",
          "这把密钥只能使用指定的声音，不能制作新的",
          "this key is limited to certain voices and makes none");
    }
    allowModel(asker, model);
  }

  private static void allowModel(Asker asker, String model) {
    if (!model.isEmpty() && !asker.mayMakeFor(model)) {
      throw LibraryException.of(
          Reason.MODEL_NOT_ALLOWED,
          "target_model",
          "这把密钥不能使用模型 " + model,
          "this key may not use the model " + model);
    }
  }

  static void checkEdit(@Nullable String displayName, @Nullable List<String> tags) {
    check(displayName == null ? "x" : displayName, tags == null ? List.of() : tags);
  }

  private static LibraryException noConsent() {
    return LibraryException.of(
        Reason.NO_CONSENT,
        "consent",
        "请确认说话人同意用这段录音制作声音（consent: true）",
        "state that the speaker agreed to this voice being made (consent: true)");
  }

  private static String prefix(@Nullable String given, Provider family, String displayName) {
    return given == null ? Names.prefix(family, displayName) : given;
  }

  private static void refuse(List<Diagnosis> against) {
    if (!against.isEmpty()) {
      throw EnrolmentException.refused(against.get(0));
    }
  }

  private static Region region(Vendors.Vendor vendor) {
    return Region.of(vendor.account().account().baseUrl());
  }

  private void places(Vendors.Vendor vendor) {
    long taken = records.of(vendor).size();
    if (taken >= VoiceLibrary.PLACES) {
      throw new LibraryException(
          Reason.QUOTA,
          "",
          new dev.voicebridge.enrolment.Words(
              "这个账号的 " + VoiceLibrary.PLACES + " 个声音位置已经用完；先删掉不用的声音",
              "all "
                  + VoiceLibrary.PLACES
                  + " places of this account are taken; delete a voice that isn't needed"),
          new JsonObject().put("used", taken).put("places", VoiceLibrary.PLACES));
    }
  }

  private static Voice.Editor draft(
      Asker asker,
      Vendors.Vendor vendor,
      String model,
      Voice.Origin origin,
      String name,
      List<String> tags,
      String prefix) {
    return Voice.draft(
            Names.id(name),
            vendor.account().provider(),
            vendor.family().id(),
            model,
            origin,
            asker.owner(),
            Instant.now())
        .displayName(name)
        .tags(tags)
        .account(vendor.account().fingerprint())
        .region(vendor.account().region())
        .note(Refresh.PREFIX, prefix);
  }

  private record Done(Voice voice, Enrolled enrolled) {}

  /** The record, the vendor's call, the record again. */
  private Future<Done> enrol(
      Voice draft,
      Vendors.Vendor vendor,
      java.util.function.Supplier<Future<Enrolled>> call,
      @Nullable String link) {
    return records
        .underWay(draft, () -> recorded(draft, vendor, call))
        .onComplete(
            done -> {
              if (done.succeeded() && done.result().voice().state() == Voice.State.DEPLOYING) {
                follower.follow(done.result().voice(), vendor, () -> end(link));
              } else {
                end(link);
              }
            });
  }

  private Future<Done> recorded(
      Voice draft, Vendors.Vendor vendor, java.util.function.Supplier<Future<Enrolled>> call) {
    return records
        .add(draft)
        .compose(
            pending ->
                call.get()
                    .recover(failure -> takenBack(pending, failure))
                    .compose(
                        enrolled ->
                            records
                                .change(pending, editor -> written(editor, enrolled))
                                .recover(failure -> notNoted(vendor, failure))
                                .map(voice -> new Done(voice, enrolled))));
  }

  /** Who orders again what is already made makes it twice. */
  private static Future<Voice> notNoted(Vendors.Vendor vendor, Throwable failure) {
    return Future.failedFuture(
        failure instanceof VoiceStoreException away
                && away.kind() == VoiceStoreException.Kind.UNAVAILABLE
            ? EnrolmentException.notNoted(vendor.family())
            : failure);
  }

  /** What the vendor surely didn't make leaves no record; what it may have made leaves one. */
  private Future<Enrolled> takenBack(Voice pending, Throwable failure) {
    if (failure instanceof EnrolmentException known && known.mayHaveHappened()) {
      return Future.failedFuture(failure);
    }
    return records.delete(pending).transform(deleted -> Future.failedFuture(failure));
  }

  private static Voice.Editor written(Voice.Editor editor, Enrolled enrolled) {
    EnrolledVoice made = enrolled.voice();
    editor
        .providerVoiceId(made.providerVoiceId())
        .state(Follower.state(made.status()))
        .vendorStatus(made.status().name())
        .requestIds(enrolled.receipt().requestIds())
        .usage(new JsonObject().put("count", enrolled.receipt().usageCount()));
    if (made.targetModel() != null) {
      editor.targetModel(made.targetModel());
    }
    return editor;
  }

  /** A signed link has done its work when the voice is ready or none comes of it. */
  private void end(@Nullable String link) {
    if (link != null) {
      links.end(link);
    }
  }

  // -- another sample -----------------------------------------------------------------------------

  Future<Made> resample(Asker asker, Voice voice, CloneOrder order) {
    if (order.agreement() == Agreement.NONE) {
      throw noConsent();
    }
    allowModel(asker, voice.targetModel());
    String providerVoiceId = voice.providerVoiceId();
    Vendors.Vendor vendor = vendors.of(voice);
    if (vendor == null || providerVoiceId == null || voice.origin() == Voice.Origin.DESIGNED) {
      throw LibraryException.of(
          Reason.UNSUPPORTED,
          "",
          "这个声音不能换样本：它不是由录音做成的，或者不属于现在的账号",
          "this voice can't get another sample: it was not made from one, or is not of this account");
    }
    if (isVendors(order)) {
      return update(asker, voice, providerVoiceId, vendor, order, vendorsOwn(order));
    }
    return examination
        .examine(order.sample())
        .compose(examined -> parcel(order, examined))
        .compose(parcel -> update(asker, voice, providerVoiceId, vendor, order, parcel));
  }

  private Future<Made> update(
      Asker asker,
      Voice voice,
      String providerVoiceId,
      Vendors.Vendor vendor,
      CloneOrder order,
      Parcel parcel) {
    if (!vendor.enrolment().operations().contains(Operation.UPDATE)) {
      return replace(asker, voice, providerVoiceId, vendor, order, parcel);
    }
    return vendor
        .enrolment()
        .update(providerVoiceId, parcel.sample())
        .compose(
            receipt ->
                records.change(
                    voice,
                    editor ->
                        resampled(editor, voice, asker, order, parcel, receipt)
                            .state(Voice.State.DEPLOYING)
                            .vendorStatus(EnrolledVoice.Status.DEPLOYING.name())))
        .onComplete(
            changed -> {
              if (changed.succeeded()) {
                follower.follow(changed.result(), vendor, () -> end(parcel.link()));
              } else {
                end(parcel.link());
              }
            })
        .map(changed -> made(changed, parcel, List.of(), new JsonObject()));
  }

  /** Another clone, then our id points to it, then the old one goes. */
  private Future<Made> replace(
      Asker asker,
      Voice voice,
      String oldId,
      Vendors.Vendor vendor,
      CloneOrder order,
      Parcel parcel) {
    String prefix = Names.prefix(vendor.family(), voice.displayName());
    CloneRequest request =
        new CloneRequest(
            voice.targetModel(),
            prefix,
            parcel.sample(),
            order.language() == null ? voice.language() : order.language(),
            parcel.transcript(),
            order.maxPromptSeconds(),
            order.preprocess());
    refuse(Impossible.check(vendor.family(), request, region(vendor)));
    places(vendor);
    JsonObject next =
        next(resampled(voice.edit(), voice, asker, order, parcel, new Receipt(List.of(), 0)));
    return records
        .change(voice, editor -> editor.note(Refresh.NEXT_PREFIX, prefix).note(Refresh.NEXT, next))
        .compose(
            noted ->
                vendor
                    .enrolment()
                    .create(request)
                    .recover(failure -> notReplaced(noted, failure))
                    .compose(
                        enrolled ->
                            records
                                .change(
                                    noted,
                                    editor ->
                                        withoutNext(
                                                written(
                                                    resampled(
                                                        editor,
                                                        voice,
                                                        asker,
                                                        order,
                                                        parcel,
                                                        enrolled.receipt()),
                                                    enrolled))
                                            .note(Refresh.PREFIX, prefix)
                                            .note(Refresh.REPLACED, oldId))
                                .recover(failure -> notNoted(vendor, failure))
                                .compose(changed -> withoutReplaced(changed, vendor, oldId))
                                .map(
                                    changed ->
                                        made(
                                            changed,
                                            parcel,
                                            enrolled.leftOut(),
                                            enrolled.remarks()))));
  }

  /** What a refresh is to write where the answer is lost. */
  private static JsonObject next(Voice.Editor resampled) {
    JsonObject all = resampled.done().toJson();
    JsonObject next = new JsonObject();
    List.of("sample", "consent", "verdicts").forEach(key -> next.put(key, all.getValue(key)));
    return next;
  }

  private static Voice.Editor withoutNext(Voice.Editor editor) {
    return editor.note(Refresh.NEXT_PREFIX, null).note(Refresh.NEXT, null);
  }

  /** What the vendor surely didn't make is waited for by nobody. */
  private Future<Enrolled> notReplaced(Voice noted, Throwable failure) {
    return failure instanceof EnrolmentException known && known.mayHaveHappened()
        ? Future.failedFuture(failure)
        : records
            .change(noted, Enroller::withoutNext)
            .transform(any -> Future.failedFuture(failure));
  }

  /** What can't be deleted now is left to the {@link Refresh}. */
  private Future<Voice> withoutReplaced(Voice voice, Vendors.Vendor vendor, String oldId) {
    return vendor
        .enrolment()
        .delete(oldId)
        .compose(gone -> records.change(voice, editor -> editor.note(Refresh.REPLACED, null)))
        .otherwise(voice);
  }

  private static Made made(Voice voice, Parcel parcel, List<String> leftOut, JsonObject remarks) {
    return new Made(
        voice,
        false,
        parcel.report(),
        parcel.steps(),
        null,
        leftOut,
        remarks,
        parcel.heard() ? parcel.transcript() : null);
  }

  private static Voice.Editor resampled(
      Voice.Editor editor,
      Voice before,
      Asker asker,
      CloneOrder order,
      Parcel parcel,
      Receipt receipt) {
    List<String> requestIds = new ArrayList<>(before.requestIds());
    requestIds.addAll(receipt.requestIds());
    return editor
        .sample(new Voice.Sample(parcel.sha256(), parcel.source()))
        .consent(consent(asker, order))
        .requestIds(requestIds)
        .verdicts(parcel.verdicts());
  }

  // -- dry runs -----------------------------------------------------------------------------------

  Future<JsonObject> dryRun(Asker asker, CloneOrder order) {
    check(order.displayName(), order.tags());
    allow(asker, target(order));
    Vendors.Vendor vendor = vendors.need(order.provider());
    String prefix = prefix(order.prefix(), order.provider(), order.displayName());
    if (isVendors(order)) {
      return Future.succeededFuture(
          vendor
              .enrolment()
              .dryRun(request(order, prefix, vendorsOwn(order).sample(), order.transcript())));
    }
    return examination
        .examine(order.sample())
        .compose(
            examined ->
                examination
                    .fit(order.provider(), examined)
                    .map(
                        fit -> {
                          boolean byUrl =
                              order.provider() == Provider.COSYVOICE && fit.steps().isEmpty();
                          Sample sample =
                              byUrl && order.sample() instanceof SampleSource.AtUrl there
                                  ? new Sample.AtUrl(there.url())
                                  : fit.sample();
                          return vendor
                              .enrolment()
                              .dryRun(request(order, prefix, sample, order.transcript()))
                              .put("report", examined.report().toJson());
                        }));
  }

  Future<JsonObject> dryRun(Asker asker, DesignOrder order) {
    check(order.displayName(), order.tags());
    EnrolmentRequest request =
        request(order, prefix(order.prefix(), order.provider(), order.displayName()));
    allow(asker, Impossible.target(order.provider(), request));
    return Future.succeededFuture(vendors.need(order.provider()).enrolment().dryRun(request));
  }
}
