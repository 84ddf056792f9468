// Random messages of all commands, each with the words that name it where a test fails.
#pragma once
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "property/random_message.hpp"

namespace diamgw::testing {

/// Calls `each(command, request, octets)` with a dozen messages of each request and answer of the
/// embedded dictionaries, until something fails.
template <class Each>
void for_each_message(const random_options& options, Each each) {
  constexpr std::uint32_t rounds = 12;
  const dictionary::dictionary& names = dictionary::embedded();
  for (const auto* command : names.commands()) {
    for (std::uint32_t seed = 0; seed < rounds; ++seed) {
      random_message random{names, seed ^ command->code.value ^ command->application.value,
                            options};
      for (const bool request : {true, false}) {
        SCOPED_TRACE(command->name + (request ? " request" : " answer") + " of application " +
                     std::to_string(command->application.value) + ", seed " + std::to_string(seed));
        each(*command, request, random.make(*command, request));
        if (::testing::Test::HasFailure()) {
          return;
        }
      }
    }
  }
}

}  // namespace diamgw::testing
