#include "diamgw/websocket/frame.hpp"

#include <gtest/gtest.h>

#include <string>

#include "diamgw/base/hex.hpp"
#include "support/websocket_frames.hpp"

namespace diamgw::websocket {
namespace {

std::vector<std::byte> octets(std::string_view hex) {
  return from_hex(hex).value();
}

struct length_row {
  std::uint64_t length;
  const char* unmasked;
  std::size_t octets;
};

// RFC 6455 §5.2, "Payload length": the borders of each form.
const length_row length_rows[] = {
    {0, "8200", 2},
    {1, "8201", 2},
    {125, "827d", 2},
    {126, "827e007e", 4},
    {65535, "827effff", 4},
    {65536, "827f0000000000010000", 10},
    {0x7fffffffffffffffU, "827f7fffffffffffffff", 10},
};

TEST(FrameHeader, EncodesEachLengthInItsShortestForm) {
  for (const length_row& row : length_rows) {
    const auto encoded = encode_header({.opcode = opcode::binary, .length = row.length});

    EXPECT_EQ(to_hex(encoded.view()), row.unmasked);
    EXPECT_EQ(header_octets(row.length, false), row.octets);
    EXPECT_EQ(header_octets(row.length, true), row.octets + 4);
  }
}

TEST(FrameHeader, DecodesWhatItEncodesAndNeedsEveryOctetOfIt) {
  for (const role receiver : {role::server, role::client}) {
    for (const length_row& row : length_rows) {
      for (const bool fin : {true, false}) {
        frame_header header{.opcode = opcode::text, .fin = fin, .length = row.length};
        if (receiver == role::server) {
          header.key = testing::test_key;
        }
        const auto encoded = encode_header(header);

        for (std::size_t n = 0; n < encoded.size; ++n) {
          EXPECT_TRUE(std::holds_alternative<need_more>(
              decode_header(encoded.view().first(n), {.receiver = receiver})));
        }
        auto trailing = std::vector<std::byte>(encoded.view().begin(), encoded.view().end());
        trailing.push_back(std::byte{0xff});
        for (const bytes_view input : {encoded.view(), bytes_view{trailing}}) {
          const auto decoded = decode_header(input, {.receiver = receiver});
          const auto* found = std::get_if<decoded_header>(&decoded);
          ASSERT_NE(found, nullptr);
          EXPECT_EQ(found->header, header);
          EXPECT_EQ(found->octets, encoded.size);
        }
      }
    }
  }
}

struct wrong_row {
  const char* rule;
  const char* hex;
  role receiver;
  errc expected;
  std::size_t octets;  // how many of them give it away
};

const wrong_row wrong_rows[] = {
    {"§5.2 RSV1 without extension", "c280", role::server, errc::reserved_bits, 1},
    {"§5.2 RSV2", "a280", role::server, errc::reserved_bits, 1},
    {"§5.2 RSV3", "9280", role::server, errc::reserved_bits, 1},
    {"§5.2 opcode 3", "8380", role::server, errc::reserved_opcode, 1},
    {"§5.2 opcode 7", "8780", role::server, errc::reserved_opcode, 1},
    {"§5.2 opcode B", "8b80", role::server, errc::reserved_opcode, 1},
    {"§5.2 opcode F", "8f80", role::server, errc::reserved_opcode, 1},
    {"§5.5 ping without FIN", "0980", role::server, errc::fragmented_control, 1},
    {"§5.5 close without FIN", "0880", role::server, errc::fragmented_control, 1},
    {"§5.5 ping of 126 octets", "89fe007e", role::server, errc::long_control, 2},
    {"§5.5 pong of 2^16 octets", "8aff", role::server, errc::long_control, 2},
    {"§5.1 unmasked frame of a client", "8200", role::server, errc::mask_missing, 2},
    {"§5.1 masked frame of a server", "8280", role::client, errc::mask_unexpected, 2},
    {"§5.2 125 in 16 bits", "827e007d", role::client, errc::length_not_minimal, 4},
    {"§5.2 0 in 16 bits, masked", "82fe0000", role::server, errc::length_not_minimal, 4},
    {"§5.2 65535 in 64 bits", "827f000000000000ffff", role::client, errc::length_not_minimal, 10},
    {"§5.2 top bit of 64", "827f8000000000000000", role::client, errc::length_top_bit, 10},
};

TEST(FrameHeader, RefusesEachBrokenRuleAsSoonAsItShows) {
  for (const wrong_row& row : wrong_rows) {
    auto input = octets(row.hex);
    for (std::size_t n = 0; n < row.octets; ++n) {
      EXPECT_TRUE(std::holds_alternative<need_more>(
          decode_header(bytes_view{input}.first(n), {.receiver = row.receiver})))
          << row.rule;
    }
    input.resize(input.size() + 20);
    for (const std::size_t n : {row.octets, input.size()}) {
      const auto decoded = decode_header(bytes_view{input}.first(n), {.receiver = row.receiver});
      const auto* wrong = std::get_if<errc>(&decoded);
      ASSERT_NE(wrong, nullptr) << row.rule;
      EXPECT_EQ(*wrong, row.expected) << row.rule;
    }
  }
}

TEST(FrameHeader, AllowsRsv1OnFirstDataFramesOnlyWhereNegotiated) {
  // RFC 7692 §6: set on the first frame of a message, never on the others
  const header_rules rules{.receiver = role::client, .rsv1_allowed = true};
  const auto judge = [&](const char* hex) { return decode_header(octets(hex), rules); };

  const auto text = judge("c100");
  ASSERT_TRUE(std::holds_alternative<decoded_header>(text));
  EXPECT_TRUE(std::get<decoded_header>(text).header.rsv1);
  EXPECT_EQ(std::get<errc>(judge("c000")), errc::reserved_bits);
  EXPECT_EQ(std::get<errc>(judge("c900")), errc::reserved_bits);
}

TEST(CloseCode, MayBeSentAsSection74Says) {
  for (const unsigned code : {1000U, 1001U, 1002U, 1003U, 1007U, 1008U, 1009U, 1010U, 1011U, 1012U,
                              1013U, 1014U, 3000U, 3999U, 4000U, 4999U}) {
    EXPECT_TRUE(may_be_sent(static_cast<close_code>(code))) << code;
  }
  for (const unsigned code :
       {0U, 999U, 1004U, 1005U, 1006U, 1015U, 1016U, 1100U, 2000U, 2999U, 5000U, 65535U}) {
    EXPECT_FALSE(may_be_sent(static_cast<close_code>(code))) << code;
  }
}

TEST(WebsocketErrc, EachHasASentenceAndACloseCode) {
  for (int value = 1; value <= static_cast<int>(errc::close_reason_utf8); ++value) {
    const error_code code = static_cast<errc>(value);
    EXPECT_EQ(code.message().find("unknown"), std::string::npos) << value;
  }
  EXPECT_STREQ(websocket_category().name(), "diamgw.websocket");
  EXPECT_NE(websocket_category().message(0).find("unknown"), std::string::npos);
  EXPECT_EQ(to_close_code(errc::reserved_bits), close_code::protocol_error);
  EXPECT_EQ(to_close_code(errc::invalid_utf8), close_code::invalid_frame_payload_data);
  EXPECT_EQ(to_close_code(errc::close_reason_utf8), close_code::invalid_frame_payload_data);
  EXPECT_EQ(to_close_code(errc::message_too_big), close_code::message_too_big);
  EXPECT_EQ(to_close_code(errc::too_many_fragments), close_code::message_too_big);
}

}  // namespace
}  // namespace diamgw::websocket
