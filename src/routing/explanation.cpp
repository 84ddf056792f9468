// "Why not": the same look-up as `choose`, with every candidate's reason kept.
#include "routing/table_state.hpp"

namespace diamgw::routing {
namespace {

[[nodiscard]] std::string reason_of(const considered& c, application_id application) {
  if (c.reason == obstacle::no_application) {
    return "does not advertise application " + std::to_string(application.value);
  }
  return std::string{c.phrase()};
}

[[nodiscard]] std::string join(const explanation& e) {
  std::string text;
  for (const considered& c : e.candidates) {
    text += text.empty() ? "" : ", ";
    text += c.host + " (" + reason_of(c, e.application) + ")";
  }
  return text;
}

}  // namespace

std::string_view to_string(obstacle reason) noexcept {
  switch (reason) {
    case obstacle::none:
      return "able to deliver";
    case obstacle::not_open:
      return "not open";
    case obstacle::no_application:
      return "does not advertise the application";
    case obstacle::full:
      return "full";
    case obstacle::excluded:
      return "already tried";
    case obstacle::unknown:
      return "not a known peer";
  }
  return "";
}

std::string_view to_string(route_kind kind) noexcept {
  switch (kind) {
    case route_kind::none:
      return "none";
    case route_kind::destination_host:
      return "destination_host";
    case route_kind::realm_and_application:
      return "realm_and_application";
    case route_kind::realm:
      return "realm";
    case route_kind::peers_of_realm:
      return "peers_of_realm";
    case route_kind::fallback:
      return "fallback";
  }
  return "";
}

std::string_view considered::phrase() const noexcept {
  return reason == obstacle::not_open ? to_string(link) : to_string(reason);
}

explanation table::explain(const route_request& request, const status_source& status) const {
  const found_route found = find_route(*state_, request);
  explanation e{.refused = refusal::unable_to_deliver,
                .route = found.kind,
                .destination_host = std::string{request.destination_host},
                .destination_realm = std::string{request.destination_realm},
                .application = request.application,
                .candidates = {}};
  if (found.kind == route_kind::none) {
    e.refused = refusal::realm_not_served;
    return e;
  }
  bool usable = false;
  bool full = false;
  for (const candidate& c : found.candidates) {
    const obstacle reason = find_obstacle(c, request, status);
    usable = usable || reason == obstacle::none;
    full = full || reason == obstacle::full;
    e.candidates.push_back({.host = c.host,
                            .peer = c.peer,
                            .reason = reason,
                            .link = c.peer == no_peer ? link_state::closed : status(c.peer).link,
                            .priority = c.priority,
                            .weight = c.weight});
  }
  if (usable) {
    e.refused = refusal::none;
  } else if (full) {
    e.refused = refusal::too_busy;
  }
  return e;
}

// As choose_among: the lowest priority that can deliver, by weight; all alike where all weigh 0.
std::vector<double> explanation::shares() const {
  std::uint32_t best = 0;
  bool found = false;
  for (const considered& c : candidates) {
    if (c.reason == obstacle::none && (!found || c.priority < best)) {
      best = c.priority;
      found = true;
    }
  }
  const auto takes = [&](const considered& c) {
    return found && c.reason == obstacle::none && c.priority == best;
  };
  double weights = 0;
  double count = 0;
  for (const considered& c : candidates) {
    weights += takes(c) ? c.weight : 0;
    count += takes(c) ? 1 : 0;
  }
  std::vector<double> all;
  for (const considered& c : candidates) {
    all.push_back(!takes(c) ? 0 : weights == 0 ? 1 / count : c.weight / weights);
  }
  return all;
}

std::string explanation::sentence() const {
  const std::string realm = "realm '" + destination_realm + "'";
  switch (route) {
    case route_kind::none:
      return destination_realm.empty() && !destination_host.empty()
                 ? "host '" + destination_host +
                       "' is not a known peer and there is no default route"
                 : realm + " is not served and there is no default route";
    case route_kind::destination_host:
      return "Destination-Host names " + join(*this);
    case route_kind::realm_and_application:
    case route_kind::realm:
    case route_kind::peers_of_realm:
      return candidates.empty()
                 ? realm + " has no route for application " + std::to_string(application.value)
                 : realm + " is served by " + join(*this);
    case route_kind::fallback:
      return realm + " has no route of its own; the default is " + join(*this);
  }
  return realm;
}

}  // namespace diamgw::routing
