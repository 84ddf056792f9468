#include "app/dict/sources.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "app/dict/source_collector.hpp"
#include "diamgw/base/letter_case.hpp"

namespace diamgw::app {
namespace {

/// Common spellings, beside those of the files: in the notation of other readers no name begins
/// with a digit, so that there 3GPP is TGPP.
constexpr std::array<std::pair<std::uint32_t, std::string_view>, 2> vendor_spellings{
    {{5535, "3GPP2"}, {10415, "3GPP"}}};

}  // namespace

std::string dictionary_source::name() const {
  return parsed.name();
}

const dictionary_source* dictionary_set::find_source(std::string_view name) const noexcept {
  const auto found = std::ranges::find(sources, name, &dictionary_source::name);
  return found == sources.end() ? nullptr : &*found;
}

std::string_view dictionary_set::vendor_name(vendor_id vendor) const noexcept {
  for (const auto& [id, name] : vendor_spellings) {
    if (id == vendor.value) {
      return name;
    }
  }
  for (const dictionary_source& source : sources) {
    if (source.parsed.vendor && source.parsed.vendor->id.value == vendor.value) {
      return source.parsed.vendor->called.text;
    }
  }
  return {};
}

std::optional<vendor_id> dictionary_set::find_vendor(std::string_view text) const noexcept {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc{} && end == text.data() + text.size()) {
    return vendor_id{number};
  }
  for (const auto& [id, name] : vendor_spellings) {
    if (same_text(name, text)) {
      return vendor_id{id};
    }
  }
  for (const dictionary_source& source : sources) {
    if (source.parsed.vendor && same_text(source.parsed.vendor->called.text, text)) {
      return vendor_id{source.parsed.vendor->id.value};
    }
  }
  return std::nullopt;
}

sentences sentences_of(const config::problems& all) {
  sentences out;
  for (const config::problem& p : all) {
    out.push_back(p.sentence());
  }
  return out;
}

result<dictionary_set, config::problems> load_dictionaries(const std::vector<std::string>& paths) {
  source_collector all;
  for (const dictionary::embedded_file& file : dictionary::embedded_files()) {
    all.add_built_in(file);
  }
  for (const std::string& path : paths) {
    for (const std::string& name : expand(path, all.errors)) {
      const auto file = read_text(name, all.errors);
      if (file && !all.has(*file)) {
        all.add(name, *file);
      }
    }
  }
  return all.build();
}

}  // namespace diamgw::app
