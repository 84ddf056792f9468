// AVPs by name: {"CC-Time": 1, "Subscription-Id": [{…}, {…}]}, the form of nearly every call.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "diamgw/dictionary/dictionary.hpp"
#include "jsonrpc/avp_body.hpp"
#include "jsonrpc/kept_stack.hpp"
#include "jsonrpc/next_key_guess.hpp"

namespace diamgw::jsonrpc {

/// What the keys of `members` mean, and what may stand under them: a value, an object for a group
/// or a wrapper, an array of either. Its own state is the keys that the open objects have, and what
/// came the last time; the rest is the body's. What is inline here is on the way of every member.
class avp_object_reader {
 public:
  /// More members in one object are refused.
  avp_object_reader(const dictionary::dictionary& names, std::size_t max_keys)
      : names_{names}, max_keys_{max_keys}, keys_{256} {}

  /// Forgets the last call, but for its order.
  void clear() noexcept { keys_.clear(); }
  /// `params` or `result` begins.
  void begin_body(avp_body& body) { begin_members(body, next_key_guess::first_in_body); }

  [[nodiscard, gnu::always_inline]] const std::string* foreseen_key(const avp_body& body) const {
    const dictionary::avp_definition* const known = guess_.find(body.top().guess);
    return known != nullptr ? &known->name : nullptr;
  }
  /// Where nearly all members come by: it calls nothing but what leaves it.
  [[gnu::always_inline]] void on_foreseen_key(avp_body& body) {
    open_container& in = body.top();
    const dictionary::avp_definition& known = *guess_.find(in.guess);
    const std::uint64_t key = dictionary::avp_key(known.code, known.vendor);
    const std::uint64_t bit = key_bit(key);
    if ((in.key_bits & bit) != 0 || keys_.full() || keys_in(in) >= max_keys_) [[unlikely]] {
      return begin_member(body, default_place(known), known.name);
    }
    in.key_bits |= bit;
    keys_.push_in_room() = key;
    expect_value(in, default_place(known));
  }
  void on_key(avp_body& body, std::string_view key);

  /// An object under an AVP's name, or as an AVP's value in list form.
  void begin_object(avp_body& body) {
    const avp_place& at = body.top().place;
    if (at.type != dictionary::avp_type::grouped) {
      body.open(container_role::wrapper);
      return;
    }
    const std::uint32_t mark = body.writer().begin_group(at);
    open_container& c = begin_members(body, next_key_guess::inside(at.code));
    c.is_group = true;
    c.mark = mark;
  }
  /// An array under an AVP's name.
  void begin_array(avp_body& body) {
    const open_container& in = body.top();
    if (in.role == container_role::repeats) {
      return body.fail_container(container::array, "expected a single value");
    }
    open_container& c = body.open(container_role::repeats);
    c.next = next_value::avp;
    c.place = rebuilt(in.place);
  }
  void end_members(const open_container& closed) noexcept { keys_.cut(closed.first_key); }

  void on_wrapper_key(avp_body& body, std::string_view key);
  void on_wrapped(avp_body& body, const scalar& value);
  /// False after a failure, which has closed the wrapper.
  [[nodiscard]] bool end_wrapper(avp_body& body);

 private:
  open_container& begin_members(avp_body& body, next_key_guess::place guess) {
    open_container& c = body.open(container_role::members);
    c.guess = guess;
    c.first_key = static_cast<std::uint32_t>(keys_.size());
    return c;
  }
  void begin_member(avp_body& body, const avp_place& at, std::string_view key);
  void expect_value(open_container& in, const avp_place& at) {
    in.place = at;
    in.guess = next_key_guess::after(at.code);
    in.next = next_value::avp;
  }
  void on_other_key(avp_body& body, std::string_view key);
  [[nodiscard]] bool parse_numbered_key(std::string_view key, avp_place& at) const;

  // ---- keys that an object has

  [[nodiscard]] std::size_t keys_in(const open_container& in) const noexcept {
    return keys_.size() - in.first_key;
  }
  /// One of 64: an object that has no key with this bit has not the key.
  [[nodiscard]] static std::uint64_t key_bit(std::uint64_t key) noexcept {
    const avp_code code{static_cast<std::uint32_t>(key)};
    return std::uint64_t{1} << (next_key_guess::hash_of(code) >> 26U);
  }
  [[nodiscard]] bool add_key(open_container& in, std::uint64_t key);

  const dictionary::dictionary& names_;
  const std::size_t max_keys_;
  kept_stack<std::uint64_t> keys_;  // of all open objects, the innermost's last
  next_key_guess guess_;
};

}  // namespace diamgw::jsonrpc
