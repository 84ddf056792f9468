// What generated views derive from: the octets, and where in them the members are.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "diamgw/base/bytes.hpp"
#include "diamgw/codec/errc.hpp"
#include "diamgw/codec/message.hpp"
#include "diamgw/messages/typed/cursor.hpp"
#include "diamgw/messages/typed/grammar.hpp"
#include "diamgw/messages/typed/repeated.hpp"

namespace diamgw::diameter::typed {

/// The places of N members. Slots of absent ones stay as the memory was: nothing is cleared but
/// the presence bits.
template <std::size_t N>
class fields {
 protected:
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): see above
  explicit fields(bytes_view octets) noexcept : begin_{octets.data()}, size_{octets.size()} {}

  /// It is required, so that it is there.
  template <class T>
  [[nodiscard]] T one(std::size_t member) const noexcept {
    return read<T>({begin_ + slots_[member].at, slots_[member].count});
  }
  template <class T>
  [[nodiscard]] std::optional<T> maybe(std::size_t member) const noexcept {
    return has(member) ? std::optional<T>{one<T>(member)} : std::nullopt;
  }
  template <class T>
  [[nodiscard]] repeated<T> all(std::size_t member) const noexcept {
    return has(member) ? repeated<T>{begin_ + slots_[member].at, slots_[member].count}
                       : repeated<T>{};
  }

  [[nodiscard]] bytes_view all_octets() const noexcept { return {begin_, size_}; }

  /// Every AVP behind the first `base` octets, by the grammar G of N rules.
  template <const grammar& G>
  [[nodiscard]] std::optional<decode_error> fill(std::size_t base) noexcept {
    cursor<N> in{all_octets(), base, slots_.data()};
    [&in]<std::size_t... I>(std::index_sequence<I...> /*rules*/) {
      (in.step(G.rules[I], I), ...);
    }(std::make_index_sequence<N>{});
    present_ = in.present();
    if (in.at_end() && !G.counted && all_of(G.required) && size_ % 4 == 0) {
      return std::nullopt;
    }
    return scan(all_octets(), base, in.at(), G, slots_.data(), present_.data());
  }

 private:
  [[nodiscard]] bool all_of(const decltype(grammar::required)& rules) const noexcept {
    std::uint64_t missing = 0;
    for (std::size_t i = 0; i < present_.size() && i < rules.size(); ++i) {
      missing |= rules[i] & ~present_[i];
    }
    return missing == 0;
  }
  [[nodiscard]] bool has(std::size_t member) const noexcept {
    return (present_[member / bits_per_word] >> member % bits_per_word & 1U) != 0;
  }

  const std::byte* begin_;
  std::size_t size_;
  std::array<std::uint64_t, N / bits_per_word + 1> present_{};
  std::array<slot, N == 0 ? 1 : N> slots_;
};

/// Base of the view of a command. Made by its `decode`, which fills it; empty before.
template <std::size_t N>
class message_fields : protected fields<N> {
 public:
  explicit message_fields(const diameter::message_view& message) noexcept
      : fields<N>{message.octets()} {}
  [[nodiscard]] diameter::message_view message() const noexcept {
    return diameter::message_view{this->all_octets()};
  }

 private:
  friend struct decoding;
  template <const grammar& G>
  [[nodiscard]] std::optional<decode_error> fill() noexcept {
    return fields<N>::template fill<G>(header_octets);
  }
};

/// Base of the view of a Grouped AVP; the same.
template <std::size_t N>
class group_fields : protected fields<N> {
 public:
  explicit group_fields(bytes_view octets) noexcept : fields<N>{octets} {}
  [[nodiscard]] bytes_view octets() const noexcept { return this->all_octets(); }

 private:
  friend struct decoding;
  template <const grammar& G>
  [[nodiscard]] std::optional<decode_error> fill() noexcept {
    return fields<N>::template fill<G>(0);
  }
};

/// View::decode, the same for all. The view is filled where it is returned: it may be large.
struct decoding {
  template <class View, const grammar& G, class Source>
  [[nodiscard]] static decoded<View> run(const Source& source) noexcept {
    decoded<View> view{boost::system::in_place_value, source};
    if (const auto fault = view->template fill<G>()) {
      view = *fault;
    }
    return view;
  }

  template <class View, const grammar& G>
  [[nodiscard]] static decoded<View> run(const diameter::message_view& message,
                                         command_code command, bool request) noexcept {
    if (message.command() != command || message.is_request() != request) {
      return decode_error{errc::command_unsupported, 4};
    }
    return run<View, G>(message);
  }
};

}  // namespace diamgw::diameter::typed
