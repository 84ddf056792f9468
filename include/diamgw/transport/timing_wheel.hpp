// Many deadlines, few of which pass: one wheel a shard in place of a timer for each.
//
// Slots of one tick each stand in a ring; an entry further away than the ring is long stays in its
// slot for another round. Entries are linked through themselves, so nothing is allocated.
#pragma once
#include <array>
#include <bit>
#include <cstdint>
#include <optional>
#include <utility>

#include "diamgw/base/clock.hpp"

namespace diamgw::transport {

/// What a wheel holds: derive from it or hold it. Leaves its wheel when destroyed. Not movable,
/// since the wheel points to it.
class wheel_entry {
 public:
  wheel_entry() noexcept = default;
  wheel_entry(const wheel_entry&) = delete;
  wheel_entry& operator=(const wheel_entry&) = delete;
  ~wheel_entry() { unlink(); }

  [[nodiscard]] bool scheduled() const noexcept { return next_ != nullptr; }
  /// Takes the entry out of its wheel; nothing happens where it is in none. Cost: O(1).
  void unlink() noexcept {
    if (next_ != nullptr) {
      previous_->next_ = next_;
      next_->previous_ = previous_;
      next_ = previous_ = nullptr;
    }
  }

 private:
  friend class timing_wheel;
  wheel_entry* next_ = nullptr;
  wheel_entry* previous_ = nullptr;
  std::uint64_t tick_ = 0;
};

/// One thread. An entry fires at its deadline or up to one tick after it, never before.
class timing_wheel {
 public:
  static constexpr duration tick = std::chrono::milliseconds{4};
  static constexpr std::size_t slots = 4096;  // one round is 16.4 s

  explicit timing_wheel(time_point start) noexcept : start_{start} {
    for (wheel_entry& head : heads_) {
      head.next_ = head.previous_ = &head;
    }
  }

  /// Puts `entry` in, or moves it. A deadline in the past fires at the next `advance`.
  /// out: when it fires
  time_point schedule(wheel_entry& entry, time_point deadline) noexcept {
    entry.unlink();
    const std::uint64_t wanted = tick_at_or_after(deadline);
    entry.tick_ = wanted > now_tick_ ? wanted : now_tick_ + 1;
    insert(entry);
    return start_ + tick * static_cast<std::int64_t>(entry.tick_);
  }

  /// Takes out every entry whose deadline has passed and calls `fire(entry)`, which may schedule
  /// and unlink any entry, destroyed ones too.
  template <class Fire>
  void advance(time_point now, Fire&& fire) {
    const std::uint64_t target = tick_before(now);
    if (target <= now_tick_) {
      return;
    }
    // A jump longer than a round passes every slot once.
    std::uint64_t from = now_tick_;
    if (target - from > slots) {
      from = target - slots;
    }
    now_tick_ = target;
    for (std::uint64_t t = from + 1; t <= target; ++t) {
      if (occupied(t % slots)) {
        fire_slot(t % slots, target, fire);
      }
    }
  }

  /// When to call `advance` next: at the first slot that holds an entry, though all its entries
  /// may be due in a later round. Nothing where the wheel is empty.
  [[nodiscard]] std::optional<time_point> next_deadline() noexcept {
    for (std::uint64_t t = now_tick_ + 1; t <= now_tick_ + slots; ++t) {
      const std::size_t slot = t % slots;
      const std::uint64_t word = bits_[slot / 64] >> (slot % 64);
      if (word == 0) {
        t += 63 - slot % 64;  // nothing in the rest of this word
        continue;
      }
      t += static_cast<std::uint64_t>(std::countr_zero(word));
      if (t > now_tick_ + slots) {
        break;
      }
      if (occupied(t % slots)) {
        return start_ + tick * static_cast<std::int64_t>(t);
      }
    }
    return std::nullopt;
  }

 private:
  [[nodiscard]] std::uint64_t tick_before(time_point t) const noexcept {
    return t <= start_ ? 0 : static_cast<std::uint64_t>((t - start_) / tick);
  }
  [[nodiscard]] std::uint64_t tick_at_or_after(time_point t) const noexcept {
    return t <= start_ ? 0 : static_cast<std::uint64_t>((t - start_ + tick - duration{1}) / tick);
  }
  void insert(wheel_entry& entry) noexcept {
    const std::size_t slot = entry.tick_ % slots;
    wheel_entry& head = heads_[slot];
    entry.previous_ = head.previous_;
    entry.next_ = &head;
    head.previous_->next_ = &entry;
    head.previous_ = &entry;
    bits_[slot / 64] |= std::uint64_t{1} << (slot % 64);
  }
  /// Whether the slot holds anything; its bit is only a hint, since entries unlink themselves.
  [[nodiscard]] bool occupied(std::size_t slot) noexcept {
    const std::uint64_t bit = std::uint64_t{1} << (slot % 64);
    if ((bits_[slot / 64] & bit) == 0) {
      return false;
    }
    if (heads_[slot].next_ == &heads_[slot]) {
      bits_[slot / 64] &= ~bit;
      return false;
    }
    return true;
  }
  template <class Fire>
  void fire_slot(std::size_t slot, std::uint64_t target, Fire& fire) {
    // The slot's entries move to a list of their own first: `fire` may put new ones into the slot.
    wheel_entry due;
    wheel_entry& head = heads_[slot];
    due.next_ = head.next_;
    due.previous_ = head.previous_;
    due.next_->previous_ = &due;
    due.previous_->next_ = &due;
    head.next_ = head.previous_ = &head;
    while (due.next_ != &due) {
      wheel_entry& entry = *due.next_;
      entry.unlink();
      if (entry.tick_ > target) {
        insert(entry);  // a later round
      } else {
        fire(entry);
      }
    }
  }

  time_point start_;
  std::uint64_t now_tick_ = 0;
  std::array<wheel_entry, slots> heads_;
  std::array<std::uint64_t, slots / 64> bits_{};
};

}  // namespace diamgw::transport
