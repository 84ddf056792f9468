#include "app/dict/inherits_changes.hpp"

namespace diamgw::app {

inherits_changes::inherits_changes(const std::vector<std::string>& rules) {
  for (const std::string& text : rules) {
    const std::size_t slash = text.find('/');
    if (text == "-") {
      rules_.push_back({});
    } else if (slash == std::string::npos) {
      rules_.push_back({.placeholder = {}, .name = text});
    } else {
      rules_.push_back({.placeholder = text.substr(0, slash), .name = text.substr(slash + 1)});
    }
  }
}

void inherits_changes::apply(dictionary::syntax::file& file) {
  for (rule& r : rules_) {
    if (!r.placeholder.empty()) {
      for (auto& selection : file.inherits) {
        if (selection.module.text == r.placeholder) {
          selection.module.text = r.name;
          r.used = true;
        }
      }
    } else if (next_ == kind::inherited) {
      continue;
    } else if (r.name.empty()) {
      file.inherits.clear();
    } else {
      file.inherits.push_back({.module = {r.name, {}}, .vendor = 0, .names = {}});
    }
  }
}

sentences inherits_changes::unused() const {
  sentences out;
  for (const rule& r : rules_) {
    if (!r.placeholder.empty() && !r.used) {
      out.push_back("--inherits " + r.placeholder + '/' + r.name + ": no file says @inherits " +
                    r.placeholder);
    }
  }
  return out;
}

}  // namespace diamgw::app
