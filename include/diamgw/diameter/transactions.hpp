// Requests that wait for their answers, found by Hop-by-Hop Identifier without hashing.
//
//   31        slot_bits                 0
//  |  generation  |        slot         |
#pragma once
#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "diamgw/base/assert.hpp"
#include "diamgw/base/random_sequence.hpp"
#include "diamgw/base/strong_id.hpp"

namespace diamgw::diameter {

struct transaction_options {
  /// Requests that may wait at once; at `capacity`, `insert` refuses and its caller answers 3004.
  /// 1 ... 1,048,575 (2^20 - 1): values outside are brought to the nearest.
  std::uint32_t capacity = 65'535;
  /// Slots allocated when none is free, until `capacity` is reached; at least 1.
  std::uint32_t chunk = 1'024;
};

/// The transactions of one connection (RFC 6733 §3: the Hop-by-Hop Identifier is unique on it).
/// The id is the slot and its generation; a slot's generation moves at each reuse and slots are
/// reused in turn, oldest first, so that a late answer meets a new request only after
/// 2^(32 - slot_bits) rounds of all slots. Generations start at random, so ids do not repeat after
/// a restart. O(1), no allocation but when a chunk is added; chunks stay. `T` is movable. One
/// thread.
template <class T>
class transaction_table {
 public:
  /// Ids of CER, DWR and DPR have these low bits (identifiers.hpp) and are no slot of any table.
  static constexpr std::uint32_t max_capacity = 0xfffff;

  /// `seed` determines where the generations start. Allocates the first chunk.
  transaction_table(const transaction_options& options, std::uint64_t seed)
      : capacity_{std::clamp(options.capacity, 1U, max_capacity)},
        chunk_slots_{std::clamp(options.chunk, 1U, capacity_)},
        slot_bits_{static_cast<std::uint32_t>(std::bit_width(capacity_))},
        random_{seed} {
    chunks_.reserve((capacity_ + chunk_slots_ - 1) / chunk_slots_);
    grow();
  }

  /// Takes `value` in and gives its id; at the limit nothing, and `value` is left as it was.
  [[nodiscard]] std::optional<hop_by_hop_id> insert(T&& value) {
    if (free_head_ == none && !grow()) {
      ++refused_;
      return std::nullopt;
    }
    const std::uint32_t index = free_head_;
    slot& s = at(index);
    free_head_ = s.next_free;
    if (free_head_ == none) {
      free_tail_ = none;
    }
    s.value.emplace(std::move(value));
    ++size_;
    return id_of(index, s);
  }

  /// The value of a waiting request; null where the id is stale or was never given. Valid until
  /// it is taken.
  [[nodiscard]] T* find(hop_by_hop_id id) noexcept {
    slot* s = lookup(id);
    return s == nullptr ? nullptr : &*s->value;
  }

  /// Ends the wait: the answer has come, or its deadline. Nothing, counted as stale, where no
  /// request waits under this id (any more).
  [[nodiscard]] std::optional<T> take(hop_by_hop_id id) {
    slot* s = lookup(id);
    if (s == nullptr) {
      ++stale_;
      return std::nullopt;
    }
    std::optional<T> value{std::move(*s->value)};
    release(slot_of(id), *s);
    return value;
  }

  /// As `take`, the value destroyed; not counted as stale. False where nothing waited.
  bool erase(hop_by_hop_id id) {
    slot* s = lookup(id);
    if (s == nullptr) {
      return false;
    }
    release(slot_of(id), *s);
    return true;
  }

  /// Empties the table: `receive(hop_by_hop_id, T&&)` per waiting request, by slot. For failover
  /// and close. `receive` may take or erase, and must not insert into this table.
  template <class Receive>
  void drain(Receive&& receive) {
    for (std::uint32_t index = 0; index < slots_ && size_ != 0; ++index) {
      slot& s = at(index);
      if (s.value) {
        const hop_by_hop_id id = id_of(index, s);
        T value{std::move(*s.value)};
        release(index, s);
        receive(id, std::move(value));
      }
    }
  }

  /// `look(hop_by_hop_id, const T&)` per waiting request, by slot; it must not change the table.
  template <class Look>
  void for_each(Look&& look) {
    for (std::uint32_t index = 0; index < slots_; ++index) {
      if (slot& s = at(index); s.value) {
        look(id_of(index, s), std::as_const(*s.value));
      }
    }
  }

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }
  /// Slots allocated so far.
  [[nodiscard]] std::size_t allocated() const noexcept { return slots_; }
  /// `take`s that found nothing: late, repeated or invented answers.
  [[nodiscard]] std::uint64_t stale() const noexcept { return stale_; }
  /// `insert`s at the limit.
  [[nodiscard]] std::uint64_t refused() const noexcept { return refused_; }
  /// Reuses of a slot before an id repeats.
  [[nodiscard]] std::uint64_t generations() const noexcept { return 1ULL << (32U - slot_bits_); }

 private:
  static constexpr std::uint32_t none = 0xffffffff;

  struct slot {
    std::optional<T> value;
    std::uint32_t generation = 0;  // its low 32 - slot_bits bits count
    std::uint32_t next_free = none;
  };

  [[nodiscard]] slot& at(std::uint32_t index) noexcept {
    return chunks_[index / chunk_slots_][index % chunk_slots_];
  }
  [[nodiscard]] std::uint32_t slot_of(hop_by_hop_id id) const noexcept {
    return id.value & ((1U << slot_bits_) - 1U);
  }
  [[nodiscard]] hop_by_hop_id id_of(std::uint32_t index, const slot& s) const noexcept {
    return {(s.generation << slot_bits_) | index};
  }

  [[nodiscard]] slot* lookup(hop_by_hop_id id) noexcept {
    const std::uint32_t index = slot_of(id);
    if (index >= slots_) {
      return nullptr;
    }
    slot& s = at(index);
    return s.value && id_of(index, s) == id ? &s : nullptr;
  }

  void release(std::uint32_t index, slot& s) noexcept {
    s.value.reset();
    ++s.generation;
    append_free(index, s);
    --size_;
  }

  void append_free(std::uint32_t index, slot& s) noexcept {
    s.next_free = none;
    if (free_tail_ == none) {
      free_head_ = index;
    } else {
      at(free_tail_).next_free = index;
    }
    free_tail_ = index;
  }

  bool grow() {
    if (slots_ == capacity_) {
      return false;
    }
    const std::uint32_t added = std::min(chunk_slots_, capacity_ - slots_);
    chunks_.push_back(std::make_unique<slot[]>(added));
    const std::uint32_t first = slots_;
    slots_ += added;
    for (std::uint32_t index = first; index < slots_; ++index) {
      slot& s = at(index);
      s.generation = static_cast<std::uint32_t>(random_.next());
      append_free(index, s);
    }
    return true;
  }

  std::uint32_t capacity_;
  std::uint32_t chunk_slots_;
  std::uint32_t slot_bits_;
  random_sequence random_;
  std::vector<std::unique_ptr<slot[]>> chunks_;  // all of chunk_slots_ but the last
  std::uint32_t slots_ = 0;
  std::uint32_t free_head_ = none;
  std::uint32_t free_tail_ = none;
  std::size_t size_ = 0;
  std::uint64_t stale_ = 0;
  std::uint64_t refused_ = 0;
};

}  // namespace diamgw::diameter
