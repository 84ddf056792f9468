#include "app/sim/describe_outcomes.hpp"

#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "diamgw/codec/codes.hpp"
#include "diamgw/dictionary/dictionary.hpp"

namespace diamgw::sim {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t max_shown = 1000;

std::string name_of(std::uint32_t result_code) {
  const auto* avp = dictionary::embedded().find_avp(diameter::avps::result_code, ietf_vendor);
  if (avp != nullptr) {
    for (const dictionary::enum_value& v : avp->values) {
      if (static_cast<std::uint32_t>(v.value) == result_code) {
        return v.name;
      }
    }
  }
  return {};
}

ordered_json describe_one(const session_outcome& o) {
  ordered_json one{{"session_id", o.session_id}};
  if (!o.failure.empty()) {
    one["failure"] = o.failure;
    return one;
  }
  one["result_code"] = o.result_code;
  if (const std::string name = name_of(o.result_code); !name.empty()) {
    one["result"] = name;
  }
  one["origin_host"] = o.origin_host;
  if (!o.error_message.empty()) {
    one["error_message"] = o.error_message;
  }
  return one;
}

}  // namespace

ordered_json describe(const std::vector<session_outcome>& all) {
  std::map<std::uint32_t, std::size_t> codes;
  ordered_json sessions = ordered_json::array();
  std::size_t answered = 0;
  for (const session_outcome& o : all) {
    if (o.failure.empty()) {
      ++answered;
      ++codes[o.result_code];
    }
    if (sessions.size() < max_shown) {
      sessions.push_back(describe_one(o));
    }
  }
  ordered_json counted = ordered_json::object();
  for (const auto& [code, count] : codes) {
    counted[std::to_string(code)] = count;
  }
  const std::size_t left_out = all.size() - sessions.size();
  ordered_json body{{"requests", all.size()},
                    {"answered", answered},
                    {"result_codes", std::move(counted)},
                    {"sessions", std::move(sessions)}};
  if (left_out != 0) {
    body["sessions_left_out"] = left_out;
  }
  return body;
}

}  // namespace diamgw::sim
