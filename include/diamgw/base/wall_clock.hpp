// The date: for identifiers, logs and users, never for deadlines.
#pragma once
#include <chrono>
#include <cstdint>

namespace diamgw {

/// Since 1970-01-01 UTC, by the system's clock, which may jump.
[[nodiscard]] std::chrono::sys_time<std::chrono::nanoseconds> wall_clock_now() noexcept;

/// The low 32 bits of its seconds, as Origin-State-Id and identifiers have them (RFC 6733 §8.16).
[[nodiscard]] std::uint32_t unix_seconds() noexcept;

}  // namespace diamgw
