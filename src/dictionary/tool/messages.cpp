#include "messages.hpp"

#include <array>
#include <cstdio>
#include <set>

#include "layout.hpp"
#include "names.hpp"

namespace diamgw::codegen {
namespace {

using dictionary::avp_definition;
using dictionary::avp_rule;
using dictionary::avp_type;
using dictionary::flag_rule;
using dictionary::placement;

constexpr std::size_t line_width = 100;

std::string hex(unsigned value) {
  std::array<char, 8> out{};
  std::snprintf(out.data(), out.size(), "0x%02x", value);
  return out.data();
}

/// `first` and `rest` on one line where they fit, else `rest` on the next, indented.
std::string join(const std::string& first, const std::string& rest, std::size_t indent) {
  if (first.size() + 1 + rest.size() <= line_width) {
    return first + ' ' + rest + '\n';
  }
  return first + '\n' + std::string(indent, ' ') + rest + '\n';
}

std::string member_type(const member& m) {
  if (m.pointer) {
    return "const " + m.written + "*";
  }
  switch (m.occurs) {
    case member::occurrence::required:
      return m.written;
    case member::occurrence::optional:
      return "std::optional<" + m.written + ">";
    case member::occurrence::repeated:
      break;
  }
  return "std::span<const " + m.written + ">";
}

/// The view's data member: "session_id_", "class_slot_".
std::string slot(const member& m) {
  return m.name + (m.name.ends_with('_') ? "slot_" : "_");
}

// The header

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

void write_struct(std::string& out, const record& r) {
  write_grammar(out, r);
  out += "struct " + r.name + " {\n";
  if (r.message) {
    out += r.any_command ? "  command_code command{};  // that of the request\n"
                         : "  static constexpr command_code command{" +
                               std::to_string(r.command->code.value) + "};\n\n";
    out += "  std::uint8_t flags = " + hex(r.flags) + ";" +
           (r.flag_names.empty() ? "" : "  // " + r.flag_names) + "\n";
    out += "  application_id application{" +
           (r.any_command ? "" : std::to_string(r.command->application.value)) + "};\n";
    out += "  hop_by_hop_id hop_by_hop{};\n  end_to_end_id end_to_end{};\n\n";
  }
  for (const member& m : r.members) {
    out += join("  " + member_type(m), m.name + "{};", 6);
    if (r.encoded_origin && m.name == "origin_realm") {
      out += "  bytes_view encoded_origin{};  // if any, written in place of the last two\n";
    }
  }
  if (r.extensible) {
    out += "  bytes_view more_avps{};  // encoded, with padding; written last\n";
  }
  if (r.message) {
    out += R"(
  /// Octets of the whole message.
  [[nodiscard]] std::size_t encoded_size() const noexcept;
  /// Writes encoded_size() octets and gives their number; 0, and nothing is written, where `out` is
  /// smaller or the message too long for its header.
  [[nodiscard]] std::size_t encode_to(mutable_bytes out) const noexcept {
    return typed::encode_message(*this, out);
  }
  /// Writes encoded_size() octets, unchecked; the end of them.
)";
  } else {
    out += R"(
  /// Octets of the group's data.
  [[nodiscard]] std::size_t encoded_size() const noexcept;
  /// Writes them, unchecked; the end of them.
)";
  }
  out += "  [[nodiscard]] std::byte* write_to(std::byte* out) const noexcept;\n};\n\n";
}

void write_accessor(std::string& out, const member& m) {
  std::string type = m.read;
  std::string get = ".value()";
  if (m.occurs == member::occurrence::optional) {
    type = "std::optional<" + m.read + ">";
    get = ".optional()";
  } else if (m.occurs == member::occurrence::repeated) {
    type = "typed::repeated<" + m.read + ">";
    get = ".values()";
  }
  const std::string first = "  [[nodiscard]] " + type;
  const std::string rest = m.name + "() const noexcept {";
  const std::string body = " return " + slot(m) + get + "; }";
  if (first.size() + 1 + rest.size() + body.size() <= line_width) {
    out += first + ' ' + rest + body + '\n';
  } else {
    out += join(first, rest, 2) + "    return " + slot(m) + get + ";\n  }\n";
  }
}

