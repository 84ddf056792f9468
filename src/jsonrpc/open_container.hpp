// One open container of `params` or `result`: what it holds, and what its next value is.
#pragma once
#include <cstdint>

#include "jsonrpc/avp_writer.hpp"
#include "jsonrpc/next_key_guess.hpp"

namespace diamgw::jsonrpc {

enum class container_role : std::uint8_t {
  members,   // AVPs by name: params, result, or a group
  repeats,   // the values of one AVP
  elements,  // AVPs in list form: params, result, a group, or "AVP"
  element,   // one AVP in list form
  wrapper,   // {"hex": …} or {"text": …}
  outside,   // the bottom, which is no container: the envelope around the body
};

/// What the next value in a container is.
enum class next_value : std::uint8_t {
  none,
  avp,
  avp_list,
  element,
  // in an element
  code,
  vendor,
  flags,
  name,
  value,
  // in a wrapper
  text,
  hex,
  // keys with '$'
  timeout,
  answer_form,
  retransmitted,
  application,
};

struct open_container {
  container_role role = container_role::outside;
  next_value next = next_value::none;
  bool is_group = false;    // `mark` is that of a Grouped AVP
  bool has_value = false;   // element, wrapper: the value was there
  std::uint32_t seen = 0;   // element, and members for their options: a bit for each key that came
  std::uint32_t index = 0;  // of the current element or member
  std::uint32_t mark = 0;   // avp_writer's
  std::uint32_t first_key = 0;                         // members: in the keys of all open ones
  next_key_guess::place guess = next_key_guess::none;  // members: of the next key
  std::uint64_t key_bits = 0;                          // members: a bit for each key, by its hash
  avp_place place{};                                   // the AVP whose value comes next
};

}  // namespace diamgw::jsonrpc
