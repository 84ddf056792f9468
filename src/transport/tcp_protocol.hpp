// TCP among the kernel's protocols.
#pragma once
#include "kernel_protocol.hpp"

namespace diamgw::transport {

[[nodiscard]] const kernel_protocol& tcp_protocol() noexcept;

}  // namespace diamgw::transport
