// Any text: whatever decodes must come back from the list form to the same octets, and from the
// object form to the same text.
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

[[nodiscard]] jsonrpc::reader_options roomy() {
  jsonrpc::reader_options o;
  o.max_text_octets = std::size_t{1} << 24U;
  return o;
}

/// The AVPs as JSON and read again.
[[nodiscard]] std::vector<std::byte> round_trip(bytes_view avps, jsonrpc::form how,
                                                std::string& text) {
  static jsonrpc::reader reader{names(), jsonrpc::testing::pool(), roomy()};
  std::vector<std::byte> room(avps.size() * 16 + 1024);
  text = jsonrpc::encode_avps(diameter::avp_range{avps}, how, names(), room);
  require(!text.empty());
  recorder back;
  const std::string response = R"({"jsonrpc":"2.0","id":1,"result":)" + text + "}";
  back.read(reader, response);
  require(back.told.size() == 1 && back.told[0].starts_with("result"));
  return back.octets;
}

class checking : public recorder {
 public:
  using recorder::on_event;
  void on_event(jsonrpc::request_call& call) override {
    recorder::on_event(call);
    require(diameter::check_message(message).has_value());
    check();
  }
  void on_event(jsonrpc::client_response& response) override {
    recorder::on_event(response);
    if (response.result) {
      check();
    }
  }

 private:
  void check() {
    std::string text;
    require(round_trip(octets, jsonrpc::form::list, text) == octets);
    const auto by_name = round_trip(octets, jsonrpc::form::object, text);
    std::string again;
    static_cast<void>(round_trip(by_name, jsonrpc::form::object, again));
    require(text == again);
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static jsonrpc::reader reader{names(), jsonrpc::testing::pool()};
  const std::vector<char> copy(data, data + size);  // so that reads past its end are seen
  checking out;
  out.read(reader, {copy.data(), copy.size()});
  require(!out.told.empty());
  return 0;
}
