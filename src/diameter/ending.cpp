// The wording of what ended a connection: the only place that makes a sentence of it.
#include "diamgw/diameter/ending.hpp"

#include <algorithm>
#include <utility>

#include "diamgw/base/printable.hpp"
#include "diamgw/diameter/base_messages.hpp"

namespace diamgw::diameter {
namespace {

constexpr std::size_t max_listed = 16;

std::string identity_of(std::string_view name, const std::string& came,
                        const std::string& expected) {
  std::string text = came.empty() ? "no " : "";
  text += name;
  if (!came.empty()) {
    text += ' ' + printable(came, max_identity_octets);
  }
  if (!expected.empty() && !same_identity(came, expected)) {
    text += " (expected " + expected + ')';
  }
  return text;
}

std::string with_name(std::string_view name, std::uint32_t number) {
  return std::string{name} + " (" + std::to_string(number) + ')';
}

}  // namespace

std::string list_of(const std::vector<application_id>& applications) {
  if (applications.empty()) {
    return "none";
  }
  std::string text;
  for (std::size_t i = 0; i < std::min(applications.size(), max_listed); ++i) {
    text += i == 0 ? "" : ", ";
    text += applications[i] == relay_application ? "relay" : std::to_string(applications[i].value);
  }
  return applications.size() > max_listed ? text + ", ..." : text;
}

std::string to_sentence(const ending& what) {
  std::string text{to_string(what.reason)};
  const auto add = [&text](const std::string& more) {
    if (!more.empty()) {
      text.append(": ").append(more);
    }
  };
  add(what.address);
  if (what.code != 0) {
    const std::string_view name = to_string(static_cast<result_code>(what.code));
    add(with_name(name.empty() ? "Result-Code" : name, what.code));
  }
  if (what.cause) {
    const std::string_view name = to_string(static_cast<disconnect_cause>(*what.cause));
    add(with_name(name.empty() ? "Disconnect-Cause" : name, *what.cause));
  }
  add(printable(what.detail, max_kept_message));
  add(printable(what.error_message, max_kept_message));
  if (what.exchanged) {
    text += "; " + identity_of("Origin-Host", what.came.host, what.expected.host) + ", " +
            identity_of("Origin-Realm", what.came.realm, what.expected.realm) + "; it offers " +
            list_of(what.theirs) + ", we offer " + list_of(what.ours);
  }
  return text;
}

ending ending_of_exchange(disconnect_reason reason, const message_view& said,
                          const local_node& node, node_name expected) {
  peer_capabilities sender = read_capabilities(said);
  ending why{.reason = reason};
  why.exchanged = true;
  why.theirs = advertised_applications(sender);
  why.ours = advertised_applications(node);
  why.came = {std::move(sender.origin_host), std::move(sender.origin_realm)};
  why.expected = std::move(expected);
  return why;
}

}  // namespace diamgw::diameter
