// The run-time dictionary: names for codes and codes for names.
#pragma once
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "diamgw/base/result.hpp"
#include "diamgw/dictionary/types.hpp"

namespace diamgw::dictionary {

namespace detail {
class build;  // the builder's passes
}

/// Immutable; shared by all threads; pointers into it live as long as it does.
/// Every AVP is keyed by vendor and code: an unknown vendor's code is never the base AVP's.
class dictionary {
 public:
  class builder;

  dictionary(dictionary&&) noexcept;
  dictionary& operator=(dictionary&&) noexcept;
  ~dictionary();

  /// Null where unknown. Cost: one hash look-up, no allocation.
  [[nodiscard]] const avp_definition* find_avp(avp_code code, vendor_id vendor) const noexcept;
  /// By the exact name. Null where unknown.
  [[nodiscard]] const avp_definition* find_avp(std::string_view name) const noexcept;

  /// The command as `application` knows it: its own, else the base protocol's (base commands such
  /// as RAR, ASR, STR, ACR serve every application). Null where unknown.
  [[nodiscard]] const command_definition* find_command(application_id application,
                                                       command_code code) const noexcept;
  /// Every command of this name, in the order of loading: "CCR", "CCA", "Credit-Control",
  /// "Credit-Control-Request" all find Credit-Control. Several applications may define one name.
  [[nodiscard]] std::span<const command_definition* const> find_commands(
      std::string_view name) const noexcept;
  /// Those of them whose request has this name: "CCR", "Credit-Control", "Credit-Control-Request".
  [[nodiscard]] std::span<const command_definition* const> find_requests(
      std::string_view name) const noexcept;

  [[nodiscard]] const application_definition* find_application(application_id id) const noexcept;
  /// By its name, an alias or its dictionary's @name: "Diameter Credit Control", "Gy", "rfc8506".
  /// Letter case, blanks, `-`, `_` and `/` do not matter, nor whether "Diameter" or "3GPP" comes
  /// first: "credit-control", "Gx" and "3GPP-Gx" are found.
  [[nodiscard]] const application_definition* find_application(
      std::string_view name) const noexcept;
  /// What a person means by a text: the above, or a number, which no dictionary need have.
  [[nodiscard]] std::optional<application_id> find_application_id(
      std::string_view text) const noexcept;

  /// The grammar of an answer with the E bit (RFC 6733 §7.2), whatever its command; empty where no
  /// dictionary has it.
  [[nodiscard]] std::span<const avp_rule> error_answer() const noexcept;

  /// The known name nearest to a wrong one; empty where none is near. For error messages only.
  [[nodiscard]] std::string_view nearest_avp(std::string_view wrong) const;
  [[nodiscard]] std::string_view nearest_command(std::string_view wrong) const;
  [[nodiscard]] std::string_view nearest_application(std::string_view wrong) const;

  [[nodiscard]] std::span<const avp_definition* const> avps() const noexcept;
  [[nodiscard]] std::span<const command_definition* const> commands() const noexcept;
  [[nodiscard]] std::span<const application_definition> applications() const noexcept;

 private:
  friend class detail::build;
  struct tables;
  explicit dictionary(std::unique_ptr<tables> t);
  std::unique_ptr<tables> tables_;
};

/// The dictionaries that the build embedded (config/dictionary/*.dia), merged. Built once, at the
/// first call; link `diamgw_dictionary_embedded`.
[[nodiscard]] const dictionary& embedded();

/// The same as one of several that may take each other's place; nobody frees it.
[[nodiscard]] inline std::shared_ptr<const dictionary> share_embedded() {
  return {std::shared_ptr<void>{}, &embedded()};
}

/// One embedded file: what a builder needs to merge an operator's own files with the embedded ones.
struct embedded_file {
  std::string_view path;
  std::string_view text;
};

/// The embedded files in the order of their names; they parse and build without errors, which the
/// build has checked.
[[nodiscard]] std::span<const embedded_file> embedded_files() noexcept;

}  // namespace diamgw::dictionary
