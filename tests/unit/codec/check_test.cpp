#include "diamgw/codec/check.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>

#include "diamgw/base/hex.hpp"
#include "support/message_builder.hpp"

namespace diamgw::diameter {
namespace {

using test::avp_builder;
using test::octets;

octets good_message() {
  return test::message_builder{commands::credit_control, application_id{4}}
      .avp(avps::session_id, "a;1;2")
      .avp(avps::origin_host, "a.example")
      .build();
}

TEST(CheckMessage, AcceptsAMessageAndWalksItsAvps) {
  const octets in = good_message();

  const auto view = check_message(in);

  ASSERT_TRUE(view.has_value());
  std::vector<std::string> data;
  for (const avp_view avp : view->avps()) {
    data.emplace_back(as_text(avp.data));
  }
  EXPECT_EQ(data, (std::vector<std::string>{"a;1;2", "a.example"}));
}

TEST(CheckMessage, AcceptsAMessageWithoutAvps) {
  EXPECT_TRUE(check_message(test::message_builder{commands::device_watchdog}.build()).has_value());
}

TEST(CheckMessage, RefusesEachFaultAtItsPlace) {
  struct row {
    std::string name;
    std::function<void(octets&)> spoil;
    errc code;
    std::uint32_t offset;
  };
  const row rows[] = {
      {"§3 version", [](octets& m) { m[0] = std::byte{2}; }, errc::version, 0},
      {"§3 no octets", [](octets& m) { m.clear(); }, errc::message_length_short, 1},
      {"§3 header cut", [](octets& m) { m.resize(19); }, errc::message_length_short, 1},
      {"§3 length below the header", [](octets& m) { store_be24(m.data() + 1, 16); },
       errc::message_length_short, 1},
      {"§3 length lies low", [](octets& m) { store_be24(m.data() + 1, 36); },
       errc::message_length_mismatch, 1},
      {"§3 length lies high", [](octets& m) { store_be24(m.data() + 1, 0xfffffc); },
       errc::message_length_mismatch, 1},
      {"§3 not a multiple of 4",
       [](octets& m) {
         m.resize(m.size() - 2);
         store_be24(m.data() + 1, static_cast<std::uint32_t>(m.size()));
       },
       errc::message_length_unaligned, 1},
      {"§3 R and E", [](octets& m) { m[4] = std::byte{0xa0}; }, errc::error_bit_in_request, 4},
      {"§4.1 AVP length 0", [](octets& m) { store_be24(m.data() + 25, 0); }, errc::avp_length_short,
       20},
      {"§4.1 AVP length 7", [](octets& m) { store_be24(m.data() + 25, 7); }, errc::avp_length_short,
       20},
      {"§4.1 V bit, length 11",
       [](octets& m) {
         m[24] = std::byte{0xc0};
         store_be24(m.data() + 25, 11);
       },
       errc::avp_length_short, 20},
      {"§4.1 second AVP overruns", [](octets& m) { store_be24(m.data() + 41, 21); },
       errc::avp_overrun, 36},
      {"§4.1 AVP of 16 MiB", [](octets& m) { store_be24(m.data() + 41, 0xffffff); },
       errc::avp_overrun, 36},
      {"§4.1 half a header at the end", [](octets& m) { store_be24(m.data() + 41, 16); },
       errc::avp_header_cut, 52},
  };
  for (const row& r : rows) {
    octets in = good_message();
    ASSERT_EQ(in.size(), 56U);
    r.spoil(in);

    const auto view = check_message(in);

    ASSERT_TRUE(view.has_error()) << r.name;
    EXPECT_EQ(to_sentence(view.error().code), to_sentence(r.code)) << r.name;
    EXPECT_EQ(view.error().offset, r.offset) << r.name;
  }
}

TEST(CheckMessage, IgnoresSpareBitsUnlessTold) {
  octets request = good_message();
  request[4] = std::byte{0x81};
  octets answer = good_message();
  answer[4] = std::byte{0x10};
  const check_options strict{.header_bits = spare_bits::refuse};

  EXPECT_TRUE(check_message(request).has_value());
  EXPECT_TRUE(check_message(answer).has_value());
  EXPECT_EQ(check_message(request, strict).error(), (decode_error{errc::reserved_header_bit, 4}));
  EXPECT_EQ(check_message(answer, strict).error(), (decode_error{errc::retransmitted_answer, 4}));
}

TEST(CheckMessage, KeepsToItsLimits) {
  const octets in = good_message();

  EXPECT_EQ(check_message(in, {.max_message_octets = 55}).error().code, errc::message_too_long);
  EXPECT_TRUE(check_message(in, {.max_message_octets = 56}).has_value());
  EXPECT_EQ(check_message(in, {.max_avps = 1}).error(), (decode_error{errc::too_many_avps, 36}));
  EXPECT_TRUE(check_message(in, {.max_avps = 2}).has_value());
}

TEST(CheckMessage, RefusesEveryCutOfAMessage) {
  const octets in = good_message();
  for (std::size_t size = 0; size < in.size(); ++size) {
    EXPECT_TRUE(check_message(bytes_view{in}.first(size)).has_error()) << size;
  }
}

TEST(CheckAvps, WantsTheLastPaddingInsideTheGroup) {
  const octets list = avp_builder{}.avp(avps::user_name, "abcde").list();

  EXPECT_TRUE(check_avps(list).has_value());
  EXPECT_TRUE(check_avps({}).has_value());
  EXPECT_EQ(check_avps(bytes_view{list}.first(13)).error(),
            (decode_error{errc::avp_padding_cut, 0}));
  EXPECT_EQ(check_avps(bytes_view{list}.first(12)).error(), (decode_error{errc::avp_overrun, 0}));
}

TEST(CheckAvps, IsLinearInTheNumberOfAvps) {
  // 2 million empty AVPs, the most that 24 bits of length hold: quadratic would not come back.
  avp_builder one;
  one.avp(avps::user_name, "");
  octets list;
  for (std::size_t i = 0; i < max_message_octets / 8 - 3; ++i) {
    list.insert(list.end(), one.list().begin(), one.list().end());
  }

  EXPECT_TRUE(check_avps(list, list.size()).has_value());
}

TEST(SoundAvps, AreThoseBeforeTheBadOne) {
  octets in = good_message();
  store_be24(in.data() + 41, 0);
  const auto view = check_message(in);

  const avp_range sound = sound_avps(in, view.error());

  ASSERT_FALSE(sound.empty());
  EXPECT_EQ(as_text((*sound.begin()).data), "a;1;2");
  EXPECT_EQ(++sound.begin(), sound.end());
  EXPECT_EQ(sound_avps(in, {errc::error_bit_in_request, 4}).octets().size(), sound.octets().size());
  EXPECT_TRUE(sound_avps(in, {errc::avp_overrun, 20}).empty());
  EXPECT_TRUE(sound_avps({}, {errc::version, 0}).empty());
}

TEST(SoundAvps, EndBeforeAGroupThatIsBadInside) {
  const octets in = good_message();
  const avp_range whole = check_message(in)->avps();
  const auto second = static_cast<std::size_t>((*++whole.begin()).header - in.data());

  // Wherever inside of the second AVP the fault is, the first is sound and ends the list.
  for (std::size_t at = second; at < second + 12; ++at) {
    const avp_range sound = sound_avps(in, {errc::avp_overrun, static_cast<std::uint32_t>(at)});
    EXPECT_EQ(sound.octets().size(), second - header_octets) << at;
    EXPECT_EQ(std::distance(sound.begin(), sound.end()), 1) << at;
  }
}

TEST(Errc, HasASentenceAndAResultCodeForEachValue) {
  std::set<std::string> sentences;
  const auto last = static_cast<int>(errc::avp_too_many);
  for (int i = 1; i <= last; ++i) {
    const auto e = static_cast<errc>(i);
    const error_code code = e;
    EXPECT_NE(code.message(), "unknown error");
    EXPECT_TRUE(sentences.insert(code.message()).second) << code.message();
    const auto value = static_cast<std::uint32_t>(to_result_code(e));
    EXPECT_TRUE(value / 1000 == 3 || value / 1000 == 5) << code.message();
  }
  EXPECT_EQ(make_error_code(static_cast<errc>(200)).message(), "unknown error");
  EXPECT_STREQ(diameter_category().name(), "diamgw.diameter");
}

}  // namespace
}  // namespace diamgw::diameter
