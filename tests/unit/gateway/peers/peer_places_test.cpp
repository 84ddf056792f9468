#include "gateway/peers/peer_places.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace diamgw::gateway {
namespace {

using found = peer_places::found;
using unknown = peer_places::unknown;

class PeerPlaces : public ::testing::Test {
 protected:
  PeerPlaces() { places_.add({.host = "ocs.example", .realm = "example"}); }

  std::optional<peer_places::claim> take(std::string_view host, unknown what = unknown::accept) {
    return places_.take({.host = std::string{host}, .realm = "r"}, what,
                        [this](peer_places::claim c) { prepared_.push_back(c.place); });
  }

  peer_places places_{2};
  std::vector<routing::peer_index> prepared_;
};

TEST_F(PeerPlaces, AreKnownByNameWhateverItsCase) {
  const auto claim = take("OCS.example", unknown::refuse);

  ASSERT_TRUE(claim);
  EXPECT_EQ(claim->place, 0U);
  EXPECT_EQ(claim->how, found::known);
  EXPECT_TRUE(prepared_.empty());
}

TEST_F(PeerPlaces, AreForUnknownPeersWhereTheseAreAcceptedUpToTheLimit) {
  EXPECT_FALSE(take("a.example", unknown::refuse));
  EXPECT_EQ(take("a.example")->how, found::added);
  EXPECT_FALSE(take("b.example"));
  EXPECT_EQ(prepared_, std::vector<routing::peer_index>{1});
  EXPECT_EQ(places_.size(), 2U);
}

TEST_F(PeerPlaces, AreNotGivenBackWhileSomebodyClaimsThem) {
  static_cast<void>(take("a.example"));
  static_cast<void>(take("a.example"));
  places_.unclaim(1);
  EXPECT_FALSE(places_.give_back(1));
  places_.unclaim(1);
  EXPECT_TRUE(places_.give_back(1));

  EXPECT_EQ(places_.name(1).host, "");
  EXPECT_EQ(places_.find("a.example"), routing::no_peer);
  EXPECT_EQ(places_.find(""), routing::no_peer);
  EXPECT_EQ(take("b.example")->how, found::taken);
  EXPECT_EQ(places_.name(1).host, "b.example");
}

}  // namespace
}  // namespace diamgw::gateway
