#include "diamgw/codec/validation.hpp"

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <string>

#include "diamgw/base/hex.hpp"
#include "diamgw/buffer/allocation_statistics.hpp"
#include "support/message_builder.hpp"

namespace diamgw::diameter {
namespace {

using test::avp_builder;
using test::m_bit;
using test::message_builder;
using test::octets;

constexpr application_id credit_control_application{4};
constexpr std::uint8_t request_flags = command_flags::request | command_flags::proxiable;
constexpr avp_code cc_request_number{415};
constexpr avp_code cc_request_type{416};
constexpr avp_code requested_service_unit{437};
constexpr avp_code cc_time{420};
constexpr avp_code subscription_id{443};
constexpr avp_code subscription_id_data{444};
constexpr avp_code subscription_id_type{450};
constexpr avp_code mscc{456};
constexpr avp_code service_context_id{461};
constexpr avp_code unknown{60'000};

message_builder ccr(std::uint8_t flags = request_flags) {
  message_builder m{commands::credit_control, credit_control_application, flags};
  m.avp(avps::session_id, "gw.example;1;2")
      .avp(avps::origin_host, "gw.example")
      .avp(avps::origin_realm, "example")
      .avp(avps::destination_realm, "example")
      .avp(avps::auth_application_id, 4U)
      .avp(service_context_id, "32251@3gpp.org")
      .avp(cc_request_type, 1U)
      .avp(cc_request_number, 0U);
  return m;
}

octets failed_avp(const violation& v) {
  std::array<std::byte, 4096> space{};
  writer out{space};
  write_failed_avp(out, v);
  EXPECT_FALSE(out.overflowed());
  return {out.written().begin(), out.written().end()};
}

octets failed(const avp_builder& inside) {
  return avp_builder{}.group(avps::failed_avp, inside).list();
}

std::optional<violation> validate(const octets& in, const validation_options& o = {}) {
  const auto view = check_message(in);
  EXPECT_TRUE(view.has_value());
  validator v{dictionary::embedded(), o};
  return v.validate(*view);
}

TEST(Validator, AcceptsACompleteRequest) {
  const octets in =
      ccr()
          .group(subscription_id,
                 avp_builder{}.avp(subscription_id_type, 0U).avp(subscription_id_data, "4930123"))
          .group(mscc, avp_builder{}.group(requested_service_unit, avp_builder{}.avp(cc_time, 60U)))
          .build();

  const auto v = validate(in);

  EXPECT_FALSE(v.has_value()) << to_sentence(v->reason);
}

TEST(Validator, RefusesWithTheResultCodeAndTheOffender) {
  struct row {
    std::string name;
    std::function<void(message_builder&)> add;
    errc reason;
    result_code code;
    avp_builder offender;  // what Failed-AVP holds
  };
  const auto number = [](avp_code code, std::uint32_t v) { return avp_builder{}.avp(code, v); };
  const octets long_text(300, std::byte{'x'});
  const row rows[] = {
      {"§7.1.5 5001 unknown with M", [](message_builder& m) { m.avp(unknown, "abc"); },
       errc::avp_unsupported, result_code::avp_unsupported, avp_builder{}.avp(unknown, "abc")},
      {"§7.1.5 5001 a vendor's AVP is not the base one's",
       [&](message_builder& m) { m.avp(avps::user_name, vendor_id{42}, m_bit, long_text); },
       errc::avp_unsupported, result_code::avp_unsupported,
       avp_builder{}.avp(avps::user_name, vendor_id{42}, m_bit, long_text)},
      {"§7.1.5 5009 the first in excess",
       [](message_builder& m) {
         m.avp(avps::user_name, "one").avp(avps::user_name, "two").avp(avps::user_name, "three");
       },
       errc::avp_too_many, result_code::avp_occurs_too_many_times,
       avp_builder{}.avp(avps::user_name, "two")},
      {"§7.1.5 5014 Unsigned32 of 3 octets",
       [](message_builder& m) { m.avp(avps::origin_state_id, "abc"); }, errc::value_length,
       result_code::invalid_avp_length, number(avps::origin_state_id, 0)},
      {"§7.1.5 5004 enumerated", [](message_builder& m) { m.avp(avps::termination_cause, 99U); },
       errc::value_enumerated, result_code::invalid_avp_value, number(avps::termination_cause, 99)},
      {"§7.1.5 5004 UTF-8", [](message_builder& m) { m.avp(avps::user_name, "a\xff"); },
       errc::value_utf8, result_code::invalid_avp_value,
       avp_builder{}.avp(avps::user_name, "a\xff")},
      {"§7.1.5 5004 identity",
       [](message_builder& m) { m.avp(avps::destination_host, "not a host"); },
       errc::value_identity, result_code::invalid_avp_value,
       avp_builder{}.avp(avps::destination_host, "not a host")},
      {"§7.1.3 3009 reserved flag",
       [](message_builder& m) { m.avp(avps::user_name, ietf_vendor, 0x41, as_bytes("a")); },
       errc::avp_bits, result_code::invalid_avp_bits,
       avp_builder{}.avp(avps::user_name, ietf_vendor, 0x41, as_bytes("a"))},
      {"§7.1.3 3009 M clear",
       [](message_builder& m) { m.avp(avps::user_name, ietf_vendor, 0, as_bytes("a")); },
       errc::avp_bits, result_code::invalid_avp_bits,
       avp_builder{}.avp(avps::user_name, ietf_vendor, 0, as_bytes("a"))},
      {"§7.1.3 3009 unknown AVP with a reserved flag",
       [](message_builder& m) { m.avp(unknown, ietf_vendor, 0x01, as_bytes("a")); }, errc::avp_bits,
       result_code::invalid_avp_bits, avp_builder{}.avp(unknown, ietf_vendor, 0x01, as_bytes("a"))},
      {"§7.5 missing in a group",
       [](message_builder& m) {
         m.group(subscription_id, avp_builder{}.avp(subscription_id_type, 0U));
       },
       errc::missing_avp, result_code::missing_avp,
       avp_builder{}.group(subscription_id, avp_builder{}.avp(subscription_id_data, ""))},
      {"§7.5 too short in a group of a group",
       [](message_builder& m) {
         m.group(mscc,
                 avp_builder{}.group(requested_service_unit, avp_builder{}.avp(cc_time, "x")));
       },
       errc::value_length, result_code::invalid_avp_length,
       avp_builder{}.group(
           mscc, avp_builder{}.group(requested_service_unit, avp_builder{}.avp(cc_time, 0U)))},
      {"§7.5 AVP length past its group",
       [](message_builder& m) {
         m.group(mscc, avp_builder{}.avp(cc_time, ietf_vendor, m_bit, test::be32_octets(7), 4000));
       },
       errc::avp_overrun, result_code::invalid_avp_length,
       avp_builder{}.group(mscc, avp_builder{}.avp(cc_time, 0U))},
      {"§7.1.5 AVP length below its header, in a group",
       [](message_builder& m) {
         m.group(mscc, avp_builder{}.avp(cc_time, ietf_vendor, m_bit, {}, 5));
       },
       errc::avp_length_short, result_code::invalid_avp_length,
       avp_builder{}.group(mscc, avp_builder{}.avp(cc_time, 0U))},
      {"§7.1.5 AVP header cut in a group",
       [](message_builder& m) { m.group(mscc, avp_builder{}.raw(test::be32_octets(420))); },
       errc::avp_header_cut, result_code::invalid_avp_length,
       avp_builder{}.group(mscc, avp_builder{}.avp(cc_time, ietf_vendor, 0, {}))},
      {"§7.1.5 5008 not in the group's grammar",
       [](message_builder& m) {
         m.group(subscription_id, avp_builder{}
                                      .avp(subscription_id_type, 0U)
                                      .avp(avps::user_name, "a")
                                      .avp(subscription_id_data, "4930"));
       },
       errc::avp_not_allowed, result_code::avp_not_allowed,
       avp_builder{}.group(subscription_id, avp_builder{}.avp(avps::user_name, "a"))},
  };
  for (const row& r : rows) {
    message_builder m = ccr();
    r.add(m);
    const octets in = m.build();

    const auto v = validate(in);

    ASSERT_TRUE(v.has_value()) << r.name;
    EXPECT_EQ(to_sentence(v->reason), to_sentence(r.reason)) << r.name;
    EXPECT_EQ(v->code(), r.code) << r.name;
    EXPECT_EQ(to_hex(failed_avp(*v)), to_hex(failed(r.offender))) << r.name;
  }
}

TEST(Validator, NamesEveryMissingAvpWithAnExample) {
  const octets whole = ccr().build();
  const avp_range all = check_message(whole)->avps();
  for (const avp_view left_out : all) {
    message_builder m{commands::credit_control, credit_control_application, request_flags};
    for (const avp_view avp : all) {
      if (avp.code != left_out.code) {
        m.avp(avp.code, avp.vendor, avp.flags, avp.data);
      }
    }
    const octets in = m.build();

    const auto v = validate(in);

    ASSERT_TRUE(v.has_value()) << left_out.code.value;
    EXPECT_EQ(v->reason, errc::missing_avp);
    const octets example(left_out.data.size() == 4 ? 4 : 0);
    EXPECT_EQ(to_hex(failed_avp(*v)),
              to_hex(failed(avp_builder{}.avp(left_out.code, ietf_vendor, m_bit, example))));
  }
}

TEST(Validator, WantsSessionIdFirst) {
  message_builder m{commands::credit_control, credit_control_application, request_flags};
  m.avp(avps::origin_host, "gw.example").avp(avps::session_id, "a;1;2");
  const octets in = m.build();

  const auto v = validate(in);

  ASSERT_TRUE(v.has_value());
  EXPECT_EQ(v->reason, errc::avp_position);
  EXPECT_EQ(v->code(), result_code::missing_avp);
  std::array<char, 160> text{};
  EXPECT_EQ(describe(*v, text), "Session-Id: the AVP is not in its fixed place");
}

TEST(Validator, PassesOverUnknownAvpsWithoutM) {
  EXPECT_FALSE(validate(ccr().avp(unknown, ietf_vendor, 0, as_bytes("a")).build()).has_value());
  EXPECT_FALSE(
      validate(ccr().avp(avps::user_name, vendor_id{42}, 0, as_bytes("\xff")).build()).has_value());
}

TEST(Validator, RefusesUnknownCommands) {
  const octets in =
      message_builder{command_code{999}, credit_control_application, request_flags}.build();

  const auto v = validate(in);

  ASSERT_TRUE(v.has_value());
  EXPECT_EQ(v->code(), result_code::command_unsupported);
  EXPECT_FALSE(v->has_failed_avp());
  EXPECT_TRUE(failed_avp(*v).empty());
}

TEST(Validator, RefusesThePBitWhereTheCommandHasNone) {
  const octets in = message_builder{commands::device_watchdog, base_application, request_flags}
                        .avp(avps::origin_host, "gw.example")
                        .avp(avps::origin_realm, "example")
                        .build();

  const auto v = validate(in);

  ASSERT_TRUE(v.has_value());
  EXPECT_EQ(v->code(), result_code::invalid_hdr_bits);
}

TEST(Validator, StopsAtTheDepthLimit) {
  const octets in =
      ccr()
          .group(mscc, avp_builder{}.group(requested_service_unit, avp_builder{}.avp(cc_time, 60U)))
          .build();

  EXPECT_FALSE(validate(in, {.max_depth = 2}).has_value());
  const auto v = validate(in, {.max_depth = 1});
  ASSERT_TRUE(v.has_value());
  EXPECT_EQ(v->reason, errc::nested_too_deep);
  EXPECT_EQ(v->depth, 1U);
}

TEST(Validator, HoldsOutAgainstGroupsNestedWithoutEnd) {
  // Proxy-Info admits any AVP, itself too: 200 levels deep, with a limit above the hard one.
  avp_builder inside;
  inside.avp(avps::proxy_host, "a").avp(avps::proxy_state, "s");
  for (int i = 0; i < 200; ++i) {
    avp_builder outer;
    outer.avp(avps::proxy_host, "a").avp(avps::proxy_state, "s").group(avps::proxy_info, inside);
    inside = outer;
  }
  const octets in = ccr().group(avps::proxy_info, inside).build();

  const auto v = validate(in, {.max_depth = 1000});

  ASSERT_TRUE(v.has_value());
  EXPECT_EQ(v->reason, errc::nested_too_deep);
  EXPECT_EQ(v->depth, max_group_depth);
}

TEST(Validator, IsLenientByOption) {
  const octets flags = ccr().avp(avps::user_name, ietf_vendor, 0, as_bytes("a")).build();
  const octets reserved = ccr().avp(avps::user_name, ietf_vendor, 0x47, as_bytes("a")).build();
  const octets enumerated = ccr().avp(avps::termination_cause, 99U).build();

  EXPECT_FALSE(validate(flags, {.flags = flag_check::reserved_bits}).has_value());
  EXPECT_TRUE(validate(reserved, {.flags = flag_check::reserved_bits}).has_value());
  EXPECT_FALSE(validate(reserved, {.flags = flag_check::ignore}).has_value());
  EXPECT_FALSE(validate(enumerated, {.enumerated = unknown_enumerated::accept}).has_value());
}

TEST(Validator, WantsLittleOfAnErrorAnswer) {
  const auto answer = [](std::uint8_t flags, std::uint32_t code) {
    message_builder m{commands::credit_control, credit_control_application, flags};
    m.avp(avps::session_id, "a;1;2")
        .avp(avps::result_code, code)
        .avp(avps::origin_host, "gw.example")
        .avp(avps::origin_realm, "example")
        .group(avps::failed_avp, avp_builder{}.avp(avps::origin_state_id, "bad length"));
    return m;
  };

  EXPECT_FALSE(validate(answer(command_flags::error, 3002).build()).has_value());
  EXPECT_FALSE(validate(answer(command_flags::proxiable, 5012).build()).has_value());
  const octets success = answer(command_flags::proxiable, 2001).build();
  const auto v = validate(success);
  ASSERT_TRUE(v.has_value());
  EXPECT_EQ(v->reason, errc::missing_avp);
  const octets bare =
      message_builder{commands::credit_control, credit_control_application, command_flags::error}
          .avp(avps::session_id, "a;1;2")
          .build();
  EXPECT_EQ(validate(bare)->definition->name, "Origin-Host");
}

TEST(Validator, AllocatesNothingOnceMade) {
  ASSERT_TRUE(allocation_counting_works());
  const octets good = ccr().group(mscc, avp_builder{}.avp(cc_request_number, 1U)).build();
  const octets bad = ccr().avp(avps::user_name, "a\xff").build();
  validator v{dictionary::embedded()};
  std::array<char, 160> text{};
  const allocation_counts before = thread_allocations();

  for (int i = 0; i < 100; ++i) {
    static_cast<void>(v.validate(message_view{good}));
    const auto found = v.validate(message_view{bad});
    static_cast<void>(describe(*found, text));
  }

  EXPECT_EQ((thread_allocations() - before).calls, 0U);
}

TEST(Describe, NamesUnknownAvpsByNumberAndCutsToItsRoom) {
  const octets in = ccr().avp(unknown, vendor_id{42}, m_bit, {}).build();
  const auto v = validate(in);
  std::array<char, 160> text{};
  std::array<char, 12> little{};

  EXPECT_EQ(describe(*v, text), "AVP 60000 of vendor 42: the AVP is unknown and has the M bit set");
  EXPECT_EQ(describe(*v, little), "AVP 60000 of");
}

TEST(ToViolation, ShowsTheHeaderOfTheAvpAtFault) {
  octets in = ccr().build();
  const std::size_t last = in.size() - 12;  // CC-Request-Number
  store_be24(in.data() + last + 5, 77);
  const auto view = check_message(in);
  ASSERT_TRUE(view.has_error());

  const violation known = to_violation(in, view.error(), &dictionary::embedded());
  const violation nameless = to_violation(in, view.error(), nullptr);

  EXPECT_EQ(known.code(), result_code::invalid_avp_length);
  EXPECT_EQ(to_hex(failed_avp(known)), to_hex(failed(avp_builder{}.avp(cc_request_number, 0U))));
  EXPECT_EQ(to_hex(failed_avp(nameless)),
            to_hex(failed(avp_builder{}.avp(cc_request_number, ietf_vendor, m_bit, {}))));
  EXPECT_FALSE(to_violation(in, {errc::error_bit_in_request, 4}, nullptr).has_failed_avp());
}

}  // namespace
}  // namespace diamgw::diameter
