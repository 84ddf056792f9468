// Which peer gets a request, for one who asks again and again.
#pragma once
#include <memory>

#include "diamgw/routing/table.hpp"

namespace diamgw::routing {

/// Chooses by one table, and remembers the last route: clients mostly ask for one realm and
/// application again and again, and comparing the names with the last ones takes a tenth of
/// hashing them (40 instructions in place of 430, of some 15,000 that a whole exchange takes).
/// Nothing but speed depends on it. One thread.
class chooser {
 public:
  /// Not null.
  explicit chooser(std::shared_ptr<const table> routes);
  chooser(chooser&&) noexcept;
  chooser& operator=(chooser&&) noexcept;
  ~chooser();

  [[nodiscard]] const table& routes() const noexcept { return *routes_; }

  /// What table::choose gives for the same input. Allocates only where the names are longer than
  /// all before, up to 255 octets.
  [[nodiscard]] decision choose(const route_request& request, const status_source& status,
                                std::uint64_t random);

 private:
  struct remembered;

  std::shared_ptr<const table> routes_;
  std::unique_ptr<remembered> last_;
};

}  // namespace diamgw::routing
