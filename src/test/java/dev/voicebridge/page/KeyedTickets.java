package dev.voicebridge.page;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import java.util.function.Consumer;

/** Tickets as a server gives them that wants a key, though the one behind it wants none. */
final class KeyedTickets {
  private static final String KEY = "sesame";

  private KeyedTickets() {}

  /**
   * @param admitted what becomes of a request with the key; {@code Route::resume} lets it pass
   */
  static void on(Page page, Consumer<Route> admitted) {
    page.route(
        "**/v1/realtime/tickets",
        route -> {
          if (("Bearer " + KEY).equals(route.request().headerValue("authorization"))) {
            admitted.accept(route);
          } else {
            route.fulfill(
                new Route.FulfillOptions()
                    .setStatus(401)
                    .setContentType("application/json")
                    .setBody("{\"error\":{\"code\":\"invalid_api_key\",\"message\":\"A key.\"}}"));
          }
        });
  }
}
