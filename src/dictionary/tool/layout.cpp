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
constexpr std::array<std::string_view, 21> taken{
    "all",          "application", "avps",      "command", "decode", "encode_to",  "encoded_origin",
    "encoded_size", "end_to_end",  "fill",      "flags",   "from",   "hop_by_hop", "kept",
    "maybe",        "message",     "more_avps", "octets",  "one",    "record",     "write_to"};

constexpr std::size_t max_members = 256;  // typed::max_rules

bool is_small(const avp_definition& avp) {
  constexpr std::size_t few = 8;
  return avp.type == avp_type::grouped && avp.grammar.size() <= few;
}

std::string member_name(const avp_definition& avp) {
  std::string name = identifier(avp.name);
  if (std::ranges::find(taken, name) != taken.end()) {
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
    return std::move(out_);
  }

 private:
  void add_group(const avp_definition& avp) {
    record r;
    r.name = identifier(avp.name);
    r.comment.push_back(avp.name + " ::= < AVP Header: " + std::to_string(avp.code.value) +
                        (avp.vendor == ietf_vendor ? "" : " " + std::to_string(avp.vendor.value)) +
                        " >");
    r.small = is_small(avp);
    add_members(r, avp.grammar);
    if (r.small) {
      // No further: groups may hold themselves.
      for (member& m : r.members) {
        m.small = false;
      }
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
      for (member& m : r.members) {
        m.small = false;
      }
      out_.foreign_small.push_back(std::move(r));
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
        r.members.push_back(make_member(rule, position));
      }
      ++position;
    }
    const auto host = std::ranges::find(r.members, "origin_host", &member::name);
    r.encoded_origin = r.message && host != r.members.end() && host + 1 != r.members.end() &&
                       (host + 1)->name == "origin_realm" &&
                       host->occurs == member::occurrence::required &&
                       (host + 1)->occurs == member::occurrence::required;
  }

  member make_member(const avp_rule& rule, std::size_t position) {
    const avp_definition& avp = *rule.avp;
    member m{.name = member_name(avp),
             .written = written_type(avp),
             .read = read_type(avp),
             .key = "avps::" + identifier(avp.name),
             .kind = value_kind(avp),
             .occurs = rule.max > 1    ? member::occurrence::repeated
                       : rule.min == 0 ? member::occurrence::optional
                                       : member::occurrence::required,
             .group = avp.type == avp_type::grouped,
             .small = is_small(avp),
             .rule = rule,
             .position = position};
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
