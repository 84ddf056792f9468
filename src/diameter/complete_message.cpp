#include "diamgw/diameter/complete_message.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <span>

#include "diamgw/base/short_copy.hpp"
#include "diamgw/codec/codes.hpp"
#include "diamgw/codec/header.hpp"
#include "diamgw/codec/writer.hpp"
#include "diamgw/diameter/answers.hpp"

namespace diamgw::diameter {
namespace {

using rules_view = std::span<const dictionary::avp_rule>;

[[nodiscard]] bool has_rule(rules_view rules, avp_code code) noexcept {
  return dictionary::find_rule(rules, dictionary::avp_key(code, ietf_vendor)) !=
         dictionary::avp_rule::none;
}

[[nodiscard]] bool is_ietf(const avp_view& avp, avp_code code) noexcept {
  return avp.code == code && avp.vendor == ietf_vendor;
}

/// Adds base AVPs to those that are there: Session-Id in front, the others at the end. All that are
/// not copied have M set and V clear (RFC 6733 §4.5).
class completion {
 public:
  explicit completion(encoded_avps& message) noexcept : message_{message} {}

  void append_text(std::optional<std::string_view>& into, avp_code code,
                   std::string_view value) noexcept {
    writer out{rest()};
    into = write_text(out, code, value);
    advance(out);
  }
  void append_number(std::optional<std::uint32_t>& into, avp_code code,
                     std::uint32_t value) noexcept {
    writer out{rest()};
    out.unsigned32(code, ietf_vendor, avp_flags::mandatory, value);
    into = value;
    advance(out);
  }
  void append_copy(const avp_view& avp) noexcept {
    writer out{rest()};
    out.copy(avp);
    advance(out);
  }

  /// A Session-Id where there is none yet.
  void insert_session_id(std::string_view value) noexcept {
    if (open_gap(padded(avp_header_octets + value.size()))) {
      writer out{rest_from(header_octets)};
      message_.avps.session_id = write_text(out, avps::session_id, value);
    }
  }
  void insert_session_id(const avp_view& avp) noexcept {
    if (open_gap(padded(avp.octets().size()))) {
      writer out{rest_from(header_octets)};
      out.copy(avp);
      message_.avps.session_id =
          as_text(message_.octets().subspan(avp.header_octets(), avp.data.size()));
    }
  }
  /// A Session-Id that stands elsewhere changes places with what stands before it.
  void move_session_id_to_front() noexcept {
    const std::size_t before = message_.avps.session_id_offset;
    if (!message_.avps.session_id || before == 0) {
      return;
    }
    std::byte* const first = begin();
    std::byte* const header = first + before;
    const std::byte* const data = as_bytes(*message_.avps.session_id).data();
    const auto length = static_cast<std::size_t>(data - header) + message_.avps.session_id->size();
    std::rotate(first, header, header + padded(length));
    shift_views(first, header, padded(length));
    message_.avps.session_id =
        as_text(bytes_view{first, length}.subspan(static_cast<std::size_t>(data - header)));
    message_.avps.session_id_offset = 0;
  }

  /// The message under this header; empty where something did not fit.
  [[nodiscard]] bytes_view finish(const header& h) const noexcept {
    if (!fits_ || message_.size > max_message_octets) {
      return {};
    }
    const auto head = h.encode(message_.size);
    std::memcpy(message_.buffer.data(), head.data(), head.size());
    return message_.buffer.first(message_.size);
  }

 private:
  [[nodiscard]] std::byte* begin() const noexcept { return message_.buffer.data() + header_octets; }
  [[nodiscard]] mutable_bytes rest_from(std::size_t at) const noexcept {
    return message_.buffer.subspan(at);
  }
  [[nodiscard]] mutable_bytes rest() const noexcept { return rest_from(message_.size); }
  [[nodiscard]] static std::string_view write_text(writer& out, avp_code code,
                                                   std::string_view value) noexcept {
    const mutable_bytes room = out.reserve(code, ietf_vendor, avp_flags::mandatory, value.size());
    if (!room.empty()) {
      copy_short(room.data(), value.data(), value.size());
    }
    return as_text(room);
  }
  void advance(const writer& out) noexcept {
    fits_ = fits_ && !out.overflowed();
    message_.size += out.size();
  }
  /// Moves all AVPs back by so many octets; false where there is no room.
  [[nodiscard]] bool open_gap(std::size_t octets) noexcept {
    if (octets > max_avp_octets || octets > rest().size()) {
      fits_ = false;
      return false;
    }
    const std::size_t all = message_.size - header_octets;
    std::memmove(begin() + octets, begin(), all);
    shift_views(begin(), begin() + all, octets);
    message_.size += octets;
    message_.avps.session_id_offset = 0;
    return true;
  }
  /// The AVPs that stood from `first` to `last` stand `by` octets further on now.
  void shift_views(const std::byte* first, const std::byte* last, std::size_t by) noexcept {
    routing_avps& have = message_.avps;
    for (auto* const view : {&have.origin_host, &have.origin_realm, &have.destination_host,
                             &have.destination_realm, &have.user_name}) {
      const std::byte* const data = view->has_value() ? as_bytes(**view).data() : nullptr;
      if (data >= first && data <= last && data != nullptr) {
        *view = as_text({data + by, (*view)->size()});
      }
    }
  }

