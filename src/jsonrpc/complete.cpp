#include "diamgw/jsonrpc/complete.hpp"

#include <algorithm>
#include <array>

#include "diamgw/base/short_copy.hpp"
#include "diamgw/codec/codes.hpp"
#include "diamgw/codec/writer.hpp"
#include "jsonrpc/values.hpp"

namespace diamgw::jsonrpc {
namespace {

using diameter::avp_view;
namespace avps = diameter::avps;
using rules_view = std::span<const dictionary::avp_rule>;

[[nodiscard]] bool has_rule(rules_view rules, avp_code code) noexcept {
  return std::ranges::any_of(rules, [code](const dictionary::avp_rule& rule) {
    return rule.avp != nullptr && rule.avp->code == code && rule.avp->vendor == ietf_vendor;
  });
}

/// Appends base AVPs behind those that the client gave. All of them have M set and V clear
/// (RFC 6733 §4.5).
class appender {
 public:
  explicit appender(encoded_avps& message) noexcept : message_{message} {}

  /// The text as it now stands in the message.
  [[nodiscard]] std::string_view text(avp_code code, std::string_view value) noexcept {
    return as_text(append(code, as_bytes(value)));
  }
  void number(avp_code code, std::uint32_t value) noexcept {
    std::array<std::byte, 4> octets;
    store_be32(octets.data(), value);
    append(code, octets);
  }
  void copy(const avp_view& avp) noexcept {
    diameter::writer out{rest()};
    out.copy(avp);
    advance(out);
  }
  [[nodiscard]] bool fits() const noexcept { return fits_; }

 private:
  [[nodiscard]] mutable_bytes rest() const noexcept {
    return message_.buffer.subspan(message_.size);
  }
  bytes_view append(avp_code code, bytes_view data) noexcept {
    diameter::writer out{rest()};
    const mutable_bytes room =
        out.reserve(code, ietf_vendor, diameter::avp_flags::mandatory, data.size());
    if (!room.empty()) {
      copy_short(room.data(), data.data(), data.size());
    }
    advance(out);
    return room;
  }
  void advance(const diameter::writer& out) noexcept {
    fits_ = fits_ && !out.overflowed();
    message_.size += out.size();
  }

  encoded_avps& message_;
  bool fits_ = true;
};

/// Session-Id directly behind the header (RFC 6733 §8.8), the others in their order. False where it
/// stood there, and where there is none.
[[nodiscard]] bool move_session_id_to_front(encoded_avps& message) noexcept {
  std::byte* const begin = message.buffer.data() + diameter::header_octets;
  for (const avp_view avp : diameter::avp_range{message.octets()}) {
    if (avp.code == avps::session_id && avp.vendor == ietf_vendor) {
      std::byte* const first = begin + (avp.header - begin);
      std::rotate(begin, first, first + diameter::padded(avp.octets().size()));
      return first != begin;
    }
  }
  return false;
}

[[nodiscard]] bytes_view finish(encoded_avps& message, const diameter::header& h) noexcept {
  diameter::writer head{message.buffer.first(diameter::header_octets)};
  head.begin_message(h);
  store_be24(message.buffer.data() + 1, static_cast<std::uint32_t>(message.size));
  return message.buffer.first(message.size);
}

}  // namespace

bytes_view complete_request(request_call& call, const request_completion& c) noexcept {
  const rules_view rules{call.command->request};
  top_level_avps& have = call.message.avps;
  appender out{call.message};
  const auto text_if_missing = [&](std::optional<std::string_view>& given, avp_code code,
                                   std::string_view value) {
    if (!given.has_value() && !value.empty() && has_rule(rules, code)) {
      given = out.text(code, value);
    }
  };
  text_if_missing(have.session_id, avps::session_id, c.session_id);
  text_if_missing(have.origin_host, avps::origin_host, c.origin_host);
  text_if_missing(have.origin_realm, avps::origin_realm, c.origin_realm);
  text_if_missing(have.destination_realm, avps::destination_realm, c.destination_realm);
  if (!have.application().has_value()) {
    // A grammar that has both leaves the choice: authorisation, as RFC 6733 §6.8 lists it first.
    if (has_rule(rules, avps::auth_application_id)) {
      out.number(avps::auth_application_id, call.application.value);
      have.auth_application = call.application.value;
    } else if (has_rule(rules, avps::acct_application_id)) {
      out.number(avps::acct_application_id, call.application.value);
      have.acct_application = call.application.value;
    }
  }
  if (!out.fits() || call.message.size > diameter::max_message_octets) {
    return {};
  }
  if (move_session_id_to_front(call.message)) {
    have = find_top_level(call.message.octets());
  }
  unsigned flags = diameter::command_flags::request;
  flags |= call.command->proxiable ? diameter::command_flags::proxiable : 0U;
  flags |= call.options.retransmitted ? diameter::command_flags::retransmitted : 0U;
  return finish(call.message, {static_cast<std::uint8_t>(flags), call.command->code,
                               call.application, c.hop_by_hop, c.end_to_end});
}

bytes_view complete_answer(encoded_avps& answer, const diameter::message_view& request,
                           const dictionary::command_definition& command,
                           std::string_view origin_host, std::string_view origin_realm) noexcept {
  const rules_view rules{command.answer};
  const top_level_avps have = answer.avps;
  appender out{answer};
  const std::optional<avp_view> session = request.find(avps::session_id);
  if (!have.session_id.has_value() && session.has_value()) {
    out.copy(*session);
  }
  if (!have.origin_host.has_value()) {
    static_cast<void>(out.text(avps::origin_host, origin_host));
  }
  if (!have.origin_realm.has_value()) {
    static_cast<void>(out.text(avps::origin_realm, origin_realm));
  }
  const std::optional<avp_view> application = request.find(avps::auth_application_id);
  if (!have.application().has_value() && application.has_value() &&
      has_rule(rules, avps::auth_application_id)) {
    out.copy(*application);
  }
  if (!have.has_proxy_info) {  // §6.2: Proxy-Info goes back as it came, in its order
    for (const avp_view avp : request.avps()) {
      if (avp.code == avps::proxy_info && avp.vendor == ietf_vendor) {
        out.copy(avp);
      }
    }
  }
  if (!out.fits() || answer.size > diameter::max_message_octets) {
    return {};
  }
  static_cast<void>(move_session_id_to_front(answer));
  answer.avps = find_top_level(answer.octets());
  const auto code = static_cast<diameter::result_code>(have.result_code.value_or(0));
  unsigned flags = request.flags() & diameter::command_flags::proxiable;
  flags |= diameter::is_protocol_error(code) ? diameter::command_flags::error : 0U;
  return finish(answer, {static_cast<std::uint8_t>(flags), request.command(), request.application(),
                         request.hop_by_hop(), request.end_to_end()});
}

}  // namespace diamgw::jsonrpc
