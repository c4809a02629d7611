package dev.voicebridge.config;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Every setting of the process, as read and checked at start. Secrets never show in {@code
 * toString}.
 *
 * @param host address to listen on
 * @param port 0 takes any free one
 * @param adminPort moves {@code /metrics} there; null: {@code /metrics} answers loopback peers only
 * @param apiKeys the raw setting, for {@link ApiKeys#load}; null: no keys, loopback only
 * @param allowedOrigins browser origins that may call besides the same origin, as browsers write
 *     them
 * @param trustedProxies addresses or CIDR ranges whose forwarding headers count
 * @param publicUrl how the internet reaches this server, without a slash at its end
 * @param publicLists whether system voices and models are listed without a key
 * @param sampleHosts host:port pairs a sample URL may name although private
 * @param demandConsentHeader whether a clone through a vendor-shaped door needs the header that
 *     says that the speaker agreed
 * @param keepPreviews whether previews of designed voices are kept with them
 * @param dataDir where the embedded store lives
 * @param redisUrl null: the embedded store serves one instance
 * @param dashScope where Alibaba's models are spoken to
 * @param guest the verticles that play the vendors when no vendor key is set; null: none
 * @param siliconFlow where SiliconFlow's models are spoken to
 * @param upstreams further engines, of the file that {@code VOICEBRIDGE_UPSTREAMS} names
 * @param languageModel who writes text for speech
 * @param instances event loops that serve sessions, at least 1
 * @param sessions what sessions may take
 * @param voiceAliases names that stand for voices, and what they stand for
 */
public record Config(
    String host,
    int port,
    @Nullable Integer adminPort,
    @Nullable String apiKeys,
    List<String> allowedOrigins,
    List<String> trustedProxies,
    @Nullable String publicUrl,
    boolean publicLists,
    List<String> sampleHosts,
    boolean demandConsentHeader,
    boolean keepPreviews,
    Path dataDir,
    @Nullable String redisUrl,
    DashScope dashScope,
    @Nullable Guest guest,
    SiliconFlow siliconFlow,
    List<Engine> upstreams,
    LanguageModel languageModel,
    int instances,
    Sessions sessions,
    Map<String, String> voiceAliases) {

  /** The one line that names the guests. */
  private static final Guest GUEST =
      new Guest(
          "dev.voicebridge.emulator.EmulatorVerticle",
          "dev.voicebridge.emulator.SiliconFlowVerticle");

  /**
   * @param apiKey the vendor's key; empty while the guest has not said its own
   * @param baseUrl {@code http(s)://host[:port]}, without a path
   */
  public record DashScope(String apiKey, String baseUrl) {
    private static final String CHAT = "/compatible-mode/v1";

    /** Whether an address is one of its own, so that its keys may go there. */
    public boolean has(String url) {
      return url.startsWith(baseUrl + "/");
    }

    @Override
    public String toString() {
      return "DashScope[apiKey=" + hidden(apiKey) + ", baseUrl=" + baseUrl + "]";
    }
  }

  /**
   * @param apiKey empty: SiliconFlow is not used
   * @param baseUrl with its path, without a slash at its end
   */
  public record SiliconFlow(String apiKey, String baseUrl) {
    @Override
    public String toString() {
      return "SiliconFlow[apiKey=" + hidden(apiKey) + ", baseUrl=" + baseUrl + "]";
    }
  }

  /**
   * An OpenAI-style speech service.
   *
   * @param name the owner of its models in the lists
   * @param baseUrl with its path, without a slash at its end
   * @param key empty: none is sent
   * @param models at least one; no other engine has them
   * @param voices perhaps none are known
   * @param sampleRateHz what its PCM has
   * @param wav whether it gives WAV only
   * @param concurrency most requests at once, in the whole process
   */
  public record Engine(
      String name,
      String baseUrl,
      String key,
      List<String> models,
      List<String> voices,
      int sampleRateHz,
      boolean wav,
      int concurrency) {
    @Override
    public String toString() {
      return "Engine[name=" + name + ", baseUrl=" + baseUrl + ", key=" + hidden(key) + "]";
    }
  }

  /**
   * @param baseUrl of an OpenAI-style service, with its path, without a slash at its end
   * @param apiKey empty: none is sent
   */
  public record LanguageModel(String baseUrl, String apiKey, String model) {
    /** The same where Alibaba is elsewhere; one with a key or an address of its own stays. */
    LanguageModel at(DashScope before, DashScope now) {
      return apiKey.isEmpty() && before.has(baseUrl)
          ? new LanguageModel(now.baseUrl() + DashScope.CHAT, now.apiKey(), model)
          : this;
    }

    @Override
    public String toString() {
      return "LanguageModel[baseUrl="
          + baseUrl
          + ", apiKey="
          + hidden(apiKey)
          + ", model="
          + model
          + "]";
    }
  }

  /**
   * Class names, so that nothing points at the guests.
   *
   * @param dashScope the verticle that plays Alibaba
   * @param siliconFlow the verticle that plays SiliconFlow
   */
  public record Guest(String dashScope, String siliconFlow) {}

  /**
   * @param max most sessions open at once in this process
   * @param maxLead how far audio may run ahead of real time
   * @param idle close after this long without a client message or audio
   * @param maxAge close after this long whatever happens
   */
  public record Sessions(int max, Duration maxLead, Duration idle, Duration maxAge) {}

  /**
   * @param properties {@code -D} properties, which win over
   * @param environment the environment, which wins over the file that {@code VOICEBRIDGE_CONFIG}
   *     names. The home folder, where {@code ~/.alibabacloud/credentials} may be read, is the
   *     property {@code user.home}
   * @throws ConfigException with every mistake, one readable line each
   */
  public static Config load(Map<String, String> properties, Map<String, String> environment) {
    SettingsReader read = new SettingsReader(properties, environment);

    String host = read.host(Setting.VOICEBRIDGE_HOST);
    int port = read.whole(Setting.VOICEBRIDGE_PORT, 0, 65535, 0);
    Integer adminPort = adminPort(read, port);
    String apiKeys = apiKeys(read, host);
    DashScope dashScope =
        new DashScope(
            dashScopeKey(read, properties.get("user.home")),
            url(read, Setting.DASHSCOPE_BASE_URL, false));
    SiliconFlow siliconFlow =
        new SiliconFlow(
            Objects.requireNonNullElse(read.key(Setting.SILICONFLOW_API_KEY), ""),
            url(read, Setting.SILICONFLOW_BASE_URL, true));
    List<Engine> upstreams = EngineFile.read(read);
    boolean noVendor =
        dashScope.apiKey().isEmpty()
            && siliconFlow.apiKey().isEmpty()
            && read.set(Setting.VOICEBRIDGE_UPSTREAMS) == null;
    Config config =
        new Config(
            host,
            port,
            adminPort,
            apiKeys,
            read.origins(Setting.VOICEBRIDGE_ALLOWED_ORIGINS),
            read.networks(Setting.VOICEBRIDGE_TRUSTED_PROXIES),
            read.httpUrl(Setting.VOICEBRIDGE_PUBLIC_URL, true),
            read.flag(Setting.VOICEBRIDGE_PUBLIC_LISTS),
            read.hostsAndPorts(Setting.VOICEBRIDGE_SAMPLE_HOSTS),
            read.flag(Setting.VOICEBRIDGE_CONSENT_HEADER),
            read.flag(Setting.VOICEBRIDGE_KEEP_PREVIEWS),
            read.folder(Setting.VOICEBRIDGE_DATA_DIR),
            read.redisUrl(Setting.REDIS_URL),
            dashScope,
            noVendor ? GUEST : null,
            siliconFlow,
            upstreams,
            languageModel(read, dashScope),
            read.whole(
                Setting.VOICEBRIDGE_INSTANCES, 1, 1024, Runtime.getRuntime().availableProcessors()),
            new Sessions(
                read.whole(Setting.VOICEBRIDGE_MAX_SESSIONS, 1, 1_000_000, 1),
                seconds(read, Setting.VOICEBRIDGE_MAX_LEAD_SECONDS, 3600),
                seconds(read, Setting.VOICEBRIDGE_IDLE_SECONDS, 86_400),
                seconds(read, Setting.VOICEBRIDGE_MAX_SESSION_SECONDS, 604_800)),
            VoiceAliases.read(read));

    if (!read.mistakes().isEmpty()) {
      throw new ConfigException(read.mistakes());
    }
    return config;
  }

  /** The same settings, but the vendors are spoken to elsewhere, the language model among them. */
  public Config withVendors(DashScope alibaba, SiliconFlow silicon) {
    return new Config(
        host,
        port,
        adminPort,
        apiKeys,
        allowedOrigins,
        trustedProxies,
        publicUrl,
        publicLists,
        sampleHosts,
        demandConsentHeader,
        keepPreviews,
        dataDir,
        redisUrl,
        alibaba,
        guest,
        silicon,
        upstreams,
        languageModel.at(dashScope, alibaba),
        instances,
        sessions,
        voiceAliases);
  }

  private static @Nullable Integer adminPort(SettingsReader read, int port) {
    if (read.set(Setting.VOICEBRIDGE_ADMIN_PORT) == null) {
      return null;
    }
    int adminPort = read.whole(Setting.VOICEBRIDGE_ADMIN_PORT, 0, 65535, 0);
    if (adminPort != 0 && adminPort == port) {
      read.refuse(
          Setting.VOICEBRIDGE_ADMIN_PORT,
          Integer.toString(adminPort),
          "another port than " + Setting.VOICEBRIDGE_PORT);
    }
    return adminPort;
  }

  /** Without keys anyone who reaches the port could spend the vendor's key. */
  private static @Nullable String apiKeys(SettingsReader read, String host) {
    String raw = read.set(Setting.VOICEBRIDGE_API_KEYS);
    if (raw == null) {
      if (SettingsReader.isHost(host) && !SettingsReader.isLoopback(host)) {
        read.refuse(
            Setting.VOICEBRIDGE_HOST,
            host,
            "127.0.0.1, ::1 or localhost as long as VOICEBRIDGE_API_KEYS is not set");
      }
      return null;
    }
    try {
      ApiKeys.load(raw);
    } catch (ConfigException e) {
      e.mistakes().forEach(read::mistake);
    }
    return raw;
  }

  private static String dashScopeKey(SettingsReader read, @Nullable String home) {
    String set = read.key(Setting.DASHSCOPE_API_KEY);
    boolean useFile = read.flag(Setting.VOICEBRIDGE_USE_CREDENTIALS_FILE);
    if (set != null || !useFile) {
      return Objects.requireNonNullElse(set, "");
    }
    String key = null;
    if (home != null) {
      try {
        key = CredentialsFile.dashScopeKey(Path.of(home, ".alibabacloud", "credentials"));
      } catch (IOException e) {
        // told below: unreadable and without a key come to the same
      }
    }
    if (key == null || !SettingsReader.isKey(key)) {
      read.refuse(
          Setting.VOICEBRIDGE_USE_CREDENTIALS_FILE,
          "true",
          "a line dashscope_api_key=… in ~/.alibabacloud/credentials");
      return "";
    }
    return key;
  }

  /** The DashScope key goes to DashScope alone, whatever address the language model has. */
  private static LanguageModel languageModel(SettingsReader read, DashScope dashScope) {
    String baseUrl = read.httpUrl(Setting.LLM_BASE_URL, true);
    String apiKey = read.key(Setting.LLM_API_KEY);
    String model = read.textOrDefault(Setting.LLM_MODEL);
    String ownKey = baseUrl == null || dashScope.has(baseUrl) ? dashScope.apiKey() : "";
    return new LanguageModel(
        baseUrl == null ? dashScope.baseUrl() + DashScope.CHAT : baseUrl,
        Objects.requireNonNullElse(apiKey, ownKey),
        model);
  }

  private static String url(SettingsReader read, Setting setting, boolean withPath) {
    return Objects.requireNonNull(read.httpUrl(setting, withPath), "it has a default");
  }

  private static Duration seconds(SettingsReader read, Setting setting, int most) {
    return Duration.ofSeconds(read.whole(setting, 1, most, 1));
  }

  private static String hidden(@Nullable String secret) {
    return secret == null || secret.isEmpty() ? "none" : "***";
  }

  @Override
  public String toString() {
    return "Config[host="
        + host
        + ", port="
        + port
        + ", adminPort="
        + adminPort
        + ", apiKeys="
        + hidden(apiKeys)
        + ", allowedOrigins="
        + allowedOrigins
        + ", trustedProxies="
        + trustedProxies
        + ", publicUrl="
        + publicUrl
        + ", publicLists="
        + publicLists
        + ", sampleHosts="
        + sampleHosts
        + ", demandConsentHeader="
        + demandConsentHeader
        + ", keepPreviews="
        + keepPreviews
        + ", dataDir="
        + dataDir
        + ", redisUrl="
        + hidden(redisUrl)
        + ", dashScope="
        + dashScope
        + ", guest="
        + guest
        + ", siliconFlow="
        + siliconFlow
        + ", upstreams="
        + upstreams
        + ", languageModel="
        + languageModel
        + ", instances="
        + instances
        + ", sessions="
        + sessions
        + ", voiceAliases="
        + voiceAliases
        + "]";
  }
}
