#include "diamgw/buffer/allocation_statistics.hpp"

#include <gtest/gtest.h>

#include <array>

#include "diamgw/jsonrpc/encoder.hpp"
#include "support/jsonrpc_recorder.hpp"

namespace diamgw::jsonrpc::testing {
namespace {

constexpr std::string_view ccr =
    R"({"jsonrpc":"2.0","id":4711,"method":"CCR","params":{)"
    R"("Session-Id":"client.example;1876543210;523;a1b2","Destination-Realm":"ocs.example",)"
    R"("Service-Context-Id":"32251@3gpp.org","CC-Request-Type":"UPDATE_REQUEST",)"
    R"("CC-Request-Number":3,"User-Name":"b\u00e9n","Event-Timestamp":"2026-02-07T06:28:16Z",)"
    R"("Subscription-Id":[{"Subscription-Id-Type":"END_USER_E164","Subscription-Id-Data":"4930123456"},)"
    R"({"Subscription-Id-Type":"END_USER_IMSI","Subscription-Id-Data":"262011234567890"}],)"
    R"("Multiple-Services-Credit-Control":[{"Rating-Group":10,)"
    R"("Requested-Service-Unit":{"CC-Total-Octets":"5000000"},)"
    R"("Used-Service-Unit":[{"CC-Total-Octets":"4200000","CC-Time":1800}]}]}})";

/// The requests of a text, whole; the last one is kept.
struct completed_requests {
  void read(reader& from, std::string_view text) {
    from.begin(text);
    for (bool is_done = false; !is_done;) {
      reader_event event = from.next();
      is_done = std::holds_alternative<done>(event);
      if (auto* const call = std::get_if<request_call>(&event)) {
        message = diameter::complete_request(call->message, *call->command,
                                             {.session_id = "gw;1;2",
                                              .origin_host = "gw.example",
                                              .application = call->application});
        buffer = std::move(call->buffer);
        ++requests;
      }
    }
  }

  buffer_ref buffer;
  bytes_view message;
  int requests = 0;
};

TEST(SteadyState, DecodesAndEncodesWithoutAllocating) {
  ASSERT_TRUE(allocation_counting_works());
  reader calls{names(), pool()};
  completed_requests out;
  std::array<std::byte, 8192> room;
  const std::string batch = "[" + std::string{ccr} + "," + std::string{ccr} + "]";
  const auto round = [&] {
    out.read(calls, ccr);
    out.read(calls, batch);
    const diameter::message_view m{out.message};
    for (const form how : {form::object, form::list}) {
      ASSERT_FALSE(encode_result("4711", m, how, names(), room).empty());
    }
    ASSERT_FALSE(encode_error("4711", {.number = error_number::timed_out}, room).empty());
  };
  round();
  round();

  const allocation_counts before = thread_allocations();
  for (int i = 0; i < 100; ++i) {
    round();
  }
  const allocation_counts after = thread_allocations() - before;

  EXPECT_EQ(out.requests, 102 * 3);
  EXPECT_EQ(after.calls, 0U);
}

}  // namespace
}  // namespace diamgw::jsonrpc::testing
