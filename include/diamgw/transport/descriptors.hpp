// How many descriptors the process may have.
#pragma once
#include <cstddef>

namespace diamgw::transport {

/// The soft limit of RLIMIT_NOFILE. Any thread.
[[nodiscard]] std::size_t descriptor_limit() noexcept;

/// Raises it to the hard one, if it can be; what it is now. Before anything depends on it.
std::size_t raise_descriptor_limit() noexcept;

}  // namespace diamgw::transport
