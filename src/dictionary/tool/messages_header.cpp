// <name>/avps.hpp: constants and enums; <name>/groups.hpp and <name>.hpp: structs and views.
#include <set>

#include "messages.hpp"
#include "names.hpp"
#include "text.hpp"

namespace diamgw::codegen {
namespace {

using dictionary::avp_definition;
using dictionary::avp_type;
using dictionary::flag_rule;

/// What the struct keeps of it.
std::string member_type(const member& m) {
  if (m.occurs == member::occurrence::repeated) {
    return "std::span<const " + m.written + ">";
  }
  if (m.group) {
    return "const " + m.written + "*";
  }
  return m.written;
}

/// Dictionaries may use each other's types, so that headers cannot include each other.
void write_foreign(std::string& out, const layout& l) {
  for (const auto& [name_space, types] : l.foreign) {
    out += "namespace diamgw::messages::" + name_space + " {\n";
    for (const std::string& name : types.enums) {
      out += "enum class " + name + " : std::int32_t;\n";
    }
    for (const std::string& name : types.groups) {
      out += "struct " + name + ";\nclass " + name + "_view;\n";
    }
    out += "}  // namespace diamgw::messages::" + name_space + "\n\n";
  }
}

void write_avps(std::string& out, const layout& l) {
  out += "/// Code, vendor and flags.\nnamespace avps {\n";
  for (const avp_definition* avp : l.avps) {
    const unsigned flags = (avp->vendor != ietf_vendor ? 0x80U : 0U) |
                           (avp->mandatory == flag_rule::must ? 0x40U : 0U) |
                           (avp->protect == flag_rule::must ? 0x20U : 0U);
    out += join("inline constexpr typed::avp_key",
                identifier(avp->name) + "{" + std::to_string(avp->code.value) + ", " +
                    std::to_string(avp->vendor.value) + ", " + hex(flags) + "};",
                4);
  }
  out += "}  // namespace avps\n\n";
}

/// Values are kept as Integer32, those of Unsigned32 by their bits.
std::string number_text(const avp_definition& avp, std::int32_t value) {
  return avp.type == avp_type::unsigned32 ? std::to_string(static_cast<std::uint32_t>(value))
                                          : std::to_string(value);
}

void write_values(std::string& out, const avp_definition& avp) {
  const bool enumerated = avp.type == avp_type::enumerated;
  const std::string name = identifier(avp.name);
  out += "/// " + avp.name + " (" + std::to_string(avp.code.value) + ")\n";
  out += enumerated ? "enum class " + name + " : std::int32_t {\n"
                    : "namespace " + name + "_values {\n";
  std::set<std::string> used;
  for (const auto& value : avp.values) {
    std::string id = value_identifier(value.name);
    while (!used.insert(id).second) {
      id += '_';
    }
    out += enumerated ? "  " + id + " = " + std::to_string(value.value) + ",\n"
                      : "inline constexpr " + written_type(avp) + " " + id + " = " +
                            number_text(avp, value.value) + ";\n";
  }
  out += enumerated ? "};\n\n" : "}  // namespace " + name + "_values\n\n";
}

void write_grammar(std::string& out, const record& r) {
  for (std::size_t i = 0; i < r.comment.size(); ++i) {
    out += (i == 0 ? "/// " : "///     ") + r.comment[i] + "\n";
  }
}

void write_message_header(std::string& out, const record& r) {
  out += r.any_command ? "  command_code command{};  // that of the request\n"
                       : "  static constexpr command_code command{" +
                             std::to_string(r.command->code.value) + "};\n\n";
  out += "  std::uint8_t flags = " + hex(r.flags) + ";" +
         (r.flag_names.empty() ? "" : "  // " + r.flag_names) + "\n";
  out += "  application_id application{" +
         (r.any_command ? "" : std::to_string(r.command->application.value)) + "};\n";
  out += "  hop_by_hop_id hop_by_hop{};\n  end_to_end_id end_to_end{};\n\n";
}

/// A function that sets the member, and one that gives it.
void write_functions(std::string& out, const record& r, const member& m, std::size_t bit) {
  const std::string type = member_type(m);
  const bool maybe = m.occurs == member::occurrence::optional && !m.group;
  const bool always = m.occurs == member::occurrence::required && !m.group;
  const std::string outer = maybe ? "std::optional<" + type + ">" : type;
  out += join("  constexpr " + r.name + "& " + m.name + "(" + outer, "v) noexcept {", 6);
  out += (always ? "    held." + m.name + " = v;\n"
                 : "    typed::assign(held.present, " + std::to_string(bit) + ", held." + m.name +
                       ", v);\n") +
         "    return *this;\n  }\n";
  out += join("  [[nodiscard]] constexpr " + outer, m.name + "() const noexcept {", 2);
  out += maybe ? "    return typed::maybe(held.present, " + std::to_string(bit) + ", held." +
                     m.name + ");\n  }\n"
               : "    return held." + m.name + ";\n  }\n";
}

void write_octets_functions(std::string& out, const record& r) {
  if (r.encoded_origin) {
    out +=
        "  /// If any, written in place of Origin-Host and Origin-Realm: typed::encode_origin.\n"
        "  constexpr " +
        r.name +
        "& encoded_origin(bytes_view v) noexcept {\n"
        "    held.encoded_origin = v;\n    return *this;\n  }\n";
  }
  if (r.extensible) {
    out +=
        "  /// Encoded, with padding; written last.\n"
        "  constexpr " +
        r.name +
        "& more_avps(bytes_view v) noexcept {\n"
        "    held.present.mark(" +
        std::to_string(r.members.size()) +
        ", !v.empty() || held.kept != nullptr);\n"
        "    held.more_avps = v;\n    return *this;\n  }\n";
  }
}

/// Those that are there from the beginning.
std::string required_words(const record& r) {
  std::vector<std::uint64_t> words(r.members.size() / 64 + 1);
  for (std::size_t i = 0; i < r.members.size(); ++i) {
    const member& m = r.members[i];
    words[i / 64] |= std::uint64_t{m.occurs == member::occurrence::required && !m.group} << i % 64;
  }
  std::string out = "typed::presence<" + std::to_string(words.size()) + "> present{{";
  for (std::size_t i = 0; i < words.size(); ++i) {
    out += (i == 0 ? "" : ", ") + hex(words[i]);
  }
  return out + "}};\n";
}

void write_held(std::string& out, const record& r) {
  out +=
      "  /// What these functions were given; `present` says of which there is one.\n"
      "  struct held_values {\n    " +
      required_words(r);
  for (const member& m : r.members) {
    out += join("    " + member_type(m), m.name + "{};", 8);
  }
  if (r.encoded_origin) {
    out += "    bytes_view encoded_origin{};\n";
  }
  if (r.extensible) {
    out += "    bytes_view more_avps{};\n";
  }
  out +=
      "    const typed::arrangement* kept{};  // by `rebuild`: other AVPs, order and flags\n"
      "  } held{};\n\n";
}

void write_struct(std::string& out, const record& r) {
  write_grammar(out, r);
  out += "struct " + r.name + " {\n";
  if (r.message) {
    write_message_header(out, r);
  }
  for (std::size_t i = 0; i < r.members.size(); ++i) {
    write_functions(out, r, r.members[i], i);
  }
  write_octets_functions(out, r);
  if (r.message) {
    out += R"(
  /// Octets of the whole message.
  [[nodiscard]] std::size_t encoded_size() const noexcept;
  /// Writes the message and gives its octets; 0 where `out` is too small or the message too long
  /// for its header: what `out` then holds is unspecified. What members refer to lies elsewhere.
  [[nodiscard]] std::size_t encode_to(mutable_bytes out) const noexcept {
    return typed::encode_message(*this, out);
  }
  /// Writes the AVPs alone.
  /// in:  at most 16,777,215 octets, which nothing lies in that members refer to
  /// out: their end, null where they do not fit
)";
  } else {
    out += R"(
  /// Octets of the group's data.
  [[nodiscard]] std::size_t encoded_size() const noexcept;
  /// Writes them.
  /// in:  at most 16,777,215 octets, which nothing lies in that members refer to
  /// out: their end, null where they do not fit
)";
  }
  out +=
      "  [[nodiscard]] std::byte* write_to(std::byte* begin, const std::byte* end) const "
      "noexcept;\n\n";
  write_held(out, r);
  out += "  static const typed::record record;\n};\n\n";
}

