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
  for_each_file(&build::add_values);
  for_each_file(&build::add_groups);
  check_groups();
  for_each_file(&build::add_names);
  for_each_file(&build::add_messages);
  std::ranges::sort(errors_, {}, [](const auto& e) {
    return std::tuple{e.first, e.second.at, std::string_view{e.second.message}};
  });
  diagnostics out;
  for (auto& [file, error] : errors_) {
    out.push_back(std::move(error));
  }
  return out;
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

std::string build::source(std::size_t file) const {
  return files_[file].called ? files_[file].called->text : files_[file].path;
}

}  // namespace detail

result<dictionary, diagnostics> dictionary::builder::build() const {
  auto t = std::make_unique<tables>();
  diagnostics errors = detail::build{files_, *t, max_errors_}.run();
  if (!errors.empty()) {
    return errors;
  }
  t->make_indexes();
  return dictionary{std::move(t)};
}

}  // namespace diamgw::dictionary
