#include "diamgw/diameter/first_message.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>

#include "diamgw/base/hex.hpp"
#include "diamgw/codec/codes.hpp"
#include "support/message_builder.hpp"

namespace diamgw::diameter {
namespace {

using test::message_builder;
using test::octets;

constexpr std::size_t usual_limit = std::size_t{1} << 20U;

/// A CER of so many octets; a multiple of 4, at least 60.
octets cer(std::size_t size = 60) {
  message_builder m{commands::capabilities_exchange};
  m.avp(avps::origin_host, "stranger.example");  // 8 + 16
  return m.avp(avps::product_name, ietf_vendor, 0, octets(size - 20 - 24 - 8)).build();
}

/// Feeds `stream` in chunks until the reader decides; what it decided, as text.
std::string decided(const octets& stream, std::size_t chunk, std::size_t limit = usual_limit) {
  buffer_pool pool;
  first_message reader{pool, limit};
  for (std::size_t at = 0; at < stream.size();) {
    const mutable_bytes room = reader.prepare();
    const std::size_t n = std::min({chunk, room.size(), stream.size() - at});
    std::copy_n(stream.begin() + static_cast<std::ptrdiff_t>(at), n, room.begin());
    reader.commit(n);
    at += n;
    const auto outcome = reader.next();
    if (const auto* const whole = std::get_if<whole_cer>(&outcome)) {
      EXPECT_EQ(to_hex(whole->cer.view.octets()),
                to_hex(bytes_view{stream}.first(whole->cer.view.octets().size())));
      return "CER of " + std::string{whole->origin_host} + ", " +
             std::to_string(whole->rest.size()) + " octets after it" +
             (std::ranges::equal(
                  whole->rest,
                  bytes_view{stream}.subspan(whole->cer.view.octets().size(), whole->rest.size()))
                  ? ""
                  : ", others than came");
    }
    if (const auto* const broken = std::get_if<broken_cer>(&outcome)) {
      return "broken CER of " + std::string{broken->origin_host} + ": " +
             std::string{to_sentence(broken->cer.error.code)};
    }
    if (const auto* const no = std::get_if<refused_stranger>(&outcome)) {
      return std::string{to_sentence(no->reason)};
    }
  }
  return "more is needed";
}

void expect_decided(const octets& stream, std::string_view wanted,
                    std::size_t limit = usual_limit) {
  for (const std::size_t chunk : {std::size_t{1}, std::size_t{7}, stream.size()}) {
    EXPECT_EQ(decided(stream, chunk, limit), wanted) << chunk << " octets at a time";
  }
}

TEST(FirstMessage, IsAWholeCer) {
  expect_decided(cer(), "CER of stranger.example, 0 octets after it");
  expect_decided(message_builder{commands::capabilities_exchange}.build(),
                 "CER of , 0 octets after it");  // §5.3.1: the caller refuses it
}

TEST(FirstMessage, KeepsWhatCameAfterIt) {
  octets stream = cer();
  const octets more = test::to_octets("and more");
  stream.insert(stream.end(), more.begin(), more.end());

  EXPECT_EQ(decided(stream, stream.size()), "CER of stranger.example, 8 octets after it");
  EXPECT_EQ(decided(stream, stream.size() - 3), "CER of stranger.example, 5 octets after it");
}

TEST(FirstMessage, NeedsMoreUntilItIsWhole) {
  octets stream = cer();
  stream.pop_back();

  expect_decided(stream, "more is needed");
}

TEST(FirstMessage, IsRefusedWhereItIsNoCer) {
  expect_decided(test::to_octets("GET / HTTP/1.1\r\n\r\n"),
                 "the first octets are no Diameter message");
  octets short_length = cer();
  store_be24(short_length.data() + 1, 16);
  expect_decided(short_length, "the first octets are no Diameter message");
  expect_decided(message_builder{commands::device_watchdog}.build(), "the first message is no CER");
  expect_decided(message_builder{commands::capabilities_exchange, base_application, 0}.build(),
                 "the first message is no CER");  // a CEA
  expect_decided(
      message_builder{commands::device_watchdog}
          .avp(avps::origin_host, ietf_vendor, test::m_bit, test::to_octets("a.example"), 400)
          .build(),
      "the first message cannot be read");
}

// RFC 6733 §7.1.5: it is known to be a CER, and can be answered.
TEST(FirstMessage, IsACerWhoseAvpsCannotBeToldApart) {
  const auto bad = test::to_octets("a.example");
  expect_decided(message_builder{commands::capabilities_exchange}
                     .avp(avps::origin_host, ietf_vendor, test::m_bit, bad, 400)
                     .build(),
                 "broken CER of : the AVP length reaches past the end of what contains it");
  expect_decided(message_builder{commands::capabilities_exchange}
                     .avp(avps::origin_host, "a.example")
                     .avp(avps::origin_realm, ietf_vendor, test::m_bit, bad, 7)
                     .build(),
                 "broken CER of a.example: the AVP length is shorter than the AVP header");
}

// A reader of the connection that takes only 1 KiB would never give it out.
TEST(FirstMessage, IsRefusedWhereNoLaterMessageMayBeSoLong) {
  constexpr std::size_t limit = 1024;

  expect_decided(cer(limit), "CER of stranger.example, 0 octets after it", limit);
  expect_decided(cer(limit + 4), "the first message is too long", limit);
  expect_decided(cer(max_cer_octets), "CER of stranger.example, 0 octets after it");
  expect_decided(cer(max_cer_octets + 4), "the first message is too long");
}

TEST(FirstMessage, OutlivesItsReader) {
  buffer_pool pool;
  auto reader = std::make_unique<first_message>(pool, usual_limit);
  octets stream = cer();
  stream.push_back(std::byte{1});
  std::ranges::copy(stream, reader->prepare().begin());
  reader->commit(stream.size());
  auto outcome = reader->next();

  reader.reset();

  const auto& whole = std::get<whole_cer>(outcome);
  EXPECT_EQ(whole.origin_host, "stranger.example");
  EXPECT_EQ(to_hex(whole.rest), "01");
}

}  // namespace
}  // namespace diamgw::diameter
