package dev.voicebridge.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Every setting of the process, as read and checked at start. Secrets never show in {@code
 * toString}.
 *
 * @param host address to listen on
 * @param port 0 takes any free one
 * @param adminPort moves {@code /metrics} there; null: {@code /metrics} answers loopback peers only
 * @param apiKeys the raw setting: {@code [name=]key,…} or {@code @file.json}; null: no keys
 * @param allowedOrigins browser origins that may call besides the same origin
 * @param trustedProxies addresses or CIDR ranges whose forwarding headers count
 * @param publicUrl how the internet reaches this server
 * @param sampleHosts host:port pairs a sample URL may name although private
 * @param dataDir where the embedded store lives
 * @param redisUrl null: the embedded store serves one instance
 * @param dashScope where Alibaba's models are spoken to
 * @param guest the verticle that plays the vendor when no vendor key is set; null: none
 */
public record Config(
    String host,
    int port,
    @Nullable Integer adminPort,
    @Nullable String apiKeys,
    List<String> allowedOrigins,
    List<String> trustedProxies,
    @Nullable String publicUrl,
    List<String> sampleHosts,
    Path dataDir,
    @Nullable String redisUrl,
    DashScope dashScope,
    @Nullable Guest guest) {

  /**
   * @param apiKey the vendor's key; empty while the guest has not said its own
   * @param baseUrl {@code http(s)://host[:port]}, without a path
   */
  public record DashScope(String apiKey, String baseUrl) {
    @Override
    public String toString() {
      return "DashScope[apiKey="
          + (apiKey.isEmpty() ? "none" : "***")
          + ", baseUrl="
          + baseUrl
          + "]";
    }
  }

  /**
   * @param verticle class name, so that nothing points at the guest
   */
  public record Guest(String verticle) {}

  /**
   * @param properties {@code -D} properties, which win over
   * @param environment the environment
   * @throws ConfigException with every mistake, one readable line each
   */
  public static Config load(Map<String, String> properties, Map<String, String> environment) {
    throw new UnsupportedOperationException();
  }
}
