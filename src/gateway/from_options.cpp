#include "diamgw/gateway/from_options.hpp"

#include <boost/asio/ip/address.hpp>

#include "diamgw/gateway/peers/peer_table.hpp"

namespace diamgw::gateway {
namespace {

std::vector<routing::choice> choices_of(const std::vector<config::route_peer>& peers) {
  std::vector<routing::choice> choices;
  choices.reserve(peers.size());
  for (const config::route_peer& p : peers) {
    choices.push_back({p.host, p.priority, p.weight});
  }
  return choices;
}

}  // namespace

diameter::local_node make_identity(const config::node_options& o, std::uint32_t origin_state_id) {
  diameter::local_node node;
  node.origin_host = o.origin_host;
  node.origin_realm = o.origin_realm;
  node.product_name = o.product_name;
  node.vendor = vendor_id{o.vendor_id};
  node.firmware_revision = o.firmware_revision;
  node.origin_state_id = origin_state_id;
  for (const std::string& text : o.host_ip_addresses) {
    const auto address = boost::asio::ip::make_address(text);  // the loader checked it
    node.host_ip_addresses.push_back(address.is_v4()
                                         ? diameter::host_address::v4(address.to_v4().to_bytes())
                                         : diameter::host_address::v6(address.to_v6().to_bytes()));
  }
  for (const config::advertised_application& a : o.applications) {
    const bool is_auth = a.auth.has_value();
    const application_id id{is_auth ? a.auth->id : a.acct->id};
    if (a.vendor != 0) {
      node.vendor_specific_applications.push_back(
          {vendor_id{a.vendor}, id,
           is_auth ? diameter::application_kind::auth : diameter::application_kind::acct});
      node.supported_vendors.emplace_back(vendor_id{a.vendor});
    } else {
      (is_auth ? node.auth_applications : node.acct_applications).push_back(id);
    }
  }
  return node;
}

transport::address make_address(const config::endpoint& e) {
  return {.over = transport::protocol::tcp, .host = e.address, .port = e.port};
}

std::shared_ptr<const routing::table> make_routes(const config::routing_options& o,
                                                  const peer_table& peers) {
  routing::table_spec spec;
  for (std::size_t i = 0; i < peers.size(); ++i) {
    const auto peer = static_cast<routing::peer_index>(i);
    diameter::node_name who = peers.name(peer);
    spec.peers.push_back({std::move(who.host), std::move(who.realm)});
  }
  for (const config::realm_route& r : o.realms) {
    spec.realms.push_back(
        {r.realm, r.application ? std::optional{application_id{r.application->id}} : std::nullopt,
         choices_of(r.peers)});
  }
  spec.fallback = choices_of(o.fallback);
  return std::make_shared<const routing::table>(spec);
}

std::vector<routed_application> make_routed_applications(const config::routing_options& o) {
  std::vector<routed_application> all;
  for (const config::realm_route& r : o.realms) {
    for (const config::route_peer& p : r.peers) {
      if (r.application) {
        all.push_back({p.host, r.realm, application_id{r.application->id}});
      }
    }
  }
  return all;
}

}  // namespace diamgw::gateway
