#include "diamgw/diameter/election.hpp"
#include "diamgw/base/letter_case.hpp"

#include <algorithm>

namespace diamgw::diameter {
namespace {

constexpr unsigned char folded(char c) noexcept {
  return static_cast<unsigned char>(to_upper(c));
}

}  // namespace

// §5.6.4: "octets that fall in the ASCII range 'a' through 'z' MUST compare equally to their
// upper-case counterparts between 'A' and 'Z'". The octets are unsigned, so an octet above 0x7f
// succeeds every letter. Of equal beginnings the longer succeeds.
election_result elect(std::string_view local_origin_host,
                      std::string_view peer_origin_host) noexcept {
  const bool peer_precedes = std::lexicographical_compare(
      peer_origin_host.begin(), peer_origin_host.end(), local_origin_host.begin(),
      local_origin_host.end(), [](char a, char b) { return folded(a) < folded(b); });
  return peer_precedes ? election_result::won : election_result::lost;
}

}  // namespace diamgw::diameter
