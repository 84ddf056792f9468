// Structs by their grammar, for what is done seldom: reading a message into a struct, and writing
// one whose AVPs did not stand as the grammar has them. No generated code but tables.
#pragma once
#include <cstddef>
#include <cstdint>
#include <new>
#include <span>

#include "diamgw/base/bytes.hpp"
#include "diamgw/messages/typed/grammar.hpp"
#include "diamgw/messages/typed/value.hpp"

namespace diamgw::diameter::typed {

/// One AVP of a message that was read.
struct placed_avp {
  static constexpr std::uint16_t outside = 0xffff;

  std::uint16_t rule = outside;  // its number in the grammar
  std::uint8_t flags = 0;        // as it came
  std::uint32_t occurrence = 0;  // which of a list
  bytes_view octets;             // outside the grammar: header, data and padding
};

/// What a struct cannot say of the message that it was read from: AVPs outside the grammar, an
/// order that is not the grammar's, flags other than by rule. `encode_to` then writes these AVPs
/// in this order: values are those of the members, so that they may be changed; what was added to
/// the struct follows, what was taken from it is left out.
struct arrangement {
  std::span<const placed_avp> avps;
  std::span<const std::uint32_t> listed;  // for each rule, how many of `avps`
};

/// A generated struct, as code sees it that does not know its type.
struct record {
  const grammar& rules;
  std::size_t octets;           // of the struct
  std::size_t alignment;        // of the struct
  std::size_t present;          // offset of the member, as words
  std::size_t kept;             // offset of the member
  std::size_t more_avps;        // offset of the member; 0 where there is none
  void (*make)(void* storage);  // without members
  std::size_t (*size)(const void* self);
  std::byte* (*write)(const void* self, std::byte* begin, const std::byte* end);
};

template <class S>
[[nodiscard]] constexpr record describe(const grammar& rules, std::size_t present, std::size_t kept,
                                        std::size_t more_avps = 0) noexcept {
  return {rules,
          sizeof(S),
          alignof(S),
          present,
          kept,
          more_avps,
          [](void* storage) { new (storage) S{}; },
          [](const void* self) { return static_cast<const S*>(self)->encoded_size(); },
          [](const void* self, std::byte* begin, const std::byte* end) {
            return static_cast<const S*>(self)->write_to(begin, end);
          }};
}

/// S::write_to where `kept` is set.
[[nodiscard]] std::byte* write_arranged(const record& r, const void* self, std::byte* begin,
                                        const std::byte* end) noexcept;
/// Octets of the AVPs that it writes.
[[nodiscard]] std::size_t arranged_size(const record& r, const void* self) noexcept;

}  // namespace diamgw::diameter::typed
