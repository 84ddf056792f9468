#include "app/dict/source_collector.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "app/read_file.hpp"

namespace diamgw::app {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view built_in_path = "built-in ";

/// The comment lines that a text begins with, as one line, up to the end of a paragraph.
std::string head_comment(std::string_view text) {
  std::string out;
  while (text.starts_with(';')) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    line.remove_prefix(std::min(line.find_first_not_of("; \t"), line.size()));
    while (!line.empty() && (line.back() == ' ' || line.back() == '\r' || line.back() == '\t')) {
      line.remove_suffix(1);
    }
    if (line.empty()) {
      if (out.empty()) {
        continue;
      }
      break;
    }
    out += (out.empty() ? "" : " ") + std::string{line};
  }
  return out;
}

/// Its first sentence: up to a full stop that ends one, or the whole.
std::string document_of(std::string_view text) {
  std::string comment = head_comment(text);
  if (const std::size_t end = comment.find(". "); end != std::string::npos) {
    comment.resize(end);
  }
  if (comment.ends_with('.')) {
    comment.pop_back();
  }
  return comment;
}

config::problem problem_of(dictionary::diagnostic d, config::severity gravity) {
  return {.source = std::move(d.file),
          .pointer = {},
          .line = d.at.line,
          .column = d.at.column,
          .text = std::move(d.message),
          .gravity = gravity};
}

void append(config::problems& to, const dictionary::diagnostics& errors) {
  for (const dictionary::diagnostic& d : errors) {
    to.push_back(problem_of(d, config::severity::error));
  }
}

config::problem unreadable(const std::string& path, const std::string& why) {
  return {.source = path, .pointer = {}, .text = "cannot be read: " + why};
}

}  // namespace

std::optional<std::string> read_text(const std::string& path, config::problems& errors) {
  auto text = read_file(path);
  if (!text) {
    errors.push_back(unreadable(path, text.error().message()));
    return std::nullopt;
  }
  return std::move(*text);
}

std::vector<std::string> expand(const std::string& path, config::problems& errors) {
  std::error_code error;
  if (!fs::is_directory(path, error)) {
    return {path};  // what is wrong with it, reading will tell
  }
  std::vector<std::string> files;
  for (fs::directory_iterator entry{path, error}; !error && entry != fs::directory_iterator{};
       entry.increment(error)) {
    if (entry->path().extension() == ".dia") {
      files.push_back(entry->path().string());
    }
  }
  if (error) {
    errors.push_back(unreadable(path, error.message()));
  }
  std::ranges::sort(files);
  return files;
}

void source_collector::add(std::string path, std::string_view text) {
  auto parsed = dictionary::parse(text, path);
  if (!parsed) {
    append(errors, parsed.error());
    return;
  }
  if (changes_ != nullptr) {
    changes_->apply(*parsed);
  }
  set_.sources.push_back({std::move(path), false, document_of(text), std::move(*parsed)});
  texts_.emplace_back(text);
}

void source_collector::add_built_in(const dictionary::embedded_file& file) {
  std::string path = std::string{built_in_path} + std::string{file.path};
  auto parsed = dictionary::parse(file.text, path);  // the build has checked it
  set_.sources.push_back({std::move(path), true, document_of(file.text), std::move(*parsed)});
  texts_.emplace_back(file.text);
}

bool source_collector::has(std::string_view text) const {
  return std::ranges::find(texts_, text) != texts_.end();
}

void source_collector::bring_to_front(std::size_t first) {
  std::ranges::rotate(set_.sources, set_.sources.begin() + static_cast<std::ptrdiff_t>(first));
}

result<dictionary_set, config::problems> source_collector::build() {
  if (!errors.empty()) {
    return std::move(errors);
  }
  dictionary::dictionary::builder builder;
  for (const dictionary_source& source : set_.sources) {
    builder.add(source.parsed);
  }
  dictionary::diagnostics warnings;
  auto built = builder.build(&warnings);
  if (!built) {
    append(errors, built.error());
    return std::move(errors);
  }
  for (const dictionary::diagnostic& d : warnings) {
    if (!d.file.starts_with(built_in_path)) {
      set_.warnings.push_back(problem_of(d, config::severity::warning));
    }
  }
  set_.names = std::make_shared<const dictionary::dictionary>(std::move(*built));
  return std::move(set_);
}

}  // namespace diamgw::app
