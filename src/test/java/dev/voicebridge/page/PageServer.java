package dev.voicebridge.page;

import java.net.URI;

/** Something that serves the page and speaks its protocol. */
interface PageServer extends AutoCloseable {
  /**
   * @return the address of the page, once it answers
   */
  URI start() throws Exception;

  @Override
  void close() throws Exception;
}
