#include "list.hpp"

#include <initializer_list>
#include <string_view>

namespace diamgw::codegen {
namespace {

using dictionary::flag_rule;

void write_line(std::string& out, std::initializer_list<std::string_view> fields) {
  for (const std::string_view field : fields) {
    out += field;
    out += '\t';
  }
  out.back() = '\n';
}

std::string flags(const dictionary::avp_definition& avp) {
  std::string out;
  if (avp.mandatory != flag_rule::must_not) {
    out += avp.mandatory == flag_rule::must ? 'M' : 'm';
  }
  if (avp.protect != flag_rule::must_not) {
    out += avp.protect == flag_rule::must ? 'P' : 'p';
  }
  return out.empty() ? "-" : out;
}

void write_values(std::string& out, const dictionary::dictionary& names,
                  const dictionary::syntax::file& file) {
  for (const dictionary::syntax::enumeration& e : file.enumerations) {
    if (names.find_avp(e.called.text) == nullptr) {
      continue;  // a @define of something that is no AVP
    }
    for (const dictionary::syntax::value& v : e.values) {
      write_line(out, {"value", file.called ? file.called->text : file.path, e.called.text,
                       std::to_string(v.number), v.called.text});
    }
  }
}

}  // namespace

std::string write_list(const dictionary::dictionary& names,
                       std::span<const dictionary::syntax::file> files) {
  std::string out;
  for (const dictionary::avp_definition* const avp : names.avps()) {
    write_line(out, {"avp", avp->source, avp->name, std::to_string(avp->vendor.value),
                     std::to_string(avp->code.value), to_string(avp->type), flags(*avp)});
  }
  for (const dictionary::syntax::file& file : files) {
    write_values(out, names, file);
  }
  for (const dictionary::command_definition* const command : names.commands()) {
    write_line(out, {"command", command->source, std::to_string(command->application.value),
                     std::to_string(command->code.value), command->name});
  }
  for (const dictionary::application_definition& application : names.applications()) {
    write_line(out, {"application", std::to_string(application.id.value), application.name});
  }
  return out;
}

}  // namespace diamgw::codegen
