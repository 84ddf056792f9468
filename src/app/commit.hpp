// The commit that was built; the build writes it, see cmake/commit.cmake.
#pragma once

namespace diamgw::app {

/// E.g. "0123abc", "0123abc-dirty" where files were changed, "unknown" outside a repository.
extern const char* const commit;

}  // namespace diamgw::app
