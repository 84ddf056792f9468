// Linked into executables only: counts each call of the global allocator.
//
// With a sanitizer its own hook tells of every allocation. Without one, operator new is replaced,
// and the linker's --wrap leads malloc and its kin, as the program's objects call them, to here.
#include <cstddef>
#include <cstdlib>
#include <new>

#include "diamgw/buffer/allocation_statistics.hpp"

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define DIAMGW_SANITIZER_HOOKS 1
#endif
#endif

#ifdef DIAMGW_SANITIZER_HOOKS

#include <sanitizer/allocator_interface.h>

namespace {

[[maybe_unused]] const int installed = __sanitizer_install_malloc_and_free_hooks(
    [](const volatile void*, std::size_t octets) { diamgw::count_allocation(octets); },
    [](const volatile void*) {});

}  // namespace

#else

extern "C" {
void* __real_malloc(std::size_t octets);
void* __real_calloc(std::size_t count, std::size_t octets);
void* __real_realloc(void* p, std::size_t octets);
void* __real_aligned_alloc(std::size_t alignment, std::size_t octets);

void* __wrap_malloc(std::size_t octets) {
  diamgw::count_allocation(octets);
  return __real_malloc(octets);
}
void* __wrap_calloc(std::size_t count, std::size_t octets) {
  diamgw::count_allocation(count * octets);
  return __real_calloc(count, octets);
}
void* __wrap_realloc(void* p, std::size_t octets) {
  diamgw::count_allocation(octets);
  return __real_realloc(p, octets);
}
void* __wrap_aligned_alloc(std::size_t alignment, std::size_t octets) {
  diamgw::count_allocation(octets);
  return __real_aligned_alloc(alignment, octets);
}
}

// The array and nothrow forms of the standard library call these.
void* operator new(std::size_t octets) {
  diamgw::count_allocation(octets);
  if (void* p = __real_malloc(octets == 0 ? 1 : octets)) {
    return p;
  }
  throw std::bad_alloc{};
}
void* operator new(std::size_t octets, std::align_val_t alignment) {
  diamgw::count_allocation(octets);
  const auto a = static_cast<std::size_t>(alignment);
  if (void* p = __real_aligned_alloc(a, (octets + a - 1) / a * a)) {
    return p;
  }
  throw std::bad_alloc{};
}
void operator delete(void* p) noexcept {
  std::free(p);
}
void operator delete(void* p, std::size_t) noexcept {
  std::free(p);
}
void operator delete(void* p, std::align_val_t) noexcept {
  std::free(p);
}
void operator delete(void* p, std::size_t, std::align_val_t) noexcept {
  std::free(p);
}

#endif
