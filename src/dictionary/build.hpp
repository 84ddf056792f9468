// The builder's passes over all files; names may be used before they are defined, so each pass ends
// before the next begins: modules, AVPs, scopes, values, groups, messages.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "diamgw/dictionary/builder.hpp"
#include "dictionary/tables.hpp"

namespace diamgw::dictionary::detail {

[[nodiscard]] inline std::string quoted(std::string_view text) {
  return '\'' + std::string{text} + '\'';
}

class build {
 public:
  build(const std::vector<syntax::file>& files, dictionary::tables& tables, std::size_t max_errors)
      : files_{files},
        tables_{tables},
        max_errors_{max_errors},
        own_(files.size()),
        scopes_(files.size()) {}

  /// Fills the tables' definitions; what is wrong, file by file.
  [[nodiscard]] diagnostics run();
  /// After `run`.
  [[nodiscard]] diagnostics take_warnings();

 private:
  /// Where something was first defined.
  struct place {
    std::size_t file = 0;
    position at;
  };

  using scope = std::unordered_map<std::string_view, avp_definition*>;

  void for_each_file(void (build::*pass)(std::size_t));
  void error(std::size_t file, position at, std::string message);
  [[nodiscard]] static diagnostics in_order(std::vector<std::pair<std::size_t, diagnostic>> found);
  [[nodiscard]] std::string say(const place& p) const;
  /// "WHAT clashes with OTHER at PLACE".
  void clash(std::size_t file, position at, std::string_view what, std::string_view other,
             const place& first);
  /// The same of a command's or group's grammar, with the way out.
  void clash_of_grammars(std::size_t file, position at, std::string_view what, const place& first);
  [[nodiscard]] std::string source(std::size_t file) const;
  void add_module(std::size_t file);
  void add_avps(std::size_t file);
  using vendor_table = std::unordered_map<std::string_view, vendor_id>;
  void add_avp(std::size_t file, const syntax::avp& avp, const vendor_table& vendors);
  [[nodiscard]] static std::string describe(const avp_definition& avp);
  /// Those that @avp_vendor_id and the headers of groups give.
  [[nodiscard]] vendor_table vendors_of(std::size_t file) const;
  [[nodiscard]] std::optional<vendor_id> vendor_of(std::size_t file, const syntax::avp& avp,
                                                   const vendor_table& vendors) const;
  [[nodiscard]] avp_definition* own(std::size_t file, std::string_view name) const;
  [[nodiscard]] std::vector<std::string_view> own_names(std::size_t file) const;
  void make_scope(std::size_t file);
  void inherit(std::size_t into, std::size_t from, std::vector<bool>& visited);
  void inherit_avps(std::size_t into, std::size_t module, const syntax::selection* only);
  /// Errors for AVPs of @avp_vendor_id, @codecs and @custom_types that the file does not see, or
  /// that cannot have that vendor.
  void check_names(std::size_t file);
  void check_vendor(std::size_t file, const syntax::name& name, vendor_id vendor);
  /// Errors for what @refines names and no file is called.
  void check_refines(std::size_t file);
  /// Whether `file` may give definitions of `other` again, in words of its own.
  [[nodiscard]] bool refines(std::size_t file, std::size_t other) const;
  void unknown_module(std::size_t file, const syntax::name& name);
  void unknown(std::size_t file, const syntax::name& name, std::string_view sentence,
               const std::vector<std::string_view>& names);
  [[nodiscard]] static std::string did_you_mean(std::string_view wrong,
                                                const std::vector<std::string_view>& names);
  /// Why a file does not see an AVP, as a sentence.
  [[nodiscard]] std::string no_avp_called(std::size_t file, std::string_view name) const;
  [[nodiscard]] static std::string not_inherited(const avp_definition& avp);
  /// The AVP that a file means by a name; an error where there is none.
  avp_definition* find(std::size_t file, const syntax::name& name);
  void add_values(std::size_t file);
  void add_value(std::size_t file, avp_definition& avp, const syntax::value& v, bool define);
  /// A @define of an AVP that the file does not see names nothing.
  void warn_of_define(std::size_t file, const syntax::name& name);
  /// What two files say of one thing, the first of them at `known`.
  enum class precedence : std::uint8_t { same, first, second, clash };
  [[nodiscard]] precedence compare(const place& known, const std::vector<avp_rule>& first,
                                   std::size_t file, const std::vector<avp_rule>& second) const;
  std::vector<avp_rule> resolve(std::size_t file, const std::vector<syntax::rule>& rules);
  void add_groups(std::size_t file);
  void check_groups();
  /// `@define Command-Code` names commands, `@define Application-Id` applications.
  void add_names(std::size_t file);
  /// The first name of a number is what it is called, others are aliases.
  void add_application_name(std::size_t file, const syntax::value& v);
  void add_application(std::size_t file, application_id id);
  void add_messages(std::size_t file);
  /// A name is of one command.
  void check_message_names(std::size_t file);
  void add_message(std::size_t file, const syntax::message& m, application_id application,
                   std::vector<avp_rule> rules);

  const std::vector<syntax::file>& files_;
  dictionary::tables& tables_;
  std::size_t max_errors_;
  std::map<std::string, std::size_t, std::less<>> modules_;
  std::map<std::string, avp_definition*, std::less<>> avp_by_name_;
  std::unordered_map<std::uint64_t, avp_definition*> avp_by_code_;
  std::unordered_map<const avp_definition*, place> avp_places_;
  std::unordered_map<const avp_definition*, place> group_places_;
  /// A value of an AVP: its name and number, and where it was given.
  struct known_value {
    std::string name;
    std::int32_t number = 0;
    place at;
  };
  /// A name keeps its number: that which another file gives it, has none.
  void warn_of_second_number(std::size_t file, const avp_definition& avp, const syntax::value& v,
                             const known_value& known);
  std::map<std::pair<const avp_definition*, std::string>, known_value> values_by_name_;
  std::map<std::pair<const avp_definition*, std::int32_t>, known_value> values_by_number_;
  std::map<std::uint64_t, command_definition*> commands_;
  std::map<std::pair<std::uint64_t, bool>, place> message_places_;
  std::map<std::int64_t, std::string> command_names_;
  std::map<std::int64_t, std::string> application_names_;
  /// By the letters that count: number, name as written, and where.
  std::map<std::string, std::tuple<application_id, std::string, place>> application_places_;
  std::vector<scope> own_;     // beside files_: the AVPs that a file defines
  std::vector<scope> scopes_;  // and those that it sees
  std::vector<std::pair<std::size_t, diagnostic>> errors_;
  std::vector<std::pair<std::size_t, diagnostic>> warnings_;
};

}  // namespace diamgw::dictionary::detail
