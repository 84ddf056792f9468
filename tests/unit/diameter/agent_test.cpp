#include "diamgw/diameter/agent.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "diamgw/buffer/allocation_statistics.hpp"
#include "diamgw/dictionary/dictionary.hpp"
#include "support/message_builder.hpp"
#include "support/peer_script.hpp"

namespace diamgw::diameter::agent {
namespace {

using test::message_builder;
using test::octets;

constexpr application_id credit_control{4};
constexpr application_id gx{16777238};
constexpr avp_code re_auth_request_type{285};

const local_node& node() {
  static const local_node n = [] {
    local_node made = test::make_node("gw.example");  // realm "example", serves 4
    made.vendor_specific_applications = {{vendor_id{10415}, gx, application_kind::auth}};
    return made;
  }();
  return n;
}

std::string text(const verdict& v) {
  struct name {
    std::string operator()(const serve& s) const { return "serve " + s.command->name; }
    std::string operator()(const relay&) const { return "relay"; }
    std::string operator()(const redirect& r) const { return "redirect " + r.hosts.front(); }
    std::string operator()(const refuse& r) const {
      std::array<char, 160> room{};
      return std::to_string(static_cast<std::uint32_t>(r.code)) + "/" +
             std::to_string(static_cast<int>(r.reason)) + " " +
             std::string{r.broken ? describe(*r.broken, room) : r.sentence};
    }
  };
  return std::visit(name{}, v);
}

std::string judged(const octets& request, const roles& as, bool by_grammar = true,
                   const local_node& by = node()) {
  validator check{dictionary::embedded()};
  const message_view m{request};
  return text(judge(m, find_routing_avps(m.avps().octets()), by, dictionary::embedded(),
                    by_grammar ? &check : nullptr, as));
}

/// "5001 AVP 60000: ...", or nothing where it is sound.
std::string checked(const octets& request) {
  validator check{dictionary::embedded(), lenient_validation()};
  const auto broken = check_between_peers(message_view{request}, check);
  std::array<char, max_sentence> room{};
  return broken ? std::to_string(static_cast<std::uint32_t>(broken->code())) + " " +
                      std::string{describe(*broken, room)}
                : std::string{};
}

// RFC 6733 §5.3.1, §5.4.1, §5.5.1, §7.1.5.
TEST(BetweenPeers, AreHeldToTheirGrammar) {
  constexpr avp_code unknown{60'000};
  constexpr std::uint8_t request = command_flags::request;
  const auto of = [](command_code command, application_id application, std::uint8_t flags) {
    return message_builder{command, application, flags}
        .avp(avps::origin_host, "ocs.example")
        .avp(avps::origin_realm, "example");
  };
  const auto dwr = [&] { return of(commands::device_watchdog, base_application, request); };
  const auto dpr = [&] { return of(commands::disconnect_peer, base_application, request); };
  const auto cer = [&] { return of(commands::capabilities_exchange, base_application, request); };
  const octets three = test::to_octets("abc");
  const auto optional_unknown = [&](message_builder m) {
    return m.avp(unknown, ietf_vendor, 0, three).build();
  };
  const auto application_group = [](const test::avp_builder& inside) {
    return test::avp_builder{}.group(avps::vendor_specific_application_id, inside);
  };
  const struct {
    const char* name;
    octets request;
    std::string_view found;
  } rows[] = {
      {"DWR", dwr().build(), ""},
      {"DWR, unknown without M", optional_unknown(dwr()), ""},
      {"DWR with P", of(commands::device_watchdog, base_application, 0xc0).build(), ""},
      {"DWR under an application", of(commands::device_watchdog, gx, request).build(), ""},
      {"DWR, unknown with M", dwr().avp(unknown, 1U).build(),
       "5001 AVP 60000: the AVP is unknown and has the M bit set"},
      {"DWR, length", dwr().avp(avps::origin_state_id, ietf_vendor, test::m_bit, three).build(),
       "5014 Origin-State-Id: the data has not the length of its type"},
      {"DWR, missing",
       message_builder{commands::device_watchdog}.avp(avps::origin_realm, "example").build(),
       "5005 Origin-Host: the required AVP is missing"},
      {"DWR, excess", dwr().avp(avps::origin_realm, "other").build(),
       "5009 Origin-Realm: the AVP occurs too many times"},
      {"DPR", dpr().avp(avps::disconnect_cause, 0U).build(), ""},
      {"DPR of an unknown cause", dpr().avp(avps::disconnect_cause, 9U).build(), ""},
      {"DPR, missing", dpr().build(), "5005 Disconnect-Cause: the required AVP is missing"},
      {"CER that says little", cer().build(), ""},
      {"CER, unknown without M", optional_unknown(cer()), ""},
      {"CER with P", of(commands::capabilities_exchange, base_application, 0xc0).build(), ""},
      {"CER with a Session-Id", cer().avp(avps::session_id, "a;1;2").build(), ""},
      {"CER, twice", cer().avp(avps::origin_state_id, 1U).avp(avps::origin_state_id, 1U).build(),
       ""},
      {"CER, address without family",
       cer()
           .avp(avps::host_ip_address, ietf_vendor, test::m_bit, test::be32_octets(0x7f000001))
           .build(),
       ""},
      {"CER, several vendors (RFC 3588)",
       cer()
           .raw(application_group(test::avp_builder{}
                                      .avp(avps::vendor_id_avp, 1U)
                                      .avp(avps::vendor_id_avp, 2U)
                                      .avp(avps::auth_application_id, 4U))
                    .list())
           .build(),
       ""},
      {"CER, unknown with M", cer().avp(unknown, 1U).build(),
       "5001 AVP 60000: the AVP is unknown and has the M bit set"},
      {"CER, unknown with M in a group",
       cer().raw(application_group(test::avp_builder{}.avp(unknown, 1U)).list()).build(),
       "5001 AVP 60000: the AVP is unknown and has the M bit set"},
      {"CER, length", cer().avp(avps::vendor_id_avp, ietf_vendor, test::m_bit, three).build(),
       "5014 Vendor-Id: the data has not the length of its type"},
      {"CER, length in a group",
       cer()
           .raw(application_group(
                    test::avp_builder{}.avp(avps::vendor_id_avp, ietf_vendor, test::m_bit, three))
                    .list())
           .build(),
       "5014 Vendor-Id: the data has not the length of its type"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(checked(row.request), row.found) << row.name;
  }
}

/// A sound RAR of Gx for `host` and `realm`; nothing where empty.
message_builder rar(std::string_view host, std::string_view realm, application_id application = gx,
                    std::uint8_t flags = 0xc0) {
  message_builder m{commands::re_auth, application, flags};
  m.avp(avps::session_id, "gw.example;1;2")
      .avp(avps::auth_application_id, application.value)
      .avp(avps::origin_host, "pcrf.example")
      .avp(avps::origin_realm, "example");
  if (!realm.empty()) {
    m.avp(avps::destination_realm, realm);
  }
  if (!host.empty()) {
    m.avp(avps::destination_host, host);
  }
  return m.avp(re_auth_request_type, 0U);
}

std::string reason(refusal_reason r) {
  return std::to_string(static_cast<int>(r));
}

TEST(Agent, JudgesAPeersRequestBySection) {
  const std::string loop =
      "3005/" + reason(refusal_reason::loop_detected) + " the request has been at this node before";
  const std::string other_host = "3002/" + reason(refusal_reason::unable_to_deliver) +
                                 " Destination-Host is not this node, which does not relay";
  const std::string other_realm = "3003/" + reason(refusal_reason::realm_not_served) +
                                  " Destination-Realm is not this node's, which does not relay";
  const std::string not_proxiable = "3002/" + reason(refusal_reason::unable_to_deliver) +
                                    " the request is for another node and may not be relayed";
  const std::string no_application = "3007/" + reason(refusal_reason::application_unsupported) +
                                     " this node does not serve the application";
  const std::string no_command = "3001/" + reason(refusal_reason::command_unsupported) +
                                 " the application has no such command";
  const std::string missing = "5005/" + reason(refusal_reason::invalid_message) +
                              " Re-Auth-Request-Type: the required AVP is missing";
  const std::string nobody =
      "3002/" + reason(refusal_reason::unable_to_deliver) + " no client serves the request";
  const octets without_type = message_builder{commands::re_auth, gx, 0xc0}
                                  .avp(avps::session_id, "s")
                                  .avp(avps::auth_application_id, gx.value)
                                  .avp(avps::origin_host, "pcrf.example")
                                  .avp(avps::origin_realm, "example")
                                  .avp(avps::destination_realm, "example")
                                  .avp(avps::destination_host, "gw.example")
                                  .build();
  const octets watchdog = message_builder{commands::device_watchdog, base_application, 0x80}
                              .avp(avps::origin_host, "pcrf.example")
                              .avp(avps::origin_realm, "example")
                              .build();
  struct row {
    const char* section;
    octets request;
    std::string refusing;  // where foreign requests are refused
    std::string relaying;  // where they are relayed
  };
  const row rows[] = {
      {"§6.1.4 our host", rar("gw.example", "example").build(), "serve Re-Auth", "serve Re-Auth"},
      {"§6.1.4 our host, case aside", rar("GW.Example", "example").build(), "serve Re-Auth",
       "serve Re-Auth"},
      {"§6.1.4 our host in a foreign realm", rar("gw.example", "other").build(), "serve Re-Auth",
       "serve Re-Auth"},
      {"§6.1.4 another host", rar("b.example", "example").build(), other_host, "relay"},
      {"§6.1.9 another host, P clear", rar("b.example", "example", gx, 0x80).build(), other_host,
       not_proxiable},
      {"§6.1.3 another host, and we stand in Route-Record",
       rar("b.example", "example").avp(avps::route_record, "GW.example").build(), other_host, loop},
      {"§6.1.3 another host, and others stand in Route-Record",
       rar("b.example", "example").avp(avps::route_record, "c.example").build(), other_host,
       "relay"},
      {"§7.1.3 an application that we do not have",
       rar("gw.example", "example", application_id{9}).build(), no_application, no_application},
      {"§2.8.1 a relay need not know the application",
       rar("b.example", "example", application_id{9}).build(), no_application, "relay"},
      {"§7.1.3 a command that the application does not have",
       message_builder{command_code{999}, gx, 0xc0}
           .avp(avps::session_id, "s")
           .avp(avps::destination_host, "gw.example")
           .build(),
       no_command, no_command},
      {"§7.1.5 a required AVP is missing", without_type, missing, missing},
      {"§5.5 a watchdog is never relayed", watchdog, nobody, nobody},
  };
  for (const row& r : rows) {
    EXPECT_EQ(judged(r.request, {.from = asked_by::peer}), r.refusing) << r.section;
    EXPECT_EQ(judged(r.request, {.from = asked_by::peer, .foreign = foreign_requests::relay}),
              r.relaying)
        << r.section;
  }
  // Without Destination-Host, as grammars that require it do not have it: no grammar is asked.
  EXPECT_EQ(judged(rar("", "other").build(), {}, false), other_realm);
  EXPECT_EQ(judged(rar("", "other").build(), {.foreign = foreign_requests::relay}, false), "relay");
  EXPECT_EQ(judged(rar("", "Example").build(), {}, false), "serve Re-Auth");
  EXPECT_EQ(judged(without_type, {}, false), "serve Re-Auth");
}

TEST(Agent, RedirectsWhatIsForOthers) {  // §6.1.7
  const std::vector<std::string> hosts{"aaa://b.example:3868"};
  const roles as{.foreign = foreign_requests::redirect, .redirect_hosts = hosts};

  EXPECT_EQ(judged(rar("b.example", "example").build(), as), "redirect aaa://b.example:3868");
  EXPECT_EQ(judged(rar("gw.example", "example").build(), as), "serve Re-Auth");
}

TEST(Agent, RelaysWhatAClientAsks) {
  const roles client{.from = asked_by::client};
  const std::string refused = "3001/" + reason(refusal_reason::command_unsupported) +
                              " CER, DWR and DPR are between the gateway and its peers";

  EXPECT_EQ(judged(rar("b.example", "other").build(), client), "relay");
  EXPECT_EQ(judged(message_builder{command_code{999}, application_id{9}}.build(), client), "relay");
  for (const command_code command : {commands::capabilities_exchange, commands::device_watchdog,
                                     commands::disconnect_peer}) {  // §5.3, §5.5, §5.4
    EXPECT_EQ(judged(message_builder{command}.build(), client), refused) << command.value;
  }
}

TEST(Agent, ServesTheApplicationsThatItAdvertises) {  // §2.4
  local_node relay = test::make_node("r.example");
  relay.auth_applications = {relay_application};

  EXPECT_TRUE(serves(node(), base_application));
  EXPECT_TRUE(serves(node(), credit_control));
  EXPECT_TRUE(serves(node(), gx));
  EXPECT_FALSE(serves(node(), application_id{3}));
  EXPECT_TRUE(serves(relay, application_id{3}));
}

TEST(Agent, AllocatesNothing) {
  const local_node& here = node();  // made at the first call
  validator check{dictionary::embedded()};
  const octets request = rar("gw.example", "example").build();
  const octets broken = rar("gw.example", "example").avp(avps::origin_host, "again").build();

  const auto before = thread_allocations().calls;
  for (const octets* one : {&request, &broken}) {
    const message_view m{*one};
    static_cast<void>(
        judge(m, find_routing_avps(m.avps().octets()), here, dictionary::embedded(), &check, {}));
  }

  EXPECT_EQ(thread_allocations().calls, before);
}

}  // namespace
}  // namespace diamgw::diameter::agent
