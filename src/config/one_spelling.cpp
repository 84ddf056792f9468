#include "config/one_spelling.hpp"

#include <arpa/inet.h>

#include <array>

#include "diamgw/base/letter_case.hpp"

namespace diamgw::config {
namespace {

std::string text_of(int family, const void* octets) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  return inet_ntop(family, octets, text.data(), text.size());
}

}  // namespace

std::string one_spelling(const std::string& host) {
  in_addr four{};
  if (inet_pton(AF_INET, host.c_str(), &four) == 1) {
    return host;  // there is but one
  }
  in6_addr six{};
  if (inet_pton(AF_INET6, host.c_str(), &six) != 1) {
    return to_lower(host);
  }
  constexpr std::size_t octets_before_four = 12;
  return IN6_IS_ADDR_V4MAPPED(&six) ? text_of(AF_INET, six.s6_addr + octets_before_four)
                                    : text_of(AF_INET6, &six);
}

}  // namespace diamgw::config
