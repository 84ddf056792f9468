#include "app/dict/find.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>

#include "diamgw/base/letter_case.hpp"
#include "diamgw/base/nearest.hpp"

namespace diamgw::app {
namespace {

using dictionary::application_definition;
using dictionary::avp_definition;
using dictionary::command_definition;

std::optional<std::uint32_t> parse_code(std::string_view text) noexcept {
  int base = 10;
  if (text.starts_with("0x") || text.starts_with("0X")) {
    text.remove_prefix(2);
    base = 16;
  }
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  return whole ? std::optional{value} : std::nullopt;
}

std::string number_of(const avp_definition& avp) {
  const std::string code = std::to_string(avp.code.value);
  return avp.vendor == ietf_vendor ? code : code + '/' + std::to_string(avp.vendor.value);
}

/// How well a name fits, the lower the better; nothing where it does not.
enum class fit : std::uint8_t { whole, beginning, part };

class search {
 public:
  search(const dictionary_set& all, const find_request& r)
      : all_{all}, request_{r}, word_{to_lower(r.word)}, number_{parse_number(all, r.word)} {}

  std::vector<entry> run() {
    const dictionary::dictionary& names = *all_.names;
    for (const avp_definition* avp : names.avps()) {
      take(*avp);
    }
    for (const command_definition* command : names.commands()) {
      take(*command);
    }
    for (const application_definition& application : names.applications()) {
      take(application);
    }
    for (const avp_definition* avp : names.avps()) {
      take_values(*avp);
    }
    std::vector<entry> out;
    for (auto& entries : found_) {
      std::ranges::move(entries, std::back_inserter(out));
    }
    return out;
  }

 private:
  [[nodiscard]] bool wants(entry_kind kind, vendor_id vendor) const {
    return (!request_.kind || *request_.kind == kind) &&
           (!request_.vendor || *request_.vendor == vendor);
  }

  [[nodiscard]] std::optional<fit> fit_of(std::string_view name) const {
    const std::string lower = to_lower(name);
    const std::size_t at = lower.find(word_);
    if (at == std::string::npos) {
      return std::nullopt;
    }
    return lower == word_ ? fit::whole : at == 0 ? fit::beginning : fit::part;
  }

  [[nodiscard]] std::optional<fit> fit_of(std::string_view name, std::uint32_t code,
                                          vendor_id vendor) const {
    if (!number_) {
      return fit_of(name);
    }
    const bool same = code == number_->code && (!number_->vendor || *number_->vendor == vendor);
    return same ? std::optional{fit::whole} : std::nullopt;
  }

  void add(std::optional<fit> how, entry e) {
    if (how) {
      found_[static_cast<std::size_t>(*how)].push_back(std::move(e));
    }
  }

  void take(const avp_definition& avp) {
    if (wants(entry_kind::avp, avp.vendor)) {
      add(fit_of(avp.name, avp.code.value, avp.vendor),
          {entry_kind::avp, avp.name, number_of(avp), std::string{to_string(avp.type)},
           avp.source});
    }
  }

  void take(const command_definition& command) {
    const auto* application = all_.names->find_application(command.application);
    const vendor_id vendor = application == nullptr ? ietf_vendor : application->vendor;
    if (!wants(entry_kind::command, vendor)) {
      return;
    }
    const std::string request = command.short_name + "R";
    const std::string answer = command.short_name + "A";
    std::optional<fit> how;
    for (const std::string& name : {command.name, request, answer}) {
      const auto one = fit_of(name, command.code.value, vendor);
      how = !how || (one && *one < *how) ? one : how;
    }
    std::string detail = request + " and " + answer;
    if (application != nullptr) {
      detail +=
          " of application " + std::to_string(application->id.value) + ", " + application->name;
    }
    add(how, {entry_kind::command, command.name, std::to_string(command.code.value),
              std::move(detail), command.source});
  }

