// What callgrind counts: one thing that the gateway does with each message, so many times. The
// difference of two runs is the cost of the thing alone.
//
//   message_instructions json-to-avps|avps-to-json|cut-16|validate TIMES
#include <array>
#include <cstdlib>
#include <string>
#include <string_view>
#include <variant>

#include "codec/measure.hpp"
#include "diamgw/codec/frame_reader.hpp"
#include "diamgw/codec/validation.hpp"
#include "diamgw/dictionary/dictionary.hpp"
#include "diamgw/jsonrpc/decoder.hpp"
#include "diamgw/jsonrpc/encoder.hpp"
#include "instructions/readme_messages.hpp"

namespace diamgw::bench {
namespace {

/// Takes requests, in one buffer.
class requests final : public jsonrpc::sink {
 public:
  mutable_bytes prepare(std::size_t octets) override {
    return octets <= buffer_.size() ? mutable_bytes{buffer_}.first(octets) : mutable_bytes{};
  }
  void on_request(const jsonrpc::request_call&) override { ++count; }
  void on_batch_begin(std::size_t) override { fail("a batch"); }
  void on_batch_end() override {}
  void on_gateway_call(const jsonrpc::gateway_call&) override { fail("a gateway call"); }
  void on_response(const jsonrpc::client_response&) override { fail("a response"); }
  void on_refused(const jsonrpc::refused_call& call) override {
    fail("refused: " + std::string{call.reason.detail});
  }

  std::size_t count = 0;

 private:
  std::array<std::byte, 8192> buffer_{};
};

void json_to_avps(std::size_t times) {
  const std::string text = make_ccr_text("1");
  jsonrpc::decoder decoder{dictionary::embedded()};
  requests out;
  for (std::size_t i = 0; i < times; ++i) {
    decoder.decode(text, out);
  }
  if (out.count != times) {
    fail("not each text was a request");
  }
}

void avps_to_json(std::size_t times) {
  const octets cca = make_cca();
  const diameter::message_view answer{cca};
  std::array<std::byte, message_room> room{};
  for (std::size_t i = 0; i < times; ++i) {
    touch(cca.data());
    if (jsonrpc::encode_result("1", answer, jsonrpc::form::object, dictionary::embedded(), room)
            .empty()) {
      fail("the text has no room");
    }
    touch(room.data());
  }
}

/// A burst of 16 CCAs that one read brought.
void cut(std::size_t times) {
  constexpr std::size_t burst = 16;
  const octets cca = make_cca();
  octets all;
  for (std::size_t i = 0; i < burst; ++i) {
    all.insert(all.end(), cca.begin(), cca.end());
  }
  buffer_pool pool;
  diameter::frame_reader reader{pool, {}};
  for (std::size_t i = 0; i < times; ++i) {
    const mutable_bytes room = reader.prepare();
    if (room.size() < all.size()) {
      fail("a burst does not fit into the room of one read");
    }
    std::memcpy(room.data(), all.data(), all.size());
    reader.commit(all.size());
    for (std::size_t n = 0; n < burst; ++n) {
      auto next = reader.next();
      if (!std::holds_alternative<diameter::message>(next)) {
        fail("the burst is not 16 messages");
      }
      touch(&next);
    }
    if (!std::holds_alternative<diameter::need_more>(reader.next())) {
      fail("the burst is more than 16 messages");
    }
  }
}

void validate(std::size_t times) {
  const octets rar = make_rar();
  const diameter::message_view request{rar};
  const dictionary::command_definition* command =
      dictionary::embedded().find_command(request.application(), request.command());
  if (command == nullptr) {
    fail("RAR is unknown");
  }
  diameter::validator validator{dictionary::embedded()};
  for (std::size_t i = 0; i < times; ++i) {
    touch(rar.data());
    if (validator.validate(request, *command)) {
      fail("the RAR is refused");
    }
  }
}

}  // namespace
}  // namespace diamgw::bench

int main(int argc, char** argv) {
  using namespace diamgw::bench;
  const std::string_view what{argc == 3 ? argv[1] : ""};
  const auto times = static_cast<std::size_t>(argc == 3 ? std::atol(argv[2]) : 0);
  if (what == "json-to-avps") {
    json_to_avps(times);
  } else if (what == "avps-to-json") {
    avps_to_json(times);
  } else if (what == "cut-16") {
    cut(times);
  } else if (what == "validate") {
    validate(times);
  } else {
    fail("message_instructions json-to-avps|avps-to-json|cut-16|validate TIMES");
  }
}
