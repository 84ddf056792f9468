// One credit-control session of the simulated server; private to ocs.
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/sim/ocs.hpp"

namespace diamgw::sim {

struct ocs::session {
  std::string_view id;  // the key in the table, which does not move
  account* holder = nullptr;
  std::string subscriber;
  std::string client_host;  // Origin-Host of the CCR: where a RAR goes
  std::string client_realm;
  std::string user_name;
  std::string via;                                     // the peer that the last request came by
  std::vector<std::pair<service_key, credit>> quotas;  // granted, not settled
  bool open = false;
  deadlines::iterator deadline;  // in the map that `open` says

  request_type last_type = request_type::initial_request;
  std::uint32_t last_number = 0;
  outcome last_outcome;
  std::vector<std::byte> last_avps;

  [[nodiscard]] bool is_repeat(const credit_request& in) const noexcept {
    return last_type == in.type && last_number == in.number;
  }
};

}  // namespace diamgw::sim
