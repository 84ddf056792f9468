// What an operator of the simulated server asks and changes over HTTP: docs/operations.md.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "app/sim/faults.hpp"
#include "app/sim/ocs.hpp"
#include "app/sim/session_requests.hpp"
#include "diamgw/base/result.hpp"
#include "diamgw/transport/awaitable.hpp"
#include "diamgw/transport/http_server.hpp"

namespace diamgw::sim {

/// Thread: the server's shard. The references outlive it.
class ocs_admin {
 public:
  ocs_admin(ocs& server, fault_list& faults, session_requests& requests, gateway::event_log& log)
      : ocs_{server}, faults_{faults}, requests_{requests}, log_{log} {}

  /// The request lives until it is answered; a RAR or an ASR is answered when the clients have, or
  /// their time is over.
  [[nodiscard]] transport::awaitable<transport::http_response> answer(
      const transport::http_request& request);

 private:
  [[nodiscard]] transport::http_response show_sessions() const;
  [[nodiscard]] transport::http_response show_faults() const;
  [[nodiscard]] transport::http_response change_faults(std::string_view body);
  [[nodiscard]] transport::http_response change_balance(std::string_view query);
  /// The sessions that a query means; else why it means none.
  [[nodiscard]] result<std::vector<std::string>, transport::http_response> choose_sessions(
      std::string_view query) const;
  [[nodiscard]] transport::awaitable<transport::http_response> ask_sessions(
      session_request what, const transport::http_request& request);

  ocs& ocs_;
  fault_list& faults_;
  session_requests& requests_;
  gateway::event_log& log_;
};

}  // namespace diamgw::sim
