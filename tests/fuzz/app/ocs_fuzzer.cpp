// Requests in a row to one credit-control server: each answer is a sound message, and what is
// reserved is never more than the balance.
//
// The input is a row of messages as they come over a connection; the octet before each is how many
// minutes pass.
#include <array>
#include <cstdlib>

#include "app/sim/ocs.hpp"
#include "diamgw/codec/check.hpp"
#include "diamgw/codec/codes.hpp"

namespace {

void require(bool condition) {
  if (!condition) {
    std::abort();
  }
}

diamgw::sim::ocs_options small() {
  diamgw::sim::ocs_options o;
  o.origin_host = "ocs.example";
  o.origin_realm = "example";
  o.accounts.default_balance = 1000;
  o.accounts.max_accounts = 4;
  o.max_sessions = 4;
  o.max_quotas_per_session = 3;
  return o;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace diamgw;
  sim::ocs server{small()};
  time_point now{};
  bytes_view rest = std::as_bytes(std::span{data, size});
  while (rest.size() > diameter::header_octets) {
    now += std::chrono::minutes{load_u8(rest.data())};
    rest = rest.subspan(1);
    const std::size_t length = rest.size() < 4 ? 0 : load_be24(rest.data() + 1);
    if (length > rest.size()) {
      break;
    }
    const auto request = diameter::check_message(rest.first(length));
    rest = rest.subspan(length == 0 ? 1 : length);
    if (!request || !request->is_request() ||
        request->command() != diameter::commands::credit_control) {
      continue;
    }
    std::vector<std::byte> room(std::size_t{256} * 1024);
    diameter::writer out{room};
    const bytes_view answer = server.on_ccr(*request, out, {now});
    require(out.overflowed() || diameter::check_message(answer).has_value());
    server.for_each_session([&](auto, std::string_view subscriber, sim::credit reserved) {
      const sim::account* account = server.accounts().find(subscriber);
      require(account != nullptr && account->reserved <= account->balance &&
              reserved <= account->reserved);
    });
    require(server.next_deadline() > now);
  }
  return 0;
}
