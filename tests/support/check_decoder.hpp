// Runs a stream decoder three ways over the same octets: whole, octet by octet, and with octets
// that belong to what follows. What it finds must not depend on how the octets arrive.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "diamgw/base/bytes.hpp"

namespace diamgw::test {

/// `make()` gives a fresh decoder: a callable that takes the next octets and returns the findings
/// (any comparable and printable type) they completed, in a vector.
template <class Make, class Finding>
void check_decoder(Make make, bytes_view octets, const std::vector<Finding>& expected) {
  const auto feed = [&](std::size_t chunk, bytes_view input) {
    auto decode = make();
    std::vector<Finding> found;
    for (std::size_t at = 0; at < input.size(); at += chunk) {
      const auto more = decode(input.subspan(at, std::min(chunk, input.size() - at)));
      found.insert(found.end(), more.begin(), more.end());
    }
    return found;
  };
  std::vector<std::byte> trailing{octets.begin(), octets.end()};
  trailing.push_back(std::byte{1});  // the first octet of a next message: no finding by itself

  EXPECT_EQ(feed(std::max<std::size_t>(octets.size(), 1), octets), expected) << "whole";
  EXPECT_EQ(feed(1, octets), expected) << "octet by octet";
  EXPECT_EQ(feed(trailing.size(), trailing), expected) << "with a trailing octet";
}

}  // namespace diamgw::test
