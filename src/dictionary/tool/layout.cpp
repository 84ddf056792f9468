#include "layout.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "names.hpp"

namespace diamgw::codegen {
namespace {

using dictionary::avp_definition;
using dictionary::avp_rule;
using dictionary::avp_type;
using dictionary::command_definition;
using dictionary::placement;

// Names that every struct or view has already.
constexpr std::array<std::string_view, 24> taken{
    "all",          "application", "avps",    "command", "decode",  "encode_to", "encoded_origin",
    "encoded_size", "end_to_end",  "fill",    "flags",   "from",    "held",      "held_values",
    "hop_by_hop",   "kept",        "present", "maybe",   "message", "more_avps", "octets",
    "one",          "record",      "write_to"};

constexpr std::size_t max_members = 256;  // typed::max_rules

bool is_small(const avp_definition& avp) {
  constexpr std::size_t few = 8;
  return avp.type == avp_type::grouped && avp.grammar.size() <= few;
}

/// Octets of data, where no value of the type has another number of them.
std::size_t fixed_octets(avp_type type) {
  switch (type) {
    case avp_type::integer32:
    case avp_type::unsigned32:
    case avp_type::float32:
    case avp_type::enumerated:
    case avp_type::time:
      return 4;
    case avp_type::integer64:
    case avp_type::unsigned64:
    case avp_type::float64:
      return 8;
    default:
      return 0;
  }
}

/// Most octets of the data of a group of a few AVPs that may stand once and have a fixed length; 0
/// of any other. AVPs outside the grammar do not count. `left`: how many AVPs are a few.
std::size_t most_octets(const avp_definition& avp, std::size_t& left) {
  std::size_t sum = 0;
  for (const avp_rule& rule : avp.grammar) {
    if (rule.avp == nullptr || rule.max == 0) {
      continue;
    }
    if (rule.max > 1 || left == 0) {
      return 0;
    }
    --left;
    const std::size_t data = rule.avp->type == avp_type::grouped ? most_octets(*rule.avp, left)
                                                                 : fixed_octets(rule.avp->type);
    if (data == 0) {
      return 0;
    }
    sum += data + (rule.avp->vendor != ietf_vendor ? 12 : 8);
  }
  return sum;
}
std::size_t most_octets(const avp_definition& avp) {
  std::size_t few = 16;
  return avp.type == avp_type::grouped ? most_octets(avp, few) : 0;
}

/// Of a record of that name: a function that is called as its struct would make one.
std::string member_name(const avp_definition& avp, const std::string& record) {
  std::string name = identifier(avp.name);
  if (name == record || std::ranges::find(taken, name) != taken.end()) {
    name += "_avp";
  }
  return name;
}

class maker {
 public:
  maker(const dictionary::dictionary& names, std::string_view source)
      : names_{names}, source_{source} {
    out_.name_space = identifier(source);
  }

  layout make(bool error_answer) {
    for (const avp_definition* avp : names_.avps()) {
      if (avp->source == source_) {
        out_.avps.push_back(avp);
      }
    }
    for (const avp_definition* avp : names_.avps()) {
      if (avp->grammar_source == source_) {
        add_group(*avp);
      }
    }
    for (const command_definition* command : names_.commands()) {
      if (command->request_source == source_) {
        add_message(*command, true);
      }
      if (command->answer_source == source_) {
        add_message(*command, false);
      }
    }
    if (error_answer) {
      add_error_answer();
    }
    add_foreign_small();
    write_lists_within();
    return std::move(out_);
  }

 private:
  void add_group(const avp_definition& avp) {
    record r;
    r.name = identifier(avp.name);
    r.comment.push_back(avp.name + " ::= < AVP Header: " + std::to_string(avp.code.value) +
                        (avp.vendor == ietf_vendor ? "" : " " + std::to_string(avp.vendor.value)) +
                        " >");
    r.small = most_octets(avp) == 0 && is_small(avp);
    add_members(r, avp.grammar);
    if (r.small) {
      end_nesting(r);
    }
    out_.records.push_back(std::move(r));
  }

  void add_message(const command_definition& command, bool request) {
    const auto& grammar = request ? command.request : command.answer;
    if (grammar.empty()) {
      return;
    }
    record r;
    r.name = identifier(command.name) + (request ? "_request" : "_answer");
    r.message = true;
    r.command = &command;
    r.flags = static_cast<std::uint8_t>((request ? 0x80U : 0U) | (command.proxiable ? 0x40U : 0U));
    r.flag_names = std::string{request ? "REQ" : ""} + (request && command.proxiable ? ", " : "") +
                   (command.proxiable ? "PXY" : "");
    r.comment.push_back(command.short_name + (request ? "R" : "A") +
                        " ::= < Diameter Header: " + std::to_string(command.code.value) +
                        (r.flag_names.empty() ? "" : ", " + r.flag_names) + " >");
    add_members(r, grammar);
    out_.records.push_back(std::move(r));
  }

  void add_foreign_small() {
    closed_ = true;
    for (const avp_definition* avp : foreign_small_) {
      record r;
      r.name = written_type(*avp);
      r.small = true;
      add_members(r, avp->grammar);
      end_nesting(r);
      out_.foreign_small.push_back(std::move(r));
    }
  }

