#include "app/dict/check.hpp"

#include <algorithm>
#include <filesystem>
#include <set>
#include <span>
#include <utility>

#include "app/dict/source_collector.hpp"

namespace diamgw::app {
namespace {

namespace fs = std::filesystem;

const dictionary::embedded_file* find_built_in(std::string_view name) {
  for (const dictionary::embedded_file& file : dictionary::embedded_files()) {
    if (fs::path{file.path}.stem() == name) {
      return &file;
    }
  }
  return nullptr;
}

/// The files that a file needs.
std::vector<std::string> named_by(const dictionary::syntax::file& file) {
  std::vector<std::string> names;
  for (const auto& selection : file.inherits) {
    names.push_back(selection.module.text);
  }
  for (const auto& name : file.refines) {
    names.push_back(name.text);
  }
  return names;
}

/// Files that may be inherited, by name.
class library {
 public:
  void add(const std::string& path) {
    config::problems unreadable;  // matters to those only that are inherited
    const auto text = read_text(path, unreadable);
    if (!text) {
      return;
    }
    const auto parsed = dictionary::parse(*text, path);
    books_.push_back({.path = path,
                      .text = *text,
                      .name = parsed ? parsed->name() : std::string{},
                      .stem = fs::path{path}.stem().string()});
  }

  void add_folder(const std::string& folder, config::problems& errors) {
    for (const std::string& path : expand(folder, errors)) {
      add(path);
    }
  }

  /// By its name; else the file NAME.dia, which is broken or called otherwise: errors will say so.
  /// False where there is none.
  [[nodiscard]] bool lend(const std::string& name, source_collector& to) const {
    auto found = std::ranges::find(books_, name, &book::name);
    if (found == books_.end() && find_built_in(name) == nullptr) {
      found = std::ranges::find(books_, name, &book::stem);
    }
    if (found == books_.end()) {
      return false;
    }
    if (!to.has(found->text)) {
      to.add(found->path, found->text);
    }
    return true;
  }

 private:
  struct book {
    std::string path;
    std::string text;
    std::string name;
    std::string stem;
  };
  std::vector<book> books_;
};

/// What the files so far inherit and nobody has brought yet: from the library, else built in.
class inheritance {
 public:
  explicit inheritance(const library& from) : from_{from} {}

  /// Adds to `to` what stands in the library; the names of the others are kept for `wants`.
  void follow(source_collector& to) {
    for (const dictionary_source& s : to.sources()) {
      known_.insert(s.name());
    }
    for (std::size_t i = 0; i < to.sources().size(); ++i) {
      for (const std::string& name : named_by(to.sources()[i].parsed)) {
        if (known_.insert(name).second && !from_.lend(name, to) && find_built_in(name) != nullptr) {
          built_in_.insert(name);
        }
      }
    }
    follow_built_in();
  }

  [[nodiscard]] bool wants(const dictionary::embedded_file& file) const {
    return built_in_.contains(fs::path{file.path}.stem().string());
  }

 private:
  void follow_built_in() {
    std::vector<std::string> open{built_in_.begin(), built_in_.end()};
    while (!open.empty()) {
      const auto* const file = find_built_in(open.back());
      open.pop_back();
      for (const std::string& name : named_by(*dictionary::parse(file->text, file->path))) {
        if (find_built_in(name) != nullptr && built_in_.insert(name).second) {
          open.push_back(name);
        }
      }
    }
  }

  const library& from_;
  std::set<std::string> known_;
  std::set<std::string> built_in_;
};

/// `files` together, beside the built-in ones: all, or those alone that are inherited.
result<check_outcome, sentences> check(std::span<const std::string> files, const library& from,
                                       inherits_changes& changes, bool alone) {
  source_collector all{&changes};
  changes.expect(inherits_changes::kind::checked);
  for (const std::string& path : files) {
    if (const auto text = read_text(path, all.errors)) {
      all.add(path, *text);
    }
  }
  const std::size_t given = all.sources().size();
  changes.expect(inherits_changes::kind::inherited);
  inheritance inherited{from};
  inherited.follow(all);
  all.bring_to_front(given);
  const std::size_t before = all.sources().size();
  for (const dictionary::embedded_file& file : dictionary::embedded_files()) {
    if (!all.has(file.text) && (!alone || inherited.wants(file))) {
      all.add_built_in(file);
    }
  }
  all.bring_to_front(before);
  auto built = all.build();
  if (!built) {
    return sentences_of(built.error());
  }
  check_outcome out;
  const std::span<dictionary_source> sources{built->sources};
  std::ranges::move(sources.last(given), std::back_inserter(out.files));
  out.warnings = sentences_of(built->warnings);
  return out;
}

/// Those that are not there yet: several files may inherit a broken one.
void append_new(sentences& to, const sentences& more) {
  std::ranges::copy_if(more, std::back_inserter(to), [&to](const std::string& one) {
    return std::ranges::find(to, one) == to.end();
  });
}

}  // namespace

result<check_outcome, sentences> check_dictionaries(const check_request& request) {
  library from;
  config::problems unreadable;
  const std::span<const std::string> files{request.files};
  if (request.alone) {
    std::ranges::for_each(files, [&from](const std::string& file) { from.add(file); });
  }
  for (const std::string& folder : request.folders) {
    from.add_folder(folder, unreadable);
  }
  sentences errors = sentences_of(unreadable);
  check_outcome out;
  inherits_changes changes{request.inherits};
  const std::size_t at_once = request.alone ? 1 : files.size();
  for (std::size_t i = 0; i < files.size(); i += at_once) {
    const auto one = check(files.subspan(i, at_once), from, changes, request.alone);
    if (!one) {
      append_new(errors, one.error());
      continue;
    }
    std::ranges::copy(one->files, std::back_inserter(out.files));
    append_new(out.warnings, one->warnings);
  }
  append_new(errors, changes.unused());
  if (!errors.empty()) {
    return errors;
  }
  return out;
}

}  // namespace diamgw::app
