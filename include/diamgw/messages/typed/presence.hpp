// Which members of a generated struct were set: a bit for each. What is absent costs a writer next
// to nothing, though a large grammar names a hundred AVPs of which a message has five.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace diamgw::diameter::typed {

/// Bits are numbered by the grammar's rules; the one behind them says that the struct has what its
/// grammar has not.
template <std::size_t Words>
struct presence {
  std::array<std::uint64_t, Words> words;

  [[nodiscard]] constexpr bool has(std::size_t bit) const noexcept {
    return (words[bit / 64] >> bit % 64 & 1U) != 0;
  }
  /// One of those from `first` to `last`, which are of one word.
  [[nodiscard]] constexpr bool any(std::size_t first, std::size_t last) const noexcept {
    return (words[first / 64] & (~std::uint64_t{0} >> (63 - last % 64)) &
            (~std::uint64_t{0} << first % 64)) != 0;
  }
  constexpr void mark(std::size_t bit, bool there) noexcept {
    words[bit / 64] =
        (words[bit / 64] & ~(std::uint64_t{1} << bit % 64)) | (std::uint64_t{there} << bit % 64);
  }
};

// What the functions of generated structs do; `to` is the member of that bit. None names the
// struct: there are hundreds, and a compiler would make each of these for each.

template <std::size_t Words, class T>
constexpr void assign(presence<Words>& present, std::size_t bit, T& to,
                      const std::optional<T>& v) noexcept {
  present.mark(bit, v.has_value());
  to = v ? *v : T{};
}
template <std::size_t Words, class T>
constexpr void assign(presence<Words>& present, std::size_t bit, std::span<const T>& to,
                      std::span<const T> v) noexcept {
  present.mark(bit, !v.empty());
  to = v;
}
template <std::size_t Words, class G>
constexpr void assign(presence<Words>& present, std::size_t bit, const G*& to,
                      const G* v) noexcept {
  present.mark(bit, v != nullptr);
  to = v;
}

template <std::size_t Words, class T>
[[nodiscard]] constexpr std::optional<T> maybe(const presence<Words>& present, std::size_t bit,
                                               const T& member) noexcept {
  return present.has(bit) ? std::optional<T>{member} : std::nullopt;
}

}  // namespace diamgw::diameter::typed
