// A `.dia` text: parsing and building end, faults lie within the text, and a dictionary that was
// built is consistent: every AVP is found by its name and by its code.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "diamgw/dictionary/builder.hpp"

namespace {

void check(bool holds) {
  if (!holds) {
    std::abort();
  }
}

void check_errors(const diamgw::dictionary::diagnostics& errors, std::string_view text) {
  const auto lines = static_cast<std::uint32_t>(
      1 + std::ranges::count_if(text, [](char c) { return c == '\n' || c == '\r'; }));
  check(!errors.empty());
  for (const auto& error : errors) {
    check(error.at.line >= 1 && error.at.line <= lines);
    check(error.at.column >= 1 && error.at.column <= text.size() + 1);
    check(!error.message.empty());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto parsed = diamgw::dictionary::parse(text, "fuzz.dia");
  if (!parsed) {
    check_errors(parsed.error(), text);
    return 0;
  }
  diamgw::dictionary::dictionary::builder builder;
  builder.add(*parsed);
  const auto built = builder.build();
  if (!built) {
    check_errors(built.error(), text);
    return 0;
  }
  for (const auto* avp : built->avps()) {
    check(built->find_avp(avp->name) == avp);
    check(built->find_avp(avp->code, avp->vendor) == avp);
  }
  for (const auto* command : built->commands()) {
    check(built->find_command(command->application, command->code) == command);
    check(std::ranges::find(built->find_commands(command->name), command) !=
          built->find_commands(command->name).end());
  }
  return 0;
}
