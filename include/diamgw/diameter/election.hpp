// The election between two connections that peers opened to each other (RFC 6733 §5.6.4).
#pragma once
#include <cstdint>
#include <string_view>

namespace diamgw::diameter {

enum class election_result : std::uint8_t {
  won,   // Win-Election: our initiated connection ends, the peer's stays
  lost,  // the peer will end its own; ours stays
};

/// Held by the responder when a CER arrives while it initiates: won where `local_origin_host`
/// lexicographically succeeds `peer_origin_host` as octets, ASCII letters compared without case.
[[nodiscard]] election_result elect(std::string_view local_origin_host,
                                    std::string_view peer_origin_host) noexcept;

}  // namespace diamgw::diameter
