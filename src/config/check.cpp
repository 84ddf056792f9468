// What concerns several options at once. A check keeps still where one of its options is wrong.
#include <algorithm>
#include <initializer_list>
#include <map>

#include "config/one_spelling.hpp"
#include "config/stages.hpp"
#include "diamgw/base/letter_case.hpp"

namespace diamgw::config {
namespace {

/// Things that may occur once; remembers where each did.
class unique_names {
 public:
  explicit unique_names(load_context& context) : context_{context} {}

  void add(const std::string& name, const std::string& pointer, std::string_view what) {
    if (context_.is_wrong(pointer)) {
      return;
    }
    const auto [first, fresh] = seen_.try_emplace(name, pointer);
    if (!fresh) {
      context_.add(pointer, std::string{what} + " is given at " + first->second + " already");
    }
  }

 private:
  load_context& context_;
  std::map<std::string, std::string> seen_;
};

template <class T>
void at_most(load_context& context, const std::string& small, const T& low,
             const std::string& large, const T& high) {
  if (!context.is_wrong(small) && !context.is_wrong(large) && low > high) {
    const auto words = [](const T& value) {
      if constexpr (std::is_same_v<T, milliseconds>) {
        return format_duration(value);
      } else {
        return format_octets(value);
      }
    };
    context.add(small, words(low) + " is more than " + large + " (" + words(high) + ")");
  }
}

void check_node(const options& o, load_context& context) {
  for (std::size_t i = 0; i < o.node.applications.size(); ++i) {
    const std::string pointer = element_of("/node/applications", i);
    const advertised_application& a = o.node.applications[i];
    if (!context.is_wrong(pointer) && !context.is_wrong(pointer + "/auth") &&
        !context.is_wrong(pointer + "/acct") && a.auth.has_value() == a.acct.has_value()) {
      context.add(pointer, "give either \"auth\" or \"acct\" (RFC 6733 §6.11)");
    }
  }
}

void check_watchdog(const options& o, const std::string& pointer, milliseconds interval,
                    load_context& context) {
  const milliseconds least = o.diameter.watchdog_minimum;
  if (!context.is_wrong(pointer) && !context.is_wrong("/diameter/watchdog_minimum") &&
      interval < least) {
    context.add(pointer, format_duration(interval) + " is less than " + format_duration(least) +
                             ", the least Tw (RFC 3539 §3.4.1; /diameter/watchdog_minimum)");
  }
}

void check_peers(const options& o, load_context& context) {
  unique_names hosts{context};
  check_watchdog(o, "/diameter/watchdog_interval", o.diameter.watchdog_interval, context);
  for (std::size_t i = 0; i < o.diameter.peers.size(); ++i) {
    const peer_options& peer = o.diameter.peers[i];
    const std::string pointer = element_of("/diameter/peers", i);
    hosts.add(to_lower(peer.host), pointer + "/host", "this peer");
    if (!context.is_wrong(pointer + "/host") &&
        to_lower(peer.host) == to_lower(o.node.origin_host)) {
      context.add(pointer + "/host", "this is our own /node/origin_host; name another node");
    }
    if (peer.watchdog_interval) {
      check_watchdog(o, pointer + "/watchdog_interval", *peer.watchdog_interval, context);
    }
    if (peer.connect && peer.connect->port == 0 && !context.is_wrong(pointer + "/connect/port")) {
      context.add(pointer + "/connect/port", "0 is no port to connect to; give 1 to 65535");
    }
  }
}

/// Two listeners cannot share a port of one address.
void check_listeners(const options& o, load_context& context) {
  unique_names places{context};
  const auto add = [&](const endpoint& e, const std::string& pointer) {
    if (e.port != 0 && !context.is_wrong(pointer + "/address") &&
        !context.is_wrong(pointer + "/port")) {
      places.add(one_spelling(e.address) + " " + std::to_string(e.port), pointer,
                 "this address with this port");
    }
  };
  for (std::size_t i = 0; i < o.diameter.listen.size(); ++i) {
    add(o.diameter.listen[i], element_of("/diameter/listen", i));
  }
  for (std::size_t i = 0; i < o.websocket.listen.size(); ++i) {
    add(o.websocket.listen[i], element_of("/websocket/listen", i));
  }
  if (o.admin.listen) {
    add(*o.admin.listen, "/admin/listen");
  }
}

/// Hosts of one route: each once, and each a peer unless unknown ones are let in.
void check_route_peers(const options& o, const std::vector<route_peer>& peers,
                       const std::string& list, load_context& context) {
  unique_names hosts{context};
  for (std::size_t i = 0; i < peers.size(); ++i) {
    const std::string pointer = element_of(list, i) + "/host";
    hosts.add(to_lower(peers[i].host), pointer, "this host");
    const bool known = std::any_of(
        o.diameter.peers.begin(), o.diameter.peers.end(),
        [&](const peer_options& p) { return to_lower(p.host) == to_lower(peers[i].host); });
    if (!known && !o.diameter.accept_unknown_peers && !context.is_wrong(pointer)) {
      context.add(pointer, '"' + peers[i].host +
                               "\" is not in /diameter/peers; name one of those, or set "
                               "/diameter/accept_unknown_peers");
    }
  }
}

}  // namespace

void check_routes(const options& o, load_context& context) {
  unique_names routes{context};
  for (std::size_t i = 0; i < o.routing.realms.size(); ++i) {
    const realm_route& route = o.routing.realms[i];
    const std::string pointer = element_of("/routing/realms", i);
    if (context.is_wrong(pointer + "/realm") || context.is_wrong(pointer + "/application")) {
      continue;
    }
    std::string application = "*";
    if (route.application) {
      application = route.application->id != 0 || route.application->name.empty()
                        ? std::to_string(route.application->id)
                        : "name " + route.application->name;
    }
    routes.add(to_lower(route.realm) + " " + application, pointer,
               "this realm with this application");
  }
}

void check(const options& o, load_context& context) {
  check_node(o, context);
  check_peers(o, context);
  check_listeners(o, context);
  at_most(context, "/diameter/reconnect_min", o.diameter.reconnect_min, "/diameter/reconnect_max",
          o.diameter.reconnect_max);
  at_most(context, "/diameter/max_message_octets", o.diameter.max_message_octets,
          "/diameter/output_queue_octets", o.diameter.output_queue_octets);
  at_most(context, "/websocket/max_message_octets", o.websocket.max_message_octets,
          "/websocket/output_queue_octets", o.websocket.output_queue_octets);
  at_most(context, "/requests/timeout", o.requests.timeout, "/requests/max_timeout",
          o.requests.max_timeout);
  check_routes(o, context);
  for (std::size_t i = 0; i < o.routing.realms.size(); ++i) {
    check_route_peers(o, o.routing.realms[i].peers, element_of("/routing/realms", i) + "/peers",
                      context);
  }
  check_route_peers(o, o.routing.fallback, "/routing/default", context);
}

}  // namespace diamgw::config
