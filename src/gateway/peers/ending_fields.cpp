#include "gateway/peers/ending_fields.hpp"

#include "diamgw/base/printable.hpp"
#include "diamgw/diameter/capabilities.hpp"

namespace diamgw::gateway {

std::vector<log_field> fields_of(const diameter::ending& why) {
  std::vector<log_field> all{{log_key::reason, to_string(why.reason)}};
  const auto add = [&all](log_key key, const std::string& text) {
    if (!text.empty()) {
      all.emplace_back(key, printable(text, diameter::max_identity_octets));
    }
  };
  add(log_key::address, why.address);
  if (why.code != 0) {
    all.emplace_back(log_key::result_code, why.code);
  }
  if (why.cause) {
    all.emplace_back(log_key::disconnect_cause, *why.cause);
  }
  add(log_key::origin_host, why.came.host);
  add(log_key::realm, why.came.realm);
  return all;
}

}  // namespace diamgw::gateway
