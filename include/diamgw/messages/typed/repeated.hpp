// What views give: values, groups that are entered later, and lists of them.
#pragma once
#include <cstddef>
#include <iterator>
#include <string_view>

#include "diamgw/base/bytes.hpp"
#include "diamgw/codec/errc.hpp"
#include "diamgw/messages/typed/value.hpp"

namespace diamgw::diameter::typed {

/// A Grouped AVP of a message that was read; its inside is not looked at before `decode`.
template <class View>
class group_ref {
 public:
  explicit group_ref(bytes_view octets) noexcept : octets_{octets} {}

  [[nodiscard]] bytes_view octets() const noexcept { return octets_; }
  /// errors: those of the view's `decode`; offsets count from the first octet of the group's data
  [[nodiscard]] decoded<View> decode() const noexcept { return View::decode(octets_); }

 private:
  bytes_view octets_;
};

/// A group that may be absent: a std::optional<group_ref<View>> but for that one's templates, which
/// compile a hundred times slower; a dictionary has hundreds of groups.
template <class View>
class optional_group {
 public:
  optional_group() noexcept : present_{false} {}
  explicit optional_group(bytes_view octets) noexcept : group_{octets}, present_{true} {}

  [[nodiscard]] bool has_value() const noexcept { return present_; }
  [[nodiscard]] explicit operator bool() const noexcept { return present_; }
  /// There is one.
  [[nodiscard]] const group_ref<View>& operator*() const noexcept { return group_; }
  [[nodiscard]] const group_ref<View>* operator->() const noexcept { return &group_; }

 private:
  union {
    group_ref<View> group_;  // not made where there is none: `*` has nothing to choose then
  };
  bool present_;
};

/// The value of AVP data whose length fits T.
template <class T>
[[nodiscard]] T read(bytes_view data) noexcept {
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
    [[nodiscard]] T operator*() const noexcept { return read<T>(avp_at(p_).data); }
    iterator& operator++() noexcept {
      if (--left_ != 0) {
        const std::byte* const old = p_;
        do {
          p_ = after_avp(p_);
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
      const avp_view first = avp_at(a);
      const avp_view second = avp_at(b);
      return first.code == second.code && first.vendor == second.vendor;
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
  [[nodiscard]] T front() const noexcept { return *begin(); }

 private:
  const std::byte* first_ = nullptr;
  std::size_t count_ = 0;
};

}  // namespace diamgw::diameter::typed
