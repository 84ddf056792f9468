#include <gtest/gtest.h>

#include <ostream>

#include "support/jsonrpc_recorder.hpp"

namespace diamgw::jsonrpc::testing {
namespace {

struct envelope_row {
  std::string_view section;  // of the JSON-RPC 2.0 specification, or ours
  std::string_view text;
  std::string_view told;
};

void PrintTo(const envelope_row& r, std::ostream* out) {
  *out << r.section;
}

class Envelope : public ::testing::TestWithParam<envelope_row> {};

TEST_P(Envelope, IsReadAsTheSpecificationHasIt) {
  EXPECT_EQ(told(GetParam().text), GetParam().told) << GetParam().section;
}

constexpr envelope_row good_texts[] = {
    {"4 request", R"({"jsonrpc":"2.0","id":1,"method":"CCR","params":{"CC-Request-Number":7}})",
     "request 1 CCR Credit-Control/4 0000019f4000000c00000007"},
    {"4 members in any order",
     R"({"params":{"CC-Request-Number":7},"method":"CCR","id":1,"jsonrpc":"2.0"})",
     "request 1 CCR Credit-Control/4 0000019f4000000c00000007"},
    {"4 id is a string", R"({"jsonrpc":"2.0","id":"a\"b","method":"CCR","params":{}})",
     "request \"a\\\"b\" CCR Credit-Control/4 "},
    {"4 id is echoed as it stands", R"({"jsonrpc":"2.0","id":1.50e0,"method":"CCR","params":{}})",
     "request 1.50e0 CCR Credit-Control/4 "},
    {"4 id in letters beyond ASCII", R"({"jsonrpc":"2.0","id":"é","method":"CCR"})",
     "request \"é\" CCR Credit-Control/4 "},
    {"4 id above 64 bits",
     R"({"jsonrpc":"2.0","id":123456789012345678901234567890,"method":"CCR"})",
     "request 123456789012345678901234567890 CCR Credit-Control/4 "},
    {"4 id null is an id", R"({"jsonrpc":"2.0","id":null,"method":"CCR"})",
     "request null CCR Credit-Control/4 "},
    {"4 params may be omitted", R"({"jsonrpc":"2.0","id":1,"method":"CCR"})",
     "request 1 CCR Credit-Control/4 "},
    {"ours: params null are none", R"({"jsonrpc":"2.0","id":1,"method":"CCR","params":null})",
     "request 1 CCR Credit-Control/4 "},
    {"ours: params null are none, before the method",
     R"({"jsonrpc":"2.0","id":1,"params":null,"method":"gateway.info"})",
     "gateway 1 gateway.info "},
    {"4.1 notification", R"({"jsonrpc":"2.0","method":"CCR","params":{}})",
     "request - CCR Credit-Control/4 "},
    {"ours: members of extensions are passed over",
     R"({"jsonrpc":"2.0","id":1,"method":"CCR","trace":{"a":[1,{}]},"params":{}})",
     "request 1 CCR Credit-Control/4 "},
    {"ours: gateway methods keep their params as text",
     R"({"jsonrpc":"2.0","id":1,"method":"gateway.bind","params":{"a":[1, {"b":"}"}]}})",
     R"(gateway 1 gateway.bind {"a":[1, {"b":"}"}]})"},
    {"ours: params before a gateway method",
     R"({"params" : [1e400,"x"] ,"method":"gateway.bind","id":1,"jsonrpc":"2.0"})",
     R"(gateway 1 gateway.bind [1e400,"x"])"},
    {"ours: rpc.discover", R"({"jsonrpc":"2.0","id":1,"method":"rpc.discover"})",
     "gateway 1 rpc.discover "},
    {"5 result", R"({"jsonrpc":"2.0","id":9,"result":{"Result-Code":2001}})",
     "result 9 0000010c4000000c000007d1"},
    {"5 result in list form",
     R"({"jsonrpc":"2.0","id":9,"result":[{"name":"Result-Code","value":"DIAMETER_SUCCESS"}]})",
     "result 9 0000010c4000000c000007d1"},
    {"5.1 error",
     R"({"jsonrpc":"2.0","id":9,"error":{"code":-5,"message":"no","data":{"result_code":5012,"x":[]}}})",
     "error 9 -5 5012 no"},
};
INSTANTIATE_TEST_SUITE_P(Calls, Envelope, ::testing::ValuesIn(good_texts));

