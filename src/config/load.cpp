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

}  // namespace

void load_context::add(const std::string& pointer, std::string text) {
  std::string_view above = pointer;
  for (;;) {
    if (const auto variable = variables.find(above); variable != variables.end()) {
      found.push_back({.source = variable->second, .pointer = pointer, .text = std::move(text)});
      return;
    }
    const std::size_t slash = above.rfind('/');
    if (slash == std::string_view::npos) {
      break;
    }
    above = above.substr(0, slash);
  }
  found.push_back({.source = file_name, .pointer = pointer, .text = std::move(text)});
}

bool load_context::is_wrong(std::string_view pointer) const {
  for (;;) {
    if (wrong.contains(pointer)) {
      return true;
    }
    const std::size_t slash = pointer.rfind('/');
    if (slash == std::string_view::npos) {
      return false;
    }
    pointer = pointer.substr(0, slash);
  }
}

result<options, problems> load(std::string_view text, std::string_view file_name,
                               const environment& variables) {
  load_context context;
  context.file_name = file_name;
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
  options o;
  assign(*document, o);
  check(o, context);
  if (!context.found.empty()) {
    return std::move(context.found);
  }
  return o;
}

problems resolve_applications(options& o, std::string_view file_name,
                              const application_names& names) {
  load_context context;
  context.file_name = file_name;
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
  return std::move(context.found);
}

}  // namespace diamgw::config