  encoded_avps& message_;
  bool fits_ = true;
};

}  // namespace

bytes_view complete_request(encoded_avps& request, const dictionary::command_definition& command,
                            const request_completion& c) noexcept {
  const rules_view rules{command.request};
  routing_avps& have = request.avps;
  completion add{request};
  if (have.session_id) {
    add.move_session_id_to_front();
  } else if (!c.session_id.empty() && has_rule(rules, avps::session_id)) {
    add.insert_session_id(c.session_id);
  }
  const auto text_if_missing = [&](std::optional<std::string_view>& given, avp_code code,
                                   std::string_view value) {
    if (!given && !value.empty() && has_rule(rules, code)) {
      add.append_text(given, code, value);
    }
  };
  text_if_missing(have.origin_host, avps::origin_host, c.origin_host);
  text_if_missing(have.origin_realm, avps::origin_realm, c.origin_realm);
  text_if_missing(have.destination_realm, avps::destination_realm, c.destination_realm);
  if (!have.application()) {
    // A grammar that has both leaves the choice: authorisation, as RFC 6733 §6.8 lists it first.
    if (has_rule(rules, avps::auth_application_id)) {
      add.append_number(have.auth_application, avps::auth_application_id, c.application.value);
    } else if (has_rule(rules, avps::acct_application_id)) {
      add.append_number(have.acct_application, avps::acct_application_id, c.application.value);
    }
  }
  unsigned flags = command_flags::request;
  flags |= command.proxiable ? command_flags::proxiable : 0U;
  flags |= c.sent == transmission::repeated ? command_flags::retransmitted : 0U;
  return add.finish({.flags = static_cast<std::uint8_t>(flags),
                     .command = command.code,
                     .application = c.application,
                     .hop_by_hop = c.hop_by_hop,
                     .end_to_end = c.end_to_end});
}

bytes_view complete_answer(encoded_avps& answer, const header& request, avp_range request_avps,
                           const dictionary::command_definition& command,
                           std::string_view origin_host, std::string_view origin_realm) noexcept {
  routing_avps& have = answer.avps;
  std::optional<avp_view> session;
  std::optional<avp_view> application;
  bool has_proxy_info = false;
  for (const avp_view avp : request_avps) {
    if (is_ietf(avp, avps::session_id) && !session) {
      session = avp;
    } else if (is_ietf(avp, avps::auth_application_id) && !application) {
      application = avp;
    } else {
      has_proxy_info = has_proxy_info || is_ietf(avp, avps::proxy_info);
    }
  }
  completion add{answer};
  if (have.session_id) {
    add.move_session_id_to_front();
  } else if (session) {
    add.insert_session_id(*session);
  }
  if (!have.origin_host) {
    add.append_text(have.origin_host, avps::origin_host, origin_host);
  }
  if (!have.origin_realm) {
    add.append_text(have.origin_realm, avps::origin_realm, origin_realm);
  }
  if (!have.application() && application &&
      has_rule(rules_view{command.answer}, avps::auth_application_id)) {
    add.append_copy(*application);
    if (application->data.size() == 4) {
      have.auth_application = load_be32(application->data.data());
    }
  }
  if (has_proxy_info && !have.has_proxy_info) {  // §6.2: it goes back as it came, in its order
    for (const avp_view avp : request_avps) {
      if (is_ietf(avp, avps::proxy_info)) {
        add.append_copy(avp);
      }
    }
    have.has_proxy_info = true;
  }
  return add.finish(answer_header(request, static_cast<result_code>(have.result_code.value_or(0))));
}

}  // namespace diamgw::diameter
