// Random messages of every command of every dictionary, through JSON and back.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "diamgw/base/hex.hpp"
#include "diamgw/codec/check.hpp"
#include "diamgw/codec/validation.hpp"
#include "diamgw/jsonrpc/encoder.hpp"
#include "diamgw/jsonrpc/reader.hpp"
#include "property/for_each_message.hpp"

namespace diamgw::testing {
namespace {

std::vector<std::byte> through_json(const diameter::message_view& message, jsonrpc::form how) {
  static buffer_pool pool;
  static jsonrpc::reader reader{dictionary::embedded(), pool, [] {
                                  jsonrpc::reader_options o;
                                  o.max_text_octets = std::size_t{1} << 24U;
                                  o.max_message_octets = std::size_t{1} << 20U;
                                  return o;
                                }()};
  std::vector<std::byte> room(std::size_t{1} << 20U);
  const std::string text{jsonrpc::encode_result("1", message, how, dictionary::embedded(), room)};
  reader.begin(text);
  const jsonrpc::reader_event event = reader.next();
  const auto* const response = std::get_if<jsonrpc::client_response>(&event);
  if (response == nullptr || !response->result) {
    ADD_FAILURE() << text;
    return {};
  }
  const bytes_view avps = response->result->octets();
  return {avps.begin(), avps.end()};
}

/// The AVPs sorted by code and vendor, those of one code in their order, groups likewise: what
/// the object form keeps.
std::string without_order(bytes_view octets) {
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::string> values;
  const auto avps = diameter::check_avps(octets, 100000);
  for (const diameter::avp_view avp : *avps) {
    const auto* definition = dictionary::embedded().find_avp(avp.code, avp.vendor);
    const bool group = definition != nullptr && definition->type == dictionary::avp_type::grouped;
    values[{avp.vendor.value, avp.code.value}] +=
        ' ' + std::to_string(avp.flags) + '(' +
        (group ? without_order(avp.data) : to_hex(avp.data)) + ')';
  }
  std::string out;
  for (const auto& [avp, list] : values) {
    out += std::to_string(avp.first) + ':' + std::to_string(avp.second) + list + '\n';
  }
  return out;
}

TEST(RandomMessages, KeepToTheirGrammar) {
  diameter::validator validator{dictionary::embedded()};
  for_each_message({}, [&](const auto& command, bool, const std::vector<std::byte>& octets) {
    const auto message = diameter::check_message(octets);
    ASSERT_TRUE(message.has_value()) << to_hex(octets);
    const auto violation = validator.validate(*message, command);
    if (violation) {
      std::array<char, 200> room;
      FAIL() << diameter::describe(*violation, room) << '\n' << to_hex(octets);
    }
  });
}

TEST(ListForm, KeepsEveryOctetOfRandomMessages) {
  for_each_message({}, [](const auto&, bool, const std::vector<std::byte>& octets) {
    const auto message = diameter::check_message(octets);
    ASSERT_TRUE(message.has_value());
    ASSERT_EQ(to_hex(through_json(*message, jsonrpc::form::list)),
              to_hex(message->avps().octets()));
  });
}

TEST(ObjectForm, KeepsAllButTheOrderOfRandomMessages) {
  const random_options ruled{.strangers = true, .free_flags = false};
  for_each_message(ruled, [](const auto&, bool, const std::vector<std::byte>& octets) {
    const auto message = diameter::check_message(octets);
    ASSERT_TRUE(message.has_value());
    ASSERT_EQ(without_order(through_json(*message, jsonrpc::form::object)),
              without_order(message->avps().octets()));
  });
}

}  // namespace
}  // namespace diamgw::testing
