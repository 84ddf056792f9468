// Made by diamgw_dictionary_tool from ping.dia; edit that file instead.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "diamgw/base/bytes.hpp"
#include "diamgw/base/strong_id.hpp"
#include "diamgw/diameter/typed.hpp"

namespace diamgw::messages {
namespace typed = diameter::typed;
}

namespace diamgw::messages::ping {

/// Code, vendor and flags.
namespace avps {
inline constexpr typed::avp_key session_id{263, 0, 0x40};
inline constexpr typed::avp_key origin_host{264, 0, 0x40};
inline constexpr typed::avp_key origin_realm{296, 0, 0x40};
inline constexpr typed::avp_key class_{25, 0, 0x40};
inline constexpr typed::avp_key ping_kind{1, 99999, 0xc0};
inline constexpr typed::avp_key ping_address{2, 99999, 0x80};
inline constexpr typed::avp_key ping_sent{3, 99999, 0x80};
inline constexpr typed::avp_key ping_weight{4, 99999, 0x80};
inline constexpr typed::avp_key ping_hop{5, 99999, 0xc0};
inline constexpr typed::avp_key ping_result{6, 0, 0x40};
}  // namespace avps

/// Ping-Kind (1)
enum class ping_kind : std::int32_t {
  short_ = 0,
  long_way = 1,
  _3rd_kind = -3,
};

/// Ping-Result (6)
namespace ping_result_values {
inline constexpr std::uint32_t pong = 2001;
inline constexpr std::uint32_t lost = 3002;
}  // namespace ping_result_values

class ping_hop_view;

/// Ping-Hop ::= < AVP Header: 5 99999 >
///          { Ping-Address }
///          [ Ping-Weight ]
///       *3 [ Class ]
struct ping_hop {
  diameter::address ping_address{};
  std::optional<double> ping_weight{};
  std::span<const bytes_view> class_{};

  /// Octets of the group's data.
  [[nodiscard]] std::size_t encoded_size() const noexcept;
  /// Writes them, unchecked; the end of them.
  [[nodiscard]] std::byte* write_to(std::byte* out) const noexcept;
};

/// Reads ping_hop; valid while its octets live.
class ping_hop_view {
 public:
  /// errors: AVP header values of errc, avp_position, avp_too_many, value_length at the AVP;
  ///         missing_avp at the end
  [[nodiscard]] static diameter::decoded<ping_hop_view> decode(bytes_view group) noexcept;
  [[nodiscard]] bytes_view octets() const noexcept { return octets_; }

  [[nodiscard]] diameter::address ping_address() const noexcept { return ping_address_.value(); }
  [[nodiscard]] std::optional<double> ping_weight() const noexcept {
    return ping_weight_.optional();
  }
  [[nodiscard]] typed::repeated<bytes_view> class_() const noexcept { return class_slot_.values(); }

 private:
  bytes_view octets_;
  typed::one<diameter::address> ping_address_;
  typed::one<double> ping_weight_;
  typed::many<bytes_view> class_slot_;
};

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

  std::string_view session_id{};
  std::string_view origin_host{};
  std::string_view origin_realm{};
  bytes_view encoded_origin{};  // if any, written in place of the last two
  ping::ping_kind ping_kind{};
  std::optional<std::chrono::sys_seconds> ping_sent{};
  std::span<const ping::ping_hop> ping_hop{};
  std::span<const bytes_view> class_{};
  bytes_view more_avps{};  // encoded, with padding; written last

  /// Octets of the whole message.
  [[nodiscard]] std::size_t encoded_size() const noexcept;
  /// Writes encoded_size() octets and gives their number; 0, and nothing is written, where `out` is
  /// smaller or the message too long for its header.
  [[nodiscard]] std::size_t encode_to(mutable_bytes out) const noexcept {
    return typed::encode_message(*this, out);
  }
  /// Writes encoded_size() octets, unchecked; the end of them.
  [[nodiscard]] std::byte* write_to(std::byte* out) const noexcept;
};

/// Reads ping_request; valid while the message's octets live.
class ping_request_view {
 public:
  /// in:     a message that check_message accepted
  /// errors: command_unsupported, avp_position, avp_too_many, value_length at the AVP;
  ///         missing_avp at the end
  [[nodiscard]] static diameter::decoded<ping_request_view>
  decode(const diameter::message_view& message) noexcept;
  [[nodiscard]] const diameter::message_view& message() const noexcept { return message_; }

  [[nodiscard]] std::string_view session_id() const noexcept { return session_id_.value(); }
  [[nodiscard]] std::string_view origin_host() const noexcept { return origin_host_.value(); }
  [[nodiscard]] std::string_view origin_realm() const noexcept { return origin_realm_.value(); }
  [[nodiscard]] ping::ping_kind ping_kind() const noexcept { return ping_kind_.value(); }
  [[nodiscard]] std::optional<std::chrono::sys_seconds> ping_sent() const noexcept {
    return ping_sent_.optional();
  }
  [[nodiscard]] typed::repeated<typed::group_ref<ping::ping_hop_view>> ping_hop() const noexcept {
    return ping_hop_.values();
  }
  [[nodiscard]] typed::repeated<bytes_view> class_() const noexcept { return class_slot_.values(); }

 private:
  diameter::message_view message_;
  typed::one<std::string_view> session_id_;
  typed::one<std::string_view> origin_host_;
  typed::one<std::string_view> origin_realm_;
  typed::one<ping::ping_kind> ping_kind_;
  typed::one<std::chrono::sys_seconds> ping_sent_;
  typed::many<typed::group_ref<ping::ping_hop_view>> ping_hop_;
  typed::many<bytes_view> class_slot_;
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

  std::string_view session_id{};
  std::uint32_t ping_result{};
  std::optional<ping::ping_hop> ping_hop{};

  /// Octets of the whole message.
  [[nodiscard]] std::size_t encoded_size() const noexcept;
  /// Writes encoded_size() octets and gives their number; 0, and nothing is written, where `out` is
  /// smaller or the message too long for its header.
  [[nodiscard]] std::size_t encode_to(mutable_bytes out) const noexcept {
    return typed::encode_message(*this, out);
  }
  /// Writes encoded_size() octets, unchecked; the end of them.
  [[nodiscard]] std::byte* write_to(std::byte* out) const noexcept;
};

/// Reads ping_answer; valid while the message's octets live.
class ping_answer_view {
 public:
  /// in:     a message that check_message accepted
  /// errors: command_unsupported, avp_position, avp_too_many, value_length at the AVP;
  ///         missing_avp at the end
  [[nodiscard]] static diameter::decoded<ping_answer_view>
  decode(const diameter::message_view& message) noexcept;
  [[nodiscard]] const diameter::message_view& message() const noexcept { return message_; }

  [[nodiscard]] std::string_view session_id() const noexcept { return session_id_.value(); }
  [[nodiscard]] std::uint32_t ping_result() const noexcept { return ping_result_.value(); }
  [[nodiscard]] std::optional<typed::group_ref<ping::ping_hop_view>> ping_hop() const noexcept {
    return ping_hop_.optional();
  }

 private:
  diameter::message_view message_;
  typed::one<std::string_view> session_id_;
  typed::one<std::uint32_t> ping_result_;
  typed::one<typed::group_ref<ping::ping_hop_view>> ping_hop_;
};

}  // namespace diamgw::messages::ping
