// The envelope alone; texts with their bodies are in envelope_test.cpp.
#include "jsonrpc/envelope_reader.hpp"

#include <gtest/gtest.h>

#include <string>

namespace diamgw::jsonrpc {
namespace {

using whose = envelope_reader::whose;

/// Hands the events of a text to an envelope, and notes what is not the envelope's.
class envelope_alone {
 public:
  explicit envelope_alone(std::string_view text, std::size_t max_id_octets = 128)
      : envelope{max_id_octets} {
    envelope.begin(text);
    json_parser<envelope_alone> parser{16, *this};
    EXPECT_TRUE(parser.parse(text)) << text;
    problem = envelope.finish();
  }

  // json_parser's events
  [[nodiscard]] const std::string* foreseen_key() const { return nullptr; }
  void on_foreseen_key() {}
  void on_key(std::string_view key) {
    if (others_ == 0) {
      envelope.on_key(key);
    }
  }
  void on_scalar(const scalar& value) {
    if (others_ == 0) {
      note(envelope.on_scalar(value));
    }
  }
  void on_begin(container what) {
    if (others_ != 0) {
      ++others_;
      return;
    }
    const whose reads = envelope.on_begin(what);
    note(reads);
    others_ = reads == whose::envelope ? 0 : 1;
  }
  void on_end() {
    if (others_ == 0) {
      envelope.on_end();
    } else {
      --others_;
    }
  }

  envelope_reader envelope;
  std::string_view problem;
  std::string bodies;  // "params", "result", "nobody" in their order

