#include "diamgw/gateway/build_information.hpp"

#include <string>

namespace diamgw::gateway {

metrics::build_information build_information() {
  return {.version = std::string{version()},
          .compiler = __VERSION__,
#ifdef NDEBUG
          .build_type = "release"
#else
          .build_type = "debug"
#endif
  };
}

std::string_view version() noexcept {
  return DIAMGW_VERSION;
}

}  // namespace diamgw::gateway
