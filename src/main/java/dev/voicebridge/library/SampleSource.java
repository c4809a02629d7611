package dev.voicebridge.library;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** Where a sample is. */
public sealed interface SampleSource {
  /**
   * @param bytes the file; not changed by anyone afterwards
   * @param mediaType as the caller declared it; null: not declared
   */
  record Given(Buffer bytes, @Nullable String mediaType) implements SampleSource {
    @Override
    public String toString() {
      return "Given[" + bytes.length() + " bytes]";
    }
  }

  /**
   * @param url {@code http(s)://…}, or {@code oss://…} of the vendor's temporary store, which
   *     nobody but the vendor can look into
   */
  record AtUrl(String url) implements SampleSource {
    boolean isVendors() {
      return url.startsWith("oss://");
    }

    @Override
    public String toString() {
      return "AtUrl";
    }
  }
}
