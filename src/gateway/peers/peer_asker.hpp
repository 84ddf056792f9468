// A peer as an asker: the way of its request into the request path, and of the answer back.
#pragma once
#include <memory>

#include "diamgw/gateway/peers/peer_table.hpp"
#include "diamgw/gateway/peers/request_sink.hpp"
#include "diamgw/gateway/requests/asker.hpp"
#include "diamgw/gateway/requests/request_path.hpp"
#include "diamgw/gateway/shard_context.hpp"

namespace diamgw::gateway {

/// One request of a peer. What it is told goes back to the connection that the request came by;
/// where that has ended, it is dropped and counted. Thread: `on`'s.
class peer_asker final : public asker {
 public:
  /// `peers`, `on` and `asked` outlive it; `asked` lists it while it waits.
  peer_asker(peer_table& peers, shard_context& on, exchange_list& asked,
             request_origin from) noexcept
      : peers_{peers}, on_{on}, asked_{asked}, from_{from} {}

  [[nodiscard]] exchange_list& exchanges() noexcept override { return asked_; }
  [[nodiscard]] log_field name() const override;
  /// The answer's AVPs as they are, under the request's ids and P bit (RFC 6733 §6.2).
  void answered(const request& asked, diameter::message answer) override;
  /// An error answer (§7.2), which names the broken AVP where the grammar was broken (§7.5).
  void refused(const request& asked, const refusal& why) override;

 private:
  peer_table& peers_;
  shard_context& on_;
  exchange_list& asked_;
  request_origin from_;
};

/// The gateway's sink of one shard: gives peers' requests to the shard's request path. Thread: the
/// shard's. Bounds: the path's.
class peer_requests {
 public:
  /// `patience`: how long a request waits for its answer. The references outlive it.
  peer_requests(shard_context& on, peer_table& peers, request_path& path,
                duration patience) noexcept
      : on_{on}, peers_{peers}, path_{path}, patience_{patience} {}
  peer_requests(const peer_requests&) = delete;
  peer_requests& operator=(const peer_requests&) = delete;

  void ask(peer_request asked);

 private:
  shard_context& on_;
  peer_table& peers_;
  request_path& path_;
  duration patience_;
  exchange_list asked_;
};

}  // namespace diamgw::gateway
