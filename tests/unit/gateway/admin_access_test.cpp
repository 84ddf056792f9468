#include "diamgw/gateway/admin_access.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <vector>

namespace diamgw::gateway {
namespace {

using transport::endpoint_address;

const std::vector<std::string> hosts{"localhost"};

struct access_row {
  const char* rule;
  const char* token;
  const char* method;
  const char* remote;
  std::vector<std::pair<std::string, std::string>> fields;
  unsigned status;  // 0: it may be served
};

void check_access(const std::vector<access_row>& rows) {
  for (const access_row& r : rows) {
    const auto refused = refuse_access({.method = r.method,
                                        .path = "/api/v1/peers",
                                        .headers = r.fields,
                                        .remote = endpoint_address::from_text(r.remote, 4711)},
                                       {.token = r.token, .hosts = hosts});
    EXPECT_EQ(refused ? refused->status : 0U, r.status) << r.rule;
  }
}

const std::pair<std::string, std::string> json{"content-type", "application/json"};
const std::pair<std::string, std::string> local{"host", "localhost:9090"};

TEST(AdminAccess, IsForThisHostAloneWithoutAToken) {
  check_access({
      {"IPv4", "", "GET", "127.0.0.1", {local}, 0},
      {"RFC 1122 §3.2.1.3: all of 127/8", "", "GET", "127.9.9.9", {local}, 0},
      {"IPv6", "", "GET", "::1", {{"host", "[::1]:9090"}}, 0},
      {"IPv4 in IPv6", "", "GET", "::ffff:127.0.0.1", {{"host", "127.0.0.1:9090"}}, 0},
      {"another host", "", "GET", "192.0.2.7", {local}, 403},
      {"another host, IPv6", "", "GET", "2001:db8::1", {local}, 403},
      {"a token that nobody has set", "", "GET", "192.0.2.7", {{"authorization", "Bearer "}}, 403},
      {"DNS rebinding", "", "GET", "127.0.0.1", {{"host", "evil.example:9090"}}, 403},
      {"no Host", "", "GET", "127.0.0.1", {}, 403},
      {"a change", "", "POST", "127.0.0.1", {local, json}, 0},
      {"a change that a page may make", "", "POST", "127.0.0.1", {local}, 415},
      {"a page's change",
       "",
       "POST",
       "127.0.0.1",
       {local, json, {"origin", "http://evil.example"}},
       403},
  });
}

// RFC 6750 §2.1; the scheme's letter case does not matter (RFC 9110 §11.1).
TEST(AdminAccess, IsForWhoeverHasTheToken) {
  const auto bearer = [](std::string text) {
    return std::pair<std::string, std::string>{"authorization", std::move(text)};
  };
  check_access({
      {"the token", "abc", "GET", "192.0.2.7", {bearer("Bearer abc")}, 0},
      {"another case of the scheme", "abc", "GET", "192.0.2.7", {bearer("bearer abc")}, 0},
      {"by whatever name",
       "abc",
       "GET",
       "192.0.2.7",
       {bearer("Bearer abc"), {"host", "gw.example"}},
       0},
      {"none", "abc", "GET", "192.0.2.7", {}, 401},
      {"none, from this host", "abc", "GET", "127.0.0.1", {local}, 401},
      {"the beginning", "abc", "GET", "192.0.2.7", {bearer("Bearer ab")}, 401},
      {"more", "abc", "GET", "192.0.2.7", {bearer("Bearer abcabc")}, 401},
      {"another", "abc", "GET", "192.0.2.7", {bearer("Bearer abd")}, 401},
      {"another case", "abc", "GET", "192.0.2.7", {bearer("Bearer ABC")}, 401},
      {"nothing", "abc", "GET", "192.0.2.7", {bearer("Bearer ")}, 401},
      {"another scheme", "abc", "GET", "192.0.2.7", {bearer("Basic abc")}, 401},
      {"a change", "abc", "POST", "192.0.2.7", {bearer("Bearer abc"), json}, 0},
      {"not in JSON", "abc", "POST", "192.0.2.7", {bearer("Bearer abc")}, 415},
  });
}

class AdminToken : public ::testing::Test {
 protected:
  ~AdminToken() override { std::filesystem::remove(file_); }
  result<admin_token, std::string> token_of(std::string_view text) {
    std::ofstream{file_, std::ios::binary} << text;
    return read_admin_token(file_);
  }
  std::string file_ = ::testing::TempDir() + "admin_token_" +
                      ::testing::UnitTest::GetInstance()->current_test_info()->name();
};

TEST_F(AdminToken, IsWhatTheFileHas) {
  EXPECT_EQ(token_of("s3cret-._~+/==")->text, "s3cret-._~+/==");
  EXPECT_EQ(token_of("abc\n")->text, "abc");
  EXPECT_EQ(token_of("abc\r\n")->text, "abc");
}

TEST_F(AdminToken, IsNoneWhereTheFileIsNotSound) {
  for (const std::string_view text : {"", "\n", "a b", "a\nb", "\"abc\"", "\xc3\xa4"}) {
    const auto token = token_of(text);
    ASSERT_FALSE(token) << text;
    EXPECT_EQ(token.error(), "admin.token_file " + file_ +
                                 " must hold one token: letters, digits and -._~+/= (RFC 6750)");
  }
  const auto missing = read_admin_token(file_ + ".none");
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().find("cannot be read: No such file"), std::string::npos)
      << missing.error();
}

}  // namespace
}  // namespace diamgw::gateway
