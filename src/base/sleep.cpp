#include "diamgw/base/sleep.hpp"

#include <thread>

namespace diamgw {

void sleep_until(time_point at) {
  std::this_thread::sleep_until(at);
}

}  // namespace diamgw
