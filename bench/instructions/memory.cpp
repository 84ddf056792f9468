// memcpy and its kin for the program whose instructions are counted: the C library picks its own by
// the processor, and the counts would differ from machine to machine.
#include <cstddef>
#include <cstdint>

namespace {

using word = std::uint64_t;

template <class T>
void copy_one(unsigned char* to, const unsigned char* from) noexcept {
  T value;
  __builtin_memcpy_inline(&value, from, sizeof value);
  __builtin_memcpy_inline(to, &value, sizeof value);
}

}  // namespace

extern "C" {

void* memcpy(void* to, const void* from, std::size_t octets) noexcept {
  auto* out = static_cast<unsigned char*>(to);
  const auto* in = static_cast<const unsigned char*>(from);
  for (; octets >= sizeof(word); octets -= sizeof(word)) {
    copy_one<word>(out, in);
    out += sizeof(word);
    in += sizeof(word);
  }
  for (; octets > 0; --octets) {
    copy_one<unsigned char>(out++, in++);
  }
  return to;
}

void* memset(void* to, int value, std::size_t octets) noexcept {
  auto* out = static_cast<volatile unsigned char*>(to);
  for (; octets > 0; --octets) {
    *out++ = static_cast<unsigned char>(value);
  }
  return to;
}

int memcmp(const void* a, const void* b, std::size_t octets) noexcept {
  const auto* p = static_cast<const volatile unsigned char*>(a);
  const auto* q = static_cast<const volatile unsigned char*>(b);
  for (; octets > 0; --octets, ++p, ++q) {
    if (*p != *q) {
      return *p < *q ? -1 : 1;
    }
  }
  return 0;
}

}  // extern "C"
