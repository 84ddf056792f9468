// What tests that compare us with other decoders need from ours:
//
//   message_tool examples ROUNDS     a line for each random message: command, octets in hexadecimal
//   message_tool avps < LINES        for each line of hexadecimal digits: the AVPs as we read them,
//                                    "code vendor flags length" each, a group's inside in brackets
//                                    behind it, all in one line; "refused: SENTENCE" for no message
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <iostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "diamgw/base/hex.hpp"
#include "diamgw/diameter/check.hpp"
#include "diamgw/diameter/errc.hpp"
#include "property/random_message.hpp"

namespace {

using namespace diamgw;  // NOLINT(google-build-using-namespace): a program of one file

void print_examples(std::uint32_t rounds) {
  const dictionary::dictionary& names = dictionary::embedded();
  const testing::random_options plain{.strangers = false, .free_flags = false, .plain = true};
  for (const auto* command : names.commands()) {
    for (std::uint32_t seed = 0; seed < rounds; ++seed) {
      testing::random_message random{names, seed, plain};
      for (const bool request : {true, false}) {
        std::cout << command->short_name << (request ? 'R' : 'A') << '/'
                  << command->application.value << '#' << seed << ' '
                  << to_hex(random.make(*command, request)) << '\n';
      }
    }
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
  std::uint32_t rounds = 0;
  if (words.size() == 3 && std::string_view{words[1]} == "examples") {
    const std::string_view text{words[2]};
    if (std::from_chars(text.data(), text.data() + text.size(), rounds).ec == std::errc{}) {
      print_examples(rounds);
      return 0;
    }
  }
  std::cerr << "usage: message_tool examples ROUNDS | message_tool avps\n";
  return 2;
}
