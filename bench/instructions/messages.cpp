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
#include "diamgw/buffer/pool.hpp"
#include "diamgw/codec/frame_reader.hpp"
#include "diamgw/codec/validation.hpp"
#include "diamgw/dictionary/dictionary.hpp"
#include "diamgw/jsonrpc/encoder.hpp"
#include "diamgw/jsonrpc/reader.hpp"
#include "instructions/readme_messages.hpp"

namespace diamgw::bench {
namespace {

void json_to_avps(std::size_t times) {
  const std::string text = make_ccr_text("1");
  buffer_pool pool;
  jsonrpc::reader reader{dictionary::embedded(), pool};
  for (std::size_t i = 0; i < times; ++i) {
    reader.begin(text);
    const jsonrpc::reader_event event = reader.next();
    if (!std::holds_alternative<jsonrpc::request_call>(event) ||
        !std::holds_alternative<jsonrpc::done>(reader.next())) {
      fail("the text is no request alone");
    }
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
