// What a JSON-RPC reader finds in a text, as lines that compare well.
#pragma once
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "diamgw/base/hex.hpp"
#include "diamgw/diameter/complete_message.hpp"
#include "diamgw/dictionary/builder.hpp"
#include "diamgw/jsonrpc/reader.hpp"

namespace diamgw::jsonrpc::testing {

/// One AVP type each, with and without a vendor, and a command that two applications have.
inline constexpr std::string_view types_text = R"(
@id 4242
@name types
@prefix types
@vendor 9999 Test
@inherits rfc6733
@define Application-Id
  'Types' 4242
@define Command-Code
  Type-Test 8388000
@avp_types
  T-Octets     1 OctetString    V
  T-Int32      2 Integer32      V
  T-Int64      3 Integer64      V
  T-Uint32     4 Unsigned32     VM
  T-Uint64     5 Unsigned64     V
  T-Float32    6 Float32        V
  T-Float64    7 Float64        V
  T-Address    8 Address        V
  T-Time       9 Time           V
  T-Text      10 UTF8String     V
  T-Identity  11 DiameterIdentity V
  T-Uri       12 DiameterURI    V
  T-Enum      13 Enumerated     V
  T-Filter    14 IPFilterRule   V
  T-Group     15 Grouped        V
@messages
  TTR ::= < Diameter Header: 8388000, REQ, PXY >
          < Session-Id >
          { Origin-Host }
          { Origin-Realm }
          * [ T-Group ]
          * [ AVP ]
  TTA ::= < Diameter Header: 8388000, PXY >
          < Session-Id >
          { Origin-Host }
          { Origin-Realm }
          * [ AVP ]
@grouped
  T-Group ::= < AVP Header: 15 9999 >
          * [ T-Group ]
          * [ AVP ]
@enum T-Enum
  ZERO 0
  MINUS_ONE -1
)";

inline constexpr std::string_view other_types_text = R"(
@id 4343
@name other
@prefix other
@vendor 0 IETF
@inherits rfc6733
@define Application-Id
  'Other' 4343
@define Command-Code
  Type-Test 8388000
@messages
  TTR ::= < Diameter Header: 8388000, REQ >
          < Session-Id >
          * [ AVP ]
  TTA ::= < Diameter Header: 8388000 >
          < Session-Id >
          * [ AVP ]
)";

/// The embedded dictionaries and the two above.
inline const dictionary::dictionary& names() {
  static const dictionary::dictionary merged = [] {
    dictionary::dictionary::builder builder;
    for (const auto& file : dictionary::embedded_files()) {
      builder.add(*dictionary::parse(file.text, file.path));
    }
    builder.add(*dictionary::parse(types_text, "types.dia"));
    builder.add(*dictionary::parse(other_types_text, "other.dia"));
    auto built = builder.build();
    if (!built) {
      throw std::runtime_error{to_string(built.error().front())};
    }
    return std::move(*built);
  }();
  return merged;
}

/// For every reader of the tests.
inline buffer_pool& pool() {
  static buffer_pool shared;
  return shared;
}

class recorder {
 public:
  recorder() = default;
  recorder(const recorder&) = default;
  recorder(recorder&&) = default;
  recorder& operator=(const recorder&) = default;
  recorder& operator=(recorder&&) = default;
  virtual ~recorder() = default;

  std::vector<std::string> told;
  std::vector<std::byte> octets;   // AVPs of the last request or result
  std::vector<std::byte> message;  // the same, completed without additions
  call_options options;
  diameter::routing_avps avps;

  /// Reads one text to its end.
  void read(reader& from, std::string_view text) {
    from.begin(text);
    for (bool is_done = false; !is_done;) {
      reader_event event = from.next();
      is_done = std::holds_alternative<done>(event);
      std::visit([this](auto& e) { on_event(e); }, event);
    }
  }

  virtual void on_event(request_call& call) {
    keep(call.message);
    options = call.options;
    told.push_back("request " + id_of(call.id) + " " + std::string{call.method} + " " +
                   call.command->name + "/" + std::to_string(call.application.value) + " " +
                   to_hex(octets));
    const bytes_view whole = diameter::complete_request(
        call.message, *call.command,
        {.application = call.application,
         .sent = call.options.retransmitted ? diameter::transmission::repeated
                                            : diameter::transmission::first});
    message.assign(whole.begin(), whole.end());
  }
  void on_event(batch_begin batch) { told.push_back("batch " + std::to_string(batch.calls)); }
  void on_event(batch_end) { told.emplace_back("batch end"); }
  void on_event(done) {}
  void on_event(const gateway_call& call) {
    told.push_back("gateway " + id_of(call.id) + " " + std::string{call.method} + " " +
                   std::string{call.params});
  }
  virtual void on_event(client_response& response) {
    if (response.result) {
      keep(*response.result);
      told.push_back("result " + id_of(response.id) + " " + to_hex(octets));
      return;
    }
    told.push_back("error " + id_of(response.id) + " " + std::to_string(response.error_code) + " " +
                   std::to_string(response.error_result_code) + " " +
                   std::string{response.error_message});
  }
  void on_event(const refused_call& call) {
    constexpr std::string_view kinds[] = {"call", "notification", "response"};
    told.push_back("refused " + std::string{kinds[static_cast<std::size_t>(call.kind)]} + " " +
                   id_of(call.id) + " " + std::to_string(static_cast<int>(call.reason.number)) +
                   " " + std::to_string(call.reason.result_code) + " " +
                   std::string{call.reason.detail});
  }

 private:
  static std::string id_of(std::string_view id) { return id.empty() ? "-" : std::string{id}; }
  void keep(const encoded_avps& body) {
    const bytes_view view = body.octets();
    octets.assign(view.begin(), view.end());
    avps = diameter::find_routing_avps(octets);
  }
};

/// What a text amounts to. It comes twice: the second time, its keys are foreseen.
inline recorder decoded(std::string_view text, const reader_options& options = {}) {
  const std::vector<char> copy(text.begin(), text.end());  // so that reads past its end are seen
  reader r{names(), pool(), options};
  recorder first;
  recorder second;
  first.read(r, {copy.data(), copy.size()});
  second.read(r, {copy.data(), copy.size()});
  if (first.told != second.told) {
    throw std::logic_error{"the text is read in another way when it comes again: " +
                           std::string{text}};
  }
  return second;
}

/// The same as lines joined by '\n'.
inline std::string told(std::string_view text, const reader_options& options = {}) {
  const recorder r = decoded(text, options);
  std::string lines;
  for (const std::string& line : r.told) {
    lines += (lines.empty() ? "" : "\n") + line;
  }
  return lines;
}

/// The AVPs of params, as hexadecimal digits, or the refusal.
inline std::string avps_of(std::string_view params) {
  const std::string text =
      R"({"jsonrpc":"2.0","id":1,"method":"CCR","params":)" + std::string{params} + "}";
  const recorder r = decoded(text);
  return r.told.size() == 1 && r.told[0].starts_with("request") ? to_hex(r.octets) : r.told.at(0);
}

}  // namespace diamgw::jsonrpc::testing
