// Which exchanges were cancelled a short while ago.
#pragma once
#include <array>
#include <cstddef>
#include <optional>
#include <utility>

#include "diamgw/base/strong_id.hpp"

namespace diamgw::gateway {

/// Only to call an answer that comes too late what it is: an exchange leaves nothing behind when it
/// ends, and few are cancelled. Bound: the last `kept`; the late answer to an older one is counted
/// as if its asker had left. One thread.
class cancelled_exchanges {
 public:
  static constexpr std::size_t kept = 64;

  void note(hop_by_hop_id token) noexcept { tokens_[next_++ % kept] = token; }

  /// Whether it was, and is not asked for again.
  [[nodiscard]] bool take(hop_by_hop_id token) noexcept {
    for (std::optional<hop_by_hop_id>& t : tokens_) {
      if (t == token) {
        t.reset();
        return true;
      }
    }
    return false;
  }

 private:
  std::array<std::optional<hop_by_hop_id>, kept> tokens_{};
  std::size_t next_ = 0;
};

}  // namespace diamgw::gateway
