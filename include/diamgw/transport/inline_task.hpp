// A `void()` that is moved, never copied, and lives where it is put: no allocation.
#pragma once
#include <concepts>
#include <cstddef>
#include <new>
#include <type_traits>
#include <utility>

namespace diamgw::transport {

/// Holds one callable of at most `storage_octets` octets (checked when it compiles) whose move
/// does not throw. Called at most once; what it captured is destroyed with the task.
class inline_task {
 public:
  static constexpr std::size_t storage_octets = 128;

  inline_task() noexcept = default;

  template <class Function>
    requires(!std::same_as<std::remove_cvref_t<Function>, inline_task> &&
             std::is_invocable_r_v<void, std::remove_cvref_t<Function>&>)
  inline_task(Function&& function) {  // NOLINT(*-explicit-*): a task is what a callable becomes
    using stored = std::remove_cvref_t<Function>;
    static_assert(sizeof(stored) <= storage_octets, "captures too much: pass a handle instead");
    static_assert(alignof(stored) <= alignof(std::max_align_t));
    static_assert(std::is_nothrow_move_constructible_v<stored>);
    ::new (static_cast<void*>(storage_)) stored(std::forward<Function>(function));
    operations_ = &operations_of<stored>;
  }

  inline_task(inline_task&& other) noexcept { take(other); }
  inline_task& operator=(inline_task&& other) noexcept {
    if (this != &other) {
      reset();
      take(other);
    }
    return *this;
  }
  inline_task(const inline_task&) = delete;
  inline_task& operator=(const inline_task&) = delete;
  ~inline_task() { reset(); }

  [[nodiscard]] explicit operator bool() const noexcept { return operations_ != nullptr; }

  /// Calls it. There must be one.
  void operator()() { operations_->call(storage_); }

  /// Destroys the callable, if there is one.
  void reset() noexcept {
    if (operations_ != nullptr) {
      operations_->destroy(storage_);
      operations_ = nullptr;
    }
  }

 private:
  struct operations {
    void (*call)(void*);
    void (*move)(void* from, void* to) noexcept;  // destroys `from`
    void (*destroy)(void*) noexcept;
  };

  template <class Stored>
  static constexpr operations operations_of{
      [](void* p) { static_cast<void>((*static_cast<Stored*>(p))()); },
      [](void* from, void* to) noexcept {
        ::new (to) Stored(std::move(*static_cast<Stored*>(from)));
        static_cast<Stored*>(from)->~Stored();
      },
      [](void* p) noexcept { static_cast<Stored*>(p)->~Stored(); }};

  void take(inline_task& other) noexcept {
    if (other.operations_ != nullptr) {
      other.operations_->move(other.storage_, storage_);
      operations_ = std::exchange(other.operations_, nullptr);
    }
  }

  alignas(std::max_align_t) std::byte storage_[storage_octets];
  const operations* operations_ = nullptr;
};

}  // namespace diamgw::transport
