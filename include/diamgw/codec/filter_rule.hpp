// IPFilterRule (RFC 6733 §4.3.1), e.g. "permit out 6 from 192.0.2.0/24 80 to assigned 1024-65535".
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "diamgw/base/result.hpp"
#include "diamgw/codec/errc.hpp"

namespace diamgw::diameter {

/// Ports of a rule, as ranges with both ends in them; a view into the rule's text.
class port_list {
 public:
  struct range {
    std::uint16_t first = 0;
    std::uint16_t last = 0;
  };

  port_list() noexcept = default;
  /// `text` is such a list; nothing where it is none: "80", "80,1024-65535".
  [[nodiscard]] static std::optional<port_list> parse(std::string_view text) noexcept;

  /// Nothing is said of ports.
  [[nodiscard]] bool empty() const noexcept { return text_.empty(); }
  [[nodiscard]] std::string_view text() const noexcept { return text_; }
  [[nodiscard]] bool contains(std::uint16_t port) const noexcept;

 private:
  explicit port_list(std::string_view text) noexcept : text_{text} {}
  std::string_view text_;
};

struct ip_filter_rule {
  enum class action_kind : std::uint8_t { permit, deny };
  enum class direction_kind : std::uint8_t { in, out };

  struct endpoint {
    enum class kind : std::uint8_t { any, assigned, ipv4, ipv6 };

    kind address = kind::any;
    bool inverted = false;               // "!": all other addresses
    std::array<std::byte, 16> octets{};  // of the address, the first 4 or all
    std::uint8_t bits = 0;               // width of the mask
    port_list ports;
  };

  /// Names of a list, as bits in the order of the specification's text; `absent` are those with
  /// "!".
  struct name_set {
    std::uint8_t present = 0;
    std::uint8_t absent = 0;

    friend bool operator==(name_set, name_set) = default;
  };

  action_kind action = action_kind::permit;
  direction_kind direction = direction_kind::in;
  std::optional<std::uint8_t> protocol;  // nothing: "ip", every one
  endpoint source;
  endpoint destination;

  bool fragment = false;                // frag
  bool established = false;             // RST or ACK
  bool setup = false;                   // SYN without ACK
  std::optional<name_set> ip_options;   // ssrr, lsrr, rr, ts
  std::optional<name_set> tcp_options;  // mss, window, sack, ts, cc
  std::optional<name_set> tcp_flags;    // fin, syn, rst, psh, ack, urg
  std::string_view icmp_types;          // "echo request,3-5"; into the text
};

/// The rule in `text`, of which the result holds views. Words stand between blanks.
/// deviates: ports are taken with "ip" too, as ipfw and most PCRFs have them; the text names TCP,
///           UDP and SCTP only.
/// errors: value_filter_rule; also where an address has bits beyond its mask, and for frag beside
///         ports or tcpflags.
[[nodiscard]] result<ip_filter_rule> parse_ip_filter_rule(std::string_view text) noexcept;

}  // namespace diamgw::diameter
