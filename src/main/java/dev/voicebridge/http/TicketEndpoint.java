package dev.voicebridge.http;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** {@code POST /v1/realtime/tickets}: a key becomes something a browser may hold. */
final class TicketEndpoint {
  private final Tickets tickets;

  TicketEndpoint(Tickets tickets) {
    this.tickets = tickets;
  }

  void issue(RoutingContext ctx) {
    Tickets.Ticket ticket = tickets.issue(Access.keyOf(ctx));
    Answers.json(
        ctx,
        200,
        new JsonObject()
            .put("ticket", ticket.value())
            .put("expires_at", ticket.expiresAt().getEpochSecond()));
  }
}
