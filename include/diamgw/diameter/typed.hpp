// What generated messages (diamgw/messages/*.hpp) are made of: AVPs as C++ values, written by raw
// stores of constant headers and read by one pass over the octets. Their users need only
// `repeated`, `group_ref` and `encode_origin` from here.
#pragma once
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

#include "diamgw/base/bytes.hpp"
#include "diamgw/diameter/avp.hpp"
#include "diamgw/diameter/errc.hpp"
#include "diamgw/diameter/message.hpp"
#include "diamgw/diameter/values.hpp"
#include "diamgw/diameter/writer.hpp"

namespace diamgw::diameter::typed {

/// An AVP as it is written: code, vendor and flags, the V bit among them where it has a vendor.
struct avp_key {
  std::uint32_t code = 0;
  std::uint32_t vendor = 0;
  std::uint8_t flags = 0;

  [[nodiscard]] constexpr std::size_t header_octets() const noexcept {
    return vendor != 0 ? vendor_avp_header_octets : avp_header_octets;
  }
  /// What a reader switches on; a vendor's code is never the base AVP's.
  [[nodiscard]] constexpr std::uint64_t id() const noexcept {
    return (std::uint64_t{vendor} << 32U) | code;
  }
};

// Values of fixed length (RFC 6733 §4.2, and Time and Enumerated of §4.3)

template <class T>
concept fixed_value =
    std::is_arithmetic_v<T> || std::is_enum_v<T> || std::is_same_v<T, std::chrono::sys_seconds>;

template <fixed_value T>
inline constexpr std::size_t value_octets =
    std::is_same_v<T, std::chrono::sys_seconds> ? 4 : sizeof(T);

/// Seconds from the NTP epoch to that of `sys_seconds`: 70 years, 17 of them leap years.
inline constexpr std::int64_t ntp_epoch = (70 * 365 + 17) * 86400LL;

template <fixed_value T>
void store(std::byte* p, T v) noexcept {
  if constexpr (std::is_same_v<T, std::chrono::sys_seconds>) {
    store_be32(p, static_cast<std::uint32_t>(v.time_since_epoch().count() + ntp_epoch));
  } else if constexpr (sizeof(T) == 8) {
    store_be64(p, std::bit_cast<std::uint64_t>(v));
  } else {
    static_assert(sizeof(T) == 4);
    store_be32(p, std::bit_cast<std::uint32_t>(v));
  }
}

template <fixed_value T>
[[nodiscard]] T load(const std::byte* p) noexcept {
  if constexpr (std::is_same_v<T, std::chrono::sys_seconds>) {
    // §4.3.1: the top bit clear means the era that begins in 2036.
    const std::uint32_t seconds = load_be32(p);
    const std::int64_t era = (seconds & 0x80000000U) != 0 ? 0 : std::int64_t{1} << 32U;
    return T{std::chrono::seconds{seconds + era - ntp_epoch}};
  } else if constexpr (sizeof(T) == 8) {
    return std::bit_cast<T>(load_be64(p));
  } else {
    static_assert(sizeof(T) == 4);
    return std::bit_cast<T>(load_be32(p));
  }
}

template <class T>
struct optional_traits : std::false_type {};
template <class T>
struct optional_traits<std::optional<T>> : std::true_type {};

template <class T>
inline constexpr bool is_text =
    std::is_same_v<T, std::string_view> || std::is_same_v<T, bytes_view>;

template <class T>
struct list_traits : std::false_type {};
template <class T>
struct list_traits<std::span<const T>> : std::bool_constant<!std::is_same_v<T, std::byte>> {
  using value_type = T;
};

// Writing

/// Octets of the AVP K with value `v`, padding included; of all of them where `v` is a list, of
/// none where it is an empty optional or no pointer.
template <avp_key K, class T>
[[nodiscard]] std::size_t size_of(const T& v) noexcept {
  if constexpr (optional_traits<T>::value || std::is_pointer_v<T>) {
    return v ? size_of<K>(*v) : 0;
  } else if constexpr (fixed_value<T>) {
    return K.header_octets() + value_octets<T>;
  } else if constexpr (is_text<T>) {
    return K.header_octets() + padded(v.size());
  } else if constexpr (std::is_same_v<T, address>) {
    return K.header_octets() + padded(2 + v.octets.size());
  } else if constexpr (list_traits<T>::value) {
    if constexpr (fixed_value<typename list_traits<T>::value_type>) {
      return v.size() * (K.header_octets() + value_octets<typename list_traits<T>::value_type>);
    } else {
      std::size_t sum = 0;
      for (const auto& one : v) {
        sum += size_of<K>(one);
      }
      return sum;
    }
  } else {
    return K.header_octets() + v.encoded_size();  // a group
  }
}

template <avp_key K>
void put_header(std::byte* p, std::size_t data_octets) noexcept {
  store_be32(p, K.code);
  store_be32(p + 4, (std::uint32_t{K.flags} << 24U) |
                        static_cast<std::uint32_t>(K.header_octets() + data_octets));
  if constexpr (K.vendor != 0) {
    store_be32(p + 8, K.vendor);
  }
}

/// Data of any length: the last word is cleared first, so that padding is zero. Where there is no
/// data, that word lies in the header, which is written after it.
template <avp_key K>
[[nodiscard]] std::byte* put_octets(std::byte* p, const void* data, std::size_t octets) noexcept {
  std::byte* const end = p + K.header_octets() + padded(octets);
  store_be32(end - 4, 0);
  put_header<K>(p, octets);
  if (octets != 0) {  // memcpy takes no null pointer
    std::memcpy(p + K.header_octets(), data, octets);
  }
  return end;
}

/// Octets that were encoded before, as they are.
[[nodiscard]] inline std::byte* put_encoded(std::byte* p, bytes_view avps) noexcept {
  if (!avps.empty()) {
    std::memcpy(p, avps.data(), avps.size());
  }
  return p + avps.size();
}

/// Writes what `size_of` counts at `p`; the end of it.
template <avp_key K, class T>
[[nodiscard]] std::byte* put(std::byte* p, const T& v) noexcept {
  if constexpr (optional_traits<T>::value || std::is_pointer_v<T>) {
    return v ? put<K>(p, *v) : p;
  } else if constexpr (fixed_value<T>) {
    put_header<K>(p, value_octets<T>);
    store(p + K.header_octets(), v);
    return p + K.header_octets() + value_octets<T>;
  } else if constexpr (is_text<T>) {
    return put_octets<K>(p, v.data(), v.size());
  } else if constexpr (std::is_same_v<T, address>) {
    const std::size_t octets = 2 + v.octets.size();
    std::byte* const end = p + K.header_octets() + padded(octets);
    store_be32(end - 4, 0);
    put_header<K>(p, octets);
    store_be16(p + K.header_octets(), v.family);
    static_cast<void>(put_encoded(p + K.header_octets() + 2, v.octets));
    return end;
  } else if constexpr (list_traits<T>::value) {
    for (const auto& one : v) {
      p = put<K>(p, one);
    }
    return p;
  } else {  // a group, whose length is known when it is written
    std::byte* const end = v.write_to(p + K.header_octets());
    put_header<K>(p, static_cast<std::size_t>(end - p) - K.header_octets());
    return end;
  }
}

inline std::byte* put_message_header(std::byte* p, const header& h) noexcept {
  store_be32(p + 4, (std::uint32_t{h.flags} << 24U) | h.command.value);
  store_be32(p + 8, h.application.value);
  store_be32(p + 12, h.hop_by_hop.value);
  store_be32(p + 16, h.end_to_end.value);
  return p + header_octets;
}

/// Version and length, when the end is known.
inline void finish_message(std::byte* begin, const std::byte* end) noexcept {
  store_be32(begin, (1U << 24U) | static_cast<std::uint32_t>(end - begin));
}

/// M::encode_to, the same for every message.
template <class M>
[[nodiscard]] std::size_t encode_message(const M& message, mutable_bytes out) noexcept {
  const std::size_t size = message.encoded_size();
  if (size > out.size() || size > max_message_octets) {
    return 0;
  }
  static_cast<void>(message.write_to(out.data()));
  return size;
}

// Reading

/// Walks AVP headers once. `next` trusts lengths, for octets that check_message accepted;
/// `next_checked` does not, for the inside of a group.
class walker {
 public:
  walker(bytes_view octets, std::size_t base) noexcept
      : begin_{octets.data() - base}, next_{octets.data()}, end_{octets.data() + octets.size()} {}