void write_view(std::string& out, const record& r) {
  const std::string name = r.name + "_view";
  if (r.message) {
    out += "/// Reads " + r.name + "; valid while the message's octets live.\n";
  } else {
    out += "/// Reads " + r.name + "; valid while its octets live.\n";
  }
  out += "class " + name + " {\n public:\n";
  if (r.message) {
    out +=
        "  /// in:     a message that check_message accepted\n"
        "  /// errors: " +
        std::string{r.any_command ? "" : "command_unsupported, "} +
        "avp_position, avp_too_many, value_length at the AVP;\n"
        "  ///         missing_avp at the end\n";
    out += join("  [[nodiscard]] static diameter::decoded<" + name + ">",
                "decode(const diameter::message_view& message) noexcept;", 2);
    out +=
        "  [[nodiscard]] const diameter::message_view& message() const noexcept { return "
        "message_; }\n\n";
  } else {
    out +=
        "  /// errors: AVP header values of errc, avp_position, avp_too_many, value_length at the "
        "AVP;\n"
        "  ///         missing_avp at the end\n";
    out += join("  [[nodiscard]] static diameter::decoded<" + name + ">",
                "decode(bytes_view group) noexcept;", 2);
    out += "  [[nodiscard]] bytes_view octets() const noexcept { return octets_; }\n\n";
  }
  for (const member& m : r.members) {
    write_accessor(out, m);
  }
  out += r.members.empty() ? "" : "\n";
  out += " private:\n";
  out += r.message ? "  diameter::message_view message_;\n" : "  bytes_view octets_;\n";
  for (const member& m : r.members) {
    const bool many = m.occurs == member::occurrence::repeated;
    out +=
        join("  typed::" + std::string{many ? "many<" : "one<"} + m.read + ">", slot(m) + ";", 6);
  }
  out += "};\n\n";
}

void write_declarations(std::string& out, const layout& l) {
  for (const std::string& name_space : l.includes) {
    out += "namespace diamgw::messages::" + name_space + " {\n";
    if (const auto enums = l.enums.find(name_space); enums != l.enums.end()) {
      for (const std::string& name : enums->second) {
        out += "enum class " + name + " : std::int32_t;\n";
      }
    }
    if (const auto groups = l.groups.find(name_space); groups != l.groups.end()) {
      for (const std::string& name : groups->second) {
        out += "struct " + name + ";\nclass " + name + "_view;\n";
      }
    }
    out += "}\n";
  }
  out += l.includes.empty() ? "" : "\n";
}

std::string write_header(const layout& l) {
  std::string out = "// Made by diamgw_dictionary_tool from " + l.name_space +
                    ".dia; edit that file instead.\n#pragma once\n"
                    "#include <chrono>\n#include <cstddef>\n#include <cstdint>\n"
                    "#include <optional>\n#include <span>\n#include <string_view>\n\n"
                    "#include \"diamgw/base/bytes.hpp\"\n#include \"diamgw/base/strong_id.hpp\"\n"
                    "#include \"diamgw/diameter/typed.hpp\"\n";
  out += "\nnamespace diamgw::messages {\nnamespace typed = diameter::typed;\n}\n\n";
  write_declarations(out, l);
  out += "namespace diamgw::messages::" + l.name_space + " {\n\n";
  if (!l.avps.empty()) {
    write_avps(out, l);
  }
  for (const avp_definition* avp : l.avps) {
    if (avp->own_values) {
      write_values(out, *avp);
    }
  }
  for (const record& r : l.records) {
    out += r.message ? "" : "class " + r.name + "_view;\n";
  }
  out += "\n";
  for (const record& r : l.records) {
    write_struct(out, r);
    write_view(out, r);
  }
  out += "}  // namespace diamgw::messages::" + l.name_space + "\n";
  if (!l.includes.empty()) {
    out += "\n// What was only declared above; these headers may include this one.\n";
  }
  for (const std::string& include : l.includes) {
    out += "#include \"diamgw/messages/" + include + ".hpp\"\n";
  }
  return out;
}

// The source

void write_size(std::string& out, const record& r) {
  std::vector<std::string> terms;
  if (r.message) {
    terms.emplace_back("diameter::header_octets");
  }
  for (std::size_t i = 0; i < r.members.size(); ++i) {
    const auto size = [](const member& m) {
      return "typed::size_of<" + m.key + ">(" + m.name + ")";
    };
    if (r.encoded_origin && r.members[i].name == "origin_host") {
      terms.push_back("(encoded_origin.empty() ? " + size(r.members[i]) + " +\n" +
                      std::string(36, ' ') + size(r.members[i + 1]) + "\n" + std::string(34, ' ') +
                      ": encoded_origin.size())");
      ++i;
    } else {
      terms.push_back(size(r.members[i]));
    }
  }
  if (r.extensible) {
    terms.emplace_back("more_avps.size()");
  }
  out += "std::size_t " + r.name + "::encoded_size() const noexcept {\n  return ";
  for (std::size_t i = 0; i < terms.size(); ++i) {
    out += (i == 0 ? "" : " +\n         ") + terms[i];
  }
  out += (terms.empty() ? "0;\n}\n\n" : ";\n}\n\n");
}