constexpr envelope_row refusals[] = {
    {"4 version", R"({"id":1,"method":"CCR"})",
     "refused call 1 -32600 0 \"jsonrpc\" must be \"2.0\""},
    {"4 version", R"({"jsonrpc":2.0,"id":1,"method":"CCR"})",
     "refused call 1 -32600 0 \"jsonrpc\" must be \"2.0\""},
    {"4 version", R"({"jsonrpc":["2.0"],"id":1,"method":"CCR"})",
     "refused call 1 -32600 0 \"jsonrpc\" must be \"2.0\""},
    {"4 method", R"({"jsonrpc":"2.0","id":1,"method":1})",
     "refused call 1 -32600 0 \"method\" must be a string"},
    {"4 method", R"({"jsonrpc":"2.0","id":1})", "refused call 1 -32600 0 \"method\" is missing"},
    {"4 id", R"({"jsonrpc":"2.0","id":true,"method":"CCR"})",
     "refused call null -32600 0 \"id\" must be a string, a number or null"},
    {"4 id", R"({"jsonrpc":"2.0","id":{},"method":"CCR"})",
     "refused call null -32600 0 \"id\" must be a string, a number or null"},
    {"4 twice", R"({"jsonrpc":"2.0","id":1,"id":2,"method":"CCR"})",
     "refused call 1 -32600 0 a member of the call stands in it twice"},
    {"5 both", R"({"jsonrpc":"2.0","id":1,"method":"CCR","result":{}})",
     "refused call 1 -32600 0 \"method\" and a response's members stand together"},
    {"5 both", R"({"jsonrpc":"2.0","id":1,"method":"CCR","params":{},"result":{}})",
     "refused call 1 -32600 0 a call has \"params\", a response has \"result\", nothing has both"},
    {"5 response without id", R"({"jsonrpc":"2.0","result":{}})",
     "refused call null -32600 0 a response has an \"id\""},
    {"5 result refused: the gateway's request ends",
     R"({"jsonrpc":"2.0","id":9,"result":{"Result-Code":true}})",
     "refused response 9 -32602 5004 result.Result-Code: expected Unsigned32 (0 to 4294967295), "
     "found true"},
    {"4.2 params", R"({"jsonrpc":"2.0","id":1,"method":"CCR","params":5})",
     "refused call 1 -32602 5004 params: expected an object or an array of AVPs, found the number "
     "5"},
    {"4.2 params", R"({"jsonrpc":"2.0","id":1,"method":"gateway.info","params":5})",
     "refused call 1 -32602 0 params: expected an object or an array"},
    {"4.2 params", R"({"jsonrpc":"2.0","id":1,"params":"x","method":"rpc.discover"})",
     "refused call 1 -32602 0 params: expected an object or an array"},
    {"5 result null is none", R"({"jsonrpc":"2.0","id":9,"result":null})",
     "refused response 9 -32602 5004 result: expected an object or an array of AVPs, found null"},
    {"4.1 nobody waits for a notification's error",
     R"({"jsonrpc":"2.0","method":"CCR","params":{"CC-Request-Number":"x"}})",
     "refused notification - -32602 5004 params.CC-Request-Number: expected Unsigned32 (0 to "
     "4294967295), found the string \"x\""},
    {"5.1 the id may follow what is wrong",
     R"({"method":"CCR","params":{"Origin-Host":{"a":[{}]},"x":1},"id":5,"jsonrpc":"2.0"})",
     "refused call 5 -32602 5004 params.Origin-Host: expected a single value or {\"hex\": …}, "
     "found an object"},
    {"5.1 method not found", R"({"jsonrpc":"2.0","id":1,"method":"Credit-Contrl"})",
     "refused call 1 -32601 0 there is no method \"Credit-Contrl\"; did you mean "
     "\"Credit-Control\"?"},
    {"ours: answers are not called", R"({"jsonrpc":"2.0","id":1,"method":"CCA"})",
     "refused call 1 -32601 0 there is no method \"CCA\"; it is an answer, and only requests are "
     "called"},
    {"4 not an object", "5", "refused call null -32600 0 a call is an object"},
    {"4 not an object", "\"x\"", "refused call null -32600 0 a call is an object"},
    {"6 empty batch", " [ ]", "refused call null -32600 0 the batch is empty"},
};
INSTANTIATE_TEST_SUITE_P(Refusals, Envelope, ::testing::ValuesIn(refusals));

