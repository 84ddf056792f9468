// Asks a running gateway where a request would go, by its admin listener.
#include <algorithm>
#include <array>
#include <boost/asio/error.hpp>
#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "app/commands.hpp"
#include "app/http_get.hpp"

namespace diamgw::app {
namespace {

using nlohmann::ordered_json;

/// All but what needs no encoding in a query (RFC 3986 §2.3).
std::string encode_percent(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
        std::string_view{"-._~"}.find(c) != std::string_view::npos) {
      encoded += c;
    } else {
      encoded += '%';
      encoded += digits[octet >> 4U];
      encoded += digits[octet & 15U];
    }
  }
  return encoded;
}

void print(const ordered_json& answer) {
  std::cout << (answer.at("routed").get<bool>() ? "routed" : "refused");
  if (answer.contains("result_code")) {
    std::cout << " with " << answer["result_code"];
  }
  std::cout << ": " << answer.at("explanation").get<std::string>() << '\n'
            << "decided by " << answer.at("decided_by").get<std::string>() << '\n';
  for (const auto& c : answer.at("candidates")) {
    std::cout << "  " << c.at("host").get<std::string>() << ": "
              << c.at("reason").get<std::string>() << ", priority " << c.at("priority")
              << ", weight " << c.at("weight") << ", gets "
              << static_cast<int>(c.at("share").get<double>() * 100 + 0.5) << " %\n";
  }
}

}  // namespace

exit_status route(const route_arguments& a) {
  std::string target = "/api/v1/route?application=" + encode_percent(a.application);
  if (!a.realm.empty()) {
    target += "&realm=" + encode_percent(a.realm);
  }
  if (!a.host.empty()) {
    target += "&host=" + encode_percent(a.host);
  }
  const std::string text = http_get(
      {.authority = a.admin, .target = target, .token_file = a.token_file, .timeout = a.timeout});
  const ordered_json answer = ordered_json::parse(text, nullptr, false);
  if (!answer.is_object() || !answer.contains("routed")) {
    throw std::runtime_error{a.admin + " is no diamgw: it answers " + text.substr(0, 80)};
  }
  if (a.as_json) {
    std::cout << answer.dump(2) << '\n';
  } else {
    print(answer);
  }
  return answer["routed"].get<bool>() ? exit_status::success : exit_status::failure;
}

}  // namespace diamgw::app
