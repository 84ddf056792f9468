// A generated answer of the base protocol under what it keeps of its request (RFC 6733 §6.2).
#pragma once
#include <cstdint>

#include "diamgw/base/bytes.hpp"
#include "diamgw/codec/codes.hpp"
#include "diamgw/codec/header.hpp"
#include "diamgw/codec/validation.hpp"
#include "diamgw/codec/writer.hpp"
#include "diamgw/diameter/answers.hpp"

namespace diamgw::diameter {

/// Session-Id, the answer's own AVPs, Failed-AVP where the request broke a rule, Proxy-Info.
/// in:  `answer` with everything but header and Result-Code; `broken` may be null
/// out: the whole message; empty where it does not fit
template <class Answer>
bytes_view write_base_answer(writer& out, Answer& answer, const kept_in_answer& kept,
                             result_code code, const violation* broken = nullptr) noexcept {
  const header h = answer_header(kept.request, code);
  answer.flags = h.flags;
  answer.application = h.application;
  answer.hop_by_hop = h.hop_by_hop;
  answer.end_to_end = h.end_to_end;
  answer.result_code(static_cast<std::uint32_t>(code));
  out.message(answer, kept.session_id);
  if (broken != nullptr) {
    write_failed_avp(out, *broken);
  }
  out.encoded(kept.proxy_info);
  return out.finish();
}

}  // namespace diamgw::diameter
