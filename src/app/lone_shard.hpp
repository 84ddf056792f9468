// The one shard of a command that asks something over the network and ends.
#pragma once
#include <string>
#include <string_view>

#include "diamgw/transport/shard.hpp"

namespace diamgw::app {

/// Made, used and destroyed by one thread that is no shard's.
class lone_shard {
 public:
  lone_shard();

  [[nodiscard]] transport::shard& on() noexcept { return group_.at(0); }
  /// Runs `work` to its end, once; `name` must be a literal. Throws std::runtime_error with the
  /// sentence of an exception that left it.
  void run(transport::awaitable<void> work, std::string_view name);

 private:
  std::string failure_;
  transport::shard_group group_;
};

}  // namespace diamgw::app
