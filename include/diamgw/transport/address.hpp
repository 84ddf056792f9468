// Where one listens or dials, and what an end of a connection is called.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "diamgw/base/bytes.hpp"
#include "diamgw/base/result.hpp"

namespace diamgw::transport {

/// What carries the octets. TLS and SCTP are to come, with their settings in `address`.
enum class protocol : std::uint8_t { tcp };
/// How an address over each of them begins, in their order.
inline constexpr auto protocol_schemes = std::to_array<std::string_view>({"tcp://"});

/// As the configuration has it: not resolved yet.
struct address {
  protocol over = protocol::tcp;
  std::string host{};      // numeric, v4 or v6 without brackets; or a name
  std::uint16_t port = 0;  // to listen: 0 lets the system choose

  friend bool operator==(const address&, const address&) = default;
};

/// "tcp://ocs.example:3868", "tcp://[2001:db8::1]:3868".
[[nodiscard]] std::string to_string(const address& a);
/// "ocs.example:3868", "[2001:db8::1]:3868".
[[nodiscard]] std::string host_and_port_of(const address& a);

/// One end of a connection, or where a listener is: numbers only.
class endpoint_address {
 public:
  enum class family : std::uint8_t { none, v4, v6 };

  endpoint_address() noexcept = default;
  [[nodiscard]] static endpoint_address v4(const std::array<std::uint8_t, 4>& host,
                                           std::uint16_t port) noexcept;
  /// One that is a v4 address mapped into v6 (RFC 4291 §2.5.5.2) becomes that v4 address.
  [[nodiscard]] static endpoint_address v6(const std::array<std::uint8_t, 16>& host,
                                           std::uint16_t port) noexcept;
  /// A numeric host; `none` where it is not.
  [[nodiscard]] static endpoint_address from_text(std::string_view host, std::uint16_t port);

  [[nodiscard]] family kind() const noexcept { return kind_; }
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  /// The same host with another port.
  [[nodiscard]] endpoint_address with_port(std::uint16_t port) const noexcept {
    endpoint_address e = *this;
    e.port_ = port;
    return e;
  }
  /// 4 or 16 octets in network order, or none.
  [[nodiscard]] bytes_view host() const noexcept;
  /// "192.0.2.1", "2001:db8::1".
  [[nodiscard]] std::string host_text() const;
  /// 127.0.0.0/8 (RFC 1122 §3.2.1.3) or ::1 (RFC 4291 §2.5.3): this host itself.
  [[nodiscard]] bool is_loopback() const noexcept;

  friend bool operator==(const endpoint_address&, const endpoint_address&) = default;

 private:
  std::array<std::byte, 16> octets_{};
  family kind_ = family::none;
  std::uint16_t port_ = 0;
};

/// "192.0.2.1:3868", "[2001:db8::1]:3868"; "?" where there is none.
[[nodiscard]] std::string to_string(const endpoint_address& e);

/// "host:port", "[v6]:port"; an error where it is neither, or where the host is neither an address
/// nor a name (is_host_name). `default_port` where there is no port, 0 demanding one. A port that
/// is written may be 0: to listen it is a free one, and who dials refuses it.
struct host_and_port {
  std::string host{};
  std::uint16_t port = 0;
};
[[nodiscard]] result<host_and_port> decode_host_and_port(std::string_view text,
                                                         std::uint16_t default_port = 0);

}  // namespace diamgw::transport
