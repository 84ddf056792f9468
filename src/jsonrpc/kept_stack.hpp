// A stack that keeps its memory.
#pragma once
#include <cstddef>
#include <vector>

namespace diamgw::jsonrpc {

/// As a vector's end, but what is pushed lies in memory that was there before, with whatever stood
/// in it (a CCR from JSON costs 4,759 instructions instead of 4,874 with std::vector's emplace_back
/// and resize); growing, which comes to an end, is out of the way of the code that pushes.
template <class T>
class kept_stack {
 public:
  kept_stack(const kept_stack&) = delete;
  kept_stack& operator=(const kept_stack&) = delete;
  explicit kept_stack(std::size_t room) : items_(room) {}

  [[nodiscard]] T& push() {
    if (full()) [[unlikely]] {
      grow();
    }
    return push_in_room();
  }
  /// Where it is not full.
  [[nodiscard]] T& push_in_room() noexcept { return *end_++; }
  [[nodiscard]] bool full() const noexcept { return end_ == limit_; }
  void pop() noexcept { --end_; }
  /// Down to so many.
  void cut(std::size_t size) noexcept { end_ = items_.data() + size; }
  void clear() noexcept { end_ = items_.data(); }

  [[nodiscard]] bool empty() const noexcept { return end_ == items_.data(); }
  [[nodiscard]] std::size_t size() const noexcept {
    return static_cast<std::size_t>(end_ - items_.data());
  }
  [[nodiscard]] T& back() noexcept { return end_[-1]; }
  [[nodiscard]] const T& back() const noexcept { return end_[-1]; }
  [[nodiscard]] T& operator[](std::size_t i) noexcept { return items_[i]; }
  [[nodiscard]] const T& operator[](std::size_t i) const noexcept { return items_[i]; }

 private:
  [[gnu::noinline]] void grow() {
    const std::size_t size = items_.size();
    items_.resize(size * 2 + 1);
    end_ = items_.data() + size;
    limit_ = items_.data() + items_.size();
  }

  std::vector<T> items_;
  T* end_ = items_.data();  // of what was pushed
  T* limit_ = items_.data() + items_.size();
};

}  // namespace diamgw::jsonrpc
