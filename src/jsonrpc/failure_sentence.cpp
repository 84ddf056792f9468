#include "jsonrpc/failure_sentence.hpp"

#include "diamgw/base/nearest.hpp"

namespace diamgw::jsonrpc {
namespace {

using kind = scalar::kind;

/// The named value nearest to a wrong name, or an empty view.
[[nodiscard]] std::string_view nearest_value(const dictionary::avp_definition& definition,
                                             std::string_view wrong) {
  std::string_view best;
  std::size_t best_distance = wrong.size() / 3 + 1;
  for (const dictionary::enum_value& v : definition.values) {
    const std::size_t distance = edit_distance(wrong, v.name, best_distance - 1);
    if (distance < best_distance) {
      best = v.name;
      best_distance = distance;
      if (distance == 0) {
        break;
      }
    }
  }
  return best;
}

}  // namespace

void append_nearest(std::string& sentence, std::string_view nearest) {
  if (!nearest.empty()) {
    sentence.append("; did you mean \"").append(nearest).append("\"?");
  }
}

std::string found_instead(std::string_view expected, const scalar& value,
                          const dictionary::avp_definition* definition) {
  std::string sentence{expected};
  sentence.append(", found ");
  const std::string_view shown = value.text.substr(0, max_quoted_octets);
  const std::string_view rest = shown.size() < value.text.size() ? "…" : "";
  switch (value.what) {
    case kind::string:
      sentence.append("the string \"").append(shown).append(rest).append("\"");
      if (definition != nullptr) {
        append_nearest(sentence, nearest_value(*definition, value.text));
      }
      break;
    case kind::integer:
    case kind::real:
      sentence.append("the number ").append(shown).append(rest);
      break;
    case kind::boolean:
      sentence.append(value.truth ? "true" : "false");
      break;
    case kind::null:
      sentence.append("null");
      break;
  }
  return sentence;
}

std::string found_instead(std::string_view expected, container what) {
  std::string sentence{expected};
  sentence.append(what == container::object ? ", found an object" : ", found an array");
  return sentence;
}

}  // namespace diamgw::jsonrpc
