// Made by diamgw_dictionary_tool from ping.dia; edit that file instead.
#pragma once
#include "diamgw/messages/ping/groups.hpp"  // IWYU pragma: export
#include "diamgw/messages/typed/commands.hpp"

namespace diamgw::messages::ping {

class ping_request_view;
class ping_answer_view;

/// PGR ::= < Diameter Header: 8388000, REQ, PXY >
///          < Session-Id >
///          { Origin-Host }
///          { Origin-Realm }
///          { Ping-Kind }
///          [ Ping-Sent ]
///      2*5 { Ping-Hop }
///        * [ Class ]
///        * [ AVP ]
struct ping_request {
  static constexpr command_code command{8388000};

  std::uint8_t flags = 0xc0;  // REQ, PXY
  application_id application{16777999};
  hop_by_hop_id hop_by_hop{};
  end_to_end_id end_to_end{};

  constexpr ping_request& session_id(std::string_view v) noexcept {
    held.session_id = v;
    return *this;
  }
  [[nodiscard]] constexpr std::string_view session_id() const noexcept {
    return held.session_id;
  }
  constexpr ping_request& origin_host(std::string_view v) noexcept {
    held.origin_host = v;
    return *this;
  }
  [[nodiscard]] constexpr std::string_view origin_host() const noexcept {
    return held.origin_host;
  }
  constexpr ping_request& origin_realm(std::string_view v) noexcept {
    held.origin_realm = v;
    return *this;
  }
  [[nodiscard]] constexpr std::string_view origin_realm() const noexcept {
    return held.origin_realm;
  }
  constexpr ping_request& ping_kind(ping::ping_kind v) noexcept {
    held.ping_kind = v;
    return *this;
  }
  [[nodiscard]] constexpr ping::ping_kind ping_kind() const noexcept {
    return held.ping_kind;
  }
  constexpr ping_request& ping_sent(std::optional<std::chrono::sys_seconds> v) noexcept {
    typed::assign(held.present, 4, held.ping_sent, v);
    return *this;
  }
  [[nodiscard]] constexpr std::optional<std::chrono::sys_seconds> ping_sent() const noexcept {
    return typed::maybe(held.present, 4, held.ping_sent);
  }
  constexpr ping_request& ping_hop(std::span<const ping::ping_hop> v) noexcept {
    typed::assign(held.present, 5, held.ping_hop, v);
    return *this;
  }
  [[nodiscard]] constexpr std::span<const ping::ping_hop> ping_hop() const noexcept {
    return held.ping_hop;
  }
  constexpr ping_request& class_(std::span<const bytes_view> v) noexcept {
    typed::assign(held.present, 6, held.class_, v);
    return *this;
  }
  [[nodiscard]] constexpr std::span<const bytes_view> class_() const noexcept {
    return held.class_;
  }
  /// If any, written in place of Origin-Host and Origin-Realm: typed::encode_origin.
  constexpr ping_request& encoded_origin(bytes_view v) noexcept {
    held.encoded_origin = v;
    return *this;
  }
  /// Encoded, with padding; written last.
  constexpr ping_request& more_avps(bytes_view v) noexcept {
    held.present.mark(7, !v.empty() || held.kept != nullptr);
    held.more_avps = v;
    return *this;
  }

  /// Octets of the whole message.
  [[nodiscard]] std::size_t encoded_size() const noexcept;
  /// Writes the message and gives its octets; 0 where `out` is too small or the message too long
  /// for its header: what `out` then holds is unspecified. What members refer to lies elsewhere.
  [[nodiscard]] std::size_t encode_to(mutable_bytes out) const noexcept {
    return typed::encode_message(*this, out);
  }
  /// Writes the AVPs alone.
  /// in:  at most 16,777,215 octets, which nothing lies in that members refer to
  /// out: their end, null where they do not fit
  [[nodiscard]] std::byte* write_to(std::byte* begin, const std::byte* end) const noexcept;

  /// What these functions were given; `present` says of which there is one.
  struct held_values {
    typed::presence<1> present{{0x0f}};
    std::string_view session_id{};
    std::string_view origin_host{};
    std::string_view origin_realm{};
    ping::ping_kind ping_kind{};
    std::chrono::sys_seconds ping_sent{};
    std::span<const ping::ping_hop> ping_hop{};
    std::span<const bytes_view> class_{};
    bytes_view encoded_origin{};
    bytes_view more_avps{};
    const typed::arrangement* kept{};  // by `rebuild`: other AVPs, order and flags
  } held{};

  static const typed::record record;
};

/// Reads ping_request; valid while the message's octets live.
class ping_request_view : public typed::message_fields<ping_request_view, 7> {
 public:
  using message_fields::message_fields;
  using rebuilt = ping_request;  // by typed::rebuild