 private:
  void note(whose reads) {
    bodies += reads == whose::params   ? "params "
              : reads == whose::result ? "result "
              : reads == whose::nobody ? "nobody "
                                       : "";
  }
  std::size_t others_ = 0;
};

TEST(EnvelopeReader, SaysWhoReadsEachValue) {
  struct row {
    std::string_view text;
    std::string_view bodies;
  };
  for (const row& r : {
           row{R"({"params":{"a":{}},"id":1})", "params "},
           row{R"({"params":[1]})", "params "},
           row{R"({"params":5})", "params "},
           row{R"({"result":{"a":1}})", "result "},
           row{R"({"result":null})", "result "},
           row{R"({"trace":{"params":{}},"x":[{}]})", "nobody nobody "},
           row{R"({"error":{"data":{"x":{}},"y":[]}})", "nobody nobody "},
           row{R"({"error":{"code":{}}})", "nobody "},
           row{R"({"id":[],"method":{},"jsonrpc":{}})", "nobody nobody nobody "},
           row{R"([{"params":{}}])", "nobody "},
           row{"5", ""},
       }) {
    EXPECT_EQ(envelope_alone{r.text}.bodies, r.bodies) << r.text;
  }
}

TEST(EnvelopeReader, SaysWhyATextIsNoCall) {
  struct row {
    std::string_view section;  // of JSON-RPC 2.0
    std::string_view text;
    std::string_view problem;
  };
  for (const row& r : {
           row{"4", R"({"jsonrpc":"2.0","method":"m"})", ""},
           row{"5", R"({"jsonrpc":"2.0","id":1,"result":{}})", ""},
           row{"5", R"({"jsonrpc":"2.0","id":1,"error":{}})", ""},
           row{"4", "[]", "a call is an object"},
           row{"4", "null", "a call is an object"},
           row{"4", R"({"method":"m"})", "\"jsonrpc\" must be \"2.0\""},
           row{"4", R"({"jsonrpc":{},"method":"m"})", "\"jsonrpc\" must be \"2.0\""},
           row{"4", R"({"jsonrpc":"2.0"})", "\"method\" is missing"},
           row{"4", R"({"jsonrpc":"2.0","method":[]})", "\"method\" must be a string"},
           row{"4", R"({"jsonrpc":"2.0","method":"m","id":{}})",
               "\"id\" must be a string, a number or null"},
           row{"4", R"({"jsonrpc":"2.0","method":"m","method":"m"})",
               "a member of the call stands in it twice"},
           row{"5", R"({"jsonrpc":"2.0","method":"m","id":1,"error":{}})",
               "\"method\" and a response's members stand together"},
           row{"5", R"({"jsonrpc":"2.0","error":{}})", "a response has an \"id\""},
           row{"5.1", R"({"jsonrpc":"2.0","id":1,"error":"no"})", "\"error\" must be an object"},
       }) {
    EXPECT_EQ(envelope_alone{r.text}.problem, r.problem) << r.section << ": " << r.text;
  }
}

TEST(EnvelopeReader, KeepsTheIdAsItStandsInTheText) {
  struct row {
    std::string_view id;
    bool kept;
  };
  for (const row& r : {
           row{"1", true},
           row{"-1.5e3", true},
           row{"null", true},
           row{R"("a")", true},
           row{R"("\u0061\n")", true},
           row{R"("12345678")", true},  // 10 octets, the limit here
           row{R"("123456789")", false},
           row{"12345678", true},
           row{"123456789", false},  // as long as it would be in quotes
           row{R"("\u0061\u0062")", false},
           row{"true", false},
       }) {
    const std::string text = R"({"jsonrpc":"2.0","method":"m","id" : )" + std::string{r.id} + "}";
    const envelope_alone read{text, 10};
    EXPECT_EQ(read.envelope.id().has_value(), r.kept) << r.id;
    if (r.kept) {
      EXPECT_EQ(*read.envelope.id(), r.id);
    }
    EXPECT_EQ(read.problem.empty(), r.kept) << r.id;
  }
}

TEST(EnvelopeReader, KeepsWhatAnErrorSays) {
  const std::string_view text =
      R"({"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"no\n","data":{)"
      R"("result_code":5012,"code":1},"more":{"code":2}}})";
  const envelope_alone read{text};
  EXPECT_EQ(read.envelope.error_code(), -32000);
  EXPECT_EQ(read.envelope.error_message(), "no\n");
  EXPECT_EQ(read.envelope.error_result_code(), 5012U);

  // What is not of its type is as if it were not there.
  const std::string_view wrong =
      R"({"jsonrpc":"2.0","id":1,"error":{"code":"x","message":7,"data":{"result_code":-1}}})";
  const envelope_alone odd{wrong};
  EXPECT_EQ(odd.envelope.error_code(), 0);
  EXPECT_EQ(odd.envelope.error_message(), "");
  EXPECT_EQ(odd.envelope.error_result_code(), 0U);
}

TEST(EnvelopeReader, GivesTheParamsOfTheGatewaysOwnMethodsAsText) {
  const std::string_view text = R"({"params": {"a":[1,2]} ,"method":"gateway.bind"})";
  const envelope_alone bind{text};
  EXPECT_TRUE(bind.envelope.is_gateway_call());
  EXPECT_EQ(bind.envelope.params(), R"({"a":[1,2]})");

  const envelope_alone discover{R"({"method":"rpc.discover"})"};
  EXPECT_TRUE(discover.envelope.is_gateway_call());
  EXPECT_EQ(discover.envelope.params(), "");
  EXPECT_FALSE(envelope_alone{R"({"method":"CCR"})"}.envelope.is_gateway_call());
}

TEST(EnvelopeReader, ForgetsTheTextBefore) {
  envelope_alone read{R"({"jsonrpc":"2.0","id":1,"error":{"code":5,"message":"m"}})"};

  read.envelope.begin("{}");

  EXPECT_FALSE(read.envelope.id());
  EXPECT_FALSE(read.envelope.has_method());
  EXPECT_FALSE(read.envelope.has_result());
  EXPECT_EQ(read.envelope.error_code(), 0);
  EXPECT_EQ(read.envelope.error_message(), "");
}

}  // namespace
}  // namespace diamgw::jsonrpc
