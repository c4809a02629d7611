package dev.voicebridge.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigTest {
  private static final String KEY = "sk-0123456789abcdef";

  @TempDir Path folder;

  private static Config environment(String... namesAndValues) {
    return Config.load(Map.of(), map(namesAndValues));
  }

  private static List<String> mistakes(String... namesAndValues) {
    return assertThrows(ConfigException.class, () -> environment(namesAndValues)).mistakes();
  }

  private static Map<String, String> map(String... namesAndValues) {
    Map<String, String> map = new HashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      map.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return map;
  }

  private String write(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content).toString();
  }

  @Test
  void namesOfVoicesAreSetBesideThePresetOnes() throws IOException {
    Map<String, String> preset = environment().voiceAliases();
    assertEquals(13, preset.size());
    assertEquals("Cherry", preset.get("alloy"));

    Map<String, String> set =
        environment("VOICEBRIDGE_ALIASES", "alloy=Eldric Sage, my-voice=speech:mum:x:y")
            .voiceAliases();
    assertEquals("Eldric Sage", set.get("alloy"));
    assertEquals("speech:mum:x:y", set.get("my-voice"));
    assertEquals(preset.get("nova"), set.get("nova"));

    String file = write("aliases.json", "{\"kokoro\": \"Momo\"}");
    assertEquals(
        "Momo", environment("VOICEBRIDGE_ALIASES", "@" + file).voiceAliases().get("kokoro"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"alloy", "=Cherry", "alloy=", "a b=Cherry", "@nowhere.json", "alloy=x,"})
  void namesOfVoicesThatCannotBeAreAMistake(String value) {
    List<String> mistakes = mistakes("VOICEBRIDGE_ALIASES", value);
    assertEquals(1, mistakes.size(), mistakes::toString);
    assertTrue(mistakes.get(0).startsWith("VOICEBRIDGE_ALIASES: "), mistakes::toString);
  }

  @Test
  void nothingSetMeansTheDefaultsAndTheGuest() {
    Config config = environment();

    assertEquals("127.0.0.1", config.host());
    assertEquals(8080, config.port());
    assertNull(config.adminPort());
    assertNull(config.apiKeys());
    assertEquals(List.of(), config.allowedOrigins());
    assertEquals(List.of(), config.trustedProxies());
    assertNull(config.publicUrl());
    assertTrue(config.publicLists());
    assertEquals(List.of(), config.sampleHosts());
    assertEquals(Path.of("data"), config.dataDir());
    assertNull(config.redisUrl());
    assertEquals(new Config.DashScope("", "https://dashscope.aliyuncs.com"), config.dashScope());
    assertEquals(
        new Config.Guest(
            "dev.voicebridge.emulator.EmulatorVerticle",
            "dev.voicebridge.emulator.SiliconFlowVerticle"),
        config.guest());
    assertEquals(new Config.SiliconFlow("", "https://api.siliconflow.cn/v1"), config.siliconFlow());
    assertEquals(List.of(), config.upstreams());
    assertEquals(
        new Config.LanguageModel(
            "https://dashscope.aliyuncs.com/compatible-mode/v1", "", "qwen3.5-flash"),
        config.languageModel());
    assertEquals(Runtime.getRuntime().availableProcessors(), config.instances());
    assertEquals(
        new Config.Sessions(
            2000, Duration.ofSeconds(30), Duration.ofMinutes(10), Duration.ofHours(2)),
        config.sessions());
  }

  @Test
  void everythingCanBeSet() throws IOException {
    Config config =
        environment(
            "VOICEBRIDGE_HOST", "0.0.0.0",
            "VOICEBRIDGE_PORT", "0",
            "VOICEBRIDGE_ADMIN_PORT", "9090",
            "VOICEBRIDGE_API_KEYS", "kiosk=" + KEY,
            "VOICEBRIDGE_ALLOWED_ORIGINS",
                "https://A.example:443, http://b.example:8080,https://例え.jp",
            "VOICEBRIDGE_TRUSTED_PROXIES", "10.0.0.0/8,::1 fd00::/8,192.168.1.1",
            "VOICEBRIDGE_PUBLIC_URL", "https://voice.example/base/",
            "VOICEBRIDGE_PUBLIC_LISTS", "false",
            "VOICEBRIDGE_SAMPLE_HOSTS", "nas.local:9000,[fd00::5]:80",
            "VOICEBRIDGE_CONSENT_HEADER", "true",
            "VOICEBRIDGE_KEEP_PREVIEWS", "true",
            "VOICEBRIDGE_DATA_DIR", folder.toString(),
            "REDIS_URL", "rediss://:pw@redis.example:6380/2",
            "VOICEBRIDGE_INSTANCES", "3",
            "VOICEBRIDGE_MAX_SESSIONS", "5",
            "VOICEBRIDGE_MAX_LEAD_SECONDS", "6",
            "VOICEBRIDGE_IDLE_SECONDS", "7",
            "VOICEBRIDGE_MAX_SESSION_SECONDS", "8",
            "DASHSCOPE_API_KEY", " " + KEY + "\n",
            "DASHSCOPE_BASE_URL", "http://127.0.0.1:9/",
            "SILICONFLOW_API_KEY", "sf",
            "SILICONFLOW_BASE_URL", "http://127.0.0.1:9/v1/",
            "VOICEBRIDGE_UPSTREAMS", write("upstreams.json", "[]"),
            "LLM_BASE_URL", "http://127.0.0.1:11434/v1",
            "LLM_API_KEY", "llm",
            "LLM_MODEL", "small");

    assertEquals("0.0.0.0", config.host());
    assertEquals(0, config.port());
    assertEquals(9090, config.adminPort());
    assertEquals("kiosk=" + KEY, config.apiKeys());
    assertEquals(
        List.of("https://a.example", "http://b.example:8080", "https://xn--r8jz45g.jp"),
        config.allowedOrigins());
    assertEquals(List.of("10.0.0.0/8", "::1", "fd00::/8", "192.168.1.1"), config.trustedProxies());
    assertEquals("https://voice.example/base", config.publicUrl());
    assertFalse(config.publicLists());
    assertEquals(List.of("nas.local:9000", "[fd00::5]:80"), config.sampleHosts());
    assertTrue(config.demandConsentHeader());
    assertTrue(config.keepPreviews());
    assertEquals(folder, config.dataDir());
    assertEquals("rediss://:pw@redis.example:6380/2", config.redisUrl());
    assertEquals(new Config.DashScope(KEY, "http://127.0.0.1:9"), config.dashScope());
    assertNull(config.guest());
    assertEquals(new Config.SiliconFlow("sf", "http://127.0.0.1:9/v1"), config.siliconFlow());
    assertEquals(List.of(), config.upstreams());
    assertEquals(
        new Config.LanguageModel("http://127.0.0.1:11434/v1", "llm", "small"),
        config.languageModel());
    assertEquals(3, config.instances());
    assertEquals(
        new Config.Sessions(5, Duration.ofSeconds(6), Duration.ofSeconds(7), Duration.ofSeconds(8)),
        config.sessions());
  }

  @Test
  void aPropertyWinsOverTheEnvironmentAndThatOverTheFile() throws IOException {
    String file =
        write(
            "v.properties",
            "VOICEBRIDGE_PORT=1\nVOICEBRIDGE_ADMIN_PORT=2\nVOICEBRIDGE_IDLE_SECONDS = 3\n");

    Config config =
        Config.load(
            map("VOICEBRIDGE_PORT", "11", "voicebridge.jar", "x", "java.version", "17"),
            map(
                "VOICEBRIDGE_CONFIG", file,
                "VOICEBRIDGE_PORT", "21",
                "VOICEBRIDGE_ADMIN_PORT", "22"));

    assertEquals(11, config.port());
    assertEquals(22, config.adminPort());
    assertEquals(Duration.ofSeconds(3), config.sessions().idle());
  }

  @Test
  void aBlankValueMeansNotSetAndHidesWhatLiesBelow() {
    Config config =
        Config.load(
            map("DASHSCOPE_API_KEY", "", "VOICEBRIDGE_PORT", " "),
            map("DASHSCOPE_API_KEY", KEY, "VOICEBRIDGE_PORT", "1"));

    assertEquals("", config.dashScope().apiKey());
    assertNotNull(config.guest());
    assertEquals(8080, config.port());
  }

  @ParameterizedTest
  @ValueSource(strings = {"DASHSCOPE_API_KEY", "SILICONFLOW_API_KEY"})
  void anyVendorKeySendsTheGuestAway(String name) {
    assertNull(environment(name, KEY).guest());
  }

  @Test
  void furtherEnginesSendTheGuestAway() throws IOException {
    assertNull(environment("VOICEBRIDGE_UPSTREAMS", write("u.json", "{}")).guest());
  }

  @ParameterizedTest
  @CsvSource({
    "VOICEBRIDGE_HOST, 'a b', an IP address or a host name",
    "VOICEBRIDGE_HOST, http://127.0.0.1, without scheme and port",
    "VOICEBRIDGE_HOST, 127.0.0.256, an IP address or a host name",
    "VOICEBRIDGE_PORT, eighty, a whole number from 0 to 65535",
    "VOICEBRIDGE_PORT, 65536, a whole number from 0 to 65535",
    "VOICEBRIDGE_PORT, -1, a whole number from 0 to 65535",
    "VOICEBRIDGE_PORT, tcp://10.0.0.1:80, enableServiceLinks",
    "VOICEBRIDGE_ADMIN_PORT, 8080, another port than VOICEBRIDGE_PORT",
    "VOICEBRIDGE_ALLOWED_ORIGINS, https://a.example/, scheme://host",
    "VOICEBRIDGE_ALLOWED_ORIGINS, '*', * is not taken",
    "VOICEBRIDGE_ALLOWED_ORIGINS, a.example, scheme://host",
    "VOICEBRIDGE_ALLOWED_ORIGINS, https://a.example:99999, scheme://host",
    "VOICEBRIDGE_TRUSTED_PROXIES, 10.0.0.0/33, an IP address or a range",
    "VOICEBRIDGE_TRUSTED_PROXIES, proxy.example, an IP address or a range",
    "VOICEBRIDGE_TRUSTED_PROXIES, 10.0.0.0/8/8, an IP address or a range",
    "VOICEBRIDGE_PUBLIC_URL, voice.example, http(s)://host",
    "VOICEBRIDGE_PUBLIC_URL, https://voice.example?x=1, http(s)://host",
    "VOICEBRIDGE_PUBLIC_LISTS, yes, true or false",
    "VOICEBRIDGE_SAMPLE_HOSTS, nas.local, host:port",
    "VOICEBRIDGE_SAMPLE_HOSTS, nas.local:0, host:port",
    "VOICEBRIDGE_SAMPLE_HOSTS, 169.254.169.254:80, metadata addresses are never fetched",
    "VOICEBRIDGE_SAMPLE_HOSTS, 100.100.100.200:80, metadata addresses are never fetched",
    "VOICEBRIDGE_DATA_DIR, pom.xml, a folder",
    "VOICEBRIDGE_INSTANCES, 0, a whole number from 1 to 1024",
    "VOICEBRIDGE_MAX_SESSIONS, 0, a whole number from 1",
    "VOICEBRIDGE_MAX_LEAD_SECONDS, 1.5, a whole number from 1",
    "DASHSCOPE_BASE_URL, wss://dashscope.aliyuncs.com, http(s)://host",
    "DASHSCOPE_BASE_URL, https://dashscope.aliyuncs.com/api-ws/v1, without a path",
    "DASHSCOPE_BASE_URL, https://, http(s)://host",
    "SILICONFLOW_BASE_URL, ftp://a.example, http(s)://host",
    "VOICEBRIDGE_UPSTREAMS, no/such/file.json, a file that can be read",
    "VOICEBRIDGE_UPSTREAMS, pom.xml, a JSON file; it breaks at line 1",
    "LLM_BASE_URL, localhost:11434, http(s)://host",
    "VOICEBRIDGE_CONFIG, no/such/file, a readable properties file",
    "VOICEBRIDGE_USE_CREDENTIALS_FILE, 1, true or false"
  })
  void aBadValueIsToldInOneLineWithWhatIsExpected(String name, String value, String expected) {
    List<String> mistakes = mistakes(name, value);

    assertTrue(mistakes.get(0).startsWith(name + ": \"" + value + "\" is not usable; expected "));
    assertTrue(mistakes.get(0).contains(expected), mistakes.get(0));
    assertFalse(mistakes.get(0).contains("\n"));
  }

  @Test
  void allMistakesAreToldTogether() {
    List<String> mistakes =
        mistakes(
            "VOICEBRIDGE_PORT", "x",
            "VOICEBRIDGE_PUBLIC_LISTS", "x",
            "VOICEBRIDGE_ALLOWED_ORIGINS", "x,y",
            "VOICEBRIDGE_PROT", "80",
            "REDIS_URL", "http://x");

    assertEquals(6, mistakes.size(), mistakes.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "VOICEBRIDGE_PROT, VOICEBRIDGE_PORT",
    "VOICEBRIDGE_APIKEYS, VOICEBRIDGE_API_KEYS",
    "voicebridge_port, VOICEBRIDGE_PORT",
    "VOICEBRIDGE_ALLOWED_ORIGIN, VOICEBRIDGE_ALLOWED_ORIGINS"
  })
  void anUnknownNameIsToldWithTheNearestKnownOne(String unknown, String known) {
    String line = unknown + ": there is no such setting; did you mean " + known + "?";

    assertEquals(List.of(line), mistakes(unknown, "x"));
    assertEquals(
        List.of(line),
        assertThrows(ConfigException.class, () -> Config.load(map(unknown, "x"), Map.of()))
            .mistakes());
  }

  @Test
  void anUnknownNameInTheFileIsToldWithTheFile() throws IOException {
    String file = write("v.properties", "DASHSCOPE_APIKEY=secret-value\nVOICEBRIDGE_CONFIG=x\n");

    List<String> mistakes = mistakes("VOICEBRIDGE_CONFIG", file);

    assertEquals(2, mistakes.size(), mistakes.toString());
    assertTrue(mistakes.get(0).startsWith("DASHSCOPE_APIKEY: there is no such setting, in "));
    assertTrue(mistakes.get(0).endsWith("did you mean DASHSCOPE_API_KEY?"));
    assertTrue(mistakes.get(1).contains("cannot name another one"));
  }

  @Test
  void whatKubernetesAddsForAServiceIsNoMistake() {
    Config config =
        environment(
            "VOICEBRIDGE_SERVICE_HOST", "10.0.0.1",
            "VOICEBRIDGE_SERVICE_PORT_HTTP", "80",
            "VOICEBRIDGE_PORT_8080_TCP_ADDR", "10.0.0.1",
            "VOICEBRIDGE_PORT", "8081");

    assertEquals(8081, config.port());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "192.168.1.5", "voice.example", "localhost.example"})
  void withoutApiKeysOnlyLoopbackIsListenedOn(String host) {
    List<String> mistakes = mistakes("VOICEBRIDGE_HOST", host);

    assertEquals(1, mistakes.size());
    assertTrue(mistakes.get(0).contains("as long as VOICEBRIDGE_API_KEYS is not set"));
    assertEquals(host, environment("VOICEBRIDGE_HOST", host, "VOICEBRIDGE_API_KEYS", KEY).host());
  }

  @ParameterizedTest
  @CsvSource({"127.0.0.1, 127.0.0.1", "127.8.9.1, 127.8.9.1", "[::1], ::1", "localhost, localhost"})
  void loopbackNeedsNoApiKeys(String host, String listened) {
    assertEquals(listened, environment("VOICEBRIDGE_HOST", host).host());
  }

  @Test
  void mistakesInTheKeysAreAmongTheOthersAndHideTheKeys() {
    List<String> mistakes =
        mistakes(
            "VOICEBRIDGE_HOST", "0.0.0.0",
            "VOICEBRIDGE_API_KEYS", "kiosk=tooshort",
            "DASHSCOPE_API_KEY", "sk secret",
            "SILICONFLOW_API_KEY", "\"quoted-secret\"",
            "REDIS_URL", "http://user:redis-secret@x",
            "SILICONFLOW_BASE_URL", "ftp://user:url-secret@x");

    assertEquals(5, mistakes.size(), mistakes.toString());
    for (String secret :
        List.of("tooshort", "sk secret", "quoted-secret", "redis-secret", "url-secret")) {
      assertFalse(mistakes.toString().contains(secret), mistakes.toString());
    }
  }

  @Test
  void noSecretShowsInToString() {
    String shown =
        environment(
                "VOICEBRIDGE_API_KEYS", "kiosk=" + KEY,
                "DASHSCOPE_API_KEY", KEY + "1",
                "SILICONFLOW_API_KEY", KEY + "2",
                "LLM_API_KEY", KEY + "3",
                "REDIS_URL", "redis://:" + KEY + "@redis.example")
            .toString();

    assertFalse(shown.contains(KEY), shown);
    assertTrue(shown.contains("port=8080"));
  }

  @Test
  void everySecretSettingHidesItsBadValue() {
    for (Setting setting : Setting.values()) {
      if (setting.isSecret()) {
        String told = mistakes(setting.name(), "bad value \u0007").toString();
        assertTrue(told.contains(setting.name()), told);
        assertFalse(told.contains("bad value"), told);
      }
    }
  }

  @Test
  void theDashScopeKeyGoesToNoOtherHost() {
    assertEquals(KEY, environment("DASHSCOPE_API_KEY", KEY).languageModel().apiKey());
    assertEquals(
        KEY,
        environment(
                "DASHSCOPE_API_KEY",
                KEY,
                "LLM_BASE_URL",
                "https://dashscope.aliyuncs.com/compatible-mode/v1")
            .languageModel()
            .apiKey());
    for (String elsewhere :
        List.of("http://127.0.0.1:11434/v1", "https://dashscope.aliyuncs.com.evil.example/v1")) {
      assertEquals(
          "",
          environment("DASHSCOPE_API_KEY", KEY, "LLM_BASE_URL", elsewhere)
              .languageModel()
              .apiKey());
    }
  }

  @Test
  void theCredentialsFileCountsOnlyWhenAsked() throws IOException {
    Files.createDirectory(folder.resolve(".alibabacloud"));
    write(
        ".alibabacloud/credentials",
        "[other]\ndashscope_api_key = wrong\n[default]\ntype = x\ndashscope_api_key = " + KEY);
    Map<String, String> home = map("user.home", folder.toString());
    Map<String, String> asked = map("VOICEBRIDGE_USE_CREDENTIALS_FILE", "true");

    assertEquals("", Config.load(home, Map.of()).dashScope().apiKey());
    Config config = Config.load(home, asked);
    assertEquals(KEY, config.dashScope().apiKey());
    assertNull(config.guest());

    asked.put("DASHSCOPE_API_KEY", "named");
    assertEquals("named", Config.load(home, asked).dashScope().apiKey());
  }

  @Test
  void aCredentialsFileThatIsAskedForMustHaveAKey() {
    List<String> mistakes =
        assertThrows(
                ConfigException.class,
                () ->
                    Config.load(
                        map("user.home", folder.toString()),
                        map("VOICEBRIDGE_USE_CREDENTIALS_FILE", "true")))
            .mistakes();

    assertEquals(1, mistakes.size());
    assertTrue(mistakes.get(0).contains("~/.alibabacloud/credentials"), mistakes.get(0));
  }
}
