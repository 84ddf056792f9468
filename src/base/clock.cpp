#include "diamgw/base/clock.hpp"

namespace diamgw {

clock::time_point clock::now() noexcept {
  return time_point{
      std::chrono::duration_cast<duration>(std::chrono::steady_clock::now().time_since_epoch())};
}

}  // namespace diamgw
