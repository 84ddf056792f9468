// What the simulated server itself asks for sessions: RAR and ASR, and what is answered.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "app/sim/ocs.hpp"
#include "diamgw/gateway/peers/peer_table.hpp"
#include "diamgw/gateway/requests/exchange.hpp"
#include "diamgw/gateway/requests/handler_task.hpp"
#include "diamgw/gateway/shard_context.hpp"
#include "diamgw/metrics/registry.hpp"
#include "diamgw/transport/awaitable.hpp"

namespace diamgw::sim {

/// What became of one of them.
struct session_outcome {
  std::string session_id{};
  std::string failure{};  // why there is no answer; empty: there is one, which says:
  std::uint32_t result_code = 0;
  std::string origin_host{};    // who answered: the client's gateway, or an agent on the way
  std::string error_message{};  // empty: it has none
};

/// Thread: the shard's. The references outlive it.
class session_requests {
 public:
  /// So many of one call wait for their answers; the others follow.
  static constexpr std::size_t max_waiting = 64;

  session_requests(gateway::shard_context& on, gateway::peer_table& peers,
                   const metrics::registry& metrics, const ocs& server,
                   std::chrono::milliseconds timeout)
      : on_{on}, peers_{peers}, metrics_{metrics}, ocs_{server}, timeout_{timeout} {}

  /// Sends one for each of the sessions, to the peers that their last requests came by, and waits
  /// for all answers, for each of them as long as the constructor was told.
  [[nodiscard]] transport::awaitable<std::vector<session_outcome>> send(
      session_request what, std::vector<std::string> session_ids);

 private:
  struct round;

  gateway::handler_task ask_one_after_another(gateway::shard_context& on,
                                              std::shared_ptr<round> all);
  /// False where nothing was sent: `outcome` says why.
  [[nodiscard]] bool send_one(session_request what, gateway::exchange& e, time_point deadline,
                              session_outcome& outcome);

  gateway::shard_context& on_;
  gateway::peer_table& peers_;
  const metrics::registry& metrics_;
  const ocs& ocs_;
  std::chrono::milliseconds timeout_;
};

}  // namespace diamgw::sim
