// RFC 6733 §5.4, §5.5.
#include "diamgw/diameter/base_messages.hpp"

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <vector>

#include "diamgw/codec/check.hpp"
#include "support/message_builder.hpp"
#include "support/peer_script.hpp"

namespace diamgw::diameter {
namespace {

constexpr message_ids ids{{0x01020304}, {0x05060708}};

std::vector<avp_code> codes(const message_view& message) {
  std::vector<avp_code> found;
  for (const avp_view avp : message.avps()) {
    found.push_back(avp.code);
    EXPECT_TRUE(avp.mandatory());  // §4.5: M must be set in all of these
  }
  return found;
}

class BaseMessages : public testing::Test {
 protected:
  message_view checked(bytes_view encoded) {
    const auto view = check_message(encoded);
    EXPECT_TRUE(view);
    EXPECT_EQ(view->application(), base_application);
    EXPECT_EQ(ids_of(*view), ids);
    EXPECT_FALSE(view->is_proxiable());
    return *view;
  }

  local_node node = test::make_node("gw.example");
  std::array<std::byte, 512> octets{};
  writer out{octets};
};

TEST_F(BaseMessages, EncodesDwr) {
  const message_view m = checked(encode_dwr(out, node, ids));

  EXPECT_EQ(m.command(), commands::device_watchdog);
  EXPECT_TRUE(m.is_request());
  EXPECT_EQ(codes(m), (std::vector{avps::origin_host, avps::origin_realm, avps::origin_state_id}));
}

TEST_F(BaseMessages, EncodesDwa) {
  const message_view m = checked(encode_dwa(out, node, test::answer_to(ids), result_code::success));

  EXPECT_EQ(m.command(), commands::device_watchdog);
  EXPECT_FALSE(m.is_request());
  EXPECT_EQ(find_unsigned32(m, avps::result_code), 2001U);
  EXPECT_EQ(codes(m), (std::vector{avps::result_code, avps::origin_host, avps::origin_realm,
                                   avps::origin_state_id}));
}

TEST_F(BaseMessages, LeavesOutAnUnknownOriginState) {
  node.origin_state_id.reset();

  const message_view m = checked(encode_dwr(out, node, ids));

  EXPECT_EQ(codes(m), (std::vector{avps::origin_host, avps::origin_realm}));
}

TEST_F(BaseMessages, EncodesDpr) {
  const message_view m = checked(encode_dpr(out, node, ids, disconnect_cause::busy));

  EXPECT_EQ(m.command(), commands::disconnect_peer);
  EXPECT_TRUE(m.is_request());
  EXPECT_EQ(cause_of(m), disconnect_cause::busy);
  EXPECT_EQ(codes(m), (std::vector{avps::origin_host, avps::origin_realm, avps::disconnect_cause}));
}

TEST_F(BaseMessages, EncodesDpa) {
  const message_view m = checked(encode_dpa(out, node, test::answer_to(ids), result_code::success));

  EXPECT_EQ(m.command(), commands::disconnect_peer);
  EXPECT_FALSE(m.is_request());
  EXPECT_EQ(codes(m), (std::vector{avps::result_code, avps::origin_host, avps::origin_realm}));
}

// §6.2: the P bit, Session-Id, and "Any Proxy-Info AVPs in the request [...] in the same order".
TEST_F(BaseMessages, AnswersKeepWhatTheirRequestsHave) {
  const auto bits = static_cast<std::uint8_t>(command_flags::request | command_flags::proxiable);
  const auto proxy = [](std::string_view host) {
    return test::avp_builder{}.avp(avps::proxy_host, host).avp(avps::proxy_state, "s");
  };
  const struct {
    const char* name;
    command_code command;
    std::function<bytes_view(writer&, const kept_in_answer&)> encode;
  } rows[] = {
      {"DWA", commands::device_watchdog,
       [&](writer& w, const kept_in_answer& kept) {
         return encode_dwa(w, node, kept, result_code::success);
       }},
      {"DPA", commands::disconnect_peer,
       [&](writer& w, const kept_in_answer& kept) {
         return encode_dpa(w, node, kept, result_code::success);
       }},
      {"CEA", commands::capabilities_exchange,
       [&](writer& w, const kept_in_answer& kept) { return encode_cea(w, node, {}, kept); }},
      {"CEA that refuses", commands::capabilities_exchange,
       [&](writer& w, const kept_in_answer& kept) {
         return encode_cea(w, node, {}, kept, unknown_peer());
       }},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const test::octets request = test::message_builder{row.command, base_application, bits}
                                     .avp(avps::origin_host, "a.example")
                                     .group(avps::proxy_info, proxy("one"))
                                     .avp(avps::session_id, "a.example;1;2")
                                     .group(avps::proxy_info, proxy("two"))
                                     .build();
    const kept_in_answer kept = keep_for_answer(message_view{request});
    std::array<std::byte, 512> room{};
    writer w{room};

    const auto answer = check_message(row.encode(w, kept));

    ASSERT_TRUE(answer);
    EXPECT_EQ(ids_of(*answer), (message_ids{{0x11223344}, {0x55667788}}));
    EXPECT_TRUE(answer->is_proxiable());
    EXPECT_FALSE(answer->is_request());
    const avp_view first = *answer->avps().begin();
    EXPECT_EQ(first.code, avps::session_id);
    EXPECT_EQ(as_text(first.data), "a.example;1;2");
    std::vector<test::octets> proxies;
    for (const avp_view avp : answer->avps()) {
      if (avp.code == avps::proxy_info) {
        proxies.emplace_back(avp.data.begin(), avp.data.end());
      }
    }
    EXPECT_EQ(proxies, (std::vector{proxy("one").list(), proxy("two").list()}));

    for (std::size_t n = 0; n < w.size(); ++n) {
      writer small{mutable_bytes{room}.first(n)};
      EXPECT_TRUE(row.encode(small, kept).empty()) << n;
    }
  }
}

// §7.1.3: protocol errors carry the E bit.
TEST_F(BaseMessages, SetsTheErrorBitForProtocolErrorsOnly) {
  EXPECT_TRUE(
      checked(encode_dwa(out, node, test::answer_to(ids), result_code::too_busy)).is_error());
  writer again{octets};
  EXPECT_FALSE(checked(encode_dwa(again, node, test::answer_to(ids), result_code::unable_to_comply))
                   .is_error());
}

TEST_F(BaseMessages, GivesNothingWhereTheMessageDoesNotFit) {
  const std::size_t size = encode_dpr(out, node, ids, disconnect_cause::busy).size();

  for (std::size_t room = 0; room < size; ++room) {
    writer small{mutable_bytes{octets}.first(room)};
    EXPECT_TRUE(encode_dpr(small, node, ids, disconnect_cause::busy).empty()) << room;
  }
}

TEST_F(BaseMessages, ReadsTheCauseOfADpr) {
  const struct {
    std::vector<std::uint8_t> data;
    disconnect_cause cause;
  } rows[] = {
      {{0, 0, 0, 0}, disconnect_cause::rebooting},
      {{0, 0, 0, 1}, disconnect_cause::busy},
      {{0, 0, 0, 2}, disconnect_cause::do_not_want_to_talk_to_you},
      {{0, 0, 0, 9}, disconnect_cause::do_not_want_to_talk_to_you},
      {{0, 1}, disconnect_cause::rebooting},
      {{}, disconnect_cause::rebooting},
  };
  for (const auto& row : rows) {
    writer w{octets};
    w.begin_message({command_flags::request, commands::disconnect_peer, base_application, {}, {}});
    w.octets(avps::disconnect_cause, ietf_vendor, avp_flags::mandatory,
             std::as_bytes(std::span{row.data}));

    EXPECT_EQ(cause_of(message_view{w.finish()}), row.cause);
  }
}

TEST_F(BaseMessages, DoesNotMistakeAVendorsAvpForItsOwn) {
  out.begin_message({0, commands::device_watchdog, base_application, {}, {}});
  out.unsigned32(avps::result_code, vendor_id{10415}, avp_flags::mandatory, 5012);

  EXPECT_FALSE(find_unsigned32(message_view{out.finish()}, avps::result_code));
}

}  // namespace
}  // namespace diamgw::diameter
