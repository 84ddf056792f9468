// Each check says what will happen, not only what stands there.
#include "diamgw/config/find_doubts.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <optional>
#include <tuple>

#include "config/one_spelling.hpp"
#include "config/option_node.hpp"
#include "config/reachability.hpp"
#include "diamgw/base/letter_case.hpp"

namespace diamgw::config {
namespace {

constexpr std::uint32_t relay_application = 0xffffffffU;  // RFC 6733 §2.4
constexpr std::uint32_t base_application = 0;
constexpr std::uint32_t first_vendor_application = 0x01000000U;  // §11.3
constexpr std::uint32_t most_in_flight = 1'048'575;  // that hop-by-hop ids can tell apart

[[nodiscard]] std::uint32_t id_of(const advertised_application& a) {
  return (a.auth ? *a.auth : *a.acct).id;
}

[[nodiscard]] endpoint spelled(endpoint e) {
  e.address = one_spelling(e.address);
  return e;
}

class doubter {
 public:
  doubter(const loaded_options& o, const application_names& names) : o_{o}, names_{names} {}

  [[nodiscard]] problems run() {
    look_at_applications();
    look_at_peers();
    look_at_routes();
    look_at_listeners();
    look_at_limits();
    return std::move(found_);
  }

 private:
  void add(const std::string& pointer, std::string text) {
    const origin where = o_.from.nearest(pointer);
    found_.push_back({.source = where.source,
                      .pointer = pointer,
                      .line = where.line,
                      .column = where.column,
                      .text = std::move(text),
                      .gravity = severity::warning});
  }

  /// "application 4 (Diameter Credit Control)".
  [[nodiscard]] std::string say_application(std::uint32_t id) const {
    const std::string name = names_.name_of ? names_.name_of(id) : std::string{};
    return "application " + std::to_string(id) + (name.empty() ? "" : " (" + name + ")");
  }

  void look_at_applications() {
    std::map<std::tuple<std::uint32_t, std::uint32_t, bool>, std::string> known;
    for (std::size_t i = 0; i < o_.node.applications.size(); ++i) {
      const advertised_application& a = o_.node.applications[i];
      const std::string pointer = element_of("/node/applications", i);
      const std::uint32_t id = id_of(a);
      const auto [first, fresh] = known.try_emplace({id, a.vendor, a.auth.has_value()}, pointer);
      if (!fresh) {
        add(pointer, say_application(id) + " is given at " + first->second +
                         " already; it is advertised once");
      }
      look_at_vendor(a, pointer);
    }
  }

  void look_at_vendor(const advertised_application& a, const std::string& pointer) {
    const std::uint32_t id = id_of(a);
    if (id < first_vendor_application || id == relay_application) {
      return;
    }
    const std::uint32_t vendor = names_.vendor_of ? names_.vendor_of(id) : 0;
    if (a.vendor == 0) {
      add(pointer, say_application(id) + " is a vendor's; without \"vendor\"" +
                       (vendor == 0 ? std::string{} : ": " + std::to_string(vendor)) +
                       " it is in no Vendor-Specific-Application-Id, where peers look for it "
                       "(RFC 6733 §6.11)");
    } else if (vendor != 0 && a.vendor != vendor) {
      add(pointer + "/vendor", say_application(id) + " is of vendor " + std::to_string(vendor) +
                                   ", not of " + std::to_string(a.vendor));
    }
  }

  void look_at_peers() {
    if (o_.diameter.peers.empty() && !o_.diameter.accept_unknown_peers) {
      add("/diameter/peers",
          "there is no peer, and /diameter/accept_unknown_peers is false: no "
          "request can be served");
    }
    if (o_.diameter.accept_unknown_peers && o_.diameter.listen.empty()) {
      add("/diameter/accept_unknown_peers",
          "/diameter/listen is empty: no unknown peer can connect");
    }
    for (std::size_t i = 0; i < o_.diameter.peers.size(); ++i) {
      look_at_peer(o_.diameter.peers[i], element_of("/diameter/peers", i));
    }
  }

  void look_at_peer(const peer_options& peer, const std::string& pointer) {
    if (!peer.connect) {
      if (o_.diameter.listen.empty()) {
        add(pointer,
            "we do not connect to this peer, and with an empty /diameter/listen it cannot "
            "connect to us: give \"connect\"");
      }
      return;
    }
    const endpoint to = spelled(*peer.connect);
    std::vector<std::string> own{one_spelling(o_.node.origin_host)};
    std::ranges::transform(o_.node.host_ip_addresses, std::back_inserter(own), &one_spelling);
    for_each_listener([&](const endpoint& listener, const std::string& of) {
      if (reaches(to, listener, own)) {
        add(pointer + "/connect", "this is our own listener " + of);
      }
    });
  }

  void look_at_routes() {
    for (std::size_t i = 0; i < o_.routing.realms.size(); ++i) {
      const realm_route& route = o_.routing.realms[i];
      const std::string pointer = element_of("/routing/realms", i);
      if (route.application && !advertises(route.application->id)) {
        add(pointer + "/application",
            say_application(route.application->id) +
                " is not in /node/applications: peers that do not relay will not take it from us");
      }
      look_at_choices(route.peers, pointer + "/peers");
    }
    look_at_choices(o_.routing.fallback, "/routing/default");
  }

