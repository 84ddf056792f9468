// The log: events of connections and of the process, and refusals; never messages. A line is a
// sentence for people, and what is in it once more as fields for programs.
#pragma once
#include <fmt/core.h>

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "diamgw/base/enumerator_names.hpp"
#include "diamgw/config/options.hpp"

namespace diamgw::gateway {

/// The names of fields, by their enumerators: one vocabulary for all lines.
enum class log_key : std::uint8_t {
  peer,              // its Origin-Host, as configured or as it came
  receiver,          // the Origin-Host of the peer that a refused request was given to
  client,            // address and port of a WebSocket client
  listener,          // whose connections it takes: diameter, websocket, admin
  address,           // of the other side; of a listener, where it listens
  remote,            // who came to a listener
  path,              // one of a connection's several paths
  state,             // of a peer
  reason,            // why something ended or was refused, in the words of the metrics
  result_code,       // that a peer gave, or was given
  disconnect_cause,  // of a DPR
  error,             // the system's or an exception's sentence
  origin_host,       // that came
  host,              // the Destination-Host of a refused request
  realm,
  expected_realm,  // of a peer, as configured
  applications,    // that a peer offers
  application,
  command,
  session,  // a Session-Id: written only where `log.session_ids` is set
  source,   // a file of the configuration, or a variable
  line,     // in the source
  pointer,  // JSON pointer of an option
  place,    // in a client's call: the names that the dictionary has, `?` for others
  requests,
  clients,
  lines,  // that were left out
  octets,
  allowed,  // descriptors, by the system
  needed,   // descriptors
  code,     // of a WebSocket's close frame
  status,   // of HTTP
  version,
  count,
};

[[nodiscard]] constexpr std::string_view to_string(log_key key) noexcept {
  return enumerator_names<log_key>[static_cast<std::size_t>(key)];
}

struct log_field {
  log_field(log_key k, std::string_view text) : key{k}, value{std::string{text}} {}
  template <std::unsigned_integral Number>
  log_field(log_key k, Number number) : key{k}, value{std::uint64_t{number}} {}

  log_key key;
  std::variant<std::string, std::uint64_t> value;

  bool operator==(const log_field&) const = default;
};

/// Fields as an argument: written out in the call, or made before. A view.
class log_fields {
 public:
  log_fields() = default;
  log_fields(std::initializer_list<log_field> written) : all_{written.begin(), written.size()} {}
  log_fields(const std::vector<log_field>& made) : all_{made} {}

  [[nodiscard]] std::span<const log_field> all() const noexcept { return all_; }

 private:
  std::span<const log_field> all_;
};

/// See the top of the file. Any thread. Logging neither waits nor fails: a line that cannot be
/// written is counted.
///
/// What identifies a subscriber (the values of Subscription-Id-Data, User-Name and the like) is
/// given to no line, neither in its sentence nor in a field; a Session-Id only as the field
/// `session`, which is left out unless an operator wants it.
class event_log {
 public:
  explicit event_log(const config::log_options& o) noexcept
      : least_{o.level}, session_ids_{o.session_ids} {}
  event_log(const event_log&) = delete;
  event_log& operator=(const event_log&) = delete;
  virtual ~event_log() = default;

  template <class... Args>
  void debug(log_fields fields, fmt::format_string<Args...> text, Args&&... args) noexcept {
    say(config::log_level::debug, fields, text, fmt::make_format_args(args...));
  }
  template <class... Args>
  void info(log_fields fields, fmt::format_string<Args...> text, Args&&... args) noexcept {
    say(config::log_level::info, fields, text, fmt::make_format_args(args...));
  }
  template <class... Args>
  void warn(log_fields fields, fmt::format_string<Args...> text, Args&&... args) noexcept {
    say(config::log_level::warning, fields, text, fmt::make_format_args(args...));
  }
  template <class... Args>
  void error(log_fields fields, fmt::format_string<Args...> text, Args&&... args) noexcept {
    say(config::log_level::error, fields, text, fmt::make_format_args(args...));
  }

  // Lines that have nothing but their sentence.
  template <class... Args>
  void debug(fmt::format_string<Args...> text, Args&&... args) noexcept {
    say(config::log_level::debug, {}, text, fmt::make_format_args(args...));
  }
  template <class... Args>
  void info(fmt::format_string<Args...> text, Args&&... args) noexcept {
    say(config::log_level::info, {}, text, fmt::make_format_args(args...));
  }
  template <class... Args>
  void warn(fmt::format_string<Args...> text, Args&&... args) noexcept {
    say(config::log_level::warning, {}, text, fmt::make_format_args(args...));
  }
  template <class... Args>
  void error(fmt::format_string<Args...> text, Args&&... args) noexcept {
    say(config::log_level::error, {}, text, fmt::make_format_args(args...));
  }

  /// Lines that were not written since the start, there being no room for them. Any thread.
  [[nodiscard]] virtual std::uint64_t dropped() const noexcept { return 0; }

 protected:
  /// Takes one line, which must not wait for anything outside the process.
  virtual void write(config::log_level level, std::string_view sentence,
                     std::span<const log_field> fields) = 0;

 private:
  void say(config::log_level level, log_fields fields, fmt::string_view text,
           fmt::format_args args) noexcept;

  config::log_level least_;
  bool session_ids_;
};

}  // namespace diamgw::gateway
