#include "diamgw/config/load.hpp"

#include "config/stages.hpp"
#include "diamgw/base/nearest.hpp"

namespace diamgw::config {
namespace {

/// Gives `application` its number, or says why it has none.
void resolve(application_ref& application, const std::string& pointer,
             const application_names& names, load_context& context) {
  if (application.name.empty()) {
    return;
  }
  if (const auto id = names.find ? names.find(application.name) : std::nullopt) {
    application.id = *id;
    return;
  }
  const std::string_view nearest = find_nearest(application.name, names.known);
  context.wrong.insert(pointer);
  context.add(pointer, "no dictionary has an application " + quote(json(application.name)) +
                           (nearest.empty() ? "; give its number"
                                            : "; did you mean " + quote(json(nearest)) + "?"));
}

/// The pointer of what holds `pointer`; nothing above the document.
std::optional<std::string_view> holder_of(std::string_view pointer) {
  const std::size_t slash = pointer.rfind('/');
  return slash == std::string_view::npos ? std::nullopt : std::optional{pointer.substr(0, slash)};
}

}  // namespace

origin origins::find(std::string_view pointer) const {
  if (const auto variable = variables.find(pointer); variable != variables.end()) {
    return {.source = variable->second};
  }
  const auto written = in_file.find(pointer);
  return written == in_file.end() ? origin{} : written->second;
}

origin origins::nearest(std::string_view pointer) const {
  for (std::optional above{pointer}; above; above = holder_of(*above)) {
    if (const auto variable = variables.find(*above); variable != variables.end()) {
      return {.source = variable->second};
    }
    if (const auto written = in_file.find(*above); written != in_file.end()) {
      return written->second;
    }
  }
  return {.source = file_name};
}

void load_context::add(const std::string& pointer, std::string text) {
  const origin at = from.nearest(pointer);
  found.push_back({.source = at.source,
                   .pointer = pointer,
                   .line = at.line,
                   .column = at.column,
                   .text = std::move(text)});
}

bool load_context::is_wrong(std::string_view pointer) const {
  for (std::optional above{pointer}; above; above = holder_of(*above)) {
    if (wrong.contains(*above)) {
      return true;
    }
  }
  return false;
}

result<loaded_options, problems> load(std::string_view text, std::string_view file_name,
                                      const environment& variables) {
  load_context context;
  context.from.file_name = file_name;
  if (text.size() > max_document_octets) {
    context.add("", "the file is larger than " + format_octets(max_document_octets));
    return std::move(context.found);
  }
  auto document = parse_document(text, "", context);
  if (!document) {
    return std::move(context.found);
  }
  apply_environment(variables, *document, context);
  validate(*document, context);
  loaded_options o;
  assign(*document, o);
  check(o, context);
  if (!context.found.empty()) {
    return std::move(context.found);
  }
  o.from = std::move(context.from);
  o.warnings = std::move(context.warnings);
  return o;
}

log_options find_log_options(std::string_view text, const environment& variables) {
  load_context context;
  json document = text.size() > max_document_octets ? json::object() : parse_beginning(text);
  apply_environment(variables, document, context);
  validate(document, context);
  options o;
  assign(document, o);
  return o.log;
}

problems resolve_applications(loaded_options& o, const application_names& names) {
  load_context context;
  context.from = std::move(o.from);
  for (std::size_t i = 0; i < o.node.applications.size(); ++i) {
    advertised_application& a = o.node.applications[i];
    const std::string pointer = "/node/applications/" + std::to_string(i);
    if (a.auth) {
      resolve(*a.auth, pointer + "/auth", names, context);
    }
    if (a.acct) {
      resolve(*a.acct, pointer + "/acct", names, context);
    }
  }
  for (std::size_t i = 0; i < o.routing.realms.size(); ++i) {
    if (auto& application = o.routing.realms[i].application) {
      resolve(*application, "/routing/realms/" + std::to_string(i) + "/application", names,
              context);
    }
  }
  check_routes(o, context);
  o.from = std::move(context.from);
  return std::move(context.found);
}

}  // namespace diamgw::config
