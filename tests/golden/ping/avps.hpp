// Made by diamgw_dictionary_tool from ping.dia; edit that file instead.
#pragma once
#include <cstdint>

#include "diamgw/messages/typed/value.hpp"

namespace diamgw::messages {
namespace typed = diameter::typed;
}

namespace diamgw::messages::ping {

/// Code, vendor and flags.
namespace avps {
inline constexpr typed::avp_key session_id{263, 0, 0x40};
inline constexpr typed::avp_key origin_host{264, 0, 0x40};
inline constexpr typed::avp_key origin_realm{296, 0, 0x40};
inline constexpr typed::avp_key class_{25, 0, 0x40};
inline constexpr typed::avp_key ping_kind{1, 99999, 0xc0};
inline constexpr typed::avp_key ping_address{2, 99999, 0x80};
inline constexpr typed::avp_key ping_sent{3, 99999, 0x80};
inline constexpr typed::avp_key ping_weight{4, 99999, 0x80};
inline constexpr typed::avp_key ping_hop{5, 99999, 0xc0};
inline constexpr typed::avp_key ping_result{6, 0, 0x40};
}  // namespace avps

/// Ping-Kind (1)
enum class ping_kind : std::int32_t {
  short_ = 0,
  long_way = 1,
  _3rd_kind = -3,
};

/// Ping-Result (6)
namespace ping_result_values {
inline constexpr std::uint32_t pong = 2001;
inline constexpr std::uint32_t lost = 3002;
}  // namespace ping_result_values

}  // namespace diamgw::messages::ping
