// Batches of generated messages, and their views where a dictionary has the last word.
#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "diamgw/base/hex.hpp"
#include "diamgw/codec/check.hpp"
#include "diamgw/dictionary/dictionary.hpp"
#include "diamgw/messages/rfc6733.hpp"
#include "diamgw/messages/rfc7155.hpp"
#include "diamgw/messages/rfc8506.hpp"
#include "diamgw/messages/typed/batch.hpp"
#include "diamgw/messages/typed/validated.hpp"

namespace diamgw::messages {
namespace {

using diameter::errc;

const auto dwr = rfc6733::device_watchdog_request{}.origin_host("gw").origin_realm("r");
const auto dwa = rfc6733::device_watchdog_answer{}
                     .result_code(rfc6733::result_code_values::success)
                     .origin_host("gw")
                     .origin_realm("r");

TEST(Batch, TakesMessagesOfSeveralTypesUntilOneDoesNotFit) {
  std::vector<std::byte> room(dwr.encoded_size() + 2 * dwa.encoded_size() - 1);
  typed::batch all{room};

  const auto request = all.add(dwr);
  const auto answer = all.add(dwa);
  const auto third = all.add(dwa);

  EXPECT_TRUE(diameter::check_message(request).has_value());
  EXPECT_TRUE(diameter::check_message(answer).has_value());
  EXPECT_TRUE(third.empty());
  EXPECT_EQ(all.messages(), 2U);
  EXPECT_EQ(all.octets().size(), dwr.encoded_size() + dwa.encoded_size());
}

TEST(EncodeBatch, SaysWhereEachMessageEnds) {
  const std::array<rfc6733::device_watchdog_request, 3> messages{dwr, dwr, dwr};
  const std::size_t one = dwr.encoded_size();
  std::array<std::uint32_t, 3> ends{};
  std::vector<std::byte> room(3 * one - 1);

  const std::size_t written =
      typed::encode_batch(std::span<const rfc6733::device_watchdog_request>{messages}, room, ends);

  EXPECT_EQ(written, 2U);
  EXPECT_EQ(ends[0], one);
  EXPECT_EQ(ends[1], 2 * one);
}

// A DWR has Origin-Host "h" (12 octets), Origin-Realm "r" (12).
TEST(DecodeOrViolation, GivesTheResultCodeAndTheAvpAtFault) {
  const std::string host = "000001084000000968000000";
  const std::string realm = "000001284000000972000000";
  const std::string state = "000001164000000c00000005";
  const struct {
    const char* what;
    std::string avps;
    std::uint32_t result_code;
    std::string failed_avp;  // the Failed-AVP, hexadecimal
  } rows[] = {
      {"§7.1.5 5005: Origin-Realm is missing", host, 5005,
       "000001174000001000000128"
       "40000008"},
      {"§7.1.5 5009: the second Origin-State-Id", host + realm + state + state, 5009,
       "0000011740000014" + state},
      {"§7.1.5 5001: unknown, with M", host + realm + "0000fffe4000000c00000001", 5001,
       "00000117400000140000fffe4000000c00000001"},
      {"§7.1.5 5014: Origin-State-Id of two octets", host + realm + "000001164000000a00050000",
       5014, "0000011740000014000001164000000c00000000"},
      {"§7.1.5 5014: longer than the message", host + realm + "000001164000001000000005", 5014,
       "0000011740000014000001164000000c00000000"},
  };
  diameter::validator rules{dictionary::embedded()};
  for (const auto& row : rows) {
    auto octets = *from_hex("0100000080000118000000000000000100000002" + row.avps);
    store_be24(octets.data() + 1, static_cast<std::uint32_t>(octets.size()));

    const auto view =
        typed::decode_or_violation<rfc6733::device_watchdog_request_view>(octets, rules);

    ASSERT_TRUE(view.has_error()) << row.what;
    EXPECT_EQ(static_cast<std::uint32_t>(view.error().code()), row.result_code) << row.what;
    std::array<std::byte, 64> room{};
    diameter::writer out{room};
    write_failed_avp(out, view.error());
    EXPECT_EQ(to_hex(out.written()), row.failed_avp) << row.what;
  }
}

TEST(DecodeOrViolation, GivesTheViewOfASoundMessage) {
  diameter::validator rules{dictionary::embedded()};
  std::vector<std::byte> octets(dwr.encoded_size());
  ASSERT_EQ(dwr.encode_to(octets), octets.size());

  const auto view =
      typed::decode_or_violation<rfc6733::device_watchdog_request_view>(octets, rules);

  ASSERT_TRUE(view.has_value());
  EXPECT_EQ(view->origin_host(), "gw");
}

template <class Message>
std::string encoded(const Message& message) {
  std::vector<std::byte> out(message.encoded_size());
  EXPECT_EQ(message.encode_to(out), out.size());
  return to_hex(out);
}

TEST(Members, GiveWhatTheyWereGiven) {
  constexpr std::array<std::uint32_t, 2> vendors{1, 2};
  const rfc6733::failed_avp failed;
  auto answer = rfc6733::capabilities_exchange_answer{}
                    .result_code(2001)
                    .error_message("")
                    .failed_avp(&failed)
                    .supported_vendor_id(vendors);

  EXPECT_EQ(answer.result_code(), 2001U);
  EXPECT_EQ(answer.error_message(), "");
  EXPECT_EQ(answer.origin_state_id(), std::nullopt);
  EXPECT_EQ(answer.failed_avp(), &failed);
  EXPECT_EQ(answer.supported_vendor_id().size(), 2U);

  answer.error_message(std::nullopt).failed_avp(nullptr).supported_vendor_id({});

  EXPECT_EQ(answer.error_message(), std::nullopt);
  EXPECT_EQ(encoded(answer), encoded(rfc6733::capabilities_exchange_answer{}.result_code(2001)));
}

TEST(Members, ThatAreEmptyArePresent) {
  const auto octets = encoded(rfc6733::device_watchdog_answer{}.error_message(""));

  EXPECT_NE(octets.find("0000011900000008"), std::string::npos);  // Error-Message, no data
}

// The AA-Request of NASREQ has more members than one word has bits.
TEST(Members, BehindTheSixtyFourthAreWritten) {
  const std::array<std::string_view, 1> route{"dra.example"};
  const auto plain = rfc7155::aa_request{}.session_id("s").origin_host("h").origin_realm("r");
  auto request = plain;
  request.route_record(route).tunneling({});

  const std::string octets = encoded(request);

  EXPECT_EQ(octets.size(), encoded(plain).size() + 2 * (8 + 12));
  EXPECT_NE(octets.find("0000011a400000136472612e6578616d706c6500"), std::string::npos);
  EXPECT_EQ(encoded(request.route_record({})), encoded(plain));
}

// Their length is the caller's word: where it is no multiple of four, nothing else is spoilt.
TEST(MoreAvps, AreCopiedAsTheyAre) {
  const auto odd = *from_hex("00000369c0000010000028af0000004d00");
  const auto request = rfc6733::accounting_request{}.more_avps(odd);
  std::vector<std::byte> out(
      request.encoded_size());  // of its own, so that a write past it is found

  EXPECT_EQ(request.encode_to(out), out.size());
  EXPECT_TRUE(to_hex(out).ends_with(to_hex(odd)));
}

// Groups of a fixed length are stored without a look at each AVP, but for this.
TEST(MoreAvps, StandInGroupsOfAFixedLengthToo) {
  const auto extension = *from_hex("00000369c0000010000028af0000004d");
  const auto unit = rfc8506::requested_service_unit{}.cc_time(600).more_avps(extension);
  const std::array services{
      rfc8506::multiple_services_credit_control{}.requested_service_unit(&unit)};

  const std::string octets =
      encoded(rfc8506::credit_control_request{}.multiple_services_credit_control(services));

  EXPECT_NE(octets.find("000001b540000024"  // Requested-Service-Unit
                        "000001a44000000c00000258"
                        "00000369c0000010000028af0000004d"),
            std::string::npos);
}

}  // namespace
}  // namespace diamgw::messages
