// The coroutine type of request handlers, and the pool that their frames come from.
#pragma once
#include <array>
#include <coroutine>
#include <cstddef>
#include <exception>
#include <new>
#include <utility>

namespace diamgw::gateway {

/// Free lists of coroutine frames by size. One thread; frames may be freed after the pool's end
/// only by nobody: end all handlers first. What exceeds the largest class is not pooled.
class frame_pool {
 public:
  static constexpr std::size_t step = 128;
  static constexpr std::size_t classes = 32;  // up to 4 KiB
  static constexpr std::size_t keep = 4096;   // free frames kept per class

  frame_pool() = default;
  frame_pool(const frame_pool&) = delete;
  frame_pool& operator=(const frame_pool&) = delete;
  ~frame_pool() {
    for (free_list& list : lists_) {
      while (list.head != nullptr) {
        ::operator delete(std::exchange(list.head, list.head->next));
      }
    }
  }

  [[nodiscard]] void* allocate(std::size_t octets) {
    const std::size_t index = (octets + sizeof(header) + step - 1) / step;
    void* memory = nullptr;
    if (index < classes && lists_[index].head != nullptr) {
      free_list& list = lists_[index];
      memory = std::exchange(list.head, list.head->next);
      --list.count;
    } else {
      memory = ::operator new(index * step);
    }
    return new (memory) header{this, index} + 1;
  }

  static void release(void* frame) noexcept {
    header* h = static_cast<header*>(frame) - 1;
    frame_pool& pool = *h->pool;
    const std::size_t index = h->index;
    if (index >= classes || pool.lists_[index].count >= keep) {
      ::operator delete(h);
      return;
    }
    free_list& list = pool.lists_[index];
    list.head = new (static_cast<void*>(h)) node{list.head};
    ++list.count;
  }

 private:
  struct alignas(std::max_align_t) header {
    frame_pool* pool;
    std::size_t index;
  };
  struct node {
    node* next;
  };
  struct free_list {
    node* head = nullptr;
    std::size_t count = 0;
  };
  std::array<free_list, classes> lists_{};
};

/// A handler runs at once until it first waits, is resumed by what it waits for, and frees its
/// frame when it ends; nobody waits for it. Its first parameter (after `this`) must offer
/// `frame_pool& frames()` and `void on_handler_exception(std::exception_ptr)`, and outlive it.
struct handler_task {
  template <class Context>
  struct basic_promise {
    // The parameters of the coroutine are handed to both the constructor and operator new.
    template <class Self, class... Rest>
    basic_promise(Self&, Context& c, Rest&...) noexcept : context{&c} {}
    template <class... Rest>
    explicit basic_promise(Context& c, Rest&...) noexcept : context{&c} {}

    template <class Self, class... Rest>
    static void* operator new(std::size_t octets, Self&, Context& c, Rest&...) {
      return c.frames().allocate(octets);
    }
    template <class... Rest>
    static void* operator new(std::size_t octets, Context& c, Rest&...) {
      return c.frames().allocate(octets);
    }
    static void operator delete(void* frame) noexcept { frame_pool::release(frame); }

    handler_task get_return_object() noexcept { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    void unhandled_exception() noexcept { context->on_handler_exception(std::current_exception()); }

    Context* context;
  };
};

}  // namespace diamgw::gateway

/// Free function: handler_task f(Context&, ...).
template <class Context, class... Rest>
  requires requires(Context& c) { c.frames(); }
struct std::coroutine_traits<diamgw::gateway::handler_task, Context&, Rest...> {
  using promise_type = diamgw::gateway::handler_task::basic_promise<Context>;
};
/// Member function: handler_task T::f(Context&, ...).
template <class Self, class Context, class... Rest>
  requires(
      requires(Context& c) { c.frames(); } && !requires(Self& s) { s.frames(); })
struct std::coroutine_traits<diamgw::gateway::handler_task, Self&, Context&, Rest...> {
  using promise_type = diamgw::gateway::handler_task::basic_promise<Context>;
};
