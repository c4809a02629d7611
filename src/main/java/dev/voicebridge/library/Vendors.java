package dev.voicebridge.library;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.voicebridge.config.Config;
import dev.voicebridge.enrolment.Account;
import dev.voicebridge.enrolment.CosyVoiceEnrolment;
import dev.voicebridge.enrolment.Enrolment;
import dev.voicebridge.enrolment.Pace;
import dev.voicebridge.enrolment.Provider;
import dev.voicebridge.enrolment.QwenEnrolment;
import dev.voicebridge.enrolment.SiliconFlowEnrolment;
import dev.voicebridge.enrolment.VendorHttp;
import dev.voicebridge.library.LibraryException.Reason;
import dev.voicebridge.voice.SharedRate;
import dev.voicebridge.voice.Voice;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The vendors that there is a key for, each behind the pace that it allows. */
final class Vendors {
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(25);

  /** Longer than the longest period of a pace. */
  private static final Duration VISIT = Duration.ofMinutes(2);

  private static final int MOST_VISITORS = 10_000;

  /** One interface of one vendor. */
  record Vendor(Provider family, VendorAccount account, Enrolment enrolment) {
    /** Whether a record is of this interface and this account. */
    boolean has(Voice voice) {
      return voice.family().equals(family.id())
          && voice.provider().equals(account.provider())
          && account.fingerprint().equals(voice.account());
    }
  }

  private final Map<Provider, Vendor> vendors = new EnumMap<>(Provider.class);
  private final @Nullable CosyVoiceEnrolment cosyVoice;
  private final @Nullable SiliconFlowEnrolment siliconFlow;
  private final Vertx vertx;
  private final VendorHttp http;
  private final Account dashScopeAt;
  private final Account siliconFlowAt;

  /** The paces of visitors' accounts, by fingerprint; never shared with other instances. */
  private final Cache<String, SharedRate> visitors =
      Caffeine.newBuilder().maximumSize(MOST_VISITORS).expireAfterAccess(VISIT).build();

  Vendors(Vertx vertx, Config config, SharedRate rate) {
    this(
        vertx,
        new VendorHttp(vertx),
        new Account(config.dashScope().baseUrl(), config.dashScope().apiKey()),
        new Account(config.siliconFlow().baseUrl(), config.siliconFlow().apiKey()),
        rate);
  }

  /** An account without a key is left out. */
  private Vendors(
      Vertx vertx, VendorHttp http, Account dashScopeAt, Account siliconFlowAt, SharedRate rate) {
    this.vertx = vertx;
    this.http = http;
    this.dashScopeAt = dashScopeAt;
    this.siliconFlowAt = siliconFlowAt;
    if (dashScopeAt.key().isEmpty()) {
      cosyVoice = null;
    } else {
      VendorAccount account = new VendorAccount(Voice.DASHSCOPE, dashScopeAt);
      Pace pace = pace(rate, account);
      cosyVoice = new CosyVoiceEnrolment(http, account.account(), pace);
      add(account, cosyVoice);
      add(account, new QwenEnrolment(http, account.account(), pace));
    }
    if (siliconFlowAt.key().isEmpty()) {
      siliconFlow = null;
    } else {
      VendorAccount account = new VendorAccount(Voice.SILICONFLOW, siliconFlowAt);
      siliconFlow = new SiliconFlowEnrolment(http, account.account(), pace(rate, account));
      add(account, siliconFlow);
    }
  }

  /**
   * The same vendors with a visitor's key in place of ours. Nothing of the key outlives what is
   * returned but its fingerprint, in this memory, for as long as the vendor's rate counts back.
   */
  Vendors visiting(String key) {
    VendorAccount visitor =
        new VendorAccount(Voice.DASHSCOPE, new Account(dashScopeAt.baseUrl(), key));
    SharedRate rate = visitors.get(visitor.fingerprint(), first -> SharedRate.local(vertx));
    return new Vendors(
        vertx, http, visitor.account(), new Account(siliconFlowAt.baseUrl(), key), rate);
  }

  private void add(VendorAccount account, Enrolment enrolment) {
    vendors.put(enrolment.provider(), new Vendor(enrolment.provider(), account, enrolment));
  }

  /** The vendors' published rates (calls of every kind), over all instances. */
  private static Pace pace(SharedRate rate, VendorAccount account) {
    return (provider, operation) -> {
      SharedRate.Pot pot =
          switch (provider) {
            case COSYVOICE -> pot(provider, account, 10, Duration.ofSeconds(1));
            case QWEN -> pot(provider, account, 180, Duration.ofMinutes(1));
            // Published nowhere: a polite number.
            case SILICONFLOW -> pot(provider, account, 10, Duration.ofSeconds(1));
          };
      return rate.take(pot, LONGEST_WAIT).map(go -> pot.good());
    };
  }

  private static SharedRate.Pot pot(
      Provider provider, VendorAccount account, int calls, Duration period) {
    return new SharedRate.Pot(provider.id() + ":" + account.fingerprint(), calls, period);
  }

  Collection<Vendor> all() {
    return vendors.values();
  }

  @Nullable Vendor of(Provider family) {
    return vendors.get(family);
  }

  Vendor need(Provider family) {
    Vendor vendor = vendors.get(family);
    if (vendor == null) {
      throw LibraryException.of(
          Reason.UNSUPPORTED,
          "provider",
          "本服务器没有配置 " + family.id() + " 的密钥",
          "this server has no key for " + family.id());
    }
    return vendor;
  }

  /** The vendor that has the voice; null: no longer one of ours. */
  @Nullable Vendor of(Voice voice) {
    return vendors.values().stream().filter(each -> each.has(voice)).findFirst().orElse(null);
  }

  CosyVoiceEnrolment cosyVoice() {
    need(Provider.COSYVOICE);
    return java.util.Objects.requireNonNull(cosyVoice);
  }

  SiliconFlowEnrolment siliconFlow() {
    need(Provider.SILICONFLOW);
    return java.util.Objects.requireNonNull(siliconFlow);
  }
}
