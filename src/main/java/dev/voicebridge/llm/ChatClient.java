package dev.voicebridge.llm;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * A language model behind {@code POST {base}/chat/completions}. One per verticle, event loop only.
 */
public final class ChatClient {
  private static final int CONNECTIONS = 256;
  private static final int WAITING = 64;
  private static final int KEEP_SECONDS = 50;

  private final Vertx vertx;
  private final ChatService service;
  private final ChatDeadlines deadlines;

  /** A field, because a client that nobody holds is closed. */
  private final HttpClient client;

  public ChatClient(Vertx vertx, ChatService service, ChatDeadlines deadlines) {
    this.vertx = vertx;
    this.service = service;
    this.deadlines = deadlines;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setDecompressionSupported(false)
                .setTcpNoDelay(true)
                .setConnectTimeout((int) deadlines.connect().toMillis())
                .setKeepAliveTimeout(KEEP_SECONDS),
            new PoolOptions().setHttp1MaxSize(CONNECTIONS).setMaxWaitQueueSize(WAITING));
  }

  /**
   * Whether somebody may ask, before anything is spent.
   *
   * @param providerKey a visitor's own key of the service that speaks; null: the server's keys pay
   * @param vendorSpeaks whether the model that speaks is of the vendor whose key it would be
   * @throws ChatException when there is no language model for them
   */
  public void admit(@Nullable String providerKey, boolean vendorSpeaks) {
    if (providerKey == null) {
      if (!service.isUsable()) {
        throw ChatException.notConfigured();
      }
    } else if (!service.speechVendors()) {
      throw new ChatException(
          ChatException.Kind.NOT_CONFIGURED,
          null,
          "the language model is the operator's: it can't be used with a vendor key of one's own",
          "send the text yourself, or use a key of this server");
    } else if (!vendorSpeaks) {
      throw new ChatException(
          ChatException.Kind.NOT_CONFIGURED,
          null,
          "your vendor key is for the service that speaks; the language model is another vendor's",
          "choose a model of the language model's vendor, or send the text yourself");
    }
  }

  /**
   * Asks; everything that comes of it comes later, to the listener.
   *
   * @param providerKey as {@link #admit} let it pass
   */
  public ChatStream open(ChatOrder order, @Nullable String providerKey, ChatListener listener) {
    String key = providerKey == null ? service.apiKey() : providerKey;
    ChatStream stream =
        new ChatStream(
            vertx,
            client,
            service.baseUrl() + "/chat/completions",
            key,
            body(order).toBuffer(),
            deadlines,
            listener);
    stream.start();
    return stream;
  }

  private JsonObject body(ChatOrder order) {
    JsonArray messages = new JsonArray();
    for (ChatMessage message : order.messages()) {
      messages.add(new JsonObject().put("role", message.role()).put("content", message.content()));
    }
    JsonObject body =
        new JsonObject()
            .put("model", order.model().isEmpty() ? service.model() : order.model())
            .put("messages", messages)
            .put("stream", true)
            .put("stream_options", new JsonObject().put("include_usage", true));
    if (order.temperature() != null) {
      body.put("temperature", order.temperature());
    }
    if (order.maxOutputTokens() != null) {
      body.put("max_tokens", order.maxOutputTokens());
    }
    if (service.isDashScope()) {
      // Its hybrid models would think first, and that is never spoken. Others refuse the field.
      body.put("enable_thinking", false);
    }
    return body;
  }
}
