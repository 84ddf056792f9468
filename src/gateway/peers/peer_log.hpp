// What the log says of one peer: which events get a line, and its wording.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "diamgw/config/options.hpp"
#include "diamgw/diameter/ending.hpp"
#include "diamgw/diameter/peer_machine.hpp"
#include "diamgw/gateway/peers/routed_application.hpp"
#include "diamgw/gateway/shard_context.hpp"
#include "gateway/peers/attempt_log.hpp"

namespace diamgw::gateway {

/// A peer's state is named as everywhere (link_state). Failures that repeat are told at growing
/// intervals. Thread: the home shard's.
class peer_log {
 public:
  /// `peer` and `on` outlive it.
  peer_log(shard_context& on, const config::peer_options& peer) : on_{on}, peer_{peer} {}

  /// The peer is another now, in the same place.
  void begin_anew();
  /// Capabilities were exchanged; `serves` follows at once or, in REOPEN, after so many DWAs.
  void opened(const diameter::peer_machine& machine, std::string_view address,
              std::uint32_t reopen_answers);
  /// Requests go to it from now on, for the first time or again.
  void serves();
  void suspect();
  /// No connection is left; `now_in`: closed, or left.
  void closed(link_state now_in, const diameter::ending& why);
  /// A connection that the peer, or somebody in its name, opened.
  void refused(const diameter::ending& why);
  /// What it says of itself is not what the configuration expects: one warning each, until it says
  /// something else.
  void compare(const diameter::peer_machine& machine, const diameter::local_node& node,
               const std::vector<routed_application>& routed);

 private:
  [[nodiscard]] std::vector<log_field> fields_with_peer(const diameter::ending& why,
                                                        std::optional<link_state> now_in) const;

  shard_context& on_;
  const config::peer_options& peer_;
  attempt_log attempts_;  // since it last served
  attempt_log refusals_;
  bool has_served_ = false;         // in this connection
  bool told_open_ = false;          // by `opened`: `serves` says nothing more
  std::optional<time_point> lost_;  // when it ceased to serve
  std::string differences_;
};

}  // namespace diamgw::gateway
