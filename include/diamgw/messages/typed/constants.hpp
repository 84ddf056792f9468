// AVPs that never change, encoded once.
#pragma once
#include <cstddef>
#include <string_view>
#include <vector>

#include "diamgw/codec/avp.hpp"
#include "diamgw/messages/typed/size.hpp"
#include "diamgw/messages/typed/write.hpp"

namespace diamgw::diameter::typed {

/// Appends one AVP to those for `encoded_origin` or `more_avps`. Allocates: at start-up only.
template <class T>
void append_encoded(std::vector<std::byte>& avps, avp_key key, const T& value) {
  const std::size_t size = avps.size();
  avps.resize(size + size_of(key, value));
  output out{avps.data() + size, avps.data() + avps.size()};
  static_cast<void>(out.put(key, value));
}

/// Origin-Host and Origin-Realm (RFC 6733 §6.3, §6.4), for the member `encoded_origin` of messages.
[[nodiscard]] inline std::vector<std::byte> encode_origin(std::string_view host,
                                                          std::string_view realm) {
  std::vector<std::byte> out;
  append_encoded(out, avp_key{264, 0, avp_flags::mandatory}, host);
  append_encoded(out, avp_key{296, 0, avp_flags::mandatory}, realm);
  return out;
}

}  // namespace diamgw::diameter::typed