TEST(Envelope, EveryPrefixOfACallIsAParseError) {
  constexpr std::string_view text =
      R"({"jsonrpc":"2.0","id":1,"method":"CCR","params":{"Origin-Host":"a\nb","AVP":[{"value":"00","code":1}]}})";
  for (std::size_t n = 0; n < text.size(); ++n) {
    EXPECT_TRUE(told(text.substr(0, n)).starts_with("refused call null -32700")) << n;
  }
}

TEST(Envelope, RefusesWhatIsNotJson) {
  for (const std::string_view text :
       {"{}x", "{} {}", R"({"a":"\ud800"})", R"({"a":"\udc00\ud800"})", "{\"a\":\"\xff\"}",
        "{\"a\":\"\xed\xa0\x80\"}", "{'a':1}", "{\"a\":01}", "{\"a\":1,}", "[1,]", "[1] 2",
        "{\"a\":+1}", "{\"a\":NaN}", "// c\n{}", "\xef\xbb\xbf{}"}) {
    EXPECT_TRUE(told(text).starts_with("refused call null -32700")) << text;
  }
}

TEST(Envelope, TakesMethodsByEveryName) {
  for (const std::string_view method : {"CCR", "Credit-Control", "Credit-Control-Request"}) {
    const std::string text = R"({"jsonrpc":"2.0","id":1,"method":")" + std::string{method} + "\"}";
    EXPECT_EQ(told(text), "request 1 " + std::string{method} + " Credit-Control/4 ");
  }
}

TEST(Envelope, TakesTheUsualApplicationWhereSeveralHaveTheCommand) {
  struct envelope_row {
    std::string_view call;
    std::string_view event;
  };
  for (const auto& [call, event] : std::initializer_list<envelope_row>{
           {R"("method":"CCR")", "request 1 CCR Credit-Control/4 "},  // Gx has one, too
           {R"("method":"RAR")", "request 1 RAR Re-Auth/0 "},
           {R"("method":"CCR","params":{"$application":16777238})",
            "request 1 CCR Credit-Control/16777238 "},
           {R"("method":"CCR","params":{"$application":16779999})",
            "request 1 CCR Credit-Control/16779999 "}}) {
    EXPECT_EQ(told(R"({"jsonrpc":"2.0","id":1,)" + std::string{call} + "}"), event) << call;
  }
}

// A reader remembers which command the last method meant.
TEST(Envelope, TakesEachMethodAndApplicationForItselfWhateverCameBefore) {
  reader calls{names(), pool()};
  recorder r;
  for (const std::string_view call :
       {R"("method":"CCR")", R"("method":"CCR","params":{"$application":16777238})",
        R"("method":"CCR")", R"("method":"RAR")", R"("method":"CCX")", R"("method":"RAR")"}) {
    r.read(calls, R"({"jsonrpc":"2.0","id":1,)" + std::string{call} + "}");
  }

  EXPECT_EQ(r.told, (std::vector<std::string>{
                        "request 1 CCR Credit-Control/4 ", "request 1 CCR Credit-Control/16777238 ",
                        "request 1 CCR Credit-Control/4 ", "request 1 RAR Re-Auth/0 ",
                        "refused call 1 -32601 0 there is no method \"CCX\"; did you mean \"CCR\"?",
                        "request 1 RAR Re-Auth/0 "}));
}

TEST(Envelope, AsksWhichApplicationWhereSeveralHaveTheCommand) {
  EXPECT_EQ(told(R"({"jsonrpc":"2.0","id":1,"method":"TTR","params":{}})"),
            "refused call 1 -32602 0 several applications have this command; say by "
            "\"$application\" or Auth-Application-Id which one: 4242 (types), 4343 (other)");
  EXPECT_EQ(told(R"({"jsonrpc":"2.0","id":1,"method":"TTR","params":{"$application":4343}})"),
            "request 1 TTR Type-Test/4343 ");
  EXPECT_EQ(told(R"({"jsonrpc":"2.0","id":1,"method":"TTR","params":{"$application":"types"}})"),
            "request 1 TTR Type-Test/4242 ");
  EXPECT_EQ(
      told(R"({"jsonrpc":"2.0","id":1,"method":"TTR","params":{"Auth-Application-Id":4343}})"),
      "request 1 TTR Type-Test/4343 000001024000000c000010f7");
}