  [[nodiscard]] std::string_view session_id() const noexcept {
    return one<std::string_view>(place(session_id_));
  }
  [[nodiscard]] std::string_view origin_host() const noexcept {
    return one<std::string_view>(place(origin_host_));
  }
  [[nodiscard]] std::string_view origin_realm() const noexcept {
    return one<std::string_view>(place(origin_realm_));
  }
  [[nodiscard]] ping::ping_kind ping_kind() const noexcept {
    return one<ping::ping_kind>(place(ping_kind_));
  }
  [[nodiscard]] std::optional<std::chrono::sys_seconds> ping_sent() const noexcept {
    return maybe<std::chrono::sys_seconds>(find(ping_sent_));
  }
  [[nodiscard]] typed::repeated<typed::group_ref<ping::ping_hop_view>> ping_hop() const noexcept {
    return all<typed::group_ref<ping::ping_hop_view>>(find(ping_hop_));
  }
  [[nodiscard]] typed::repeated<bytes_view> class_() const noexcept {
    return all<bytes_view>(find(class_number_));
  }

 private:
  friend typed::decoding;
  [[nodiscard]] std::optional<diameter::decode_error> fill(bytes_view octets) noexcept;

  enum member : std::size_t {
    session_id_, origin_host_, origin_realm_, ping_kind_, ping_sent_, ping_hop_, class_number_
  };
};


/// PGA ::= < Diameter Header: 8388000, PXY >
///          < Session-Id >
///          { Ping-Result }
///          [ Ping-Hop ]
struct ping_answer {
  static constexpr command_code command{8388000};

  std::uint8_t flags = 0x40;  // PXY
  application_id application{16777999};
  hop_by_hop_id hop_by_hop{};
  end_to_end_id end_to_end{};

  constexpr ping_answer& session_id(std::string_view v) noexcept {
    held.session_id = v;
    return *this;
  }
  [[nodiscard]] constexpr std::string_view session_id() const noexcept {
    return held.session_id;
  }
  constexpr ping_answer& ping_result(std::uint32_t v) noexcept {
    held.ping_result = v;
    return *this;
  }
  [[nodiscard]] constexpr std::uint32_t ping_result() const noexcept {
    return held.ping_result;
  }
  constexpr ping_answer& ping_hop(const ping::ping_hop* v) noexcept {
    typed::assign(held.present, 2, held.ping_hop, v);
    return *this;
  }
  [[nodiscard]] constexpr const ping::ping_hop* ping_hop() const noexcept {
    return held.ping_hop;
  }

  /// Octets of the whole message.
  [[nodiscard]] std::size_t encoded_size() const noexcept;
  /// Writes the message and gives its octets; 0 where `out` is too small or the message too long
  /// for its header: what `out` then holds is unspecified. What members refer to lies elsewhere.
  [[nodiscard]] std::size_t encode_to(mutable_bytes out) const noexcept {
    return typed::encode_message(*this, out);
  }
  /// Writes the AVPs alone.
  /// in:  at most 16,777,215 octets, which nothing lies in that members refer to
  /// out: their end, null where they do not fit
  [[nodiscard]] std::byte* write_to(std::byte* begin, const std::byte* end) const noexcept;

  /// What these functions were given; `present` says of which there is one.
  struct held_values {
    typed::presence<1> present{{0x03}};
    std::string_view session_id{};
    std::uint32_t ping_result{};
    const ping::ping_hop* ping_hop{};
    const typed::arrangement* kept{};  // by `rebuild`: other AVPs, order and flags
  } held{};

  static const typed::record record;
};

/// Reads ping_answer; valid while the message's octets live.
class ping_answer_view : public typed::message_fields<ping_answer_view, 3> {
 public:
  using message_fields::message_fields;
  using rebuilt = ping_answer;  // by typed::rebuild

  [[nodiscard]] std::string_view session_id() const noexcept {
    return one<std::string_view>(place(session_id_));
  }
  [[nodiscard]] std::uint32_t ping_result() const noexcept {
    return one<std::uint32_t>(place(ping_result_));
  }
  [[nodiscard]] typed::optional_group<ping::ping_hop_view> ping_hop() const noexcept {
    return maybe_group<ping::ping_hop_view>(find(ping_hop_));
  }

 private:
  friend typed::decoding;
  [[nodiscard]] std::optional<diameter::decode_error> fill(bytes_view octets) noexcept;

  enum member : std::size_t {
    session_id_, ping_result_, ping_hop_
  };
};

/// Its requests and answers.
[[nodiscard]] std::span<const typed::command_entry> commands() noexcept;

}  // namespace diamgw::messages::ping
