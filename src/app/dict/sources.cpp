#include "app/dict/sources.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <set>
#include <utility>

#include "app/read_file.hpp"
#include "diamgw/base/letter_case.hpp"

namespace diamgw::app {
namespace {

namespace fs = std::filesystem;

std::optional<std::string> read(const std::string& path, sentences& errors) {
  auto text = read_file(path);
  if (!text) {
    errors.push_back(path + ": cannot be read: " + text.error().message());
    return std::nullopt;
  }
  return std::move(*text);
}

/// A file as it is; of a folder all *.dia.
std::vector<std::string> expand(const std::string& path, sentences& errors) {
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
    errors.push_back(path + ": cannot be read: " + error.message());
  }
  std::ranges::sort(files);
  return files;
}

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

/// Reads and collects, then builds once all is there.
class collector {
 public:
  sentences errors;

  void add(std::string path, std::string_view text, bool built_in) {
    auto parsed = dictionary::parse(text, path);
    if (!parsed) {
      for (const dictionary::diagnostic& d : parsed.error()) {
        errors.push_back(to_string(d));
      }
      return;
    }
    set_.sources.push_back({std::move(path), built_in, document_of(text), std::move(*parsed)});
    texts_.emplace_back(text);
  }

  void add_built_in(const dictionary::embedded_file& file) {
    add("built-in " + std::string{file.path}, file.text, true);
  }

  [[nodiscard]] const std::vector<dictionary_source>& sources() const { return set_.sources; }

  [[nodiscard]] bool has(std::string_view text) const {
    return std::ranges::find(texts_, text) != texts_.end();
  }

  /// Puts the sources from `first` on in front: who comes later is blamed for a clash.
  void bring_to_front(std::size_t first) {
    std::ranges::rotate(set_.sources, set_.sources.begin() + static_cast<std::ptrdiff_t>(first));
  }

  result<dictionary_set, sentences> build() {
    if (!errors.empty()) {
      return std::move(errors);
    }
    dictionary::dictionary::builder builder;
    for (const dictionary_source& source : set_.sources) {
      builder.add(source.parsed);
    }
    auto built = builder.build();
    if (!built) {
      for (const dictionary::diagnostic& d : built.error()) {
        errors.push_back(to_string(d));
      }
      return std::move(errors);
    }
    set_.names = std::make_shared<const dictionary::dictionary>(std::move(*built));
    return std::move(set_);
  }

 private:
  dictionary_set set_;
  std::vector<std::string> texts_;
};

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

/// What the files so far inherit and nobody has brought yet: from the folders, else built in.
class inheritance {
 public:
  explicit inheritance(const check_request& request) : request_{request} {}

  /// Adds to `to` what stands in the folders; `built_in` gets the names of the others.
  void follow(collector& to) {
    for (const dictionary_source& s : to.sources()) {
      known_.insert(s.name());
    }
    for (std::size_t i = 0; i < to.sources().size(); ++i) {
      for (const std::string& name : named_by(to.sources()[i].parsed)) {
        if (known_.insert(name).second) {
          find(name, to);
        }
      }
    }
    follow_built_in();
  }

  [[nodiscard]] bool wants(const dictionary::embedded_file& file) const {
    return built_in_.contains(fs::path{file.path}.stem().string());
  }

 private:
  void find(const std::string& name, collector& to) {
    for (const std::string& folder : request_.folders) {
      const std::string path = (fs::path{folder} / (name + ".dia")).string();
      std::error_code error;
      if (fs::exists(path, error)) {
        if (const auto file = read(path, to.errors)) {
          to.add(path, *file, false);
        }
        return;
      }
    }
    if (find_built_in(name) != nullptr) {
      built_in_.insert(name);
    }
  }

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

  const check_request& request_;
  std::set<std::string> known_;
  std::set<std::string> built_in_;
};

/// Common spellings, beside those of the files: in the notation of other readers no name begins
/// with a digit, so that there 3GPP is TGPP.
constexpr std::array<std::pair<std::uint32_t, std::string_view>, 2> vendor_spellings{
    {{5535, "3GPP2"}, {10415, "3GPP"}}};

}  // namespace

const std::string& dictionary_source::name() const noexcept {
  return parsed.called ? parsed.called->text : path;
}

const dictionary_source* dictionary_set::find_source(std::string_view name) const noexcept {
  const auto found = std::ranges::find(sources, name, &dictionary_source::name);
  return found == sources.end() ? nullptr : &*found;
}

std::string_view dictionary_set::vendor_name(vendor_id vendor) const noexcept {
  for (const auto& [id, name] : vendor_spellings) {
    if (id == vendor.value) {
      return name;
    }
  }
  for (const dictionary_source& source : sources) {
    if (source.parsed.vendor && source.parsed.vendor->id.value == vendor.value) {
      return source.parsed.vendor->called.text;
    }
  }
  return {};
}

std::optional<vendor_id> dictionary_set::find_vendor(std::string_view text) const noexcept {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc{} && end == text.data() + text.size()) {
    return vendor_id{number};
  }
  for (const auto& [id, name] : vendor_spellings) {
    if (same_text(name, text)) {
      return vendor_id{id};
    }
  }
  for (const dictionary_source& source : sources) {
    if (source.parsed.vendor && same_text(source.parsed.vendor->called.text, text)) {
      return vendor_id{source.parsed.vendor->id.value};
    }
  }
  return std::nullopt;
}

result<dictionary_set, sentences> load_dictionaries(const std::vector<std::string>& paths) {
  collector all;
  for (const dictionary::embedded_file& file : dictionary::embedded_files()) {
    all.add_built_in(file);
  }
  for (const std::string& path : paths) {
    for (const std::string& name : expand(path, all.errors)) {
      const auto file = read(name, all.errors);
      if (file && !all.has(*file)) {
        all.add(name, *file, false);
      }
    }
  }
  return all.build();
}

result<dictionary_set, sentences> check_dictionaries(const check_request& request) {
  collector all;
  for (const std::string& path : request.files) {
    if (const auto file = read(path, all.errors)) {
      all.add(path, *file, false);
    }
  }
  const std::size_t given = all.sources().size();
  inheritance inherited{request};
  inherited.follow(all);
  all.bring_to_front(given);
  const std::size_t before = all.sources().size();
  for (const dictionary::embedded_file& file : dictionary::embedded_files()) {
    if (!all.has(file.text) && (!request.alone || inherited.wants(file))) {
      all.add_built_in(file);
    }
  }
  all.bring_to_front(before);
  return all.build();
}

}  // namespace diamgw::app
