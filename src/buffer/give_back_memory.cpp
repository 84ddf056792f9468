#include "diamgw/buffer/give_back_memory.hpp"

#include <malloc.h>

namespace diamgw {

void give_back_memory() noexcept {
#ifdef __GLIBC__
  static_cast<void>(::malloc_trim(0));
#endif
}

}  // namespace diamgw