  [[nodiscard]] bool next() noexcept {
    if (next_ == end_) {
      return false;
    }
    read_header();
    next_ = avp_ + padded(length_);
    ++index_;
    return true;
  }

  /// False at the end, and at a bad header, which `fault` then names.
  [[nodiscard]] bool next_checked() noexcept {
    if (next_ == end_) {
      return false;
    }
    const auto left = static_cast<std::size_t>(end_ - next_);
    if (left < avp_header_octets ||
        (left < vendor_avp_header_octets && (load_u8(next_ + 4) & avp_flags::vendor) != 0)) {
      return fail(errc::avp_header_cut);
    }
    read_header();
    if (length_ < data_offset_) {
      return fail(errc::avp_length_short);
    }
    if (padded(length_) > left) {
      return fail(length_ > left ? errc::avp_overrun : errc::avp_padding_cut);
    }
    next_ = avp_ + padded(length_);
    ++index_;
    return true;
  }

  [[nodiscard]] std::uint64_t id() const noexcept { return id_; }
  [[nodiscard]] const std::byte* avp() const noexcept { return avp_; }
  [[nodiscard]] std::size_t data_octets() const noexcept { return length_ - data_offset_; }
  /// AVPs in front of this one.
  [[nodiscard]] std::size_t index() const noexcept { return index_ - 1; }
  [[nodiscard]] std::optional<errc> fault() const noexcept { return fault_; }

