// <name>.cpp: how structs are written, and the grammars that views are read by.
#include <algorithm>
#include <span>

#include "index.hpp"
#include "messages.hpp"
#include "text.hpp"

namespace diamgw::codegen {
namespace {

using dictionary::avp_rule;
using dictionary::placement;

void write_size(std::string& out, const record& r) {
  std::vector<std::string> terms;
  if (r.message) {
    terms.emplace_back("diameter::header_octets");
  }
  for (std::size_t i = 0; i < r.members.size(); ++i) {
    const auto size = [](const member& m) {
      return "typed::size_of(" + m.key + ", " + m.name + ")";
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
  out += "std::size_t " + r.name +
         "::encoded_size() const noexcept {\n"
         "  if (kept != nullptr) {\n    return " +
         (r.message ? "diameter::header_octets + " : "") +
         "typed::arranged_size(record, this);\n  }\n  return ";
  for (std::size_t i = 0; i < terms.size(); ++i) {
    out += (i == 0 ? "" : " +\n         ") + terms[i];
  }
  out += (terms.empty() ? "0;\n}\n\n" : ";\n}\n\n");
}

std::string put(const member& m) {
  return std::string{m.small ? "out.put_small(" : "out.put("} + m.key + ", v." + m.name +
         (m.small ? ", inside)" : ")");
}

/// Several members are passed over at once.
std::string put_any(std::span<const member> members) {
  std::vector<std::string> names;
  for (const member& m : members) {
    names.push_back(m.name);
  }
  std::string out = "(typed::none_of(";
  for (std::size_t i = 0; i < names.size(); ++i) {
    out += (i == 0 ? "v." : ", v.") + names[i];
  }
  out += ") ||\n" + std::string(11, ' ') + "(";
  for (std::size_t i = 0; i < members.size(); ++i) {
    out += (i == 0 ? "" : " &&\n" + std::string(12, ' ')) + put(members[i]);
  }
  return out + "))";
}

bool may_be_absent(const member& m) {
  return m.rule.min == 0;
}

std::vector<std::string> put_terms(const record& r) {
  constexpr std::size_t at_once = 6;
  // Few members of a large struct are there, most of a small one.
  const bool large = std::ranges::count_if(r.members, may_be_absent) >= 24;
  std::vector<std::string> terms;
  for (std::size_t i = 0; i < r.members.size();) {
    const std::span<const member> rest = std::span{r.members}.subspan(i);
    const auto absent =
        static_cast<std::size_t>(std::ranges::find_if_not(rest, may_be_absent) - rest.begin());
    if (r.encoded_origin && rest[0].name == "origin_host") {
      const std::string indent(15, ' ');
      terms.push_back("(v.encoded_origin.empty()\n" + indent + "? " + put(rest[0]) + " &&\n" +
                      indent + "      " + put(rest[1]) + "\n" + indent +
                      ": out.encoded(v.encoded_origin))");
      i += 2;
    } else if (large && absent >= at_once) {
      terms.push_back(put_any(rest.first(at_once)));
      i += at_once;
    } else {
      terms.push_back(put(rest[0]));
      ++i;
    }
  }
  if (r.extensible) {
    terms.emplace_back("out.encoded(v.more_avps)");
  }
  return terms;
}

/// What write_to does; small groups are written within those that hold them.
void write_put(std::string& out, const record& r) {
  const std::vector<std::string> terms = put_terms(r);
  if (terms.empty()) {
    out += "[[maybe_unused]] static bool put_members(typed::output& /*out*/, const " + r.name +
           "& /*v*/) noexcept {\n  return true;\n}\n\n";
    return;
  }
  out +=
      "[[maybe_unused, DIAMGW_TYPED_INLINE]]\nstatic inline bool put_members(typed::output& "
      "out,\n" +
      std::string(31, ' ') + "const " + r.name + "& v) noexcept {\n  return ";
  for (std::size_t i = 0; i < terms.size(); ++i) {
    out += (i == 0 ? "" : " &&\n         ") + terms[i];
  }
  out += ";\n}\n\n";
}

/// Small groups first, those of other dictionaries too.
void write_small(std::string& out, const layout& l) {
  const std::size_t before = out.size();
  for (const record& r : l.foreign_small) {
    write_put(out, r);
  }
  for (const record& r : l.records) {
    if (r.small) {
      write_put(out, r);
    }
  }
  if (out.size() != before) {
    out +=
        "namespace {\n/// Puts the members of any of these.\nstruct {\n"
        "  template <class G>\n"
        "  [[DIAMGW_TYPED_INLINE]] bool operator()(typed::output& out, const G& g) const noexcept "
        "{\n"
        "    return put_members(out, g);\n  }\n"
        "} constexpr inside [[maybe_unused]];\n}  // namespace\n\n";
  }
}

void write_write(std::string& out, const record& r) {
  if (!r.small) {
    write_put(out, r);
  }
  out += "std::byte* " + r.name +
         "::write_to(std::byte* begin, const std::byte* end) const noexcept {\n"
         "  if (kept != nullptr) [[unlikely]] {\n"
         "    return typed::write_arranged(record, this, begin, end);\n  }\n"
         "  typed::output out{begin, end};\n"
         "  return put_members(out, *this) ? out.position() : nullptr;\n}\n\n";
}

std::string occurs(const member& m) {
  switch (m.occurs) {
    case member::occurrence::required:
      return m.rule.place == placement::fixed ? "typed::fixed(" + std::to_string(m.position) + ")"
                                              : "typed::required";
    case member::occurrence::optional:
      return "typed::at_most_once";
    case member::occurrence::repeated:
      break;
  }
  return "typed::times(" + std::to_string(m.rule.min) +
         (m.rule.max == avp_rule::unbounded ? "" : ", " + std::to_string(m.rule.max)) + ")";
}

void write_rules(std::string& out, const record& r) {
  std::vector<std::uint64_t> ids;
  out += "constexpr typed::rule " + r.name + "_rules[]{\n";
  for (const member& m : r.members) {
    out += join("    {" + m.key + ", typed::kind::" + m.kind + ", " + occurs(m) + ",",
                "offsetof(" + r.name + ", " + m.name + ")" +
                    (m.group ? ", &" + m.written + "::record" : "") + "},",
                5);
    ids.push_back((std::uint64_t{m.rule.avp->vendor.value} << 32U) | m.rule.avp->code.value);
  }
  out += "};\n";
  const rule_index index = make_index(ids);
  std::vector<std::string> numbers;
  for (const std::uint8_t number : index.numbers) {
    numbers.push_back(std::to_string(number));
  }
  out += "constexpr std::uint8_t " + r.name + "_index[]{\n";
  write_list(out, numbers, 4);
  out += "};\n";
  out += join("constexpr typed::grammar " + r.name + "_grammar{" + r.name + "_rules, " + r.name +
                  "_index,",
              hex(index.multiplier) + ", " + std::to_string(index.shift) + "};", 4) +
         "\n";
}

void write_decode(std::string& out, const record& r) {
  const std::string name = r.name + "_view";
  if (r.members.empty()) {
    out += "constexpr typed::grammar " + r.name + "_grammar{{}, {}, 0, 63};\n\n";
  } else {
    write_rules(out, r);
  }
  out += join("constinit const typed::record " + r.name + "::record =",
              "typed::describe<" + r.name + ">(" + r.name + "_grammar, offsetof(" + r.name +
                  ", kept)" + (r.extensible ? ", offsetof(" + r.name + ", more_avps)" : "") + ");",
              4) +
         "\n";
  out += join("diameter::decoded<" + r.name + "> " + r.name + "::from(const " + name + "& view,",
              "std::pmr::memory_resource& memory) {", 4);
  out += "  return typed::rebuild<" + r.name + ">(view." + (r.message ? "message()" : "octets()") +
         ", memory);\n}\n\n";
  out += join("diameter::decoded<" + name + ">",
              name + "::decode(" +
                  (r.message ? "const diameter::message_view& message" : "bytes_view group") +
                  ") noexcept {",
              0);
  std::string arguments = r.message ? "(message" : "(group";
  if (r.message && !r.any_command) {
    arguments += ", " + r.name + "::command, " + ((r.flags & 0x80U) != 0 ? "true" : "false");
  }
  const std::string call = "  return typed::decoding::run<" + name + ", " + r.name + "_grammar>";
  out += call.size() + arguments.size() + 2 <= line_width
             ? call + arguments + ");\n"
             : call + "(\n      " + arguments.substr(1) + ");\n";
  out += "}\n\n";
}

}  // namespace

std::string write_source(const layout& l) {
  std::string out = made_from(l) + "#include \"diamgw/messages/" + l.name_space + ".hpp\"\n\n";
  for (const std::string& include : l.includes) {
    out += "#include \"diamgw/messages/" + include + ".hpp\"\n";
  }
  out += std::string{l.includes.empty() ? "" : "\n"} +
         "namespace diamgw::messages::" + l.name_space + " {\n\n";
  write_small(out, l);
  for (const record& r : l.records) {
    write_size(out, r);
    write_write(out, r);
    write_decode(out, r);
  }
  return out + "}  // namespace diamgw::messages::" + l.name_space + "\n";
}

}  // namespace diamgw::codegen
