// A view of a message, or what its sender is to be told.
#pragma once
#include "diamgw/base/result.hpp"
#include "diamgw/codec/check.hpp"
#include "diamgw/codec/validation.hpp"

namespace diamgw::diameter::typed {

/// Checks a message against the dictionary, groups and values too, and reads it.
/// in:     one whole message, as a transport gave it
/// errors: the first violation, with its Result-Code and what Failed-AVP needs (RFC 6733 §7.1.5,
///         §7.5; see write_failed_avp); it points into `octets` and the validator's dictionary
/// cost:   that of `validate`, which is several times that of View::decode alone. No allocation.
template <class View>
[[nodiscard]] result<View, violation> decode_or_violation(bytes_view octets,
                                                          validator& rules) noexcept {
  const auto checked = check_message(octets);
  if (!checked) {
    return to_violation(octets, checked.error(), &rules.names());
  }
  if (const auto found = rules.validate(*checked)) {
    return *found;
  }
  const auto view = View::decode(*checked);
  if (!view) {
    // What the view's own grammar demands beyond the dictionary in use.
    return to_violation(octets, view.error(), &rules.names());
  }
  return *view;
}

}  // namespace diamgw::diameter::typed
