#include "diamgw/dictionary/builder.hpp"

#include <algorithm>
#include <memory>
#include <tuple>
#include <utility>

#include "dictionary/build.hpp"

namespace diamgw::dictionary {
namespace detail {

diagnostics build::run() {
  for_each_file(&build::add_module);
  for_each_file(&build::add_avps);
  for_each_file(&build::check_refines);
  for_each_file(&build::make_scope);
  for_each_file(&build::check_names);
  for_each_file(&build::add_values);
  for_each_file(&build::add_groups);
  check_groups();
  for_each_file(&build::add_names);
  for_each_file(&build::add_messages);
  return in_order(std::move(errors_));
}

diagnostics build::in_order(std::vector<std::pair<std::size_t, diagnostic>> found) {
  std::ranges::sort(found, {}, [](const auto& d) {
    return std::tuple{d.first, d.second.at, std::string_view{d.second.message}};
  });
  diagnostics out;
  for (auto& [file, one] : found) {
    out.push_back(std::move(one));
  }
  return out;
}

diagnostics build::take_warnings() {
  return in_order(std::move(warnings_));
}

void build::for_each_file(void (build::*pass)(std::size_t)) {
  for (std::size_t i = 0; i < files_.size(); ++i) {
    (this->*pass)(i);
  }
}

void build::error(std::size_t file, position at, std::string message) {
  if (errors_.size() >= max_errors_) {
    return;
  }
  errors_.emplace_back(file, diagnostic{files_[file].path, at, std::move(message)});
}

std::string build::say(const place& p) const {
  return files_[p.file].path + ':' + std::to_string(p.at.line) + ':' + std::to_string(p.at.column);
}

void build::clash(std::size_t file, position at, std::string_view what, std::string_view other,
                  const place& first) {
  error(file, at, std::string{what} + " clashes with " + std::string{other} + " at " + say(first));
}

void build::clash_of_grammars(std::size_t file, position at, std::string_view what,
                              const place& first) {
  error(file, at,
        std::string{what} + " clashes with that at " + say(first) +
            (first.file == file
                 ? std::string{}
                 : "; where this is the fuller one, say '@refines " + source(first.file) + "'"));
}

std::string build::source(std::size_t file) const {
  return files_[file].name();
}

}  // namespace detail

result<dictionary, diagnostics> dictionary::builder::build(diagnostics* warnings) const {
  auto t = std::make_unique<tables>();
  detail::build passes{files_, *t, max_errors_};
  diagnostics errors = passes.run();
  if (warnings != nullptr) {
    *warnings = passes.take_warnings();
  }
  if (!errors.empty()) {
    return errors;
  }
  t->make_indexes();
  return dictionary{std::move(t)};
}

}  // namespace diamgw::dictionary
