#include "diamgw/gateway/admin_access.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <utility>

#include "diamgw/base/letter_case.hpp"
#include "diamgw/gateway/web_origin.hpp"

namespace diamgw::gateway {
namespace {

/// In a time that does not tell how much of it is right.
bool is_same_secret(std::string_view given, std::string_view wanted) {
  unsigned difference = given.size() == wanted.size() ? 0 : 1;
  for (std::size_t i = 0; i < given.size(); ++i) {
    difference |= static_cast<unsigned char>(given[i]) ^
                  static_cast<unsigned char>(wanted[i % wanted.size()]);
  }
  return difference == 0;
}

/// Empty where the field has another scheme.
std::string_view bearer_of(std::string_view authorization) {
  constexpr std::string_view scheme = "Bearer ";
  return same_text(authorization.substr(0, scheme.size()), scheme)
             ? authorization.substr(scheme.size())
             : std::string_view{};
}

}  // namespace

std::optional<transport::http_response> refuse_access(const transport::http_request& request,
                                                      const admin_access& rules) {
  if (!rules.token.empty()) {
    if (!is_same_secret(bearer_of(request.header("authorization")), rules.token)) {
      return transport::http_response{
          .status = 401,
          .body = "/api/v1 wants Authorization: Bearer with the token of admin.token_file\n",
          .headers = {{"WWW-Authenticate", "Bearer realm=\"diamgw\""}}};
    }
  } else if (!request.remote.is_loopback()) {
    return transport::http_response{
        .status = 403, .body = "/api/v1 is for this host alone where there is no token for it\n"};
  } else if (!is_name_of_ours(request.header("host"), rules.hosts)) {
    return transport::http_response{
        .status = 403, .body = "Host is neither a literal address nor a name of ours\n"};
  }
  if (request.method == "POST") {
    return refuse_change(request, {{}, rules.hosts});
  }
  return std::nullopt;
}

result<admin_token, std::string> read_admin_token(const std::string& file) {
  using wrong = result<admin_token, std::string>;
  constexpr auto because = boost::system::in_place_error;
  errno = 0;
  std::ifstream in{file, std::ios::binary};
  std::string token{std::istreambuf_iterator<char>{in}, {}};
  if (!in.is_open() || in.bad()) {
    return wrong{because, "admin.token_file " + file + " cannot be read: " +
                              (errno != 0 ? std::strerror(errno) : "it is no file")};
  }
  while (token.ends_with('\n') || token.ends_with('\r')) {
    token.pop_back();
  }
  const bool is_token = std::ranges::all_of(token, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view{"-._~+/="}.find(c) != std::string_view::npos;
  });
  if (token.empty() || !is_token) {
    return wrong{because, "admin.token_file " + file +
                              " must hold one token: letters, digits and -._~+/= (RFC 6750)"};
  }
  return admin_token{std::move(token)};
}

}  // namespace diamgw::gateway
