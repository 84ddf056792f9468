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

/// Said of a member that may be absent, to stand in front of what is done where it is there.
std::string has(std::string_view present, std::size_t i) {
  return std::string{present} + ".has(" + std::to_string(i) + ")";
}

bool always_there(const member& m) {
  return m.occurs == member::occurrence::required && !m.group;
}

void write_size(std::string& out, const record& r) {
  std::vector<std::string> terms;
  if (r.message) {
    terms.emplace_back("diameter::header_octets");
  }
  const auto size = [](const member& m) {
    return "typed::size_of(" + m.key + ", held." + m.name + ")";
  };
  for (std::size_t i = 0; i < r.members.size(); ++i) {
    const member& m = r.members[i];
    if (r.encoded_origin && m.name == "origin_host") {
      terms.push_back("(held.encoded_origin.empty() ? " + size(m) + " +\n" + std::string(40, ' ') +
                      size(r.members[i + 1]) + "\n" + std::string(38, ' ') +
                      ": held.encoded_origin.size())");
      ++i;
    } else if (m.occurs == member::occurrence::optional && !m.group) {
      terms.push_back("(" + has("held.present", i) + " ? " + size(m) + " : 0)");
    } else {
      terms.push_back(size(m));
    }
  }
  if (r.extensible) {
    terms.emplace_back("held.more_avps.size()");
  }
  out += "std::size_t " + r.name +
         "::encoded_size() const noexcept {\n"
         "  if (held.kept != nullptr) {\n    return " +
         (r.message ? "diameter::header_octets + " : "") +
         "typed::arranged_size(record, this);\n  }\n  return ";
  for (std::size_t i = 0; i < terms.size(); ++i) {
    out += (i == 0 ? "" : " +\n         ") + terms[i];
  }
  out += (terms.empty() ? "0;\n}\n\n" : ";\n}\n\n");
}

std::string put(const member& m) {
  const bool list = m.occurs == member::occurrence::repeated;
  const std::string value = (m.group && !list ? "*v." : "v.") + m.name;
  if (m.most != 0) {
    return "out.put_bounded(" + m.key + ", " + value + ", " + std::to_string(m.most) + ", stored)";
  }
  if (m.small) {
    return "out.put_small(" + m.key + ", " + value + ", inside)";
  }
  return (list ? "out.put_list(" : "out.put(") + m.key + ", " + value + ")";
}

/// Those that are always there, as many as follow each other.
std::string put_run(std::span<const member> members, std::size_t indent) {
  std::string out = "out.put(";
  for (std::size_t i = 0; i < members.size(); ++i) {
    out += (i == 0 ? "" : ",\n" + std::string(indent + 8, ' ')) + members[i].key + ", v." +
           members[i].name;
  }
  return out + ")";
}

/// What is put where a bit of `there` is set.
struct optional_put {
  std::size_t bit;
  std::string call;
};

/// Absent ones are passed over by few looks: at all of these, then at three at once.
std::string put_optional(std::span<const optional_put> puts, std::size_t indent) {
  constexpr std::size_t few = 3;
  if (puts.size() == 1) {
    return "(!" + has("there", puts[0].bit) + " || " + puts[0].call + ")";
  }
  const std::size_t part = puts.size() > few ? few : 1;
  std::string out = "(!there.any(" + std::to_string(puts.front().bit) + ", " +
                    std::to_string(puts.back().bit) + ") ||\n" + std::string(indent + 1, ' ') + "(";
  for (std::size_t i = 0; i < puts.size(); i += part) {
    out += (i == 0 ? "" : " &&\n" + std::string(indent + 2, ' ')) +
           put_optional(puts.subspan(i, std::min(part, puts.size() - i)), indent + 2);
  }
  return out + "))";
}

void end_run(std::vector<std::string>& terms, std::vector<optional_put>& puts) {
  // Of a long run most are absent; of a short one, a few in each part are there.
  constexpr std::size_t long_run = 24;
  const std::size_t at_once = puts.size() < long_run ? 3 : 12;
  for (std::size_t i = 0; i < puts.size(); i += at_once) {
    const std::span<const optional_put> some = std::span{puts}.subspan(i);
    terms.push_back(put_optional(some.first(std::min(at_once, some.size())), 9));
  }
  puts.clear();
}