void write_write(std::string& out, const record& r) {
  const auto put = [](const member& m) {
    return "p = typed::put<" + m.key + ">(p, " + m.name + ");\n";
  };
  out += "std::byte* " + r.name + "::write_to(std::byte* out) const noexcept {\n";
  out += r.message ? "  std::byte* p = typed::put_message_header(\n"
                     "      out, {flags, command, application, hop_by_hop, end_to_end});\n"
                   : "  std::byte* p = out;\n";
  for (std::size_t i = 0; i < r.members.size(); ++i) {
    if (r.encoded_origin && r.members[i].name == "origin_host") {
      out += "  if (encoded_origin.empty()) {\n    " + put(r.members[i]) + "    " +
             put(r.members[i + 1]) +
             "  } else {\n    p = typed::put_encoded(p, encoded_origin);\n  }\n";
      ++i;
    } else {
      out += "  " + put(r.members[i]);
    }
  }
  if (r.extensible) {
    out += "  p = typed::put_encoded(p, more_avps);\n";
  }
  if (r.message) {
    out += "  typed::finish_message(out, p);\n";
  }
  out += "  return p;\n}\n\n";
}

std::string take(const member& m) {
  if (m.occurs == member::occurrence::repeated) {
    const bool bounded = m.rule.max != avp_rule::unbounded;
    return "take(w" + (bounded ? ", " + std::to_string(m.rule.max) : "") + ")";
  }
  if (m.rule.place == placement::fixed) {
    return "take_at(w, " + std::to_string(m.position) + ")";
  }
  return "take(w)";
}

std::string missing(const member& m) {
  if (m.rule.min == 0) {
    return "";
  }
  const std::string argument =
      m.occurs == member::occurrence::repeated ? std::to_string(m.rule.min) : "";
  return "view." + slot(m) + ".missing(" + argument + ")";
}

void write_decode(std::string& out, const record& r) {
  const std::string name = r.name + "_view";
  out += join("diameter::decoded<" + name + ">",
              name + "::decode(" +
                  (r.message ? "const diameter::message_view& message" : "bytes_view group") +
                  ") noexcept {",
              0);
  if (r.message && !r.any_command) {
    out += "  if (message.command() != " + r.name + "::command || " +
           ((r.flags & 0x80U) != 0 ? "!" : "") +
           "message.is_request()) {\n"
           "    return diameter::decode_error{diameter::errc::command_unsupported, 4};\n  }\n";
  }
  out += "  " + name + " view;\n";
  out +=
      r.message
          ? "  view.message_ = message;\n"
            "  typed::walker w{message.avps().octets(), diameter::header_octets};\n"
            "  while (w.next()) {\n"
          : "  view.octets_ = group;\n  typed::walker w{group, 0};\n  while (w.next_checked()) {\n";
  if (!r.members.empty()) {
    out += "    std::optional<diameter::errc> fault;\n    switch (w.id()) {\n";
    for (const member& m : r.members) {
      out += "      case " + m.key + ".id():\n        fault = view." + slot(m) + "." + take(m) +
             ";\n        break;\n";
    }
    out +=
        "      default:\n        break;\n    }\n"
        "    if (fault) {\n      return w.error(*fault);\n    }\n";
  }
  out += "  }\n";
  if (!r.message) {
    out += "  if (w.fault()) {\n    return w.error(*w.fault());\n  }\n";
  }
  std::string condition;
  for (const member& m : r.members) {
    if (const std::string one = missing(m); !one.empty()) {
      condition += (condition.empty() ? "" : " ||\n      ") + one;
    }
  }
  if (!condition.empty()) {
    out += "  if (" + condition +
           ") {\n    return w.error_at_end(diameter::errc::missing_avp);\n  }\n";
  }
  out += "  return view;\n}\n\n";
}

std::string write_source(const layout& l) {
  std::string out = "// Made by diamgw_dictionary_tool from " + l.name_space +
                    ".dia; edit that file instead.\n#include \"diamgw/messages/" + l.name_space +
                    ".hpp\"\n\n";
  for (const std::string& include : l.source_includes) {
    out += "#include \"diamgw/messages/" + include + ".hpp\"\n";
  }
  out += std::string{l.source_includes.empty() ? "" : "\n"} +
         "namespace diamgw::messages::" + l.name_space + " {\n\n";
  for (const record& r : l.records) {
    write_size(out, r);
    write_write(out, r);
    write_decode(out, r);
  }
  return out + "}  // namespace diamgw::messages::" + l.name_space + "\n";
}

}  // namespace

generated_code write_messages(const dictionary::dictionary& names, std::string_view name,
                              error_answer answer) {
  const layout l = make_layout(names, name, answer == error_answer::present);
  return {write_header(l), write_source(l)};
}

}  // namespace diamgw::codegen
