// Made by diamgw_dictionary_tool from ping.dia; edit that file instead.
#include "diamgw/messages/ping.hpp"

namespace diamgw::messages::ping {

std::size_t ping_hop::encoded_size() const noexcept {
  return typed::size_of<avps::ping_address>(ping_address) +
         typed::size_of<avps::ping_weight>(ping_weight) +
         typed::size_of<avps::class_>(class_);
}

std::byte* ping_hop::write_to(std::byte* out) const noexcept {
  std::byte* p = out;
  p = typed::put<avps::ping_address>(p, ping_address);
  p = typed::put<avps::ping_weight>(p, ping_weight);
  p = typed::put<avps::class_>(p, class_);
  return p;
}

diameter::decoded<ping_hop_view> ping_hop_view::decode(bytes_view group) noexcept {
  ping_hop_view view;
  view.octets_ = group;
  typed::walker w{group, 0};
  while (w.next_checked()) {
    std::optional<diameter::errc> fault;
    switch (w.id()) {
      case avps::ping_address.id():
        fault = view.ping_address_.take(w);
        break;
      case avps::ping_weight.id():
        fault = view.ping_weight_.take(w);
        break;
      case avps::class_.id():
        fault = view.class_slot_.take(w, 3);
        break;
      default:
        break;
    }
    if (fault) {
      return w.error(*fault);
    }
  }
  if (w.fault()) {
    return w.error(*w.fault());
  }
  if (view.ping_address_.missing()) {
    return w.error_at_end(diameter::errc::missing_avp);
  }
  return view;
}

std::size_t ping_request::encoded_size() const noexcept {
  return diameter::header_octets +
         typed::size_of<avps::session_id>(session_id) +
         (encoded_origin.empty() ? typed::size_of<avps::origin_host>(origin_host) +
                                    typed::size_of<avps::origin_realm>(origin_realm)
                                  : encoded_origin.size()) +
         typed::size_of<avps::ping_kind>(ping_kind) +
         typed::size_of<avps::ping_sent>(ping_sent) +
         typed::size_of<avps::ping_hop>(ping_hop) +
         typed::size_of<avps::class_>(class_) +
         more_avps.size();
}

std::byte* ping_request::write_to(std::byte* out) const noexcept {
  std::byte* p = typed::put_message_header(
      out, {flags, command, application, hop_by_hop, end_to_end});
  p = typed::put<avps::session_id>(p, session_id);
  if (encoded_origin.empty()) {
    p = typed::put<avps::origin_host>(p, origin_host);
    p = typed::put<avps::origin_realm>(p, origin_realm);
  } else {
    p = typed::put_encoded(p, encoded_origin);
  }
  p = typed::put<avps::ping_kind>(p, ping_kind);
  p = typed::put<avps::ping_sent>(p, ping_sent);
  p = typed::put<avps::ping_hop>(p, ping_hop);
  p = typed::put<avps::class_>(p, class_);
  p = typed::put_encoded(p, more_avps);
  typed::finish_message(out, p);
  return p;
}

diameter::decoded<ping_request_view>
ping_request_view::decode(const diameter::message_view& message) noexcept {
  if (message.command() != ping_request::command || !message.is_request()) {
    return diameter::decode_error{diameter::errc::command_unsupported, 4};
  }
  ping_request_view view;
  view.message_ = message;
  typed::walker w{message.avps().octets(), diameter::header_octets};
  while (w.next()) {
    std::optional<diameter::errc> fault;
    switch (w.id()) {
      case avps::session_id.id():
        fault = view.session_id_.take_at(w, 0);
        break;
      case avps::origin_host.id():
        fault = view.origin_host_.take(w);
        break;
      case avps::origin_realm.id():
        fault = view.origin_realm_.take(w);
        break;
      case avps::ping_kind.id():
        fault = view.ping_kind_.take(w);
        break;
      case avps::ping_sent.id():
        fault = view.ping_sent_.take(w);
        break;
      case avps::ping_hop.id():
        fault = view.ping_hop_.take(w, 5);
        break;
      case avps::class_.id():
        fault = view.class_slot_.take(w);
        break;
      default:
        break;
    }
    if (fault) {
      return w.error(*fault);
    }
  }
  if (view.session_id_.missing() ||
      view.origin_host_.missing() ||
      view.origin_realm_.missing() ||
      view.ping_kind_.missing() ||
      view.ping_hop_.missing(2)) {
    return w.error_at_end(diameter::errc::missing_avp);
  }
  return view;
}

std::size_t ping_answer::encoded_size() const noexcept {
  return diameter::header_octets +
         typed::size_of<avps::session_id>(session_id) +
         typed::size_of<avps::ping_result>(ping_result) +
         typed::size_of<avps::ping_hop>(ping_hop);
}

std::byte* ping_answer::write_to(std::byte* out) const noexcept {
  std::byte* p = typed::put_message_header(
      out, {flags, command, application, hop_by_hop, end_to_end});
  p = typed::put<avps::session_id>(p, session_id);
  p = typed::put<avps::ping_result>(p, ping_result);
  p = typed::put<avps::ping_hop>(p, ping_hop);
  typed::finish_message(out, p);
  return p;
}

diameter::decoded<ping_answer_view>
ping_answer_view::decode(const diameter::message_view& message) noexcept {
  if (message.command() != ping_answer::command || message.is_request()) {
    return diameter::decode_error{diameter::errc::command_unsupported, 4};
  }
  ping_answer_view view;
  view.message_ = message;
  typed::walker w{message.avps().octets(), diameter::header_octets};
  while (w.next()) {
    std::optional<diameter::errc> fault;
    switch (w.id()) {
      case avps::session_id.id():
        fault = view.session_id_.take_at(w, 0);
        break;
      case avps::ping_result.id():
        fault = view.ping_result_.take(w);
        break;
      case avps::ping_hop.id():
        fault = view.ping_hop_.take(w);
        break;
      default:
        break;
    }
    if (fault) {
      return w.error(*fault);
    }
  }
  if (view.session_id_.missing() ||
      view.ping_result_.missing()) {
    return w.error_at_end(diameter::errc::missing_avp);
  }
  return view;
}

}  // namespace diamgw::messages::ping
