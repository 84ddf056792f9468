// What a client's text asks for, AVPs already encoded.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "diamgw/base/bytes.hpp"
#include "diamgw/base/strong_id.hpp"
#include "diamgw/dictionary/types.hpp"
#include "diamgw/jsonrpc/errors.hpp"

namespace diamgw::jsonrpc {

/// How AVPs stand in JSON: {name: value} for people, [{code, vendor, flags, name, value}] for
/// what must come back bit for bit.
enum class form : std::uint8_t { object, list };

/// The AVPs on the top level that decide what happens to a message. Views into its octets.
struct top_level_avps {
  std::optional<std::string_view> session_id;
  std::optional<std::string_view> origin_host;
  std::optional<std::string_view> origin_realm;
  std::optional<std::string_view> destination_host;
  std::optional<std::string_view> destination_realm;
  std::optional<std::string_view> user_name;
  std::optional<std::uint32_t> auth_application;
  std::optional<std::uint32_t> acct_application;
  std::optional<std::uint32_t> vendor_specific_application;  // the Auth- or Acct- id inside it
  std::optional<std::uint32_t> result_code;
  std::optional<std::uint32_t> experimental_result_code;
  bool has_proxy_info = false;

  /// The application that the AVPs name: Auth-, Acct-, then Vendor-Specific-Application-Id.
  [[nodiscard]] std::optional<std::uint32_t> application() const noexcept;
};

/// One walk over AVPs that passed diameter::check_avps.
[[nodiscard]] top_level_avps find_top_level(bytes_view avps) noexcept;
/// The same into an empty one, where a copy would cost as much as the walk.
void find_top_level(bytes_view avps, top_level_avps& found) noexcept;

/// AVPs in the buffer that `sink::prepare` gave: 20 octets left for the message header, then
/// `size` - 20 octets of AVPs, then at least decoder_options::tail_room free octets.
struct encoded_avps {
  mutable_bytes buffer;
  std::size_t size = 0;
  top_level_avps avps;

  [[nodiscard]] bytes_view octets() const noexcept { return buffer.subspan(20, size - 20); }
};

/// What a client adds to `params` under keys that begin with '$'; no AVP's name does.
struct call_options {
  std::optional<std::chrono::milliseconds> timeout;  // "$timeout": 1500, "1500ms" or "2s"
  std::optional<form> answer_form;                   // "$form": "object" or "list"
  bool retransmitted = false;                        // "$retransmitted": true sets the T bit
  std::optional<application_id> application;         // "$application": 4 or its name
};

/// A Diameter request; a notification where `id` is empty. Valid during the sink's call.
struct request_call {
  std::string_view id;      // the JSON token as it stood in the text: echo it unchanged
  std::string_view method;  // as the client wrote it
  const dictionary::command_definition* command = nullptr;  // never null
  application_id application;  // for the header: of `$application`, the AVPs, or the command
  form params_form = form::object;
  call_options options;
  encoded_avps message;
};

/// A call of `gateway.*` or `rpc.*`; a notification where `id` is empty.
struct gateway_call {
  std::string_view id;
  std::string_view method;
  std::string_view params;  // the JSON text of `params`; empty where absent
};

/// A client's response to a request that the gateway sent it.
struct client_response {
  std::string_view id;
  /// Absent in an error response.
  std::optional<encoded_avps> result;
  std::int64_t error_code = 0;  // `error.code`
  std::string_view error_message;
  std::uint32_t error_result_code = 0;  // `error.data.result_code`; 0: none
};

/// What a refused element was.
enum class refused_kind : std::uint8_t {
  call,          // to be answered with an error under its id
  notification,  // nothing is answered (JSON-RPC 2.0 §4.1)
  response,      // nothing is answered; the gateway's request of this id ends with malformed_answer
};

/// A call or response that cannot be served. `id` is its token: "null" for a call whose id could
/// not be read, empty for a notification.
struct refused_call {
  std::string_view id;
  refused_kind kind = refused_kind::call;
  failure reason;
};

}  // namespace diamgw::jsonrpc
