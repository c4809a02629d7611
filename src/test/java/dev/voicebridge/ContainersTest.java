package dev.voicebridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What must not get lost in the container's files; no engine is needed to read them. */
final class ContainersTest {
  private static final Path COMPOSE = Path.of("docker", "compose.yaml");
  private static final Path IMAGE = Path.of("docker", "Dockerfile");

  /** Lines of a service, without comments. */
  private static String service(String name) throws IOException {
    Matcher services =
        Pattern.compile("(?ms)^services:\\n(.*?)^\\S").matcher(Files.readString(COMPOSE));
    assertTrue(services.find(), "services");
    Matcher service =
        Pattern.compile("(?ms)^  " + name + ":\\n(.*?)(?=^  \\S|\\z)").matcher(services.group(1));
    assertTrue(service.find(), name);
    return service.group(1).replaceAll("(?m)^ *#.*\\n", "");
  }

  private static void assertHas(String service, String line) {
    assertTrue(service.contains("    " + line + "\n"), line + " is not in\n" + service);
  }

  @ParameterizedTest
  @ValueSource(strings = {"voicebridge", "redis"})
  void nothingMayBecomeMoreThanItIs(String name) throws IOException {
    String service = service(name);

    assertHas(service, "read_only: true");
    assertHas(service, "cap_drop: [ALL]");
    assertHas(service, "security_opt:\n      - no-new-privileges:true");
    assertTrue(service.contains("    tmpfs:\n      - /tmp"), service);
    assertTrue(Pattern.compile("(?m)^    user: (?!root|\"?0)").matcher(service).find(), service);
    assertFalse(service.contains("privileged: true"));
  }

  @Test
  void theServerDemandsKeysAndUsesRedis() throws IOException {
    String service = service("voicebridge");

    assertTrue(service.contains("VOICEBRIDGE_API_KEYS: ${VOICEBRIDGE_API_KEYS:?"), service);
    assertHas(service, "  REDIS_URL: redis://redis:6379");
    assertHas(service, "volumes:\n      - voices:/var/lib/voicebridge/data");
    assertTrue(service.contains("127.0.0.1:8080}:8080\""), "on loopback unless told otherwise");
    assertTrue(service.contains("- /tmp:exec"), "native libraries run from there");
  }

  @Test
  void redisIsReachedByTheServerAloneAndKeepsWhatItIsTold() throws IOException {
    String service = service("redis");

    assertTrue(Pattern.compile("(?m)^    image: redis:\\d+$").matcher(service).find(), service);
    assertFalse(service.contains("ports:"));
    assertTrue(service.contains("--appendonly, \"yes\""), service);
    assertHas(service, "volumes:\n      - redis:/data");
    assertHas(service, "networks: [back]");
    assertTrue(Files.readString(COMPOSE).contains("  back:\n    internal: true\n"));
  }

  @Test
  void theImageIsNobodysRootAndSaysWhetherItIsReady() throws IOException {
    List<String> lines = Files.readAllLines(IMAGE);
    String image = String.join("\n", lines);

    assertTrue(image.contains("\nUSER 10001:10001\n"), image);
    assertTrue(Pattern.compile("(?m)^FROM \\S+:17-jre$").matcher(image).find(), "a pinned JRE");
    assertTrue(Pattern.compile("(?s)HEALTHCHECK .*GET /health/ready ").matcher(image).find());
    assertTrue(image.contains("VOICEBRIDGE_DATA_DIR=/var/lib/voicebridge/data"));
    List<String> copied =
        lines.stream().filter(l -> l.startsWith("COPY")).map(l -> l.split(" ", -1)[1]).toList();
    List<String> sent =
        Files.readAllLines(Path.of(".dockerignore")).stream()
            .filter(l -> l.startsWith("!"))
            .map(l -> l.substring(1))
            .toList();
    assertEquals(sent, copied, "what the image copies is what the engine is sent");
    assertTrue(Files.isExecutable(Path.of("docker", "start.sh")));
  }
}
