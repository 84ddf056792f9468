#include "diamgw/websocket/mask.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <string_view>
#include <vector>

namespace diamgw::websocket {
namespace {

constexpr masking_key key{std::byte{0x12}, std::byte{0x34}, std::byte{0x56}, std::byte{0x78}};
constexpr std::size_t longest = 300;
constexpr std::size_t alignments = 64;

std::vector<std::byte> sample(std::size_t octets) {
  std::vector<std::byte> out(octets);
  for (std::size_t i = 0; i < octets; ++i) {
    out[i] = std::byte(static_cast<unsigned char>(i * 7 + i / 256));
  }
  return out;
}

masking_key turned(std::size_t phase) {
  return {key[phase % 4], key[(phase + 1) % 4], key[(phase + 2) % 4], key[(phase + 3) % 4]};
}

// RFC 6455 §5.3: transformed-octet-i = original-octet-i XOR masking-key-octet-(i MOD 4)
std::vector<std::byte> by_definition(bytes_view source, std::size_t phase) {
  std::vector<std::byte> out(source.begin(), source.end());
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] ^= key[(i + phase) % 4];
  }
  return out;
}

TEST(Mask, TurnsTheRfcExampleIntoHello) {
  // §5.7: a single-frame masked text message
  std::array<std::byte, 5> octets{std::byte{0x7f}, std::byte{0x9f}, std::byte{0x4d},
                                  std::byte{0x51}, std::byte{0x58}};

  mask(octets, {std::byte{0x37}, std::byte{0xfa}, std::byte{0x21}, std::byte{0x3d}});

  EXPECT_EQ(as_text(octets), "Hello");
}

TEST(Mask, EveryKernelAgreesWithTheDefinitionAtEverySizeAlignmentAndPhase) {
  const auto source = sample(longest);
  ASSERT_GE(mask_kernels().size(), 2U);

  for (const mask_kernel& kernel : mask_kernels()) {
    for (std::size_t size = 0; size <= longest; ++size) {
      const std::size_t phase = size % 4;
      const auto expected = by_definition(bytes_view{source}.first(size), phase);
      for (std::size_t offset = 0; offset < alignments; ++offset) {
        std::vector<std::byte> buffer(offset + size + 1, std::byte{0xee});
        std::ranges::copy(bytes_view{source}.first(size), buffer.begin() + long(offset));

        kernel.run(buffer.data() + offset, buffer.data() + offset, size, turned(phase));

        ASSERT_TRUE(std::equal(expected.begin(), expected.end(), buffer.begin() + long(offset)))
            << kernel.name << " size " << size << " offset " << offset;
        ASSERT_EQ(buffer.back(), std::byte{0xee}) << kernel.name << " writes past the end";
        ASSERT_TRUE(std::all_of(buffer.begin(), buffer.begin() + long(offset),
                                [](std::byte b) { return b == std::byte{0xee}; }));
      }
    }
  }
}

TEST(Mask, EveryKernelCopiesBetweenAnyTwoAlignments) {
  const auto source = sample(longest + alignments);

  for (const mask_kernel& kernel : mask_kernels()) {
    for (std::size_t from = 0; from < 32; from += 3) {
      for (std::size_t to = 0; to < 32; to += 5) {
        std::vector<std::byte> out(to + longest);
        const auto piece = bytes_view{source}.subspan(from, longest);

        kernel.run(out.data() + to, piece.data(), longest, key);

        const auto expected = by_definition(piece, 0);
        ASSERT_TRUE(std::equal(expected.begin(), expected.end(), out.begin() + long(to)))
            << kernel.name << " from " << from << " to " << to;
      }
    }
  }
}

TEST(Mask, ContinuesAtThePhaseOfEachChunk) {
  const auto source = sample(longest);
  const auto expected = by_definition(source, 0);

  for (std::size_t cut = 0; cut <= longest; ++cut) {
    auto in_place = source;
    mask(mutable_bytes{in_place}.first(cut), key);
    mask(mutable_bytes{in_place}.subspan(cut), key, cut);
    ASSERT_EQ(in_place, expected) << cut;

    std::vector<std::byte> copied(longest);
    mask_copy(copied.data(), bytes_view{source}.first(cut), key);
    mask_copy(copied.data() + cut, bytes_view{source}.subspan(cut), key, cut);
    ASSERT_EQ(copied, expected) << cut;
  }
}

}  // namespace
}  // namespace diamgw::websocket