  [[nodiscard]] bool advertises(std::uint32_t id) const {
    return id == base_application ||
           std::ranges::any_of(o_.node.applications, [id](const advertised_application& a) {
             return id_of(a) == id || id_of(a) == relay_application;
           });
  }

  void look_at_choices(const std::vector<route_peer>& choices, const std::string& list) {
    for (std::size_t i = 0; i < choices.size(); ++i) {
      const std::string pointer = element_of(list, i) + "/host";
      if (same_text(choices[i].host, o_.node.origin_host)) {
        add(pointer, "this is our own /node/origin_host, which serves nothing");
        continue;
      }
      const auto peer = std::ranges::find_if(o_.diameter.peers, [&](const peer_options& p) {
        return same_text(p.host, choices[i].host);
      });
      const bool unreachable =
          o_.diameter.listen.empty() && (peer == o_.diameter.peers.end() || !peer->connect);
      if (unreachable) {
        add(pointer, '"' + choices[i].host +
                         "\" can never be connected: we do not connect to it, "
                         "and /diameter/listen is empty");
      }
    }
  }

  /// Their addresses in one spelling.
  void for_each_listener(
      const std::function<void(const endpoint&, const std::string&)>& look) const {
    for (std::size_t i = 0; i < o_.diameter.listen.size(); ++i) {
      look(spelled(o_.diameter.listen[i]), element_of("/diameter/listen", i));
    }
    for (std::size_t i = 0; i < o_.websocket.listen.size(); ++i) {
      look(spelled(o_.websocket.listen[i]), element_of("/websocket/listen", i));
    }
    if (o_.admin.listen) {
      look(spelled(*o_.admin.listen), "/admin/listen");
    }
  }

  void look_at_listeners() {
    if (o_.websocket.listen.empty()) {
      add("/websocket/listen", "it is empty: no client can connect");
    }
    std::vector<std::pair<endpoint, std::string>> before;
    for_each_listener([&](const endpoint& listener, const std::string& pointer) {
      for (const auto& [other, of] : before) {
        if (overlap(listener, other)) {
          add(pointer, "port " + std::to_string(listener.port) + " is taken by " + of +
                           " on some of its addresses: the start will fail");
        }
      }
      before.emplace_back(listener, pointer);
    });
  }

  void look_at_limits() {
    const std::size_t peers = o_.diameter.peers.size();
    const auto passive = static_cast<std::size_t>(std::ranges::count_if(
        o_.diameter.peers, [](const peer_options& p) { return !p.connect.has_value(); }));
    if (passive > o_.diameter.max_connections) {
      add("/diameter/max_connections", std::to_string(passive) +
                                           " peers are to connect to us, and " +
                                           std::to_string(o_.diameter.max_connections) + " may");
    }
    if (o_.diameter.accept_unknown_peers && peers >= o_.diameter.max_connections) {
      add("/diameter/accept_unknown_peers",
          "/diameter/max_connections (" + std::to_string(o_.diameter.max_connections) +
              ") leaves no place for an unknown peer beside the " + std::to_string(peers) +
              " of /diameter/peers");
    }
    if (o_.diameter.max_in_flight > most_in_flight) {
      add("/diameter/max_in_flight",
          std::to_string(most_in_flight) + " is as much as a peer can have");
    }
    if (o_.websocket.max_bindings_per_client > o_.requests.max_bindings) {
      add("/websocket/max_bindings_per_client",
          std::to_string(o_.websocket.max_bindings_per_client) +
              " is more than /requests/max_bindings, those of all clients (" +
              std::to_string(o_.requests.max_bindings) + ")");
    }
    if (peers > o_.metrics.max_peers) {
      add("/metrics/max_peers",
          "there are " + std::to_string(peers) + " peers; those above it count as \"other\"");
    }
    look_at_times();
  }

  void look_at_times() {
    const drain_options& drain = o_.drain;
    if (drain.timeout < o_.requests.timeout) {
      add("/drain/timeout", format_duration(drain.timeout) + " is less than /requests/timeout (" +
                                format_duration(o_.requests.timeout) +
                                "): requests will be cut off that could be answered");
    }
    if (drain.client_spread >= drain.timeout && drain.client_spread > milliseconds{}) {
      add("/drain/client_spread",
          format_duration(drain.client_spread) + " leaves nothing of /drain/timeout (" +
              format_duration(drain.timeout) + ") for the requests in flight");
    }
    if (o_.requests.client_answer_timeout > o_.requests.max_timeout) {
      add("/requests/client_answer_timeout", format_duration(o_.requests.client_answer_timeout) +
                                                 " is more than /requests/max_timeout (" +
                                                 format_duration(o_.requests.max_timeout) + ")");
    }
  }

  const loaded_options& o_;
  const application_names& names_;
  problems found_;
};

}  // namespace

problems find_doubts(const loaded_options& o, const application_names& names) {
  return doubter{o, names}.run();
}

}  // namespace diamgw::config
