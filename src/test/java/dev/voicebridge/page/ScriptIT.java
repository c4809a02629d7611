package dev.voicebridge.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.UnsupportedAudioFileException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Scripts and profiles, in a real Chromium with the real server. */
@Timeout(180)
class ScriptIT {
  @RegisterExtension static final Studio studio = Studio.with();

  private Visitor visitor;
  private Page page;

  @AfterEach
  void theConsoleIsClean() {
    visitor.close();
  }

  private void open(String view) {
    visitor = studio.visitor("en-US");
    page = visitor.go(view);
  }

  /** A profile whose voice nobody has. */
  private static final String GHOST =
      """
      {"kind": "voicebridge.profiles/1", "profiles": [{"id": "ghost", "name": "Ghost",
       "model": "qwen3-tts-flash-realtime", "voice": "NobodyHasThisVoice"}]}
      """;

  private void write(String text) {
    page.fill("#script-text", text);
    page.click("#script-take");
  }

  private void speakAll() {
    page.click("#script-speakAll");
    page.waitForSelector(".script-work[data-state=running]");
    page.waitForSelector(
        ".script-work[data-state=idle]", new Page.WaitForSelectorOptions().setTimeout(120_000));
  }

  @Test
  void twentyLinesOfWhichOneFailsGiveNineteenTakesAndTheErrorStandsAtItsLine(@TempDir Path folder)
      throws Exception {
    open("profiles");
    Path file = Files.writeString(folder.resolve("profiles.json"), GHOST);
    page.setInputFiles("vb-profiles input[type=file]", file);
    assertThat(page.locator("[data-profile=ghost]")).isVisible();
    page.click("nav a[href='#/script']");
    write(
        IntStream.rangeClosed(1, 20)
            .mapToObj(n -> n == 10 ? "Ghost: Boo, said the ghost." : "This is line " + n + ".")
            .collect(Collectors.joining("\n")));

    speakAll();

    assertThat(page.locator("#script-words")).hasText("19 of 20 lines are spoken, 1 failed");
    assertThat(page.locator(".script-line").nth(9)).hasAttribute("data-status", "failed");
    assertThat(page.locator(".script-line").nth(9)).containsText("Failed: ");

    Download one = page.waitForDownload(() -> page.click("#script-exportOne"));
    Map<String, byte[]> whole = unzipped(one.path());
    assertEquals(2, whole.size());
    byte[] wav = ending(whole, ".wav");
    String srt = new String(ending(whole, ".srt"), StandardCharsets.UTF_8);
    assertEquals(19, srt.split(" --> ", -1).length - 1);
    assertTrue(!srt.contains("Boo"), srt);
    // The last cue ends with the sound.
    List<String> ends =
        srt.lines()
            .filter(line -> line.contains(" --> "))
            .map(line -> line.split(" --> ", -1)[1])
            .toList();
    assertEquals(seconds(wav), clock(ends.get(ends.size() - 1)), 0.05);

    Download many = page.waitForDownload(() -> page.click("#script-exportMany"));
    Map<String, byte[]> files = unzipped(many.path());
    assertEquals(38, files.size());
    assertTrue(files.containsKey("001 This is line 1.wav"), files.keySet().toString());
    assertTrue(seconds(files.get("001 This is line 1.wav")) > 0.3);
  }

  @Test
  void aPauseHoldsTheNextLineAndARetakeIsASecondTake() {
    open("script");
    write("One line of some length.\n".repeat(8));
    page.click("#script-speakAll");
    page.click("#script-pause");
    page.waitForSelector(".script-work[data-state=paused]");
    assertThat(page.locator("#script-words"))
        .hasText(Pattern.compile("[1-7] of 8 lines are spoken"));

    page.click("#script-resume");
    page.waitForSelector(".script-work[data-state=idle]");
    assertThat(page.locator("#script-words")).hasText("8 of 8 lines are spoken");

    Locator first = page.locator(".script-line").first();
    first.locator("[data-take]").click();
    assertThat(first.getByLabel("Takes of line 1")).hasValue("1");
    first.locator("[data-listen]").click();
    assertThat(first.locator("[data-listen]")).hasText("Stop");
    assertThat(first.locator("[data-listen]")).hasText("Listen");
  }

  @Test
  void theTextIsThereAgainAfterAReload() {
    open("script");
    page.fill("#script-text", "Nothing is lost.");
    page.reload();
    page.waitForSelector("vb-script > *");

    assertThat(page.locator("#script-text")).hasValue("Nothing is lost.");
  }

  @Test
  void aProfileIsHeardKeptAndCanBeTakenBackAfterItWasDeleted() {
    open("profiles");
    page.click("#profile-add");
    page.getByLabel("Name").fill("The fox");
    page.getByLabel("Speed").fill("1.5");
    page.locator("[data-hear]").click();
    assertThat(page.locator("[data-hear]")).hasText("Stop");
    page.locator("[data-hear]").click();
    assertThat(page.locator("[data-hear]")).hasText("Hear it");
    page.reload();
    assertThat(page.getByLabel("Name")).hasValue("The fox");
    assertThat(page.getByLabel("Speed")).hasValue("1.5");

    page.getByText("Delete").click();
    assertThat(page.locator("[data-profile]")).hasCount(0);
    page.getByText("Undo").click();
    assertThat(page.getByLabel("Name")).hasValue("The fox");
  }

  @ParameterizedTest
  @CsvSource({"360, zh-CN", "360, en-US", "768, zh-CN", "1440, en-US"})
  void bothFitAndCanBeUsedWithoutEyes(int width, String locale) {
    visitor = studio.visitor(new NewContextOptions().setViewportSize(width, 900).setLocale(locale));
    page = visitor.go("profiles");
    visitor.assertAccessible();
    page.click("#profile-add");
    visitor.assertAccessible();
    visitor.assertNothingIsCutOff();
    visitor.screenshot("profiles-" + width + "-" + locale);
    page.click("nav a[href='#/script']");
    write("One.\nTwo.");
    speakAll();
    visitor.assertAccessible();
    visitor.assertNothingIsCutOff();
    visitor.screenshot("script-" + width + "-" + locale);
  }

  private static Map<String, byte[]> unzipped(Path file) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (ZipInputStream zip =
        new ZipInputStream(Files.newInputStream(file), StandardCharsets.UTF_8)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        files.put(entry.getName(), zip.readAllBytes());
      }
    }
    return files;
  }

  private static byte[] ending(Map<String, byte[]> files, String with) {
    return files.entrySet().stream()
        .filter(entry -> entry.getKey().endsWith(with))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElseThrow();
  }

  private static double seconds(byte[] wav) throws IOException, UnsupportedAudioFileException {
    try (AudioInputStream audio = AudioSystem.getAudioInputStream(new ByteArrayInputStream(wav))) {
      return audio.getFrameLength() / (double) audio.getFormat().getSampleRate();
    }
  }

  /** Seconds of {@code 00:01:02,345}. */
  private static double clock(String time) {
    String[] parts = time.strip().split("[:,]", -1);
    return Integer.parseInt(parts[0]) * 3600
        + Integer.parseInt(parts[1]) * 60
        + Integer.parseInt(parts[2])
        + Integer.parseInt(parts[3]) / 1000.0;
  }
}
