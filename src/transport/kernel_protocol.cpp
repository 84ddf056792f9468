#include "kernel_protocol.hpp"

#include <array>

#include "tcp_protocol.hpp"

namespace diamgw::transport {

const kernel_protocol& kernel_protocol_of(protocol over) {
  // In the order of `protocol`.
  static const std::array all{&tcp_protocol()};
  return *all.at(static_cast<std::size_t>(over));
}

}  // namespace diamgw::transport
