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
#include "diamgw/transport/deadline.hpp"
#include "gateway/peers/attempt_log.hpp"
#include "gateway/peers/opening_log.hpp"
#include "gateway/peers/peer_place.hpp"

namespace diamgw::gateway {

/// A peer's state is named as everywhere (link_state). Failures that repeat are told at growing
/// intervals, and so are connections that come and go; an unknown peer's lines are a stranger's
/// (shard_context::strangers), whatever they say. Thread: the home shard's.
class peer_log {
 public:
  /// `peer` and `on` outlive it. `reopen_answers`: so many DWAs a peer in REOPEN owes.
  peer_log(shard_context& on, const config::peer_options& peer, peer_kind kind,
           std::uint32_t reopen_answers);

  /// The peer is another now, in the same place.
  void begin_anew();
  /// Capabilities were exchanged; `serves` follows at once or, in REOPEN, after so many DWAs.
  void opened(const diameter::peer_machine& machine, std::string_view address);
  /// Requests go to it from now on, for the first time or again.
  void serves();
  void suspect();
  /// No connection is left; `now_in`: closed, or left.
  void closed(link_state now_in, const diameter::ending& why);
  /// A connection that the peer, or somebody in its name, opened.
  void refused(const diameter::ending& why);
  /// One of the two connections of an election (RFC 6733 §5.6.4) failed, and the other goes on.
  void failed_beside(const diameter::ending& why);
  /// What it says of itself is not what the configuration expects: one warning each, until it says
  /// something else.
  void compare(const diameter::peer_machine& machine, const diameter::local_node& node,
               const std::vector<routed_application>& routed);

 private:
  [[nodiscard]] std::vector<log_field> fields_with_peer(const diameter::ending& why,
                                                        std::optional<link_state> now_in) const;
  void tell_opened(std::uint64_t left_out);
  void on_steady();
  template <class... Args>
  void info(log_fields fields, fmt::format_string<Args...> text, Args&&... args) const;
  template <class... Args>
  void warn(log_fields fields, fmt::format_string<Args...> text, Args&&... args) const;

  /// What is told of a connection that has opened.
  struct opening {
    std::string address;
    std::string with;    // "product, 1 common application"
    std::string before;  // ", after 3 failures in 12.0 s"
  };

  shard_context& on_;
  const config::peer_options& peer_;
  const peer_kind kind_;
  const std::uint32_t reopen_answers_;
  attempt_log attempts_;
  attempt_log refusals_;
  opening_log openings_;
  transport::deadline steady_{on_.shard, [this] { on_steady(); }};  // the open connection's
  std::optional<opening> opened_;          // nothing where no connection is open
  link_state state_ = link_state::closed;  // where `opened_`: open, reopen or suspect
  bool told_open_ = false;                 // by `opened`: `serves` says nothing more
  std::optional<time_point> lost_;         // when it ceased to serve
  std::string differences_;
};

}  // namespace diamgw::gateway