  [[nodiscard]] decode_error error(errc e) const noexcept { return {e, offset(avp_)}; }
  [[nodiscard]] decode_error error_at_end(errc e) const noexcept { return {e, offset(end_)}; }

 private:
  void read_header() noexcept {
    avp_ = next_;
    const bool vendor = (load_u8(avp_ + 4) & avp_flags::vendor) != 0;
    length_ = load_be24(avp_ + 5);
    id_ = load_be32(avp_);
    data_offset_ = avp_header_octets;
    if (vendor) {
      id_ |= std::uint64_t{load_be32(avp_ + 8)} << 32U;
      data_offset_ = vendor_avp_header_octets;
    }
  }
  bool fail(errc e) noexcept {
    avp_ = next_;
    fault_ = e;
    return false;
  }
  [[nodiscard]] std::uint32_t offset(const std::byte* p) const noexcept {
    return static_cast<std::uint32_t>(p - begin_);
  }

  const std::byte* begin_;
  const std::byte* next_;
  const std::byte* end_;
  const std::byte* avp_ = nullptr;
  std::uint64_t id_ = 0;
  std::size_t length_ = 0;
  std::size_t data_offset_ = avp_header_octets;
  std::size_t index_ = 0;
  std::optional<errc> fault_;
};

/// Data of the AVP at `p`, whose length was checked.
[[nodiscard]] inline bytes_view data_of(const std::byte* p) noexcept {
  const bool vendor = (load_u8(p + 4) & avp_flags::vendor) != 0;
  const std::size_t header = vendor ? vendor_avp_header_octets : avp_header_octets;
  return {p + header, load_be24(p + 5) - header};
}

/// A Grouped AVP of a message that was read; its inside is not looked at before `decode`.
template <class View>
class group_ref {
 public:
  explicit group_ref(bytes_view octets) noexcept : octets_{octets} {}

  [[nodiscard]] bytes_view octets() const noexcept { return octets_; }
  /// errors: as View::decode; offsets count from the first octet of the group's data
  [[nodiscard]] decoded<View> decode() const noexcept { return View::decode(octets_); }

 private:
  bytes_view octets_;
};

template <class T>
struct group_traits : std::false_type {};
template <class View>
struct group_traits<group_ref<View>> : std::true_type {};

/// Whether `octets` can be the length of a T.
template <class T>
[[nodiscard]] constexpr bool fits(std::size_t octets) noexcept {
  if constexpr (fixed_value<T>) {
    return octets == value_octets<T>;
  } else if constexpr (std::is_same_v<T, address>) {
    return octets >= 2;
  } else {
    return true;
  }
}

/// The value of the AVP at `p`; its length fits T.
template <class T>
[[nodiscard]] T read(const std::byte* p) noexcept {
  const bytes_view data = data_of(p);
  if constexpr (fixed_value<T>) {
    return load<T>(data.data());
  } else if constexpr (std::is_same_v<T, std::string_view>) {
    return as_text(data);
  } else if constexpr (std::is_same_v<T, address>) {
    return {load_be16(data.data()), data.subspan(2)};
  } else {
    return T{data};  // octets, or a group
  }
}

/// Where a view keeps an AVP that may occur once.
template <class T>
struct one {
  const std::byte* avp = nullptr;

