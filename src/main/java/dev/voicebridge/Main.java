package dev.voicebridge;

import dev.voicebridge.config.Config;
import dev.voicebridge.config.ConfigException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** The composition root's front: settings in, one line out, and an end on a signal. */
public final class Main {
  /** The settings cannot be used. */
  static final int BAD_SETTINGS = 2;

  /** The settings are fine but it cannot start, for instance because the port is taken. */
  static final int CANNOT_START = 1;

  private Main() {}

  public static void main(String[] arguments) throws InterruptedException {
    // Whatever the locale: the line has a character that ASCII does not know.
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    PrintStream err =
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    Map<String, String> properties = new HashMap<>();
    System.getProperties()
        .stringPropertyNames()
        .forEach(name -> properties.put(name, System.getProperty(name, "")));
    Started started = start(properties, System.getenv(), out, err);
    Voicebridge running = started.running();
    if (running == null) {
      System.exit(started.exitCode());
      return;
    }
    CountDownLatch stopped = new CountDownLatch(1);
    Signals.onStop(stopped::countDown);
    stopped.await();
    running.close();
    System.exit(0);
  }

  /**
   * @param running null when it did not start
   * @param exitCode what the process is to end with then
   */
  record Started(@Nullable Voicebridge running, int exitCode) {}

  static Started start(
      Map<String, String> properties,
      Map<String, String> environment,
      PrintStream out,
      PrintStream err) {
    try {
      Voicebridge running = Voicebridge.start(Config.load(properties, environment));
      out.println(running.greeting());
      return new Started(running, 0);
    } catch (ConfigException mistakes) {
      mistakes.mistakes().forEach(err::println);
      return new Started(null, BAD_SETTINGS);
    } catch (Voicebridge.StartException cannot) {
      err.println(cannot.getMessage());
      return new Started(null, CANNOT_START);
    }
  }
}
