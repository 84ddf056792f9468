#include "diamgw/diameter/answers.hpp"

#include <algorithm>
#include <array>

#include "diamgw/messages/rfc6733.hpp"

namespace diamgw::diameter {
namespace {

/// A generated answer-message (§7.2), and what it cannot be given in front of the rest: Failed-AVP
/// may hold what is no AVP (one that was cut off, say), and Proxy-Info goes back octet by octet,
/// in a list that nobody has made.
/// in: the AVPs of a request that may be walked
bytes_view write(writer& out, const header& request, avp_range request_avps, const error_answer& e,
                 const violation* v) noexcept {
  const header h = answer_header(request, e.code);
  messages::rfc6733::error_answer answer{.command = h.command,
                                         .flags = h.flags,
                                         .application = h.application,
                                         .hop_by_hop = h.hop_by_hop,
                                         .end_to_end = h.end_to_end};
  answer.encoded_origin(e.origin).result_code(static_cast<std::uint32_t>(e.code));
  for (const avp_view avp : request_avps) {
    if (avp.code == avps::session_id && avp.vendor == ietf_vendor) {
      answer.session_id(as_text(avp.data));
      break;
    }
  }
  if (!e.error_message.empty()) {
    answer.error_message(e.error_message);
  }
  out.message(answer);
  if (v != nullptr) {
    write_failed_avp(out, *v);
  } else {
    out.encoded(e.failed_avp);
  }
  echo_proxy_info(out, request_avps);
  return out.finish();
}

bytes_view write(writer& out, const message_view& request, avp_range request_avps,
                 const violation& v, bytes_view origin) noexcept {
  std::array<char, max_sentence> text;
  const error_answer e{
      .code = v.code(), .origin = origin, .error_message = describe(v, text), .failed_avp = {}};
  return write(out, header_of(request), request_avps, e, &v);
}

}  // namespace

header answer_header(const header& request, result_code code) noexcept {
  const std::uint8_t proxiable = request.flags & command_flags::proxiable;
  const std::uint8_t error = is_protocol_error(code) ? command_flags::error : std::uint8_t{0};
  header answer = request;
  answer.flags = static_cast<std::uint8_t>(proxiable | error);
  return answer;
}

kept_in_answer keep_for_answer(const header& request, avp_range request_avps) {
  kept_in_answer kept{.request = request, .session_id = {}, .proxy_info = {}};
  const auto append = [](std::vector<std::byte>& to, const avp_view& avp) {
    const std::size_t at = to.size();
    to.resize(at + padded(avp.octets().size()));
    std::ranges::copy(avp.octets(), to.begin() + static_cast<std::ptrdiff_t>(at));
  };
  for (const avp_view avp : request_avps) {
    if (avp.vendor != ietf_vendor) {
      continue;
    }
    if (avp.code == avps::session_id && kept.session_id.empty()) {
      append(kept.session_id, avp);
    } else if (avp.code == avps::proxy_info) {
      append(kept.proxy_info, avp);
    }
  }
  return kept;
}

answer_mismatch find_mismatch(const message_view& answer, command_code asked,
                              std::optional<std::string_view> session_id) noexcept {
  if (answer.command() != asked) {
    return answer_mismatch::command;
  }
  if (!session_id) {
    return answer_mismatch::none;
  }
  const avp_range all = answer.avps();
  // It is an answer's first AVP (§8.8), so that it need hardly ever be looked for.
  if (!all.empty() && (*all.begin()).code == avps::session_id &&
      as_text((*all.begin()).data) == *session_id) {
    return answer_mismatch::none;
  }
  const auto answered = answer.find(avps::session_id);
  return answered && as_text(answered->data) != *session_id ? answer_mismatch::session
                                                            : answer_mismatch::none;
}

void echo_proxy_info(writer& out, avp_range request_avps) noexcept {
  for (const avp_view avp : request_avps) {
    if (avp.code == avps::proxy_info && avp.vendor == ietf_vendor) {
      out.copy(avp);
    }
  }
}

bytes_view write_error_answer(writer& out, const header& request, avp_range request_avps,
                              const error_answer& e) noexcept {
  return write(out, request, request_avps, e, nullptr);
}

bytes_view write_error_answer(writer& out, const message_view& request, const violation& v,
                              bytes_view origin) noexcept {
  return write(out, request, request.avps(), v, origin);
}

bytes_view write_error_answer(writer& out, const message_view& request, const decode_error& error,
                              bytes_view origin, const dictionary::dictionary* names) noexcept {
  const bytes_view octets = request.octets();
  return write(out, request, sound_avps(octets, error), to_violation(octets, error, names), origin);
}

// The request's AVPs hold Session-Id and every Proxy-Info; what else an answer has is added: its
// header, and its own AVPs, each with header and padding.
std::size_t max_error_answer_octets(avp_range request_avps, const error_answer& e) noexcept {
  constexpr std::size_t result_code_octets = avp_header_octets + 4;
  return header_octets + padded(request_avps.octets().size()) + e.origin.size() +
         result_code_octets + avp_header_octets + padded(e.error_message.size()) +
         e.failed_avp.size();
}

std::size_t max_error_answer_octets(const message_view& request, bytes_view origin) noexcept {
  // Failed-AVP repeats one AVP of the request, or shows one of 20 octets at most, in its groups.
  constexpr std::size_t example_octets = vendor_avp_header_octets + 8;
  constexpr std::size_t groups_octets =
      avp_header_octets + max_group_depth * vendor_avp_header_octets;
  const error_answer e{.code = {}, .origin = origin, .error_message = {}, .failed_avp = {}};
  return max_error_answer_octets(request, e) + max_sentence + padded(request.octets().size()) +
         groups_octets + example_octets;
}

}  // namespace diamgw::diameter
