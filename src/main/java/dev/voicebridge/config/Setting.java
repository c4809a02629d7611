package dev.voicebridge.config;

import org.jspecify.annotations.Nullable;

/** Every setting, in the order of the README's table, which a test compares with this list. */
enum Setting {
  VOICEBRIDGE_HOST(
      "127.0.0.1", "Address to listen on. Without `VOICEBRIDGE_API_KEYS` a loopback address only"),
  VOICEBRIDGE_PORT("8080", "Port to listen on; 0 takes any free one and prints it"),
  VOICEBRIDGE_ADMIN_PORT(
      null, "Moves `/metrics` to this port; without it `/metrics` answers loopback peers only"),
  VOICEBRIDGE_API_KEYS(
      null,
      "none",
      true,
      "Who may call: `[name=]key,…`, keys of at least 16 characters, or `@file.json`, which is reread without a restart"),
  VOICEBRIDGE_ALLOWED_ORIGINS(
      null,
      "same origin",
      false,
      "Further browser origins that may call and may frame the page: `https://example.org,…`"),
  VOICEBRIDGE_TRUSTED_PROXIES(
      null, "Addresses or CIDR ranges whose `Forwarded` and `X-Forwarded-*` headers count"),
  VOICEBRIDGE_PUBLIC_URL(
      null, "How the internet reaches this server, so that a vendor can fetch a sample"),
  VOICEBRIDGE_PUBLIC_LISTS("true", "Whether system voices and models are listed without a key"),
  VOICEBRIDGE_ALIASES(
      null,
      "OpenAI's 13 names",
      false,
      "What names of voices stand for in `/v1/audio/speech`, beside or in place of OpenAI's: `alloy=Cherry,nova=<a voice's id>,…`, or `@file.json` with an object of them"),
  VOICEBRIDGE_SAMPLE_HOSTS(
      null,
      "`host:port` pairs that a sample URL may name although their address is private; metadata addresses never"),
  VOICEBRIDGE_CONSENT_HEADER(
      "false",
      "`true`: a clone through `/api/v1/services/audio/tts/customization`, which has no field for it, needs the header `X-Voicebridge-Consent: true`, which says that the speaker agreed; otherwise it is the word of the key's holder"),
  VOICEBRIDGE_KEEP_PREVIEWS(
      "false",
      "`true`: the preview of a designed voice is kept until the voice is deleted, for `GET /v1/voices/{id}/preview`; otherwise it is in the answer to the design only"),
  VOICEBRIDGE_DATA_DIR(
      "data",
      "Folder of the embedded store, when no Redis is given, and of the embedded guest's key and voices"),
  REDIS_URL(
      null,
      "none",
      true,
      "`redis://…` or `rediss://…` (a certificate of that name, which the JVM trusts: `-Djavax.net.ssl.trustStore`): voices and the pace of vendor calls are shared by all instances; without it the embedded store serves one instance"),
  VOICEBRIDGE_INSTANCES(null, "one per core", false, "Event loops that serve sessions"),
  VOICEBRIDGE_MAX_SESSIONS("2000", "Most sessions open at once in this process"),
  VOICEBRIDGE_MAX_LEAD_SECONDS("30", "How far audio may run ahead of real time"),
  VOICEBRIDGE_IDLE_SECONDS("600", "A session without a message or audio for this long is closed"),
  VOICEBRIDGE_MAX_SESSION_SECONDS("7200", "A session is closed after this long whatever happens"),
  DASHSCOPE_API_KEY(
      null,
      "none",
      true,
      "Alibaba. Only if no vendor key at all is set does the embedded guest speak"),
  DASHSCOPE_BASE_URL(
      "https://dashscope.aliyuncs.com",
      "Region, workspace host or a double, without a path; `ws(s)` follows `http(s)`"),
  SILICONFLOW_API_KEY(null, "none", true, "SiliconFlow"),
  SILICONFLOW_BASE_URL("https://api.siliconflow.cn/v1", "SiliconFlow's address, with its path"),
  VOICEBRIDGE_UPSTREAMS(null, "A JSON file of further OpenAI-style engines"),
  LLM_BASE_URL(
      null,
      "DashScope's compatible mode",
      false,
      "Language model for speech from a prompt: an OpenAI-style address, with its path"),
  LLM_API_KEY(
      null, "DashScope's key", true, "Its key. The DashScope key is never sent to another host"),
  LLM_MODEL("qwen3.5-flash", "Its model"),
  VOICEBRIDGE_CONFIG(
      null,
      "A properties file with settings of this table; `-D` properties and the environment win over it"),
  VOICEBRIDGE_USE_CREDENTIALS_FILE(
      "false",
      "`true`: where `DASHSCOPE_API_KEY` is not set, take `dashscope_api_key` from `~/.alibabacloud/credentials`");

  private final @Nullable String preset;
  private final String shownDefault;
  private final boolean secret;
  private final String doc;

  Setting(@Nullable String preset, String doc) {
    this(preset, preset == null ? "none" : preset, false, doc);
  }

  Setting(@Nullable String preset, String shownDefault, boolean secret, String doc) {
    this.preset = preset;
    this.shownDefault = shownDefault;
    this.secret = secret;
    this.doc = doc;
  }

  /** What holds when nothing is set; null: nothing, or it depends on other settings. */
  @Nullable String preset() {
    return preset;
  }

  /** The default as a reader of the table sees it. */
  String shownDefault() {
    return shownDefault;
  }

  /** What it is for, in one line of Markdown. */
  String doc() {
    return doc;
  }

  /** Whether the value must never show. */
  boolean isSecret() {
    return secret;
  }
}