  [[nodiscard]] std::optional<errc> take(const walker& w) noexcept {
    if (avp != nullptr) {
      return errc::avp_too_many;
    }
    if (!fits<T>(w.data_octets())) {
      return errc::value_length;
    }
    avp = w.avp();
    return std::nullopt;
  }
  /// Of an AVP that `< >` places: behind `position` others.
  [[nodiscard]] std::optional<errc> take_at(const walker& w, std::size_t position) noexcept {
    if (avp == nullptr && w.index() != position) {
      return errc::avp_position;
    }
    return take(w);
  }

  [[nodiscard]] bool missing() const noexcept { return avp == nullptr; }
  [[nodiscard]] T value() const noexcept { return read<T>(avp); }
  [[nodiscard]] std::optional<T> optional() const noexcept {
    return avp == nullptr ? std::nullopt : std::optional<T>{read<T>(avp)};
  }
};

/// The AVPs of one code, in the order of the message; a view, valid while the octets live.
template <class T>
class repeated {
 public:
  class iterator {
   public:
    using value_type = T;
    using difference_type = std::ptrdiff_t;
    using iterator_concept = std::forward_iterator_tag;

    iterator() noexcept = default;
    iterator(const std::byte* p, std::size_t left) noexcept : p_{p}, left_{left} {}
    [[nodiscard]] T operator*() const noexcept { return read<T>(p_); }
    iterator& operator++() noexcept {
      if (--left_ != 0) {
        const std::byte* const old = p_;
        do {
          p_ += padded(load_be24(p_ + 5));
        } while (!same(old, p_));
      }
      return *this;
    }
    iterator operator++(int) noexcept {
      iterator old = *this;
      ++*this;
      return old;
    }
    friend bool operator==(iterator a, iterator b) noexcept { return a.left_ == b.left_; }

   private:
    /// Of the same code and vendor.
    [[nodiscard]] static bool same(const std::byte* a, const std::byte* b) noexcept {
      const auto vendor = [](const std::byte* p) {
        return (load_u8(p + 4) & avp_flags::vendor) != 0 ? load_be32(p + 8) : 0U;
      };
      return load_be32(a) == load_be32(b) && vendor(a) == vendor(b);
    }

    const std::byte* p_ = nullptr;
    std::size_t left_ = 0;
  };

  repeated() noexcept = default;
  repeated(const std::byte* first, std::size_t count) noexcept : first_{first}, count_{count} {}
  [[nodiscard]] iterator begin() const noexcept { return {first_, count_}; }
  [[nodiscard]] iterator end() const noexcept { return {}; }
  [[nodiscard]] std::size_t size() const noexcept { return count_; }
  [[nodiscard]] bool empty() const noexcept { return count_ == 0; }
  /// There is one.
  [[nodiscard]] T front() const noexcept { return read<T>(first_); }

 private:
  const std::byte* first_ = nullptr;
  std::size_t count_ = 0;
};

/// Where a view keeps an AVP that may occur more than once.
template <class T>
struct many {
  const std::byte* first = nullptr;
  std::uint32_t count = 0;

  [[nodiscard]] std::optional<errc> take(const walker& w,
                                         std::uint32_t max = 0xffffffffU) noexcept {
    if (count == max) {
      return errc::avp_too_many;
    }
    if (!fits<T>(w.data_octets())) {
      return errc::value_length;
    }
    if (count++ == 0) {
      first = w.avp();
    }
    return std::nullopt;
  }

  [[nodiscard]] bool missing(std::uint32_t min) const noexcept { return count < min; }
  [[nodiscard]] repeated<T> values() const noexcept { return {first, count}; }
};

// Constant AVPs

/// Origin-Host and Origin-Realm (RFC 6733 §6.3, §6.4) encoded once, for the member `encoded_origin`
/// of messages. Allocates: at start-up only.
[[nodiscard]] inline std::vector<std::byte> encode_origin(std::string_view host,
                                                          std::string_view realm) {
  constexpr avp_key origin_host{264, 0, avp_flags::mandatory};
  constexpr avp_key origin_realm{296, 0, avp_flags::mandatory};
  std::vector<std::byte> out(size_of<origin_host>(host) + size_of<origin_realm>(realm));
  static_cast<void>(put<origin_realm>(put<origin_host>(out.data(), host), realm));
  return out;
}

}  // namespace diamgw::diameter::typed