  /// Lists of large groups, too, are worth no call for each element, where few have them: those of
  /// Multiple-Services-Credit-Control or APN-Configuration are most of their messages.
  void write_lists_within() {
    constexpr std::ptrdiff_t few = 2;
    const auto holders = [&](const record& of) {
      return std::ranges::count_if(out_.records, [&](const record& r) {
        return std::ranges::find(r.members, own_type(of), &member::written) != r.members.end();
      });
    };
    for (record& holder : out_.records) {
      for (member& m : holder.members) {
        const auto of = std::ranges::find_if(
            out_.records, [&](const record& r) { return own_type(r) == m.written; });
        if (m.occurs != member::occurrence::repeated || !m.group || m.small || m.most != 0 ||
            holder.looped || of == out_.records.end() || &*of == &holder || has_looped(*of) ||
            holders(*of) > few) {
          continue;
        }
        m.small = true;
        of->looped = true;
        make_large(holder);
      }
    }
  }

  [[nodiscard]] std::string own_type(const record& r) const {
    return r.message ? "" : out_.name_space + "::" + r.name;
  }
  [[nodiscard]] bool has_looped(const record& r) const {
    return std::ranges::any_of(r.members, [&](const member& m) {
      return std::ranges::any_of(
          out_.records, [&](const record& of) { return of.looped && own_type(of) == m.written; });
    });
  }
  /// It is written by a call again.
  void make_large(record& r) {
    r.small = false;
    for (record& holder : out_.records) {
      for (member& m : holder.members) {
        m.small = m.small && m.written != own_type(r);
      }
    }
  }

  /// Small groups are not written within small ones: groups may hold themselves.
  static void end_nesting(record& r) {
    for (member& m : r.members) {
      m.small = false;
    }
  }

  void add_bounded(const avp_definition& avp) {
    record r;
    r.name = written_type(avp);
    if (std::ranges::find(out_.bounded, r.name, &record::name) == out_.bounded.end()) {
      add_members(r, avp.grammar);
      out_.bounded.push_back(std::move(r));
    }
  }

  void add_error_answer() {
    record r;
    r.name = "error_answer";
    r.message = true;
    r.any_command = true;
    r.flags = 0x20;
    r.flag_names = "ERR";
    r.comment.emplace_back("answer-message ::= < Diameter Header: code, ERR [PXY] >");
    const auto grammar = names_.error_answer();
    add_members(r, {grammar.begin(), grammar.end()});
    out_.records.push_back(std::move(r));
  }

  void add_members(record& r, const std::vector<avp_rule>& grammar) {
    std::size_t position = 0;
    for (const avp_rule& rule : grammar) {
      r.comment.push_back(rule_text(rule));
      if (rule.avp == nullptr) {
        r.extensible = true;
      } else if (rule.max != 0) {
        if (r.members.size() == max_members) {
          throw std::runtime_error{r.name + ": more AVPs than a view can tell apart"};
        }
        r.members.push_back(make_member(rule, position, r.name));
      }
      ++position;
    }
    const auto host = std::ranges::find(r.members, "origin_host", &member::name);
    r.encoded_origin = r.message && host != r.members.end() && host + 1 != r.members.end() &&
                       (host + 1)->name == "origin_realm" &&
                       host->occurs == member::occurrence::required &&
                       (host + 1)->occurs == member::occurrence::required;
  }

  member make_member(const avp_rule& rule, std::size_t position, const std::string& record) {
    const avp_definition& avp = *rule.avp;
    member m{.name = member_name(avp, record),
             .written = written_type(avp),
             .read = read_type(avp),
             .key = "avps::" + identifier(avp.name),
             .kind = value_kind(avp),
             .occurs = rule.max > 1    ? member::occurrence::repeated
                       : rule.min == 0 ? member::occurrence::optional
                                       : member::occurrence::required,
             .group = avp.type == avp_type::grouped,
             .small = false,
             .most = most_octets(avp),
             .rule = rule,
             .position = position};
    m.small = m.most == 0 && is_small(avp);
    if (m.most != 0) {
      add_bounded(avp);
    }
    if (avp.source != source_) {
      out_.includes.insert(identifier(avp.source));
      m.key = identifier(avp.source) + "::" + m.key;
    }
    if (m.group && avp.grammar_source != source_) {
      out_.includes.insert(identifier(avp.grammar_source));
      out_.foreign[identifier(avp.grammar_source)].groups.insert(identifier(avp.name));
      if (m.small && !closed_ && std::ranges::find(foreign_small_, &avp) == foreign_small_.end()) {
        foreign_small_.push_back(&avp);
      }
    }
    if (avp.type == avp_type::enumerated && avp.own_values && avp.source != source_) {
      out_.foreign[identifier(avp.source)].enums.insert(identifier(avp.name));
    }
    return m;
  }

  const dictionary::dictionary& names_;
  std::string source_;
  layout out_;
  std::vector<const avp_definition*> foreign_small_;  // in the order of their use
  bool closed_ = false;                               // no more of these
};

}  // namespace

layout make_layout(const dictionary::dictionary& names, std::string_view source,
                   bool error_answer) {
  return maker{names, source}.make(error_answer);
}

}  // namespace diamgw::codegen