void write_accessor(std::string& out, const member& m) {
  std::string type = m.read;
  std::string get = "one<" + m.read + ">(place(";
  if (m.occurs == member::occurrence::optional && m.group) {
    const std::string view = m.written + "_view>";
    type = "typed::optional_group<" + view;
    get = "maybe_group<" + view + "(find(";
  } else if (m.occurs == member::occurrence::optional) {
    type = "std::optional<" + m.read + ">";
    get = "maybe<" + m.read + ">(find(";
  } else if (m.occurs == member::occurrence::repeated) {
    type = "typed::repeated<" + m.read + ">";
    get = "all<" + m.read + ">(find(";
  }
  out += join("  [[nodiscard]] " + type, m.name + "() const noexcept {", 2);
  out += "    return " + get + number_of(m) + "));\n  }\n";
}

void write_view(std::string& out, const record& r) {
  const std::string name = r.name + "_view";
  const std::string base = r.message ? "message_fields" : "group_fields";
  out += "/// Reads " + r.name + "; valid while " + (r.message ? "the message's" : "its") +
         " octets live.\n";
  out += join(
      "class " + name,
      ": public typed::" + base + "<" + name + ", " + std::to_string(r.members.size()) + "> {", 4);
  out += " public:\n  using " + base + "::" + base + ";\n";
  out += "  using rebuilt = " + r.name + ";  // by typed::rebuild\n";
  out += r.members.empty() ? "" : "\n";
  std::vector<std::string> numbers;
  for (const member& m : r.members) {
    write_accessor(out, m);
    numbers.push_back(number_of(m));
  }
  out +=
      "\n private:\n"
      "  friend typed::decoding;\n"
      "  [[nodiscard]] std::optional<diameter::decode_error> fill(bytes_view octets) noexcept;\n";
  if (!numbers.empty()) {
    out += "\n  enum member : std::size_t {\n";
    write_list(out, numbers, 4);
    out += "  };\n";
  }
  out += "};\n\n";
}

