#include "gateway/peers/peer_places.hpp"

#include <algorithm>
#include <utility>

#include "diamgw/diameter/capabilities.hpp"

namespace diamgw::gateway {

routing::peer_index peer_places::find_locked(std::string_view host) const {
  const auto at = std::ranges::find_if(
      entries_, [host](const entry& e) { return diameter::same_identity(e.who.host, host); });
  return at == entries_.end() ? routing::no_peer
                              : static_cast<routing::peer_index>(at - entries_.begin());
}

routing::peer_index peer_places::add(diameter::node_name who) {
  const std::lock_guard lock{mutex_};
  entries_.push_back({.who = std::move(who)});
  return static_cast<routing::peer_index>(entries_.size() - 1);
}

std::optional<peer_places::claim> peer_places::take(const diameter::node_name& who, unknown what,
                                                    const std::function<void(claim)>& prepare) {
  const std::lock_guard lock{mutex_};
  claim c{.place = find_locked(who.host), .how = found::known};
  if (c.place == routing::no_peer) {
    if (what == unknown::refuse) {
      return std::nullopt;
    }
    c = {.place = find_locked({}), .how = found::taken};
    if (c.place == routing::no_peer) {
      if (entries_.size() >= most_) {
        return std::nullopt;
      }
      c = {.place = static_cast<routing::peer_index>(entries_.size()), .how = found::added};
      entries_.emplace_back();
    }
    entries_[c.place].who = who;
    prepare(c);
  }
  ++entries_[c.place].claims;
  return c;
}

void peer_places::unclaim(routing::peer_index place) {
  const std::lock_guard lock{mutex_};
  --entries_[place].claims;
}

bool peer_places::give_back(routing::peer_index place) {
  const std::lock_guard lock{mutex_};
  entry& e = entries_[place];
  if (e.claims != 0) {
    return false;
  }
  e.who = {};
  return true;
}

std::size_t peer_places::size() const {
  const std::lock_guard lock{mutex_};
  return entries_.size();
}

diameter::node_name peer_places::name(routing::peer_index place) const {
  const std::lock_guard lock{mutex_};
  return place < entries_.size() ? entries_[place].who : diameter::node_name{};
}

routing::peer_index peer_places::find(std::string_view host) const {
  const std::lock_guard lock{mutex_};
  return host.empty() ? routing::no_peer : find_locked(host);
}

}  // namespace diamgw::gateway