TEST(Envelope, GivesBaseCommandsTheApplicationOfTheirAvps) {
  EXPECT_EQ(told(R"({"jsonrpc":"2.0","id":1,"method":"STR","params":{"Auth-Application-Id":4}})"),
            "request 1 STR Session-Termination/4 000001024000000c00000004");
  EXPECT_EQ(told(R"({"jsonrpc":"2.0","id":1,"method":"STR"})"),
            "request 1 STR Session-Termination/0 ");
  EXPECT_EQ(
      told(R"({"jsonrpc":"2.0","id":1,"method":"CCR","params":{"Vendor-Specific-Application-Id":
                {"Vendor-Id":10415,"Auth-Application-Id":16777238}}})")
          .substr(0, 40),
      "request 1 CCR Credit-Control/16777238 00");
}

TEST(Batch, TellsEachElementInOrder) {
  EXPECT_EQ(
      told(R"( [{"jsonrpc":"2.0","id":1,"method":"CCR"}, 7 ,{"jsonrpc":"2.0","id":"]","method":
             "gateway.info","params":[]},[], {"jsonrpc":"2.0","method":"x"}])"),
      "batch 5\n"
      "request 1 CCR Credit-Control/4 \n"
      "refused call null -32600 0 a call is an object\n"
      "gateway \"]\" gateway.info []\n"
      "refused call null -32600 0 a call is an object\n"
      "refused notification - -32601 0 there is no method \"x\"\n"
      "batch end");
}

TEST(Batch, ServesNothingOfATextThatIsNotJson) {
  EXPECT_TRUE(told(R"([{"jsonrpc":"2.0","id":1,"method":"CCR"},{"jsonrpc":"2.0","id":2)")
                  .starts_with("refused call null -32700"));
  EXPECT_TRUE(told(R"([{"jsonrpc":"2.0","id":1,"method":"CCR"}]])")
                  .starts_with("refused call null -32700"));
}

TEST(Limits, AreRefusedWithoutServingAnything) {
  reader_options small;
  small.max_batch = 2;
  small.max_depth = 4;
  small.max_id_octets = 8;
  small.max_text_octets = 200;
  EXPECT_EQ(told("[1,2,3]", small), "refused call null -32600 0 the batch has too many calls");
  EXPECT_EQ(told("[[[[[1]]]]]", small),
            "refused call null -32600 0 objects and arrays are nested too deeply");
  EXPECT_EQ(told(R"({"jsonrpc":"2.0","id":"1234567","method":"CCR"})", small),
            "refused call null -32600 0 \"id\" is too long");
  EXPECT_EQ(told(R"({"jsonrpc":"2.0","id":"\u0061\u0061","method":"CCR"})", small),
            "refused call null -32600 0 \"id\" is too long");
  EXPECT_EQ(told(std::string(201, ' '), small),
            "refused call null -32008 0 the text is above the size limit");
}

TEST(Limits, OfDepthIsWhatACallMayHave) {
  reader_options small;
  small.max_depth = 5;
  const auto nested = [](std::string_view innermost) {
    return R"({"jsonrpc":"2.0","id":1,"method":"CCR","params":{"Proxy-Info":[{"Proxy-State":)" +
           std::string{innermost} + "}]}}";
  };
  EXPECT_EQ(told(nested(R"({"hex":"0a"})"), small),
            "request 1 CCR Credit-Control/4 0000011c4000001400000021400000090a000000");
  EXPECT_EQ(told(nested(R"({"hex":["0a"]})"), small),
            "refused call null -32600 0 objects and arrays are nested too deeply");
}

TEST(Limits, OfTheMessageIsRefusedUnderTheCallsId) {
  reader_options small;
  small.max_message_octets = 128;
  const std::string text = R"({"jsonrpc":"2.0","id":1,"method":"CCR","params":{"User-Name":")" +
                           std::string(101, 'x') + "\"}}";
  EXPECT_EQ(told(text, small),
            "refused call 1 -32008 0 the encoded message is above the size limit");
  small.max_message_octets = 132;
  EXPECT_TRUE(told(text, small).starts_with("request 1 CCR"));
}

