package dev.voicebridge.page;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Stands between browser and server and keeps what the browser sent. */
final class Wiretap implements AutoCloseable {
  private final URI server;
  private final ServerSocket listening;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final List<ByteArrayOutputStream> heard = new CopyOnWriteArrayList<>();

  Wiretap(URI server) {
    this.server = server;
    try {
      listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException noPort) {
      throw new UncheckedIOException(noPort);
    }
    thread(this::accept);
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + listening.getLocalPort() + "/");
  }

  /** The WAV files that came in bodies of {@code POST} to this path, in the order they came. */
  List<byte[]> wavs(String path) {
    String head = "POST " + path + " HTTP/1.1";
    return heard.stream().flatMap(sent -> wavs(sent.toByteArray(), head).stream()).toList();
  }

  private static List<byte[]> wavs(byte[] sent, String head) {
    List<byte[]> found = new CopyOnWriteArrayList<>();
    // One character a byte: places in the text are places in the bytes.
    String text = new String(sent, StandardCharsets.ISO_8859_1);
    for (int at = text.indexOf(head); at >= 0; at = text.indexOf(head, at + 1)) {
      int begin = text.indexOf("RIFF", at);
      if (begin < 0) {
        break;
      }
      int length = 8 + ByteBuffer.wrap(sent).order(ByteOrder.LITTLE_ENDIAN).getInt(begin + 4);
      found.add(Arrays.copyOfRange(sent, begin, begin + length));
    }
    return found;
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket browser = listening.accept();
        Socket there = new Socket(server.getHost(), server.getPort());
        sockets.addAll(List.of(browser, there));
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        heard.add(kept);
        thread(() -> pass(browser, there, kept));
        thread(() -> pass(there, browser, OutputStream.nullOutputStream()));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private static void pass(Socket from, Socket to, OutputStream kept) {
    byte[] buffer = new byte[16_384];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        kept.write(buffer, 0, n);
        out.write(buffer, 0, n);
      }
    } catch (IOException gone) {
      // So is the other side, then.
    }
  }

  private static void thread(Runnable work) {
    Thread thread = new Thread(work, "wiretap");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    try {
      listening.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException alreadyGone) {
      throw new UncheckedIOException(alreadyGone);
    }
  }
}
