// The driver of the simulated OCS: the pure machine behind a Diameter node of one shard.
#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/sim/faults.hpp"
#include "app/sim/late_answers.hpp"
#include "app/sim/ocs.hpp"
#include "app/sim/ocs_admin.hpp"
#include "app/sim/session_requests.hpp"
#include "diamgw/gateway/peers/peer_listener.hpp"
#include "diamgw/gateway/peers/peer_table.hpp"
#include "diamgw/gateway/peers/request_sink.hpp"
#include "diamgw/gateway/shard_context.hpp"
#include "diamgw/metrics/registry.hpp"
#include "diamgw/transport/address.hpp"
#include "diamgw/transport/deadline.hpp"
#include "diamgw/transport/http_server.hpp"
#include "diamgw/transport/shard.hpp"

namespace diamgw::sim {

struct ocs_server_options {
  transport::address listen{};
  std::optional<transport::address> admin{};  // nothing: no admin listener
  ocs_options ocs{};
  std::vector<std::pair<std::string, credit>> accounts{};
  std::vector<fault> faults{};
  std::uint64_t seed = 0;                     // of the faults' chances
  std::chrono::milliseconds timeout{10'000};  // for the answer to a RAR or an ASR
};

/// Everything but constructor, destructor, `start` and `stop` runs on the one shard.
class ocs_server final : private gateway::request_sink {
 public:
  /// `log` outlives it.
  ocs_server(const ocs_server_options& o, gateway::event_log& log);
  ocs_server(const ocs_server&) = delete;
  ocs_server& operator=(const ocs_server&) = delete;
  ~ocs_server();

  /// Serves from then on. Throws std::runtime_error with a sentence where it cannot listen.
  void start();
  /// Takes leave of its peers.
  void stop();

  /// Where it listens, with the ports that it got. After `start`.
  [[nodiscard]] std::string diameter_address() const;
  [[nodiscard]] std::string admin_address() const;  // empty: nowhere

 private:
  void on_request(gateway::shard_context& on, gateway::peer_request asked) override;
  /// Of the server, or of the fault in its place.
  diameter::message answer_to(gateway::shard_context& on, const gateway::peer_request& asked,
                              const fault* met);
  diameter::message credit_answer_to(gateway::shard_context& on, const gateway::peer_request& asked,
                                     std::uint32_t told);
  diameter::message error_answer(gateway::shard_context& on, const diameter::message_view& request,
                                 diameter::result_code code, std::string_view sentence);
  void expire();

  ocs_server_options options_;
  gateway::event_log& log_;
  transport::shard_group group_{{.shards = 1}};
  metrics::registry metrics_;
  gateway::shard_context runtime_;
  ocs ocs_;
  fault_list faults_;
  gateway::peer_table peers_;
  gateway::peer_listener listener_;
  late_answers late_;
  session_requests requests_;
  ocs_admin admin_;
  transport::deadline expiry_;
  std::unique_ptr<transport::http_server> http_;
};

}  // namespace diamgw::sim
