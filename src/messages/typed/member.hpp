// Members of generated structs by the kind that their rule names.
#pragma once
#include <cstring>

#include "diamgw/messages/typed/record.hpp"

namespace diamgw::diameter::typed {

/// std::span<const T>, whatever T.
struct raw_list {
  const void* data = nullptr;
  std::size_t size = 0;
};
static_assert(sizeof(raw_list) == sizeof(std::span<const address>));

/// Reads and writes objects of other types than it names, octet by octet.
template <class T>
[[nodiscard]] T load_object(const void* p) noexcept {
  T out;
  std::memcpy(&out, p, sizeof out);
  return out;
}
template <class T>
void store_object(void* p, const T& v) noexcept {
  std::memcpy(p, &v, sizeof v);
}

[[nodiscard]] inline const std::byte* member_of(const void* self, const rule& r) noexcept {
  return static_cast<const std::byte*>(self) + r.offset;
}
[[nodiscard]] inline std::byte* member_of(void* self, const rule& r) noexcept {
  return static_cast<std::byte*>(self) + r.offset;
}

/// Octets of one element of a list.
[[nodiscard]] inline std::size_t element_octets(const rule& r) noexcept {
  switch (r.kind) {
    case kind::bits32:
      return sizeof(std::uint32_t);
    case kind::bits64:
      return sizeof(std::uint64_t);
    case kind::time:
      return sizeof(std::chrono::sys_seconds);
    case kind::octets:
      return sizeof(bytes_view);
    case kind::text:
      return sizeof(std::string_view);
    case kind::address:
      return sizeof(address);
    case kind::group:
      break;
  }
  return r.group->octets;
}

/// Words of typed::presence.
[[nodiscard]] inline const std::uint64_t* presence_of(const record& r, const void* self) noexcept {
  return reinterpret_cast<const std::uint64_t*>(static_cast<const std::byte*>(self) + r.present);
}

/// How many values a struct has for the rule of that number.
[[nodiscard]] inline std::size_t count_of(const record& r, std::size_t number,
                                          const void* self) noexcept {
  const rule& of = r.rules.rules[number];
  if (of.occurs.repeated()) {
    return load_object<raw_list>(member_of(self, of)).size;
  }
  return presence_of(r, self)[number / bits_per_word] >> number % bits_per_word & 1U;
}

/// Where the value is.
[[nodiscard]] inline const std::byte* value_of(const rule& r, const void* self,
                                               std::size_t occurrence) noexcept {
  const std::byte* const p = member_of(self, r);
  if (r.occurs.repeated()) {
    const auto* const first = static_cast<const std::byte*>(load_object<raw_list>(p).data);
    return first + occurrence * element_octets(r);
  }
  return r.kind == kind::group ? load_object<const std::byte*>(p) : p;
}

}  // namespace diamgw::diameter::typed
