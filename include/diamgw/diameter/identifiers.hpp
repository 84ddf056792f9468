// Hop-by-Hop and End-to-End Identifiers of the requests that this node originates (RFC 6733 §3).
#pragma once
#include <cstdint>

#include "diamgw/base/random_sequence.hpp"
#include "diamgw/base/strong_id.hpp"

namespace diamgw::diameter {

/// The two identifiers of a request, and of its answer.
struct message_ids {
  hop_by_hop_id hop_by_hop;
  end_to_end_id end_to_end;

  friend constexpr bool operator==(const message_ids&, const message_ids&) = default;
};

/// End-to-End Identifiers that are unique for 4 minutes and over a restart (§3): the start is the
/// low 12 bits of the time above 20 random bits. Several sources (one per shard) with the same
/// `stride` and `unix_seconds`, seed, and different `offset`s never give the same id before they
/// wrap. One thread.
class end_to_end_source {
 public:
  end_to_end_source(std::uint64_t seed, std::uint32_t unix_seconds, std::uint32_t offset = 0,
                    std::uint32_t stride = 1) noexcept
      : next_{(unix_seconds << 20U | (random_sequence{seed}.below(1U << 20U))) + offset},
        stride_{stride} {}

  [[nodiscard]] end_to_end_id next() noexcept {
    const end_to_end_id id{next_};
    next_ += stride_;
    return id;
  }

 private:
  std::uint32_t next_;
  std::uint32_t stride_;
};

/// Hop-by-Hop Identifiers of CER, DWR and DPR on one connection: their low 20 bits are all ones,
/// a slot that no `transaction_table` has, so that they never meet an id of a transaction.
class base_hop_by_hop_source {
 public:
  static constexpr std::uint32_t slot = 0xfffff;

  explicit base_hop_by_hop_source(std::uint64_t seed) noexcept
      : next_{static_cast<std::uint32_t>(random_sequence{seed}.next())} {}

  [[nodiscard]] hop_by_hop_id next() noexcept { return {(next_++ << 20U) | slot}; }

 private:
  std::uint32_t next_;
};

}  // namespace diamgw::diameter
