// What generated views derive from: the octets, and where in them the members are.
#pragma once
#include <algorithm>
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

/// Members by their places. Apart from `fields`, so that there is one of these functions for each
/// type of a member, and not for each size of a grammar as well.
class octets_with_members {
 protected:
  explicit octets_with_members(bytes_view octets) noexcept
      : begin_{octets.data()}, size_{static_cast<std::uint32_t>(octets.size())} {}

  template <class T>
  [[nodiscard]] T one(const slot& at) const noexcept {
    return read<T>(data(at));
  }
  /// Null where there is none.
  template <class T>
  [[nodiscard]] std::optional<T> maybe(const slot* at) const noexcept {
    return at != nullptr ? std::optional<T>{read<T>(data(*at))} : std::nullopt;
  }
  template <class View>
  [[nodiscard]] optional_group<View> maybe_group(const slot* at) const noexcept {
    return at != nullptr ? optional_group<View>{data(*at)} : optional_group<View>{};
  }
  template <class T>
  [[nodiscard]] repeated<T> all(const slot* at) const noexcept {
    return at != nullptr ? repeated<T>{begin_ + at->at, at->count} : repeated<T>{};
  }

  [[nodiscard]] bytes_view all_octets() const noexcept { return {begin_, size_}; }

 private:
  [[nodiscard]] bytes_view data(const slot& at) const noexcept {
    return {begin_ + at.at, at.count};
  }

  const std::byte* begin_;
  // A message has at most 2^24 octets. Were the two of one size, a compiler would copy both at once
  // from where they have just been written one by one, and the processor would wait for that: it
  // was measured as 5 to 10 ns for each `decode`, a fourth of a short one.
  std::uint32_t size_;
};

/// The places of N members. Slots of absent ones stay as the memory was: nothing is cleared but
/// the presence bits.
template <std::size_t N>
class fields : protected octets_with_members {
 protected:
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): see above
  explicit fields(bytes_view octets) noexcept : octets_with_members{octets} {}

  /// Of a member that is required, so that it is there.
  [[nodiscard]] const slot& place(std::size_t member) const noexcept { return slots_[member]; }
  /// Null where it is absent.
  [[nodiscard]] const slot* find(std::size_t member) const noexcept {
    const bool there = (present_[member / bits_per_word] >> member % bits_per_word & 1U) != 0;
    return there ? &slots_[member] : nullptr;
  }

  /// Every AVP behind the first `base` octets, by the grammar G of N rules. The octets are its own:
  /// given in registers, they need not come from memory that was written a moment ago.
  template <const grammar& G>
  [[nodiscard]] std::optional<decode_error> fill_from(bytes_view octets,
                                                      std::size_t base) noexcept {
    cursor in{octets, base, slots_.data()};
    [&in]<std::size_t... I>(std::index_sequence<I...> /*rules*/) {
      (in.step(G.rules[I], I), ...);
    }(std::make_index_sequence<N>{});
    std::copy_n(in.present().begin(), present_.size(), present_.begin());
    if (in.at_end() && !G.counted && all_of(G.required) && octets.size() % 4 == 0) {
      return std::nullopt;
    }
    return scan(octets, base, in.at(), G, slots_.data(), present_.data());
  }

 private:
  [[nodiscard]] bool all_of(const presence_bits& rules) const noexcept {
    std::uint64_t missing = 0;
    for (std::size_t i = 0; i < present_.size() && i < rules.size(); ++i) {
      missing |= rules[i] & ~present_[i];
    }
    return missing == 0;
  }

  std::array<std::uint64_t, N / bits_per_word + 1> present_{};
  std::array<slot, N == 0 ? 1 : N> slots_;
};

/// What is the same for all views. They are filled where they are returned: they may be large.
/// Results are made where `decode` is called, and not with the generated code that fills the view:
/// they take long to compile, and of the hundreds of views a program uses a few.
struct decoding {
  template <class View, class Source>
  [[nodiscard]] static decoded<View> run(const Source& source) noexcept {
    decoded<View> view{boost::system::in_place_value, source};
    if (const auto fault = view->fill(octets_of(source))) {
      view = *fault;
    } else if (!view.has_value()) {
      // As it was; said, so that a caller's question needs no look at what `fill` might have
      // changed.
      __builtin_unreachable();
    }
    return view;
  }
  template <class View>
  [[nodiscard]] static std::optional<decode_error> fill(View& view) noexcept {
    return view.fill(view.message().octets());
  }

 private:
  static bytes_view octets_of(bytes_view group) noexcept { return group; }
  static bytes_view octets_of(const message_view& message) noexcept { return message.octets(); }
};

/// Base of the view of a command, whose grammar has N rules. Filled by `decode`; empty before.
template <class View, std::size_t N>
class message_fields : protected fields<N> {
 public:
  explicit message_fields(const diameter::message_view& message) noexcept
      : fields<N>{message.octets()} {}
  [[nodiscard]] diameter::message_view message() const noexcept {
    return diameter::message_view{this->all_octets()};
  }

  /// Checks the AVPs' headers and the grammar; the inside of groups is left.
  /// in:     a message whose header was checked
  /// errors: command_unsupported where the view is of another command; AVP header values of errc,
  ///         avp_position, avp_too_many, value_length at the AVP; missing_avp at the end
  [[nodiscard]] static decoded<View> decode(const diameter::message_view& message) noexcept {
    return decoding::run<View>(message);
  }

 protected:
  template <const grammar& G>
  [[nodiscard]] std::optional<decode_error> fill_by(bytes_view octets) noexcept {
    return this->template fill_from<G>(octets, header_octets);
  }
  template <const grammar& G>
  [[nodiscard]] std::optional<decode_error> fill_by(bytes_view octets, command_code command,
                                                    bool request) noexcept {
    const diameter::message_view message{octets};
    if (message.command() != command || message.is_request() != request) {
      return decode_error{errc::command_unsupported, 4};
    }
    return fill_by<G>(octets);
  }
};

/// Base of the view of a Grouped AVP, whose grammar has N rules. Filled by `decode`; empty before.
template <class View, std::size_t N>
class group_fields : protected fields<N> {
 public:
  explicit group_fields(bytes_view octets) noexcept : fields<N>{octets} {}
  [[nodiscard]] bytes_view octets() const noexcept { return this->all_octets(); }

  /// Checks the AVPs' headers and the grammar; the inside of groups within it is left.
  /// errors: AVP header values of errc, avp_position, avp_too_many, value_length at the AVP;
  ///         missing_avp at the end
  [[nodiscard]] static decoded<View> decode(bytes_view group) noexcept {
    return decoding::run<View>(group);
  }

 protected:
  template <const grammar& G>
  [[nodiscard]] std::optional<decode_error> fill_by(bytes_view octets) noexcept {
    return this->template fill_from<G>(octets, 0);
  }
};

}  // namespace diamgw::diameter::typed
