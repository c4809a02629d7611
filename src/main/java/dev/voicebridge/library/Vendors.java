package dev.voicebridge.library;

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

  Vendors(Vertx vertx, Config config, SharedRate rate) {
    VendorHttp http = new VendorHttp(vertx);
    Config.DashScope dashScope = config.dashScope();
    if (dashScope.apiKey().isEmpty()) {
      cosyVoice = null;
    } else {
      VendorAccount account =
          new VendorAccount(Voice.DASHSCOPE, new Account(dashScope.baseUrl(), dashScope.apiKey()));
      Pace pace = pace(rate, account);
      cosyVoice = new CosyVoiceEnrolment(http, account.account(), pace);
      add(account, cosyVoice);
      add(account, new QwenEnrolment(http, account.account(), pace));
    }
    Config.SiliconFlow flow = config.siliconFlow();
    if (flow.apiKey().isEmpty()) {
      siliconFlow = null;
    } else {
      VendorAccount account =
          new VendorAccount(Voice.SILICONFLOW, new Account(flow.baseUrl(), flow.apiKey()));
      siliconFlow = new SiliconFlowEnrolment(http, account.account(), pace(rate, account));
      add(account, siliconFlow);
    }
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
