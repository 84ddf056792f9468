#include "gateway/peers/describe_peer.hpp"

#include <nlohmann/json.hpp>

#include "diamgw/base/printable.hpp"
#include "diamgw/base/seconds.hpp"

namespace diamgw::gateway {
namespace {

using nlohmann::json;

json list_of(const std::vector<application_id>& applications, const dictionary::dictionary& names) {
  json list = json::array();
  for (const application_id id : applications) {
    json one{{"id", id.value}};
    if (const auto* const known = names.find_application(id)) {
      one["name"] = known->name;
    }
    list.push_back(std::move(one));
  }
  return list;
}

json last_error_of(const peer_report::failure& last, time_point now,
                   const dictionary::dictionary& names) {
  const diameter::ending& why = last.why;
  json error{{"reason", to_string(why.reason)},
             {"message", to_sentence(why)},
             {"seconds_ago", to_seconds(now - last.at)}};
  if (!why.address.empty()) {
    error["address"] = why.address;
  }
  if (why.code != 0) {
    error["result_code"] = why.code;
  }
  if (!why.error_message.empty()) {
    error["error_message"] = printable(why.error_message, diameter::max_kept_message);
  }
  if (why.cause) {
    error["disconnect_cause"] = *why.cause;
  }
  if (why.exchanged) {
    error["origin_host"] = printable(why.came.host, diameter::max_identity_octets);
    error["origin_realm"] = printable(why.came.realm, diameter::max_identity_octets);
    error["applications"] = list_of(why.theirs, names);
    error["our_applications"] = list_of(why.ours, names);
  }
  return error;
}

}  // namespace

json describe_peer(const peer_report& of, std::uint32_t waiting, time_point now,
                   const dictionary::dictionary& names) {
  json peer{{"host", of.host},
            {"realm", of.realm},
            {"state", to_string(of.link)},
            {"state_seconds", to_seconds(now - of.since)},
            {"applications", list_of(of.applications, names)},
            {"requests_waiting", waiting}};
  if (!of.address.empty()) {
    peer["address"] = of.address;
  }
  if (!of.product.empty()) {
    peer["product"] = printable(of.product, diameter::max_identity_octets);
  }
  if (!of.in_realm.empty()) {
    peer["origin_realm"] = printable(of.in_realm, diameter::max_identity_octets);
  }
  if (of.last_error) {
    peer["last_error"] = last_error_of(*of.last_error, now, names);
  }
  if (of.next_attempt != time_point::max()) {
    peer["next_attempt_seconds"] = to_seconds(of.next_attempt - now);
  }
  return peer;
}

}  // namespace diamgw::gateway
