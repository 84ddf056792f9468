// A stack that keeps its memory.
#pragma once
#include <cstddef>
#include <vector>

namespace diamgw::jsonrpc {

/// As a vector's end, but what is pushed lies in memory that was there before, with whatever stood
/// in it; growing, which comes to an end, is out of the way of the code that pushes.
template <class T>
class kept_stack {
 public:
  explicit kept_stack(std::size_t room) : items_(room) {}

  [[nodiscard]] T& push() {
    if (size_ == items_.size()) [[unlikely]] {
      grow();
    }
    return items_[size_++];
  }
  /// Where it is not full.
  [[nodiscard]] T& push_in_room() noexcept { return items_[size_++]; }
  [[nodiscard]] bool full() const noexcept { return size_ == items_.size(); }
  void pop() noexcept { --size_; }
  /// Down to so many.
  void cut(std::size_t size) noexcept { size_ = size; }
  void clear() noexcept { size_ = 0; }

  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] T& back() noexcept { return items_[size_ - 1]; }
  [[nodiscard]] T& operator[](std::size_t i) noexcept { return items_[i]; }
  [[nodiscard]] const T& operator[](std::size_t i) const noexcept { return items_[i]; }

 private:
  [[gnu::noinline]] void grow() { items_.resize(items_.size() * 2 + 1); }

  std::vector<T> items_;
  std::size_t size_ = 0;
};

}  // namespace diamgw::jsonrpc
