package dev.voicebridge.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EngineFileTest {
  @TempDir private Path folder;

  private Config load(String json) throws IOException {
    Path file = Files.writeString(folder.resolve("upstreams.json"), json);
    return Config.load(Map.of(), Map.of("VOICEBRIDGE_UPSTREAMS", file.toString()));
  }

  @Test
  void everyFieldIsRead() throws IOException {
    String json =
        """
        {"upstreams": [
          {"name": "kokoro", "base_url": "http://127.0.0.1:8880/v1/", "key": "sk-secret",
           "dialect": "openai", "models": ["kokoro"], "voices": ["af_heart", "am_adam"],
           "sample_rate": 22050, "response_format": "wav", "concurrency": 3,
           "fallbacks": [{"model": "a/b", "voice": "mum"}]},
          {"name": "plain", "base_url": "https://tts.example", "models": ["a/b"],
           "dialect": "cosyvoice-fastapi",
           "voices": ["中文女", {"name": "mum", "clip": "mum.wav", "text": "今天天气很好。"}]}
        ]}
        """;
    Files.write(folder.resolve("mum.wav"), new byte[] {1, 2, 3});
    Config config = load(json);

    assertEquals(
        List.of(
            new Config.Engine(
                "kokoro",
                "http://127.0.0.1:8880/v1",
                Config.Engine.Dialect.OPENAI,
                "sk-secret",
                List.of("kokoro"),
                List.of("af_heart", "am_adam"),
                Map.of(),
                22_050,
                true,
                3,
                List.of(new Config.Fallback("a/b", "mum"))),
            new Config.Engine(
                "plain",
                "https://tts.example",
                Config.Engine.Dialect.COSYVOICE_FASTAPI,
                "",
                List.of("a/b"),
                List.of("中文女", "mum"),
                Map.of("mum", new Config.Clip("AQID", "audio/wav", "今天天气很好。")),
                24_000,
                false,
                8,
                List.of())),
        config.upstreams());
    assertFalse(config.toString().contains("sk-secret"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"kokoro\":[]}|expected [{",
        "[{}]|[0].name: expected 1 to 64",
        "[{\"name\":\"siliconflow\"}]|[0].name: is taken",
        "[{\"name\":\"a\"}]|[0].base_url: expected http(s)",
        "[{\"name\":\"a\",\"base_url\":\"ftp://x\"}]|[0].base_url: expected http(s)",
        "[{\"name\":\"a\",\"base_url\":\"http://u:p@x\"}]|[0].base_url: expected http(s)",
        "[{\"name\":\"a\",\"base_url\":\"http://x\"}]|[0].models: expected at least one",
        "[{\"models\":[\"m\",\"m\"]}]|[0].models: expected names",
        "[{\"models\":[\" \"]}]|[0].models: expected names",
        "[{\"sample_rate\":7}]|[0].sample_rate: expected a whole number",
        "[{\"concurrency\":0}]|[0].concurrency: expected a whole number",
        "[{\"dialect\":\"grpc\"}]|[0].dialect: expected one of [cosyvoice-fastapi, openai, siliconflow, vllm-omni]",
        "[{\"voices\":[7]}]|[0].voices: expected names",
        "[{\"voices\":[{\"name\":\"a\",\"clip\":\"x.wav\"}]}]|[0].voices.a: a clip needs its transcript",
        "[{\"voices\":[{\"name\":\"a\",\"clip\":\"no.wav\",\"text\":\"t\"}]}]|[0].voices.a.clip: cannot be read",
        "[{\"voices\":[{\"name\":\"a\",\"clip\":\"secret\",\"text\":\"t\"}]}]|[0].voices.a.clip: ",
        "[{\"fallbacks\":[{\"model\":\"m\"}]}]|[0].fallbacks: expected objects of a model and a voice",
        "[{\"response_format\":\"mp3\"}]|[0].response_format: expected pcm or wav",
        "[{\"key\":\"sk secret\"}]|[0].key: (not shown)",
        "[{\"models\":\"sk-secret\"}]|[0]: a field is of the wrong type",
        "[{\"modles\":[]}]|[0].modles: there is no such field"
      })
  void aMistakeIsToldInOneLineWithoutTheKey(String json, String told) throws IOException {
    List<String> mistakes = assertThrows(ConfigException.class, () -> load(json)).mistakes();

    assertTrue(
        mistakes.stream()
            .anyMatch(line -> line.startsWith("VOICEBRIDGE_UPSTREAMS: ") && line.contains(told)),
        mistakes.toString());
    assertFalse(mistakes.toString().contains("secret"), mistakes.toString());
  }

  @Test
  void aModelBelongsToOneEngine() throws IOException {
    String json =
        """
        [{"name": "a", "base_url": "http://x", "models": ["m"]},
         {"name": "b", "base_url": "http://y", "models": ["m"]}]
        """;

    assertEquals(
        List.of("VOICEBRIDGE_UPSTREAMS: [1].models: \"m\" is there twice"),
        assertThrows(ConfigException.class, () -> load(json)).mistakes());
  }
}
