// What tests that compare us with other decoders need from ours:
//
//   message_tool examples ROUNDS     a line for each random message, written by the generated
//   types:
//                                    command, octets in hexadecimal
//   message_tool seeds FOLDER        a file for each command, what the fuzzer of the generated
//                                    types begins with
//   message_tool avps < LINES        for each line of hexadecimal digits: the AVPs as we read them,
//                                    "code vendor flags length" each, a group's inside in brackets
//                                    behind it, all in one line; "refused: SENTENCE" for no message
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory_resource>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "diamgw/base/hex.hpp"
#include "diamgw/codec/check.hpp"
#include "diamgw/codec/errc.hpp"
#include "diamgw/messages/commands.hpp"
#include "property/random_message.hpp"

namespace {

using namespace diamgw;  // NOLINT(google-build-using-namespace): a program of one file

constexpr testing::random_options plain{.strangers = false, .free_flags = false, .plain = true};

/// The same message, decoded and encoded again.
std::vector<std::byte> recode(const diameter::typed::command_entry& entry,
                              const std::vector<std::byte>& octets) {
  std::vector<std::byte> out(octets.size());
  std::pmr::monotonic_buffer_resource memory;
  const auto message = diameter::check_header(octets);
  const auto size = message ? entry.recode(*message, memory, out) : message.error();
  if (!size) {
    throw std::runtime_error{std::string{entry.name} + ": " +
                             std::string{diameter::to_sentence(size.error().code)}};
  }
  out.resize(*size);
  return out;
}

void print_examples(std::uint32_t rounds) {
  const dictionary::dictionary& names = dictionary::embedded();
  for (const auto& entry : messages::commands()) {
    const auto* command = names.find_command(entry.application, entry.command);
    if (entry.dictionary != (entry.request ? command->request_source : command->answer_source)) {
      continue;  // another dictionary refines it
    }
    for (std::uint32_t seed = 0; seed < rounds; ++seed) {
      testing::random_message random{names, seed, plain};
      std::cout << command->short_name << (entry.request ? 'R' : 'A') << '/'
                << entry.application.value << '#' << seed << ' '
                << to_hex(recode(entry, random.make(*command, entry.request))) << '\n';
    }
  }
}

void write_seeds(const std::filesystem::path& folder) {
  const dictionary::dictionary& names = dictionary::embedded();
  std::uint32_t number = 0;
  for (const auto& entry : messages::commands()) {
    const auto* command = names.find_command(entry.application, entry.command);
    testing::random_options small;
    small.max_avps = 20;
    std::vector<std::byte> octets =
        testing::random_message{names, number, small}.make(*command, entry.request);
    store_be32(octets.data() + 8, number++);  // the fuzzer chooses by it
    std::ofstream out{folder / (std::string{entry.dictionary} + '-' + std::string{entry.name}),
                      std::ios::binary};
    out.write(reinterpret_cast<const char*>(octets.data()),
              static_cast<std::streamsize>(octets.size()));
  }
}

void print_avps(bytes_view octets) {
  const auto avps = diameter::check_avps(octets, 100000);
  if (!avps) {
    std::cout << " cut";
    return;
  }
  for (const diameter::avp_view avp : *avps) {
    std::cout << ' ' << avp.code.value << ' ' << avp.vendor.value << ' ' << unsigned{avp.flags}
              << ' ' << avp.octets().size();
    const auto* definition = dictionary::embedded().find_avp(avp.code, avp.vendor);
    if (definition != nullptr && definition->type == dictionary::avp_type::grouped) {
      std::cout << " [";
      print_avps(avp.data);
      std::cout << " ]";
    }
  }
}

int print_all_avps() {
  std::string line;
  while (std::getline(std::cin, line)) {
    const auto octets = from_hex(line);
    if (!octets) {
      std::cerr << "no hexadecimal digits: " << line << '\n';
      return 1;
    }
    const auto message = diameter::check_message(*octets);
    if (message) {
      print_avps(message->avps().octets());
    } else {
      std::cout << "refused: " << diameter::to_sentence(message.error().code);
    }
    std::cout << '\n';
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::span words{argv, static_cast<std::size_t>(argc)};
  if (words.size() == 2 && std::string_view{words[1]} == "avps") {
    return print_all_avps();
  }
  if (words.size() == 3 && std::string_view{words[1]} == "seeds") {
    write_seeds(words[2]);
    return 0;
  }
  std::uint32_t rounds = 0;
  if (words.size() == 3 && std::string_view{words[1]} == "examples") {
    const std::string_view text{words[2]};
    if (std::from_chars(text.data(), text.data() + text.size(), rounds).ec == std::errc{}) {
      print_examples(rounds);
      return 0;
    }
  }
  std::cerr << "usage: message_tool examples ROUNDS | seeds FOLDER | avps\n";
  return 2;
}
