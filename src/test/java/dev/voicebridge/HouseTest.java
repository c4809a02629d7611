package dev.voicebridge;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The arrows of the house. */
class HouseTest {
  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.voicebridge");

  @Test
  void theEmulatorCanBeDeleted() {
    noClasses()
        .that()
        .resideOutsideOfPackage("..emulator..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("..emulator..")
        .check(HOUSE);
  }

  @Test
  void theEmulatorTouchesOfOursOnlyAudio() {
    noClasses()
        .that()
        .resideInAPackage("..emulator..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.voicebridge..")
                .and(resideOutsideOfPackages("..emulator..", "dev.voicebridge.audio..")))
        .check(HOUSE);
  }

  @Test
  void arrowsPointDown() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("main")
        .definedBy("dev.voicebridge")
        .layer("http")
        .definedBy("dev.voicebridge.http..")
        .layer("bridge")
        .definedBy("dev.voicebridge.bridge..")
        .layer("upstream")
        .definedBy("dev.voicebridge.upstream..")
        .layer("catalogue")
        .definedBy("dev.voicebridge.catalogue..")
        .layer("library")
        .definedBy("dev.voicebridge.library..")
        .layer("voice")
        .definedBy("dev.voicebridge.voice..")
        .layer("sample")
        .definedBy("dev.voicebridge.sample..")
        .layer("enrolment")
        .definedBy("dev.voicebridge.enrolment..")
        .layer("metrics")
        .definedBy("dev.voicebridge.metrics..")
        .layer("config")
        .definedBy("dev.voicebridge.config..")
        .layer("audio")
        .definedBy("dev.voicebridge.audio..")
        .layer("text")
        .definedBy("dev.voicebridge.text..")
        .layer("sse")
        .definedBy("dev.voicebridge.sse..")
        .layer("llm")
        .definedBy("dev.voicebridge.llm..")
        .layer("net")
        .definedBy("dev.voicebridge.net..")
        .whereLayer("main")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("http")
        .mayOnlyBeAccessedByLayers("main")
        .whereLayer("bridge")
        .mayOnlyBeAccessedByLayers("http")
        .whereLayer("upstream")
        .mayOnlyBeAccessedByLayers("http", "bridge")
        .whereLayer("catalogue")
        .mayOnlyBeAccessedByLayers("main", "http", "library", "bridge", "upstream", "enrolment")
        .whereLayer("metrics")
        .mayOnlyBeAccessedByLayers("main", "http", "bridge")
        .whereLayer("config")
        .mayOnlyBeAccessedByLayers("main", "http", "library", "upstream")
        .whereLayer("text")
        .mayOnlyBeAccessedByLayers("http", "bridge", "catalogue", "config", "enrolment", "voice")
        .whereLayer("sse")
        .mayOnlyBeAccessedByLayers("upstream", "llm")
        .whereLayer("llm")
        .mayOnlyBeAccessedByLayers("http", "bridge")
        .whereLayer("net")
        .mayOnlyBeAccessedByLayers("enrolment", "llm", "upstream")
        .whereLayer("library")
        .mayOnlyBeAccessedByLayers("main", "http")
        .whereLayer("voice")
        .mayOnlyBeAccessedByLayers("main", "http", "library")
        .whereLayer("sample")
        .mayOnlyBeAccessedByLayers("main", "http", "library")
        .whereLayer("enrolment")
        .mayOnlyBeAccessedByLayers("main", "http", "library")
        .check(HOUSE);
  }

  @Test
  void packagesFormNoCircle() {
    slices().matching("dev.voicebridge.(*)..").should().beFreeOfCycles().check(HOUSE);
  }

  @Test
  void onlyTheListOfDialectsKnowsTheDialects() {
    classes()
        .that()
        .resideInAnyPackage("..upstream.qwen..", "..upstream.qwenhttp..", "..upstream.inference..")
        .should()
        .onlyBeAccessed()
        .byAnyPackage("dev.voicebridge.upstream..")
        .check(HOUSE);
    noClasses()
        .that()
        .resideInAPackage("..upstream.qwen..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("..upstream.inference..")
        .check(HOUSE);
  }

  @Test
  void theAudioPathKnowsNoRouter() {
    noClasses()
        .that()
        .resideInAnyPackage("..bridge..", "..upstream..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.vertx.ext.web..", "io.vertx.redis..")
        .check(HOUSE);
  }

  @Test
  void theBridgeNamesNoVendor() throws IOException {
    Path bridge = Path.of("src/main/java/dev/voicebridge/bridge");
    try (Stream<Path> files = Files.walk(bridge)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String source = Files.readString(file).toLowerCase(Locale.ROOT);
        for (String vendor : List.of("qwen", "dashscope", "alibaba", "aliyun", "siliconflow")) {
          assertFalse(source.contains(vendor), file + " names " + vendor);
        }
      }
    }
  }
}
