// Random messages of every command of every dictionary, through the generated types and back.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <memory_resource>
#include <set>
#include <string>
#include <vector>

#include "diamgw/base/hex.hpp"
#include "diamgw/codec/check.hpp"
#include "diamgw/messages/commands.hpp"
#include "property/for_each_message.hpp"

namespace diamgw::testing {
namespace {

using diameter::typed::command_entry;

/// Decoded, made a struct, and encoded again; by every dictionary that has the command.
std::vector<std::vector<std::byte>> through_types(const dictionary::command_definition& command,
                                                  bool request,
                                                  const std::vector<std::byte>& octets) {
  std::vector<std::vector<std::byte>> out;
  const auto message = diameter::check_header(octets);
  EXPECT_TRUE(message.has_value());
  for (const command_entry& entry : messages::commands()) {
    if (entry.command != command.code || entry.application != command.application ||
        entry.request != request) {
      continue;
    }
    std::pmr::monotonic_buffer_resource memory;
    std::vector<std::byte> again(octets.size());
    const auto written = entry.recode(*message, memory, again);
    if (!written) {
      ADD_FAILURE() << entry.dictionary << " refuses "
                    << diameter::to_sentence(written.error().code) << " at octet "
                    << written.error().offset << " of " << to_hex(octets);
      continue;
    }
    EXPECT_EQ(*written, octets.size()) << entry.dictionary;
    for (const std::size_t missing : {1U, 4U, 8U, 12U, 20U, 40U, 100U}) {
      std::vector<std::byte> small(octets.size() - std::min<std::size_t>(octets.size(), missing));
      const auto refused = entry.recode(*message, memory, small);
      EXPECT_TRUE(refused && *refused == 0) << entry.dictionary << ", " << missing << " too few";
    }
    out.push_back(std::move(again));
  }
  return out;
}

void expect_the_same(const random_options& options) {
  for_each_message(options, [](const dictionary::command_definition& command, bool request,
                               const std::vector<std::byte>& octets) {
    const auto all = through_types(command, request, octets);
    EXPECT_FALSE(all.empty());
    for (const std::vector<std::byte>& again : all) {
      EXPECT_EQ(to_hex(again), to_hex(octets));
    }
  });
}

TEST(GeneratedTypes, WriteWhatTheyRead) {
  expect_the_same({.strangers = false, .free_flags = false});
}

TEST(GeneratedTypes, KeepWhatTheGrammarDoesNotHave) {
  expect_the_same({});
}

TEST(GeneratedTypes, KeepTheOrderOfTheMessage) {
  expect_the_same({.shuffled = true});
}

TEST(GeneratedTypes, AreThereForEveryCommand) {
  std::set<std::string> generated;
  for (const command_entry& entry : messages::commands()) {
    generated.insert(std::to_string(entry.application.value) + '/' +
                     std::to_string(entry.command.value) + (entry.request ? 'R' : 'A'));
  }
  for (const auto* command : dictionary::embedded().commands()) {
    const std::string key =
        std::to_string(command->application.value) + '/' + std::to_string(command->code.value);
    EXPECT_EQ(generated.count(key + 'R'), command->request.empty() ? 0U : 1U) << command->name;
    EXPECT_EQ(generated.count(key + 'A'), command->answer.empty() ? 0U : 1U) << command->name;
  }
}

}  // namespace
}  // namespace diamgw::testing