/// Members that are always there by one look at the room, those that may be absent by their bits.
std::vector<std::string> put_terms(const record& r) {
  constexpr std::size_t bits_per_word = 64;
  std::vector<std::string> terms;
  std::vector<optional_put> puts;
  for (std::size_t i = 0; i < r.members.size();) {
    const std::span<const member> rest = std::span{r.members}.subspan(i);
    if (!always_there(rest[0])) {
      if (i % bits_per_word == 0) {
        end_run(terms, puts);
      }
      puts.push_back({i, put(rest[0])});
      ++i;
      continue;
    }
    end_run(terms, puts);
    if (r.encoded_origin && rest[0].name == "origin_host") {
      terms.push_back("(v.encoded_origin.empty() ? " + put_run(rest.first(2), 37) + "\n" +
                      std::string(35, ' ') + ": out.encoded(v.encoded_origin))");
      i += 2;
      continue;
    }
    const auto run = std::ranges::find_if(rest, [&](const member& m) {
      return !always_there(m) || (r.encoded_origin && m.name == "origin_host");
    });
    const auto n = static_cast<std::size_t>(run - rest.begin());
    terms.push_back(put_run(rest.first(n), 9));
    i += n;
  }
  if (r.extensible) {
    if (r.members.size() % bits_per_word == 0) {
      end_run(terms, puts);
    }
    puts.push_back({r.members.size(), "out.encoded(v.more_avps)"});
  }
  end_run(terms, puts);
  return terms;
}

/// What write_to does; small groups are written within those that hold them.
void write_put(std::string& out, const record& r) {
  const std::vector<std::string> terms = put_terms(r);
  if (terms.empty()) {
    out += "[[maybe_unused]] static bool put_members(typed::output& /*out*/, const " + r.name +
           "& /*g*/) noexcept {\n  return true;\n}\n\n";
    return;
  }
  out +=
      "[[maybe_unused, DIAMGW_TYPED_INLINE]]\nstatic inline bool put_members(typed::output& "
      "out,\n" +
      std::string(31, ' ') + "const " + r.name +
      "& g) noexcept {\n  const auto& v = g.held;\n"
      "  [[maybe_unused]] const auto there = v.present;\n  return ";
  for (std::size_t i = 0; i < terms.size(); ++i) {
    out += (i == 0 ? "" : " &&\n         ") + terms[i];
  }
  out += ";\n}\n\n";
}

std::string store(const member& m) {
  if (!m.group) {
    return "p = typed::store_avp(p, " + m.key + ", v." + m.name + ");\n";
  }
  return "p = typed::close_group(p, " + m.key + ", store_members(p + " + m.key +
         ".header_octets(), *v." + m.name + "));\n    if (p == nullptr) [[unlikely]] {\n" +
         "      return nullptr;\n    }\n";
}

/// Groups whose members all have a fixed length: nothing is checked within them.
void write_store(std::string& out, const record& r) {
  out +=
      "/// Where there is room for all; null where the group has what its grammar has not.\n"
      "[[maybe_unused, DIAMGW_TYPED_INLINE]]\nstatic inline std::byte* store_members(std::byte* "
      "p,\n" +
      std::string(39, ' ') + "const " + r.name +
      "& g) noexcept {\n  const auto& v = g.held;\n  const auto there = v.present;\n  if (" +
      has("there", r.members.size()) + ") [[unlikely]] {\n    return nullptr;\n  }\n";
  for (std::size_t i = 0; i < r.members.size();) {
    const std::span<const member> rest = std::span{r.members}.subspan(i);
    if (always_there(rest[0])) {
      out += "  " + store(rest[0]);
      ++i;
      continue;
    }
    const auto n =
        static_cast<std::size_t>(std::ranges::find_if(rest, always_there) - rest.begin());
    out += "  if (there.any(" + std::to_string(i) + ", " + std::to_string(i + n - 1) + ")) {\n";
    for (const member& m : rest.first(n)) {
      out += "  if (" + has("there", i++) + ") {\n    " + store(m) + "  }\n";
    }
    out += "  }\n";
  }
  out += "  return p;\n}\n\n";
}

