#include "diamgw/config/diff.hpp"

#include <algorithm>
#include <map>

#include "config/option_node.hpp"
#include "diamgw/base/letter_case.hpp"

namespace diamgw::config {
namespace {

void compare_peers(const std::vector<peer_options>& before, const std::vector<peer_options>& after,
                   difference& result) {
  std::map<std::string, const peer_options*> old_peers;
  std::map<std::string, const peer_options*> new_peers;
  for (const peer_options& p : before) {
    old_peers.try_emplace(to_lower(p.host), &p);
  }
  for (const peer_options& p : after) {
    new_peers.try_emplace(to_lower(p.host), &p);
    const auto old = old_peers.find(to_lower(p.host));
    if (old == old_peers.end()) {
      result.peers_added.push_back(p.host);
    } else if (to_lower(old->second->realm) != to_lower(p.realm) ||
               old->second->connect != p.connect ||
               old->second->watchdog_interval != p.watchdog_interval) {
      result.peers_changed.push_back(p.host);
    }
  }
  for (const peer_options& p : before) {
    if (!new_peers.contains(to_lower(p.host))) {
      result.peers_removed.push_back(p.host);
    }
  }
}

/// Lists are compared whole: their pointer is named, not their elements'.
void compare(const option_node& node, const json& before, const json& after,
             const std::string& pointer, difference& result) {
  for (const option_node& child : node.children) {
    const std::string name{child.spec.name};
    const json& old_value = before.at(name);
    const json& new_value = after.at(name);
    const std::string at = descend(pointer, name);
    if (old_value == new_value || at == "/diameter/peers") {
      continue;
    }
    if (child.spec.kind == option_kind::object && old_value.is_object() && new_value.is_object()) {
      compare(child, old_value, new_value, at, result);
    } else {
      (child.spec.live ? result.applied : result.restart).push_back(at);
    }
  }
}

}  // namespace

difference diff(const options& before, const options& after) {
  difference result;
  compare_peers(before.diameter.peers, after.diameter.peers, result);
  compare(option_tree(), to_tree(before), to_tree(after), "", result);
  return result;
}

}  // namespace diamgw::config
