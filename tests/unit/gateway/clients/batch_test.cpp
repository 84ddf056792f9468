#include "gateway/clients/batch.hpp"

#include <gtest/gtest.h>

#include <cstring>

#include "clients_fixture.hpp"

namespace diamgw::gateway {
namespace {

using testing::fake_client;

class Batch : public testing::ClientShard {
 protected:
  /// An answer of a call that was expected.
  bool answers(std::string_view text) {
    const bool appended =
        batch_.append(text.size(), [text](mutable_bytes room) -> std::string_view {
          if (room.size() < text.size()) {
            return {};
          }
          std::memcpy(room.data(), text.data(), text.size());
          return {reinterpret_cast<const char*>(room.data()), text.size()};
        });
    return appended;
  }

  fake_client client_;
  json_output to_{on_, client_};
  batch batch_{to_};
};

// JSON-RPC 2.0 §6: an array with the answers, once all of them are there.
TEST_F(Batch, IsSentWithItsLastAnswer) {
  batch_.expect();
  batch_.expect();
  batch_.done();  // all of them have been read
  EXPECT_TRUE(answers("1"));
  batch_.done();
  EXPECT_TRUE(client_.frames.empty());
  EXPECT_TRUE(answers("{}"));
  batch_.done();

  EXPECT_EQ(client_.take_frame(), "[1,{}]");
}

TEST_F(Batch, IsSentAtItsEndWhereAllWasAnsweredAtOnce) {
  batch_.expect();
  EXPECT_TRUE(answers("1"));
  batch_.done();
  EXPECT_TRUE(client_.frames.empty());

  batch_.done();

  EXPECT_EQ(client_.take_frame(), "[1]");
}

// §6: nothing is sent, not even an empty array.
TEST_F(Batch, OfNotificationsIsNotAnswered) {
  batch_.expect();
  batch_.done();
  batch_.done();

  EXPECT_TRUE(client_.frames.empty());
}

TEST_F(Batch, GivesAnAnswerMoreRoomThanWasExpected) {
  batch_.expect();
  const std::string text(1000, '1');
  EXPECT_TRUE(batch_.append(1, [&text](mutable_bytes room) -> std::string_view {
    if (room.size() < text.size()) {
      return {};
    }
    std::memcpy(room.data(), text.data(), text.size());
    return {reinterpret_cast<const char*>(room.data()), text.size()};
  }));
  batch_.done();
  batch_.done();

  EXPECT_EQ(client_.take_frame(), "[" + text + "]");
}

// docs/architecture.md, "Clients": 8 MiB; then an error stands in the answer's place.
TEST_F(Batch, HasRoomForAnErrorInPlaceOfWhatIsTooLarge) {
  for (int i = 0; i < 3; ++i) {
    batch_.expect();
  }
  EXPECT_TRUE(answers(std::string(json_output::max_text_octets / 2, '1')));
  batch_.done();

  EXPECT_FALSE(answers(std::string(json_output::max_text_octets / 2, '2')));
  EXPECT_TRUE(answers(std::string(500, '3')));
  batch_.done();
  EXPECT_FALSE(answers(std::string(json_output::max_text_octets + 1, '4')))
      << "no slab is so large";
  EXPECT_TRUE(answers("5"));
  batch_.done();
  batch_.done();

  EXPECT_EQ(client_.take_frame().size(), json_output::max_text_octets / 2 + 500 + 5);
}

// Guesses grow fourfold, and end at the limit, not before it.
TEST_F(Batch, TakesATextBelowTheLimitWhateverWasExpected) {
  constexpr std::size_t octets = json_output::max_text_octets - 600;
  const auto encode = [](mutable_bytes room) -> std::string_view {
    return room.size() < octets
               ? std::string_view{}
               : std::string_view{reinterpret_cast<const char*>(room.data()), octets};
  };
  for (const std::size_t expected : {std::size_t{0}, octets / 3, octets * 3}) {
    EXPECT_TRUE(to_.send(expected, encode));
    EXPECT_EQ(client_.take_frame().size(), octets);
    batch all{to_};
    EXPECT_TRUE(all.append(expected, encode));
  }
}

}  // namespace
}  // namespace diamgw::gateway