void write_functor(std::string& out, std::string_view comment, std::string_view result,
                   std::string_view parameter, std::string_view call, std::string_view name) {
  out += "namespace {\n/// " + std::string{comment} +
         "\nstruct {\n"
         "  template <class G>\n"
         "  [[DIAMGW_TYPED_INLINE]] " +
         std::string{result} + " operator()(" + std::string{parameter} +
         ", const G& g) const noexcept {\n    return " + std::string{call} +
         ";\n  }\n} constexpr " + std::string{name} + " [[maybe_unused]];\n}  // namespace\n\n";
}

/// Groups that are written within others, those of other dictionaries too.
void write_inner(std::string& out, const layout& l) {
  for (const record& r : l.bounded) {
    write_store(out, r);
  }
  if (!l.bounded.empty()) {
    write_functor(out, "Stores the members of any of these.", "std::byte*", "std::byte* p",
                  "store_members(p, g)", "stored");
  }
  const auto is_inner = [](const record& r) { return r.small || r.looped; };
  for (const record& r : l.foreign_small) {
    write_put(out, r);
  }
  for (const record& r : l.records) {
    if (r.small) {
      write_put(out, r);
    }
  }
  if (!l.foreign_small.empty() || std::ranges::any_of(l.records, is_inner)) {
    write_functor(out, "Puts the members of any of these.", "bool", "typed::output& out",
                  "put_members(out, g)", "inside");
  }
  for (const record& r : l.records) {
    if (r.looped) {
      out += "static inline bool put_members(typed::output& out, const " + r.name +
             "& g) noexcept;\n\n";
    }
  }
}

void write_write(std::string& out, const record& r) {
  if (!r.small) {
    write_put(out, r);
  }
  out += "std::byte* " + r.name +
         "::write_to(std::byte* __restrict begin, const std::byte* end) const noexcept {\n"
         "  if (" +
         has("held.present", r.members.size()) +
         " && held.kept != nullptr) [[unlikely]] {\n"
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
                "offsetof(" + r.name + ", held." + m.name + ")" +
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
  if (r.members.empty()) {
    out += "constexpr typed::grammar " + r.name + "_grammar{{}, {}, 0, 63};\n\n";
  } else {
    write_rules(out, r);
  }
  const auto offset = [&](std::string_view member) {
    return "offsetof(" + r.name + ", held." + std::string{member} + ")";
  };
  out += "constinit const typed::record " + r.name + "::record = typed::describe<" + r.name +
         ">(\n    " + r.name + "_grammar, " + offset("present") + ",\n    " + offset("kept") +
         (r.extensible ? ", " + offset("more_avps") : "") + ");\n";
  out += "\nstd::optional<diameter::decode_error> " + r.name +
         "_view::fill(bytes_view octets) noexcept {\n  return fill_by<" + r.name +
         "_grammar>(octets";
  if (r.message && !r.any_command) {
    out += ", " + r.name + "::command, " + ((r.flags & 0x80U) != 0 ? "true" : "false");
  }
  out += ");\n}\n\n";
}

}  // namespace

std::string write_source(const layout& l) {
  std::string out = made_from(l) + "#include \"diamgw/messages/" + l.name_space + ".hpp\"\n\n";
  for (const std::string& name : l.includes) {
    const auto found = l.foreign.find(name);
    const bool groups = found != l.foreign.end() && !found->second.groups.empty();
    out += "#include \"diamgw/messages/" + name + (groups ? "/groups.hpp\"\n" : "/avps.hpp\"\n");
  }
  out += std::string{l.includes.empty() ? "" : "\n"} +
         "namespace diamgw::messages::" + l.name_space + " {\n\n";
  write_inner(out, l);
  for (const record& r : l.records) {
    write_size(out, r);
    write_write(out, r);
    write_decode(out, r);
  }
  out += write_commands(l);
  return out + "}  // namespace diamgw::messages::" + l.name_space + "\n";
}

}  // namespace diamgw::codegen
