// memcpy and its kin for the programs whose instructions are counted: the C library picks its own
// by the processor, and the counts would differ from machine to machine.
#include <cstddef>

namespace {

/// What one step of a loop moves: about what the C library's do.
constexpr std::size_t step_octets = 32;

template <std::size_t Octets>
struct block {
  unsigned char octets[Octets];
};

template <std::size_t Octets>
void copy_block(unsigned char* to, const unsigned char* from) noexcept {
  block<Octets> all;
  __builtin_memcpy_inline(&all, from, Octets);
  __builtin_memcpy_inline(to, &all, Octets);
}

}  // namespace

extern "C" {

void* memcpy(void* to, const void* from, std::size_t octets) noexcept {
  auto* out = static_cast<unsigned char*>(to);
  const auto* in = static_cast<const unsigned char*>(from);
  for (; octets >= step_octets; octets -= step_octets) {
    copy_block<step_octets>(out, in);
    out += step_octets;
    in += step_octets;
  }
  for (; octets >= 8; octets -= 8) {
    copy_block<8>(out, in);
    out += 8;
    in += 8;
  }
  if ((octets & 4U) != 0) {
    copy_block<4>(out, in);
    out += 4;
    in += 4;
  }
  if ((octets & 2U) != 0) {
    copy_block<2>(out, in);
    out += 2;
    in += 2;
  }
  if ((octets & 1U) != 0) {
    copy_block<1>(out, in);
  }
  return to;
}

void* memmove(void* to, const void* from, std::size_t octets) noexcept {
  auto* out = static_cast<unsigned char*>(to);
  const auto* in = static_cast<const unsigned char*>(from);
  if (out <= in || out >= in + octets) {
    return memcpy(to, from, octets);  // which goes forwards, block by block
  }
  for (; octets >= 8; octets -= 8) {
    copy_block<8>(out + octets - 8, in + octets - 8);
  }
  for (; octets > 0; --octets) {
    copy_block<1>(out + octets - 1, in + octets - 1);
  }
  return to;
}

void* memset(void* to, int value, std::size_t octets) noexcept {
  auto* out = static_cast<unsigned char*>(to);
  for (; octets >= step_octets; octets -= step_octets) {
    __builtin_memset_inline(out, value, step_octets);
    out += step_octets;
  }
  for (; octets > 0; --octets) {
    __builtin_memset_inline(out++, value, 1);
  }
  return to;
}

int memcmp(const void* a, const void* b, std::size_t octets) noexcept {
  const auto* p = static_cast<const unsigned char*>(a);
  const auto* q = static_cast<const unsigned char*>(b);
  for (; octets >= 8; octets -= 8, p += 8, q += 8) {
    unsigned long long left = 0;
    unsigned long long right = 0;
    __builtin_memcpy_inline(&left, p, 8);
    __builtin_memcpy_inline(&right, q, 8);
    if (left != right) {
      break;
    }
  }
  for (; octets > 0; --octets, ++p, ++q) {
    if (*p != *q) {
      return *p < *q ? -1 : 1;
    }
  }
  return 0;
}

int bcmp(const void* a, const void* b, std::size_t octets) noexcept {
  return memcmp(a, b, octets);
}

}  // extern "C"
