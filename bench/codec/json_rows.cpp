#include "codec/json_rows.hpp"

#include <array>
#include <boost/json/basic_parser_impl.hpp>
#include <cstring>
#include <limits>
#include <memory>

#include "codec/json_floor.hpp"
#include "diamgw/buffer/pool.hpp"
#include "diamgw/codec/check.hpp"
#include "diamgw/diameter/complete_message.hpp"
#include "diamgw/dictionary/dictionary.hpp"
#include "diamgw/jsonrpc/encoder.hpp"
#include "diamgw/jsonrpc/reader.hpp"

namespace diamgw::bench {
namespace {

constexpr double most_x_parser = 2.0;
constexpr double most_x_writer = 1.5;

constexpr std::string_view ccr_text =
    R"({"jsonrpc":"2.0","id":4711,"method":"CCR","params":{)"
    R"("Session-Id":"client.example;1876543210;523;a1b2","Destination-Realm":"ocs.example",)"
    R"("Service-Context-Id":"32251@3gpp.org","CC-Request-Type":"UPDATE_REQUEST",)"
    R"("CC-Request-Number":3,"User-Name":"alice","Event-Timestamp":"2026-02-07T06:28:16Z",)"
    R"("Subscription-Id":[{"Subscription-Id-Type":"END_USER_E164",)"
    R"("Subscription-Id-Data":"4930123456"},{"Subscription-Id-Type":"END_USER_IMSI",)"
    R"("Subscription-Id-Data":"262011234567890"}],)"
    R"("Multiple-Services-Credit-Control":[{"Rating-Group":10,)"
    R"("Requested-Service-Unit":{"CC-Total-Octets":"5000000"},)"
    R"("Used-Service-Unit":[{"CC-Total-Octets":"4200000","CC-Time":1800}]}]}})";
static_assert(ccr_text.size() >= 640 && ccr_text.size() <= 660);

/// Makes whole messages, as the gateway does, each in a buffer of its own.
class request_maker {
 public:
  void read_one(std::string_view text) {
    reader_.begin(text);
    jsonrpc::reader_event event = reader_.next();
    auto* const call = std::get_if<jsonrpc::request_call>(&event);
    if (call == nullptr || !std::holds_alternative<jsonrpc::done>(reader_.next())) {
      fail("the text is no request alone");
    }
    message = complete_request(call->message, *call->command,
                               {.session_id = "gateway.example;1;2",
                                .origin_host = "gateway.example",
                                .origin_realm = "example",
                                .application = call->application,
                                .hop_by_hop = hop_by_hop_id{7},
                                .end_to_end = end_to_end_id{8}});
    buffer_ = std::move(call->buffer);
  }

  bytes_view message;  // until the next one

 private:
  buffer_pool pool_;
  jsonrpc::reader reader_{dictionary::embedded(), pool_};
  buffer_ref buffer_;
};

/// Takes every event, does nothing.
struct empty_handler {
  static constexpr std::size_t max_object_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_array_size = max_object_size;
  static constexpr std::size_t max_key_size = max_object_size;
  static constexpr std::size_t max_string_size = max_object_size;

  using text = boost::json::string_view;
  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_object_begin(error_code&) { return true; }
  bool on_array_begin(error_code&) { return true; }
  bool on_object_end(std::size_t, error_code&) { return true; }
  bool on_array_end(std::size_t, error_code&) { return true; }
  bool on_key_part(text, std::size_t, error_code&) { return true; }
  bool on_string_part(text, std::size_t, error_code&) { return true; }
  bool on_number_part(text, error_code&) { return true; }
  bool on_key(text, std::size_t, error_code&) { return true; }
  bool on_string(text, std::size_t, error_code&) { return true; }
  bool on_int64(std::int64_t, text, error_code&) { return true; }
  bool on_uint64(std::uint64_t, text, error_code&) { return true; }
  bool on_double(double, text, error_code&) { return true; }
  bool on_bool(bool, error_code&) { return true; }
  bool on_null(error_code&) { return true; }
  bool on_comment_part(text, error_code&) { return true; }
  bool on_comment(text, error_code&) { return true; }
};

struct json_fixture {
  json_fixture() { requests.read_one(ccr_text); }

  request_maker requests;
  boost::json::basic_parser<empty_handler> parser{boost::json::parse_options{}};
  std::array<std::byte, message_room> out{};
};

[[nodiscard]] row::bound when_judged(const pace& p) {
  return p.judges_speed ? row::bound::at_most : row::bound::none;
}

}  // namespace

void add_json_to_diameter_row(table& t) {
  const auto f = std::make_shared<json_fixture>();
  const work decode = [f](std::size_t times) {
    for (std::size_t i = 0; i < times; ++i) {
      f->requests.read_one(ccr_text);
      touch(f.get());
    }
  };
  const work parse = [f](std::size_t times) {
    for (std::size_t i = 0; i < times; ++i) {
      error_code ec;
      f->parser.reset();
      touch(f.get());
      if (f->parser.write_some(false, ccr_text.data(), ccr_text.size(), ec) != ccr_text.size()) {
        fail("the bare parser refuses the text");
      }
    }
  };
  t.add("JSON to Diameter/CCR", [&](const pace& p) {
    contest c;
    c.add(decode);
    c.add(parse);
    c.run(p);
    row r;
    r.add("ns", c.ns(0)).add("bare parser ns", c.ns(1));
    r.add("x bare parser", c.ratio(0, {1}), when_judged(p), most_x_parser);
    r.add("allocations", allocations_of(decode), row::bound::at_most, 0);
    r.add("octets of text", static_cast<double>(ccr_text.size()));
    r.add("octets", static_cast<double>(f->requests.message.size()));
    return r;
  });
}

void add_diameter_to_json_row(table& t) {
  const auto f = std::make_shared<json_fixture>();
  const auto checked = diameter::check_message(f->requests.message);
  if (!checked) {
    fail("the CCR from JSON is no message");
  }
  const diameter::message_view message = *checked;
  const auto* const command =
      dictionary::embedded().find_command(message.application(), message.command());
  const auto encode_one = [f, message, command] {
    return jsonrpc::encode_request("4711", message, *command, jsonrpc::form::object,
                                   dictionary::embedded(), f->out);
  };
  const auto write_one = [f, message] {
    return by_hand::write_json("4711", message.octets(), f->out);
  };
  const std::string text{encode_one()};
  if (text.empty() || text != write_one()) {
    fail("generated and hand-written JSON differ:\n" + text + "\n" + std::string{write_one()});
  }
  const work encode = [f, encode_one](std::size_t times) {
    for (std::size_t i = 0; i < times; ++i) {
      touch(f.get());
      if (encode_one().empty()) {
        fail("no JSON");
      }
    }
  };
  const work write = [f, write_one](std::size_t times) {
    for (std::size_t i = 0; i < times; ++i) {
      touch(f.get());
      if (write_one().empty()) {
        fail("no JSON by hand");
      }
    }
  };
  t.add("Diameter to JSON/CCR", [&](const pace& p) {
    contest c;
    c.add(encode);
    c.add(write);
    c.run(p);
    row r;
    r.add("ns", c.ns(0)).add("by hand ns", c.ns(1));
    r.add("x by hand", c.ratio(0, {1}), when_judged(p), most_x_writer);
    r.add("allocations", allocations_of(encode), row::bound::at_most, 0);
    r.add("octets of text", static_cast<double>(text.size()));
    r.add("octets", static_cast<double>(message.octets().size()));
    return r;
  });
}

}  // namespace diamgw::bench
