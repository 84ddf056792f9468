#include "diamgw/base/host_name.hpp"

#include <gtest/gtest.h>

#include <string>

namespace diamgw {
namespace {

TEST(HostName, IsOneOfRfc1123) {
  const std::string label(63, 'a');
  const std::string longest = label + '.' + label + '.' + label + '.' + std::string(61, 'a');
  struct row {
    std::string text;
    bool good;
  };
  const row rows[] = {
      {"ocs", true},
      {"ocs.example", true},
      {"OCS-1.example.", true},
      {"3com.example", true},  // RFC 1123 section 2.1: may begin with a digit
      {"1.0.0.127.in-addr.arpa", true},
      {"my_ocs", true},  // a service of compose
      {"_diameter._tcp.example", true},
      {"xn--bcher-kva.example", true},
      {label, true},
      {longest, true},
      {longest + '.', true},
      {longest + 'a', false},
      {label + 'a', false},
      {"", false},
      {".", false},
      {".example", false},
      {"ocs..example", false},
      {"ocs.example..", false},
      {"-ocs.example", false},
      {"ocs-.example", false},
      {"ocs example", false},
      {"ocs/example", false},
      {"ocs:3868", false},
      {"[::1]", false},
      {"b\xc3\xbc"
       "cher.example",
       false},
      {std::string("ocs\0", 4), false},
      // What inet_aton would take for an address, and RFC 1123 section 2.1 for no name.
      {"192.0.2", false},
      {"192.0.2.300", false},
      {"1", false},
      {"0x7f.0x1", false},
      {"0x7f000001", false},
      {"0xocs", true},
      {"192.0.2.1x", true},
  };

  for (const row& r : rows) {
    EXPECT_EQ(is_host_name(r.text), r.good) << r.text;
  }
}

}  // namespace
}  // namespace diamgw