TEST(Limits, OfMembersOfOneObjectIsRefused) {
  reader_options small;
  small.max_keys = 2;
  EXPECT_EQ(
      told(R"({"jsonrpc":"2.0","id":1,"method":"CCR","params":{"1001":"","1002":"","1003":""}})",
           small),
      "refused call 1 -32602 5004 params.1003: too many members");
  EXPECT_EQ(told(R"({"jsonrpc":"2.0","id":1,"method":"CCR","params":{"CC-Request-Number":1,)"
                 R"("User-Name":"a","CC-Request-Type":1}})",
                 small),
            "refused call 1 -32602 5004 params.CC-Request-Type: too many members");
}

TEST(Buffers, AreAskedForAgainWhereTheAvpsAreLongerThanTheText) {
  std::string text =
      R"({"jsonrpc":"2.0","id":1,"method":"CCR","params":{"AVP":[],"Proxy-Info":[{})";
  for (int i = 0; i < 1000; ++i) {
    text += ",{}";
  }
  text += "]}}";
  reader calls{names(), pool()};
  recorder r;

  r.read(calls, text);

  ASSERT_EQ(r.told.size(), 1U);
  EXPECT_EQ(r.octets.size(), 1001U * 8);
  EXPECT_GT(r.octets.size(), text.size());
}

TEST(Buffers, AreTheCallersOnceTheyAreMovedOut) {
  constexpr std::string_view text =
      R"([{"jsonrpc":"2.0","id":1,"method":"CCR","params":{"User-Name":"a"}},)"
      R"({"jsonrpc":"2.0","id":2,"method":"CCR","params":{"User-Name":"b"}}])";
  reader calls{names(), pool()};
  calls.begin(text);
  ASSERT_TRUE(std::holds_alternative<batch_begin>(calls.next()));

  reader_event first = calls.next();
  const encoded_avps kept = std::get<request_call>(first).message;
  const buffer_ref buffer = std::move(std::get<request_call>(first).buffer);
  first = calls.next();

  EXPECT_TRUE(buffer.unique());
  EXPECT_EQ(to_hex(kept.octets()), "000000014000000961000000");
  EXPECT_EQ(to_hex(std::get<request_call>(first).message.octets()), "000000014000000962000000");
  EXPECT_TRUE(std::holds_alternative<batch_end>(calls.next()));
  EXPECT_TRUE(std::holds_alternative<done>(calls.next()));
  EXPECT_TRUE(std::holds_alternative<done>(calls.next()));
}

TEST(Texts, AreForgottenWhereTheNextOneBegins) {
  reader calls{names(), pool()};
  calls.begin(R"([{"jsonrpc":"2.0","id":1,"method":"CCR"},{"jsonrpc":"2.0","id":2,"method":"x"}])");
  ASSERT_TRUE(std::holds_alternative<batch_begin>(calls.next()));
  recorder r;

  r.read(calls, R"({"jsonrpc":"2.0","id":3,"method":"CCR"})");

  EXPECT_EQ(r.told, (std::vector<std::string>{"request 3 CCR Credit-Control/4 "}));
}

TEST(Texts, HaveNothingBeforeTheFirstBegins) {
  reader calls{names(), pool()};
  EXPECT_TRUE(std::holds_alternative<done>(calls.next()));
}

TEST(Options, AreReadInBothForms) {
  reader calls{names(), pool()};
  for (const std::string_view params :
       {R"({"$timeout":"2s","$form":"list","$retransmitted":true,"$application":16777238})",
        R"({"$timeout":"2s","$form":"list","$retransmitted":true,"$application":"Gx"})",
        R"({"$timeout":"2s","$form":"list","$retransmitted":true,"$application":"16777238"})",
        R"([{"$timeout":2000,"$form":"list"},{"$retransmitted":true,"$application":16777238}])"}) {
    recorder r;
    const std::string text =
        R"({"jsonrpc":"2.0","id":1,"method":"CCR","params":)" + std::string{params} + "}";
    r.read(calls, text);

    ASSERT_EQ(r.told, (std::vector<std::string>{"request 1 CCR Credit-Control/16777238 "}));
    EXPECT_EQ(r.options.timeout, std::chrono::seconds{2});
    EXPECT_EQ(r.options.answer_form, form::list);
    EXPECT_TRUE(r.options.retransmitted);
    EXPECT_EQ(load_u8(r.message.data() + 4), 0xd0);  // R, P and T
  }
}

}  // namespace
}  // namespace diamgw::jsonrpc::testing
