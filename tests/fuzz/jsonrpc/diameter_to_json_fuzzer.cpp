// Any message: both forms are JSON that decodes, and the list form loses nothing.
#include <cstdint>
#include <cstdlib>

#include "diamgw/codec/check.hpp"
#include "diamgw/jsonrpc/encoder.hpp"
#include "support/jsonrpc_recorder.hpp"

namespace {

using namespace diamgw;
using jsonrpc::testing::names;
using jsonrpc::testing::recorder;

void require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

[[nodiscard]] std::vector<std::byte> decode(std::string_view text) {
  static jsonrpc::reader reader{names(), jsonrpc::testing::pool(), [] {
                                  jsonrpc::reader_options o;
                                  o.max_text_octets = std::size_t{1} << 24U;
                                  return o;
                                }()};
  recorder out;
  out.read(reader, text);
  require(out.told.size() == 1 &&
          (out.told[0].starts_with("result 1 ") || out.told[0].starts_with("request 1 ")));
  return out.octets;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 32768) {
    return 0;
  }
  const std::vector<std::byte> copy(reinterpret_cast<const std::byte*>(data),
                                    reinterpret_cast<const std::byte*>(data) + size);
  const auto message = diameter::check_message(copy);
  if (!message) {
    return 0;
  }
  std::vector<std::byte> room(size * 16 + 1024);
  const std::string list{jsonrpc::encode_result("1", *message, jsonrpc::form::list, names(), room)};
  const auto octets = decode(list);
  require(octets.size() == message->avps().octets().size());  // padding may differ, nothing else
  std::vector<std::byte> whole(diameter::header_octets + octets.size());
  std::copy(copy.begin(), copy.begin() + diameter::header_octets, whole.begin());
  std::copy(octets.begin(), octets.end(), whole.begin() + diameter::header_octets);
  require(jsonrpc::encode_result("1", diameter::message_view{whole}, jsonrpc::form::list, names(),
                                 room) == list);

  static_cast<void>(
      decode(jsonrpc::encode_result("1", *message, jsonrpc::form::object, names(), room)));
  const auto* const command = names().find_command(message->application(), message->command());
  if (message->is_request() && command != nullptr) {
    for (const jsonrpc::form how : {jsonrpc::form::object, jsonrpc::form::list}) {
      static_cast<void>(
          decode(jsonrpc::encode_request("1", *message, *command, how, names(), room)));
    }
  }
  return 0;
}