  void take(const application_definition& application) {
    if (!wants(entry_kind::application, application.vendor)) {
      return;
    }
    std::optional<fit> how = fit_of(application.name, application.id.value, application.vendor);
    if (!number_ && all_.names->find_application(request_.word) == &application) {
      how = fit::whole;  // however it was written
    }
    std::string detail;
    for (const std::string& alias : application.aliases) {
      detail += (detail.empty() ? "also " : ", ") + alias;
      const auto one = fit_of(alias, application.id.value, application.vendor);
      how = !how || (one && *one < *how) ? one : how;
    }
    add(how, {entry_kind::application, application.name, std::to_string(application.id.value),
              std::move(detail), application.source});
  }

  void take_values(const avp_definition& avp) {
    if (!wants(entry_kind::value, avp.vendor)) {
      return;
    }
    for (const dictionary::enum_value& v : avp.values) {
      const bool is_unsigned = avp.type == dictionary::avp_type::unsigned32;
      const std::string number = is_unsigned ? std::to_string(static_cast<std::uint32_t>(v.value))
                                             : std::to_string(v.value);
      std::optional<fit> how;
      if (!number_) {
        how = fit_of(v.name);
      } else if (request_.kind == entry_kind::value && number == request_.word) {
        how = fit::whole;
      }
      add(how, {entry_kind::value, v.name, number, "of " + avp.name, avp.source});
    }
  }

  const dictionary_set& all_;
  const find_request& request_;
  std::string word_;
  std::optional<entry_number> number_;
  std::array<std::vector<entry>, 3> found_;  // by how they fit
};

}  // namespace

std::string_view to_string(entry_kind kind) noexcept {
  constexpr std::array<std::string_view, 4> names{"AVP", "command", "application", "value"};
  return names[static_cast<std::size_t>(kind)];
}

std::optional<entry_number> parse_number(const dictionary_set& all,
                                         std::string_view text) noexcept {
  const std::size_t slash = text.find('/');
  const auto code = parse_code(text.substr(0, slash));
  if (!code) {
    return std::nullopt;
  }
  if (slash == std::string_view::npos) {
    return entry_number{*code, std::nullopt};
  }
  const auto vendor = all.find_vendor(text.substr(slash + 1));
  return vendor ? std::optional{entry_number{*code, vendor}} : std::nullopt;
}

std::vector<entry> find_entries(const dictionary_set& all, const find_request& r) {
  return search{all, r}.run();
}

std::string to_table(const std::vector<entry>& entries) {
  const auto cells = [](const entry& e) {
    return std::array<std::string_view, 5>{to_string(e.kind), e.name, e.number, e.source, e.detail};
  };
  std::array<std::size_t, 5> width{};
  for (const entry& e : entries) {
    for (std::size_t i = 0; i < width.size(); ++i) {
      width[i] = std::max(width[i], cells(e)[i].size());
    }
  }
  std::string out;
  for (const entry& e : entries) {
    std::string line;
    for (std::size_t i = 0; i < width.size(); ++i) {
      const std::string_view cell = cells(e)[i];
      line += cell;
      line.append(width[i] - cell.size() + 2, ' ');
    }
    line.resize(line.find_last_not_of(' ') + 1);
    out += line + '\n';
  }
  return out;
}

std::string nearest_name(const dictionary_set& all, std::string_view wrong, name_set among) {
  std::vector<std::string> names;
  for (const command_definition* command : all.names->commands()) {
    names.insert(names.end(),
                 {command->name, command->short_name + "R", command->short_name + "A"});
  }
  for (const avp_definition* avp : all.names->avps()) {
    names.push_back(avp->name);
  }
  for (const application_definition& application : all.names->applications()) {
    names.push_back(application.name);
    names.insert(names.end(), application.aliases.begin(), application.aliases.end());
  }
  if (among == name_set::everything) {
    for (const avp_definition* avp : all.names->avps()) {
      for (const dictionary::enum_value& v : avp->values) {
        names.push_back(v.name);
      }
    }
  }
  return std::string{find_nearest(wrong, names)};
}

}  // namespace diamgw::app
