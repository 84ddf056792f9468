// Masking of payloads: octet i is combined with octet i mod 4 of the key by XOR (RFC 6455 §5.3).
//
// The kernel is chosen once, by what the processor has. All of them give the same octets.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

#include "diamgw/base/bytes.hpp"
#include "diamgw/websocket/protocol.hpp"

namespace diamgw::websocket {

/// Masks or unmasks in place.
/// in:   phase = how many octets of the frame's payload came before `octets`, so that a payload
///       may be masked in chunks; only phase mod 4 matters
/// cost: O(octets), no allocation. Any thread.
void mask(mutable_bytes octets, masking_key key, std::size_t phase = 0) noexcept;

/// The same, written to `destination`, which has at least source.size() octets and is either
/// the source itself or does not overlap it.
void mask_copy(std::byte* destination, bytes_view source, masking_key key,
               std::size_t phase = 0) noexcept;

/// One implementation; `key` is already turned so that its first octet meets source[0].
struct mask_kernel {
  const char* name;
  void (*run)(std::byte* destination, const std::byte* source, std::size_t octets,
              masking_key key) noexcept;
};

/// The kernels this processor can run, slowest first; the last one is what `mask` uses for
/// long payloads. For tests and benchmarks. Valid for ever.
[[nodiscard]] std::span<const mask_kernel> mask_kernels() noexcept;

}  // namespace diamgw::websocket
