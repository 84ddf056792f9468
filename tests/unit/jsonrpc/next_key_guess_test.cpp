#include "jsonrpc/next_key_guess.hpp"

#include <gtest/gtest.h>

#include <set>

#include "support/jsonrpc_recorder.hpp"

namespace diamgw::jsonrpc::testing {
namespace {

TEST(NextKeyGuess, IsWhatCameLastAtAPlace) {
  const auto& host = *names().find_avp("Origin-Host");
  const auto& realm = *names().find_avp("Origin-Realm");
  next_key_guess guess;
  EXPECT_EQ(guess.find(next_key_guess::first_in_body), nullptr);
  EXPECT_EQ(guess.find(next_key_guess::none), nullptr);

  guess.note(next_key_guess::first_in_body, host);
  guess.note(next_key_guess::after(host.code), realm);
  EXPECT_EQ(guess.find(next_key_guess::first_in_body), &host);
  EXPECT_EQ(guess.find(next_key_guess::after(host.code)), &realm);
  EXPECT_EQ(guess.find(next_key_guess::inside(host.code)), nullptr);

  guess.note(next_key_guess::first_in_body, realm);
  EXPECT_EQ(guess.find(next_key_guess::first_in_body), &realm);
}

// The places that the comment of the class describes.
TEST(NextKeyGuess, HasOddPlacesForWhatFollowsAndEvenOnesForWhatIsInside) {
  for (const auto* avp : names().avps()) {
    const auto after = next_key_guess::after(avp->code);
    const auto inside = next_key_guess::inside(avp->code);
    EXPECT_EQ(after % 2, 1U) << avp->name;
    EXPECT_LT(after, next_key_guess::first_in_body) << avp->name;
    EXPECT_EQ(inside, after + 1) << avp->name;
    EXPECT_LT(inside, next_key_guess::first_in_body) << avp->name;
    EXPECT_NE(inside, next_key_guess::none) << avp->name;
  }
}

TEST(NextKeyGuess, SpreadsCodesThatAreNearOneAnother) {
  std::set<next_key_guess::place> places;
  for (std::uint32_t code = 400; code < 464; ++code) {  // RFC 8506 §8
    places.insert(next_key_guess::after(avp_code{code}));
  }

  EXPECT_GE(places.size(), 56U);
}

}  // namespace
}  // namespace diamgw::jsonrpc::testing
