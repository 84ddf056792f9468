// What a client's text asks for, AVPs already encoded.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "diamgw/base/strong_id.hpp"
#include "diamgw/buffer/pool.hpp"
#include "diamgw/diameter/complete_message.hpp"
#include "diamgw/dictionary/types.hpp"
#include "diamgw/jsonrpc/errors.hpp"

namespace diamgw::jsonrpc {

/// How AVPs stand in JSON: {name: value} for people, [{code, vendor, flags, name, value}] for
/// what must come back bit for bit.
enum class form : std::uint8_t { object, list };

using diameter::encoded_avps;

/// What a client adds to `params` under keys that begin with '$'; no AVP's name does.
struct call_options {
  std::optional<std::chrono::milliseconds> timeout;  // "$timeout": 1500, "1500ms" or "2s"
  std::optional<form> answer_form;                   // "$form": "object" or "list"
  bool retransmitted = false;                        // "$retransmitted": true sets the T bit
  std::optional<application_id> application;         // "$application": 4 or its name
};

/// A Diameter request; a notification where `id` is empty. Its views live until the reader's next
/// event, its AVPs as long as `buffer`, which nobody else has.
struct request_call {
  // Without a constructor, or with a defaulted one, emplace() would set all octets to 0 first and
  // then the members: 70 instructions of a call.
  request_call() noexcept {}  // NOLINT(*-use-equals-default)

  std::string_view id;      // the JSON token as it stood in the text: echo it unchanged
  std::string_view method;  // as the client wrote it
  const dictionary::command_definition* command = nullptr;  // never null
  application_id application;  // for the header: of `$application`, the AVPs, or the command
  form params_form = form::object;
  call_options options;
  encoded_avps message;  // reader_options::tail_room octets are free for completion
  buffer_ref buffer;     // what `message` lies in
};

/// A call of `gateway.*` or `rpc.*`; a notification where `id` is empty.
struct gateway_call {
  std::string_view id;
  std::string_view method;
  std::string_view params;  // the JSON text of `params`; empty where absent or null
};

/// A client's response to a request that the gateway sent it. Views and AVPs live as those of a
/// request_call.
struct client_response {
  std::string_view id;
  /// Absent in an error response.
  std::optional<encoded_avps> result;
  buffer_ref buffer;            // what `result` lies in
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
