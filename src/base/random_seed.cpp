#include "diamgw/base/random_seed.hpp"

#include <random>

namespace diamgw {

std::uint64_t random_seed() {
  std::random_device device;
  return (std::uint64_t{device()} << 32U) | device();
}

}  // namespace diamgw
