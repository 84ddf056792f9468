#include "diamgw/websocket/mask.hpp"

#include <array>
#include <bit>
#include <cstring>

#if defined(__x86_64__) && !defined(DIAMGW_MASK_PORTABLE)
#define DIAMGW_MASK_X86 1
#include <immintrin.h>
#else
#define DIAMGW_MASK_X86 0
#endif

namespace diamgw::websocket {
namespace {

// Below this many octets a call through a pointer costs more than wide registers save.
constexpr std::size_t long_payload = 32;

std::uint32_t as_word(masking_key key) noexcept {
  return std::bit_cast<std::uint32_t>(key);  // memory order, whatever the processor's
}

void by_octets(std::byte* destination, const std::byte* source, std::size_t octets,
               masking_key key) noexcept {
  for (std::size_t i = 0; i < octets; ++i) {
    destination[i] = source[i] ^ key[i % key.size()];
  }
}

void by_words(std::byte* destination, const std::byte* source, std::size_t octets,
              masking_key key) noexcept {
  const std::uint64_t half = as_word(key);
  const std::uint64_t pattern = half << 32U | half;
  std::size_t i = 0;
  for (; i + sizeof pattern <= octets; i += sizeof pattern) {
    std::uint64_t word;
    std::memcpy(&word, source + i, sizeof word);
    word ^= pattern;
    std::memcpy(destination + i, &word, sizeof word);
  }
  by_octets(destination + i, source + i, octets - i, key);  // i is a multiple of the key's length
}

#if DIAMGW_MASK_X86

void by_sse2(std::byte* destination, const std::byte* source, std::size_t octets,
             masking_key key) noexcept {
  const __m128i pattern = _mm_set1_epi32(static_cast<int>(as_word(key)));
  std::size_t i = 0;
  for (; i + sizeof pattern <= octets; i += sizeof pattern) {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(source + i));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(destination + i), _mm_xor_si128(block, pattern));
  }
  by_words(destination + i, source + i, octets - i, key);
}

__attribute__((target("avx2"))) void by_avx2(std::byte* destination, const std::byte* source,
                                             std::size_t octets, masking_key key) noexcept {
  const __m256i pattern = _mm256_set1_epi32(static_cast<int>(as_word(key)));
  std::size_t i = 0;
  for (; i + 2 * sizeof pattern <= octets; i += 2 * sizeof pattern) {
    const auto* from = reinterpret_cast<const __m256i*>(source + i);
    auto* to = reinterpret_cast<__m256i*>(destination + i);
    const __m256i first = _mm256_loadu_si256(from);
    const __m256i second = _mm256_loadu_si256(from + 1);
    _mm256_storeu_si256(to, _mm256_xor_si256(first, pattern));
    _mm256_storeu_si256(to + 1, _mm256_xor_si256(second, pattern));
  }
  for (; i + sizeof pattern <= octets; i += sizeof pattern) {
    const __m256i block = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(source + i));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(destination + i),
                        _mm256_xor_si256(block, pattern));
  }
  by_words(destination + i, source + i, octets - i, key);
}

__attribute__((target("avx512f,avx512bw"))) void by_avx512(std::byte* destination,
                                                           const std::byte* source,
                                                           std::size_t octets,
                                                           masking_key key) noexcept {
  const __m512i pattern = _mm512_set1_epi32(static_cast<int>(as_word(key)));
  std::size_t i = 0;
  for (; i + sizeof pattern <= octets; i += sizeof pattern) {
    const __m512i block = _mm512_loadu_si512(source + i);
    _mm512_storeu_si512(destination + i, _mm512_xor_si512(block, pattern));
  }
  if (i < octets) {
    const __mmask64 rest = ~std::uint64_t{0} >> (sizeof pattern - (octets - i));
    const __m512i block = _mm512_maskz_loadu_epi8(rest, source + i);
    _mm512_mask_storeu_epi8(destination + i, rest, _mm512_xor_si512(block, pattern));
  }
}

#endif

struct kernel_list {
  std::array<mask_kernel, 5> kernels{};
  std::size_t size = 0;

  void add(const char* name, decltype(mask_kernel::run) run) noexcept {
    kernels[size++] = {name, run};
  }
};

kernel_list available() noexcept {
  kernel_list list;
  list.add("octets", by_octets);
  list.add("words", by_words);
#if DIAMGW_MASK_X86
  list.add("sse2", by_sse2);  // every x86-64 has it
  if (__builtin_cpu_supports("avx2") != 0) {
    list.add("avx2", by_avx2);
  }
  if (__builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0) {
    list.add("avx512", by_avx512);
  }
#endif
  return list;
}

const kernel_list& list() noexcept {
  static const kernel_list instance = available();
  return instance;
}

}  // namespace

std::span<const mask_kernel> mask_kernels() noexcept {
  return {list().kernels.data(), list().size};
}

void mask_copy(std::byte* destination, bytes_view source, masking_key key,
               std::size_t phase) noexcept {
  const masking_key turned{key[phase % 4], key[(phase + 1) % 4], key[(phase + 2) % 4],
                           key[(phase + 3) % 4]};
  if (source.size() < long_payload) {
    by_words(destination, source.data(), source.size(), turned);
    return;
  }
  static const auto fastest = list().kernels[list().size - 1].run;
  fastest(destination, source.data(), source.size(), turned);
}

void mask(mutable_bytes octets, masking_key key, std::size_t phase) noexcept {
  mask_copy(octets.data(), octets, key, phase);
}

}  // namespace diamgw::websocket