std::string begin_namespace(const layout& l) {
  return "namespace diamgw::messages::" + l.name_space + " {\n\n";
}
std::string end_namespace(const layout& l) {
  return "}  // namespace diamgw::messages::" + l.name_space + "\n";
}

/// Groups or messages.
void write_records(std::string& out, const layout& l, bool messages) {
  for (const record& r : l.records) {
    if (r.message == messages) {
      out += (r.message ? "" : "struct " + r.name + ";\n") + "class " + r.name + "_view;\n";
    }
  }
  for (const record& r : l.records) {
    if (r.message == messages) {
      out += "\n";
      write_struct(out, r);
      write_view(out, r);
    }
  }
}

}  // namespace

std::string write_avps_header(const layout& l) {
  std::string out = made_from(l) +
                    "#pragma once\n#include <cstdint>\n\n"
                    "#include \"diamgw/messages/typed/value.hpp\"\n\n"
                    "namespace diamgw::messages {\nnamespace typed = diameter::typed;\n}\n\n" +
                    begin_namespace(l);
  if (!l.avps.empty()) {
    write_avps(out, l);
  }
  for (const avp_definition* avp : l.avps) {
    if (avp->own_values) {
      write_values(out, *avp);
    }
  }
  return out + end_namespace(l);
}

std::string write_groups_header(const layout& l) {
  std::string out = made_from(l) +
                    "#pragma once\n"
                    "#include <chrono>\n#include <cstddef>\n#include <cstdint>\n"
                    "#include <optional>\n#include <span>\n#include <string_view>\n\n"
                    "#include \"diamgw/base/bytes.hpp\"\n#include \"diamgw/base/strong_id.hpp\"\n"
                    "#include \"diamgw/messages/" +
                    l.name_space +
                    "/avps.hpp\"  // IWYU pragma: export\n"
                    "#include \"diamgw/messages/typed.hpp\"\n\n";
  write_foreign(out, l);
  out += begin_namespace(l);
  write_records(out, l, false);
  return out + end_namespace(l);
}

std::string write_header(const layout& l) {
  std::string out = made_from(l) +
                    "#pragma once\n"
                    "#include \"diamgw/messages/" +
                    l.name_space + "/groups.hpp\"  // IWYU pragma: export\n";
  if (!write_commands(l).empty()) {
    out += "#include \"diamgw/messages/typed/commands.hpp\"\n";
  }
  out += "\n" + begin_namespace(l);
  write_records(out, l, true);
  if (!write_commands(l).empty()) {
    out +=
        "/// Its requests and answers.\n"
        "[[nodiscard]] std::span<const typed::command_entry> commands() noexcept;\n\n";
  }
  return out + end_namespace(l);
}

}  // namespace diamgw::codegen
