// The AVP header at which an AVP length went wrong.
#pragma once
#include "diamgw/base/bytes.hpp"
#include "diamgw/codec/errc.hpp"
#include "diamgw/codec/validation.hpp"

namespace diamgw::diameter {

/// True for what is answered 5014.
[[nodiscard]] inline bool is_length_error(errc e) noexcept {
  return to_result_code(e) == result_code::invalid_avp_length;
}

/// `rest` begins with the AVP at fault: its header as far as it is there, and what `names` (may be
/// null) knows of it.
[[nodiscard]] violation make_length_violation(bytes_view rest, errc e,
                                              const dictionary::dictionary* names) noexcept;

}  // namespace diamgw::diameter
