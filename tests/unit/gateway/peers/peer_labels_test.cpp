#include "gateway/peers/peer_labels.hpp"

#include <gtest/gtest.h>

namespace diamgw::gateway {
namespace {

TEST(PeerLabels, SayWhyARequestWasRefused) {
  using diameter::result_code;
  using metrics::refused_reason;
  struct row {
    result_code code;  // RFC 6733 §7.1
    refused_reason label;
  };
  constexpr row rows[]{
      {result_code::invalid_hdr_bits, refused_reason::invalid_header},
      {result_code::invalid_avp_bits, refused_reason::invalid_header},
      {result_code::unsupported_version, refused_reason::invalid_header},
      {result_code::invalid_message_length, refused_reason::invalid_header},
      {result_code::invalid_avp_length, refused_reason::invalid_message},
      {result_code::missing_avp, refused_reason::invalid_message},
      {result_code::unable_to_deliver, refused_reason::unable_to_deliver},
      {result_code::unable_to_comply, refused_reason::other},
  };
  for (const row& r : rows) {
    EXPECT_EQ(label_of(r.code), r.label) << static_cast<unsigned>(r.code);
  }
}

}  // namespace
}  // namespace diamgw::gateway
