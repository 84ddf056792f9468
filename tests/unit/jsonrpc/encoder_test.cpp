#include "diamgw/jsonrpc/encoder.hpp"

#include <gtest/gtest.h>

#include <array>
#include <nlohmann/json.hpp>
#include <set>

#include "diamgw/codec/check.hpp"
#include "diamgw/codec/codes.hpp"
#include "diamgw/codec/writer.hpp"
#include "support/jsonrpc_recorder.hpp"

namespace diamgw::jsonrpc::testing {
namespace {

namespace avps = diameter::avps;
using diameter::avp_flags::mandatory;

struct built {
  std::vector<std::byte> octets;
  [[nodiscard]] diameter::message_view view() const { return diameter::message_view{octets}; }
};

template <class Fill>
built build(std::uint8_t flags, command_code code, Fill fill) {
  built m;
  m.octets.resize(65536);
  diameter::writer w{m.octets};
  w.begin_message({flags, code, application_id{4}, hop_by_hop_id{1}, end_to_end_id{2}});
  fill(w);
  m.octets.resize(w.finish().size());
  return m;
}

built cca() {
  return build(0x40, diameter::commands::credit_control, [](diameter::writer& w) {
    w.text(avps::session_id, ietf_vendor, mandatory, "s;1");
    w.unsigned32(avps::result_code, ietf_vendor, mandatory, 2001);
    const auto group = w.begin_group(avp_code{456}, ietf_vendor, mandatory);
    w.unsigned32(avp_code{432}, ietf_vendor, mandatory, 7);
    w.unsigned64(avp_code{421}, ietf_vendor, mandatory, 1000000);
    w.end_group(group);
    w.unsigned32(avp_code{70000}, vendor_id{9}, 0, 1);
    w.text(avps::error_message, ietf_vendor, 0, "a");
    w.text(avps::error_message, ietf_vendor, 0, "b");
  });
}

TEST(EncodeResult, WritesTheObjectForm) {
  std::array<std::byte, 2048> room;
  EXPECT_EQ(
      encode_result("\"x\"", cca().view(), form::object, names(), room),
      R"({"jsonrpc":"2.0","id":"x","result":{"Session-Id":"s;1","Result-Code":2001,)"
      R"("Multiple-Services-Credit-Control":[{"Rating-Group":7,"CC-Total-Octets":"1000000"}],)"
      R"("Error-Message":["a","b"],)"
      R"("AVP":[{"code":70000,"vendor":9,"flags":128,"value":"00000001"}]}})");
}

TEST(EncodeResult, WritesTheListForm) {
  std::array<std::byte, 2048> room;
  EXPECT_EQ(
      encode_result("1", cca().view(), form::list, names(), room),
      R"({"jsonrpc":"2.0","id":1,"result":[)"
      R"({"code":263,"vendor":0,"flags":64,"name":"Session-Id","value":"s;1"},)"
      R"({"code":268,"vendor":0,"flags":64,"name":"Result-Code","value":2001},)"
      R"({"code":456,"vendor":0,"flags":64,"name":"Multiple-Services-Credit-Control","value":[)"
      R"({"code":432,"vendor":0,"flags":64,"name":"Rating-Group","value":7},)"
      R"({"code":421,"vendor":0,"flags":64,"name":"CC-Total-Octets","value":"1000000"}]},)"
      R"({"code":70000,"vendor":9,"flags":128,"value":"00000001"},)"
      R"({"code":281,"vendor":0,"flags":0,"name":"Error-Message","value":"a"},)"
      R"({"code":281,"vendor":0,"flags":0,"name":"Error-Message","value":"b"}]})");
}

TEST(EncodeResult, IsEmptyWhereItDoesNotFit) {
  std::array<std::byte, 2048> room;
  for (const form how : {form::object, form::list}) {
    const std::size_t size = encode_result("1", cca().view(), how, names(), room).size();
    for (std::size_t n = 0; n < size; ++n) {
      EXPECT_TRUE(encode_result("1", cca().view(), how, names(), std::span{room}.first(n)).empty());
    }
    EXPECT_EQ(encode_result("1", cca().view(), how, names(), std::span{room}.first(size)).size(),
              size);
  }
}

/// A CCR with everything that the object form writes by itself: groups, empty ones and ones in
/// arrays, numbers, times, names and texts.
built credit_request() {
  return build(0xc0, diameter::commands::credit_control, [](diameter::writer& w) {
    w.text(avps::session_id, ietf_vendor, mandatory, "client.example;1;2");
    w.text(avps::origin_host, ietf_vendor, mandatory, "client.example");
    w.unsigned32(avp_code{416}, ietf_vendor, mandatory, 2);
    w.unsigned32(avp_code{55}, ietf_vendor, mandatory, 0xed31cd00);
    for (const std::string_view number : {"1", "12", "123456789", "0123456789abcdefgh"}) {
      const auto id = w.begin_group(avp_code{443}, ietf_vendor, mandatory);
      w.unsigned32(avp_code{450}, ietf_vendor, mandatory, 0);
      w.text(avp_code{444}, ietf_vendor, mandatory, number);
      w.end_group(id);
    }
    const auto service = w.begin_group(avp_code{456}, ietf_vendor, mandatory);
    w.unsigned32(avp_code{432}, ietf_vendor, mandatory, 10);
    w.end_group(w.begin_group(avp_code{437}, ietf_vendor, mandatory));
    const auto used = w.begin_group(avp_code{446}, ietf_vendor, mandatory);
    w.unsigned64(avp_code{421}, ietf_vendor, mandatory, 18446744073709551615U);
    w.end_group(used);
    w.end_group(service);
  });
}

TEST(EncodeRequest, WritesGroupsTimesAndNames) {
  const auto& command = *names().find_command(application_id{4}, command_code{272});
  std::array<std::byte, 2048> room;
  const built message = credit_request();

  const std::string text{encode_request("7", message.view(), command, form::object, names(), room)};

  EXPECT_EQ(text, R"({"jsonrpc":"2.0","id":7,"method":"CCR","params":{"$application":4,)"
                  R"("Session-Id":"client.example;1;2","Origin-Host":"client.example",)"
                  R"("CC-Request-Type":"UPDATE_REQUEST","Event-Timestamp":"2026-02-07T14:38:56Z",)"
                  R"("Subscription-Id":[)"
                  R"({"Subscription-Id-Type":"END_USER_E164","Subscription-Id-Data":"1"},)"
                  R"({"Subscription-Id-Type":"END_USER_E164","Subscription-Id-Data":"12"},)"
                  R"({"Subscription-Id-Type":"END_USER_E164","Subscription-Id-Data":"123456789"},)"
                  R"({"Subscription-Id-Type":"END_USER_E164",)"
                  R"("Subscription-Id-Data":"0123456789abcdefgh"}],)"
                  R"("Multiple-Services-Credit-Control":[{"Rating-Group":10,)"
                  R"("Requested-Service-Unit":{},)"
                  R"("Used-Service-Unit":[{"CC-Total-Octets":"18446744073709551615"}]}]}})");
  for (std::size_t n = 0; n <= text.size();
       ++n) {  // room of their own: no octet behind it is touched
    std::vector<std::byte> exact(n);
    const auto written = encode_request("7", message.view(), command, form::object, names(), exact);
    ASSERT_EQ(written, n == text.size() ? std::string_view{text} : std::string_view{}) << n;
  }
}

TEST(Groups, AreHexWhereTheirDataIsNoListOfAvps) {
  // CC-Total-Octets of 421 and 8 octets, then what is cut, too short or too long.
  const std::string good =
      "000001a540000010"
      "0000000000000005";
  for (const std::string& rest :
       {std::string{"00"}, std::string{"000001a4400000"}, std::string{"000001a440000007"},
        std::string{"000001a44000000d00000001"}, std::string{"000001a48000000b00000000"},
        std::string{"000001a44000000900"}}) {
    const built m = build(0xc0, diameter::commands::credit_control, [&](diameter::writer& w) {
      w.octets(avp_code{437}, ietf_vendor, mandatory, *from_hex(good + rest));
    });
    std::array<std::byte, 1024> room;
    EXPECT_EQ(encode_avps(m.view().avps(), form::object, names(), room),
              R"({"Requested-Service-Unit":{"hex":")" + good + rest + R"("}})");
  }
}

TEST(Groups, KeepAvpsThatStandApartOrHaveNoName) {
  const built m = build(0xc0, diameter::commands::credit_control, [](diameter::writer& w) {
    const auto group = w.begin_group(avp_code{437}, ietf_vendor, mandatory);
    w.unsigned32(avp_code{420}, ietf_vendor, mandatory, 1);
    w.unsigned64(avp_code{421}, ietf_vendor, mandatory, 5);
    w.unsigned32(avp_code{420}, ietf_vendor, mandatory, 2);
    w.unsigned32(avp_code{0}, ietf_vendor, 0, 3);
    w.end_group(group);
    w.text(avps::user_name, ietf_vendor, mandatory, "a");  // no rule of the group
  });
  std::array<std::byte, 1024> room;
  EXPECT_EQ(encode_avps(m.view().avps(), form::object, names(), room),
            R"({"Requested-Service-Unit":{"CC-Time":[1,2],"CC-Total-Octets":"5",)"
            R"("AVP":[{"code":0,"vendor":0,"flags":0,"value":"00000003"}]},"User-Name":"a"})");
}

TEST(EncodeRequest, SaysWhatOfTheHeaderTheMethodDoesNot) {
  const built rar = build(0xd0, diameter::commands::re_auth, [](diameter::writer& w) {
    w.text(avps::session_id, ietf_vendor, mandatory, "s;1");
    w.unsigned32(avps::re_auth_request_type, ietf_vendor, mandatory, 0);
  });
  const auto& command = *names().find_command(application_id{4}, diameter::commands::re_auth);
  std::array<std::byte, 1024> room;

  EXPECT_EQ(
      encode_request("12", rar.view(), command, form::object, names(), room),
      R"({"jsonrpc":"2.0","id":12,"method":"RAR","params":{"$application":4,)"
      R"("$retransmitted":true,"Session-Id":"s;1","Re-Auth-Request-Type":"AUTHORIZE_ONLY"}})");
  EXPECT_EQ(
      encode_request({}, rar.view(), command, form::list, names(), room),
      R"({"jsonrpc":"2.0","method":"RAR","params":[{"$application":4,"$retransmitted":true},)"
      R"({"code":263,"vendor":0,"flags":64,"name":"Session-Id","value":"s;1"},)"
      R"({"code":285,"vendor":0,"flags":64,"name":"Re-Auth-Request-Type","value":"AUTHORIZE_ONLY"}]})");
}

TEST(EncodeRequest, ReadsBackAsTheSameMessage) {
  const built rar = build(0xd0, diameter::commands::re_auth, [](diameter::writer& w) {
    w.text(avps::session_id, ietf_vendor, mandatory, "s;1");
    w.text(avps::user_name, ietf_vendor, 0x21, "é");
    w.unsigned32(avps::auth_application_id, ietf_vendor, 0, 4);
  });
  const auto& command = *names().find_command(application_id{4}, diameter::commands::re_auth);
  std::array<std::byte, 1024> room;
  reader calls{names(), pool()};
  recorder r;

  r.read(calls, encode_request("12", rar.view(), command, form::list, names(), room));

  diameter::patch_hop_by_hop(r.message, hop_by_hop_id{1});
  diameter::patch_end_to_end(r.message, end_to_end_id{2});
  EXPECT_EQ(to_hex(r.message), to_hex(rar.octets));
}

TEST(ObjectForm, PutsNamesAboveItsLimitIntoTheListOfOthers) {
  const built many = build(0x40, diameter::commands::credit_control, [](diameter::writer& w) {
    std::uint32_t written = 0;
    for (const dictionary::avp_definition* d : names().avps()) {
      if (d->type == dictionary::avp_type::utf8_string ||
          d->type == dictionary::avp_type::unsigned32 ||
          d->type == dictionary::avp_type::octet_string ||
          d->type == dictionary::avp_type::grouped || d->type == dictionary::avp_type::enumerated ||
          d->type == dictionary::avp_type::unsigned64) {
        w.octets(d->code, d->vendor, 0, {});
        ++written;
      }
    }
    ASSERT_GT(written, 100U);
    for (std::uint32_t code = 100000; code < 100050; ++code) {
      w.octets(avp_code{code}, ietf_vendor, 0, {});
    }
  });
  std::vector<std::byte> room(std::size_t{1} << 20U);
  const auto text = encode_result("1", many.view(), form::object, names(), room);
  const auto result = nlohmann::json::parse(text)["result"];
  std::size_t in_text = result["AVP"].size() + result.size() - 1;
  std::size_t in_message = 0;
  for ([[maybe_unused]] const auto avp : many.view().avps()) {
    ++in_message;
  }

  EXPECT_EQ(in_text, in_message);
}

TEST(ObjectForm, TakesTimeInProportionToTheAvps) {
  const built many = build(0x40, diameter::commands::credit_control, [](diameter::writer& w) {
    for (std::uint32_t i = 0; i < 5000; ++i) {
      w.octets(avp_code{100000 + i}, ietf_vendor, 0, {});
    }
  });
  std::vector<std::byte> room(5000 * 80);
  const auto text = encode_result("1", many.view(), form::object, names(), room);

  EXPECT_EQ(nlohmann::json::parse(text)["result"]["AVP"].size(), 5000U);
}

TEST(Groups, AreHexBelowTheDepthLimitAndComeBackWhole) {
  const built deep = build(0x40, diameter::commands::credit_control, [](diameter::writer& w) {
    std::vector<std::size_t> marks;
    for (int i = 0; i < 40; ++i) {
      marks.push_back(w.begin_group(avp_code{15}, vendor_id{9999}, 0));
    }
    for (; !marks.empty(); marks.pop_back()) {
      w.end_group(marks.back());
    }
  });
  std::array<std::byte, 16384> room;
  for (const form how : {form::object, form::list}) {
    const auto text = encode_avps(deep.view().avps(), how, names(), room);
    EXPECT_NE(text.find("{\"hex\":"), std::string_view::npos);
    EXPECT_EQ(avps_of(text), to_hex(deep.view().avps().octets()));
  }
}

// Each level is written in vain, as it ends in what has no name; were the levels within it written
// in vain twice, and so on, this would not end.
TEST(Groups, ThatFailAtTheirEndAreNotTriedForEver) {
  constexpr std::size_t inside = 4'000'000;
  built deep;
  deep.octets.resize(inside + 4096);
  diameter::writer w{deep.octets};
  w.begin_message({0x40, diameter::commands::credit_control, application_id{4}, hop_by_hop_id{1},
                   end_to_end_id{2}});
  std::vector<std::size_t> marks;
  for (int i = 0; i < 16; ++i) {
    marks.push_back(w.begin_group(avp_code{15}, vendor_id{9999}, 0));
  }
  w.octets(avp_code{100000}, ietf_vendor, 0, std::vector<std::byte>(inside));
  for (; !marks.empty(); marks.pop_back()) {
    w.octets(avp_code{100001}, ietf_vendor, 0, {});
    w.end_group(marks.back());
  }
  deep.octets.resize(w.finish().size());
  std::vector<std::byte> room(3 * inside);

  const auto text = encode_avps(deep.view().avps(), form::object, names(), room);

  EXPECT_GT(text.size(), 2 * inside);
  EXPECT_TRUE(nlohmann::json::accept(text));
}

TEST(EncodeError, HasCodeSentenceAndData) {
  std::array<std::byte, 512> room;
  EXPECT_EQ(encode_error("7", {.number = error_number::unable_to_deliver}, room),
            R"({"jsonrpc":"2.0","id":7,"error":{"code":-32001,"message":"No open peer serves this )"
            R"(request","data":{"name":"unable_to_deliver","result_code":3002,"sent":false}}})");
  EXPECT_EQ(
      encode_error("",
                   {.number = error_number::invalid_params,
                    .detail = "a\"b",
                    .path = "params.X",
                    .result_code = 5001,
                    .more_data = "\"tried\":[]"},
                   room),
      R"({"jsonrpc":"2.0","id":null,"error":{"code":-32602,"message":"a\"b","data":)"
      R"({"name":"invalid_params","result_code":5001,"path":"params.X","sent":false,"tried":[]}}})");
  EXPECT_EQ(encode_error("7", {.number = error_number::parse_error, .detail = "\xff\xc3"}, room),
            R"({"jsonrpc":"2.0","id":7,"error":{"code":-32700,"message":"??","data":)"
            R"({"name":"parse_error","sent":false}}})");
  EXPECT_EQ(
      encode_error("7", {.number = error_number::peer_lost, .peer = "o.example", .sent = true},
                   room),
      R"({"jsonrpc":"2.0","id":7,"error":{"code":-32004,"message":"The peer went away before )"
      R"(it answered","data":{"name":"peer_lost","result_code":3002,"sent":true,)"
      R"("peer":"o.example"}}})");
  EXPECT_TRUE(encode_error("7", {}, std::span{room}.first(40)).empty());
}

TEST(EncodeSessionTaken, IsANotification) {
  std::array<std::byte, 128> room;
  EXPECT_EQ(encode_session_taken("a\"b", room),
            R"({"jsonrpc":"2.0","method":"gateway.session_taken","params":{"session_id":"a\"b"}})");
  EXPECT_TRUE(encode_session_taken("x", std::span{room}.first(40)).empty());
}

TEST(EncodeError, KnowsEveryNumberOnce) {
  std::set<std::int32_t> numbers;
  std::set<std::string_view> words;
  for (const error_definition& d : error_definitions()) {
    EXPECT_FALSE(d.sentence.empty());
    EXPECT_EQ(&find_error(d.number), &d);
    numbers.insert(static_cast<std::int32_t>(d.number));
    words.insert(d.name);
  }
  EXPECT_EQ(numbers.size(), error_definitions().size());
  EXPECT_EQ(words.size(), error_definitions().size());
}

TEST(EncodeRawResult, FramesTheTextAsItIs) {
  std::array<std::byte, 64> room;
  EXPECT_EQ(encode_raw_result("7", "[1]", room), R"({"jsonrpc":"2.0","id":7,"result":[1]})");
}

}  // namespace
}  // namespace diamgw::jsonrpc::testing
