#include "layout.hpp"

#include <algorithm>
#include <array>

#include "names.hpp"

namespace diamgw::codegen {
namespace {

using dictionary::avp_definition;
using dictionary::avp_rule;
using dictionary::avp_type;
using dictionary::command_definition;
using dictionary::placement;

// Names that every struct or view has already.
constexpr std::array<std::string_view, 13> taken{
    "application",  "command",    "decode",  "encode_to",  "encoded_origin",
    "encoded_size", "end_to_end", "flags",   "hop_by_hop", "message",
    "more_avps",    "octets",     "write_to"};

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
    return std::move(out_);
  }

 private:
  /// A struct holds groups by value, so they come first. A group within itself is held encoded.
  void add_group(const avp_definition& avp) {
    if (done_.contains(&avp)) {
      return;
    }
    done_.insert(&avp);
    open_.insert(&avp);
    for (const avp_rule& rule : avp.grammar) {
      if (rule.avp != nullptr && rule.avp->grammar_source == source_) {
        add_group(*rule.avp);
      }
    }
    record r;
    r.name = identifier(avp.name);
    r.comment.push_back(avp.name + " ::= < AVP Header: " + std::to_string(avp.code.value) +
                        (avp.vendor == ietf_vendor ? "" : " " + std::to_string(avp.vendor.value)) +
                        " >");
    add_members(r, avp.grammar);
    out_.records.push_back(std::move(r));
    open_.erase(&avp);
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
             .occurs = rule.max > 1    ? member::occurrence::repeated
                       : rule.min == 0 ? member::occurrence::optional
                                       : member::occurrence::required,
             .pointer = false,
             .rule = rule,
             .position = position};
    if (avp.source != source_) {
      out_.source_includes.insert(identifier(avp.source));
      if (avp.type == avp_type::enumerated && avp.own_values) {
        out_.enums[identifier(avp.source)].insert(identifier(avp.name));
        out_.includes.insert(identifier(avp.source));
      }
      m.key = identifier(avp.source) + "::" + m.key;
    }
    if (avp.type == avp_type::grouped && avp.grammar_source != source_) {
      out_.groups[identifier(avp.grammar_source)].insert(identifier(avp.name));
      out_.includes.insert(identifier(avp.grammar_source));
      m.pointer = m.occurs != member::occurrence::repeated;
    } else if (open_.contains(&avp)) {
      m.written = "bytes_view";
    }
    return m;
  }

  const dictionary::dictionary& names_;
  std::string source_;
  layout out_;
  std::set<const avp_definition*> done_;
  std::set<const avp_definition*> open_;
};

}  // namespace

layout make_layout(const dictionary::dictionary& names, std::string_view source,
                   bool error_answer) {
  return maker{names, source}.make(error_answer);
}

}  // namespace diamgw::codegen
