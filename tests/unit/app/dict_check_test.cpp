// `.dia` files by themselves, with what they inherit, and beside what is built in.
#include "app/dict/check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace diamgw::app {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// With an AVP for others to inherit.
constexpr std::string_view library =
    "@name acme_library\n@vendor 99999 ACME\n@avp_types\n Acme-Item 1 Time V\n";

/// A group that needs it.
constexpr std::string_view user =
    "@vendor 99999 ACME\n@inherits acme_library\n@avp_types\n Acme-Group 3 Grouped V\n"
    "@grouped\nAcme-Group ::= < AVP Header: 3 99999 > { Acme-Item }\n";

class DictCheck : public ::testing::Test {
 protected:
  void SetUp() override { fs::create_directories(folder_); }
  void TearDown() override { fs::remove_all(folder_); }

  std::string write(const std::string& name, std::string_view text) {
    const fs::path path = folder_ / name;
    fs::create_directories(path.parent_path());
    std::ofstream{path} << text;
    return path.string();
  }

  static std::string built_in(std::string_view name) {
    for (const auto& file : dictionary::embedded_files()) {
      if (file.path == name) {
        return std::string{file.text};
      }
    }
    return {};
  }

  fs::path folder_ =
      fs::temp_directory_path() / ("diamgw-dict-" + std::to_string(::getpid()) + '-' +
                                   ::testing::UnitTest::GetInstance()->current_test_info()->name());
};

std::vector<std::string> errors_of(const check_request& request) {
  const auto checked = check_dictionaries(request);
  return checked ? std::vector<std::string>{} : checked.error();
}

TEST_F(DictCheck, TakesACopyOfABuiltInFileForThatFile) {
  EXPECT_THAT(errors_of({.files = {write("rfc8506.dia", built_in("rfc8506.dia"))}}), IsEmpty());
}

TEST_F(DictCheck, FindsWhatAFileInheritsByItsName) {
  const std::string path = write("user.dia", user);
  write("lib/other_name.dia", library);
  write("lib/broken.dia", "@nome");  // nobody inherits it

  const auto found = check_dictionaries({.files = {path}, .folders = {(folder_ / "lib").string()}});

  ASSERT_TRUE(found.has_value()) << found.error().front();
  ASSERT_EQ(found->files.size(), 1U);
  EXPECT_EQ(found->files.front().name(), "user");  // after its file
  EXPECT_THAT(errors_of({.files = {path}}),
              Contains(HasSubstr("user.dia:2:11: no dictionary is called 'acme_library'")));
}

TEST_F(DictCheck, FindsAFileWithoutANameByThatOfTheFile) {
  std::string nameless{library};
  nameless.erase(0, nameless.find('\n') + 1);
  write("lib/acme_library.dia", nameless);

  EXPECT_THAT(
      errors_of({.files = {write("user.dia", user)}, .folders = {(folder_ / "lib").string()}}),
      IsEmpty());
}

TEST_F(DictCheck, SaysThatAFileHasAnotherName) {
  write("lib/acme_library.dia", "@name acme\n");

  EXPECT_THAT(
      errors_of({.files = {write("user.dia", user)}, .folders = {(folder_ / "lib").string()}}),
      Contains(testing::MatchesRegex(".*user.dia:2:11: no dictionary is called 'acme_library': the "
                                     "@name of .*lib/acme_library.dia is 'acme'")));
}

TEST_F(DictCheck, ReportsAFileThatIsInheritedAndBroken) {
  write("lib/acme_library.dia", "@nome");

  EXPECT_THAT(
      errors_of({.files = {write("user.dia", user)}, .folders = {(folder_ / "lib").string()}}),
      Contains(HasSubstr("lib/acme_library.dia:1:1: expected a section such as @name")));
}

TEST_F(DictCheck, LeavesOutAloneWhatNobodyInherits) {
  // Another base protocol: its codes are those of the built-in one, its words are not.
  const std::string base =
      write("my_base.dia", "@name my_base\n@avp_types\n  My-Session 263 OctetString M\n");
  const std::string credit =
      write("my_credit.dia",
            "@name my_credit\n@inherits rfc8506\n@avp_types\n  My-Session 263 OctetString M\n");

  EXPECT_FALSE(check_dictionaries({.files = {base}}).has_value());
  EXPECT_TRUE(check_dictionaries({.files = {base}, .alone = true}).has_value());
  EXPECT_FALSE(check_dictionaries({.files = {credit}, .alone = true}).has_value())
      << "rfc8506 inherits rfc6733";
}

TEST_F(DictCheck, HoldsFilesAloneAgainstNoOther) {
  const std::vector<std::string> files{
      write("old.dia", "@name old\n@avp_types\n  A 1 Time M\n"),
      write("new.dia", "@name new\n@avp_types\n  A 1 Unsigned32 M\n"), write("user.dia", user),
      write("library.dia", library)};

  EXPECT_FALSE(check_dictionaries({.files = files}).has_value());
  const auto alone = check_dictionaries({.files = files, .alone = true});
  ASSERT_TRUE(alone.has_value()) << alone.error().front();
  EXPECT_EQ(alone->files.size(), 4U);
}

TEST_F(DictCheck, ChangesWhatFilesInheritAsErlangsCompilerDoes) {
  const std::string lib = (folder_ / "lib").string();
  write("lib/library.dia", library);
  write("lib/middle.dia", "@inherits common\n");
  std::string placeholder{user};
  placeholder.replace(placeholder.find("acme_library"), 12, "common");
  const std::string with = write("with.dia", placeholder);
  std::string without{user};
  without.erase(without.find("@inherits"), 22);
  const std::string by_middle = write("by_middle.dia", "@inherits middle\n" + without);
  const std::string plain = write("plain.dia", without);
  struct row {
    std::string file;
    std::vector<std::string> inherits;
    std::string error;
  };
  const row rows[] = {
      {with, {}, "no dictionary is called 'common'"},
      {with, {"common/acme_library"}, ""},
      {by_middle, {"common/acme_library"}, ""},  // the placeholder of an inherited file
      {with, {"comon/acme_library"}, "--inherits comon/acme_library: no file says @inherits comon"},
      {plain, {}, "no AVP is called 'Acme-Item'"},
      {plain, {"acme_library"}, ""},
      {with, {"-", "acme_library"}, ""},
      {with, {"-"}, "no AVP is called 'Acme-Item'"},
  };
  for (const row& r : rows) {
    const auto errors = errors_of({.files = {r.file}, .folders = {lib}, .inherits = r.inherits});
    if (r.error.empty()) {
      EXPECT_THAT(errors, IsEmpty()) << r.file;
    } else {
      EXPECT_THAT(errors, Contains(HasSubstr(r.error))) << r.file;
    }
  }
}

/// Debian's erlang-src and erlang-examples, as they are.
std::vector<std::string> erlang_files(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code error;
  for (const auto& version : fs::directory_iterator{"/usr/lib/erlang/lib", error}) {
    if (!version.path().filename().string().starts_with("diameter-")) {
      continue;
    }
    for (const auto& file : fs::directory_iterator{version.path() / folder, error}) {
      if (file.path().extension() == ".dia") {
        files.push_back(file.path().string());
      }
    }
  }
  return files;
}

TEST(ErlangsDictionaries, PassAlone) {
  const auto files = erlang_files("src/dict");
  ASSERT_FALSE(files.empty()) << "erlang-src is not installed: see scripts/install-deps";
  const auto together = check_dictionaries({.files = files, .alone = true});

  ASSERT_TRUE(together.has_value()) << together.error().front();
  EXPECT_EQ(together->files.size(), files.size());
  for (const std::string& file : files) {
    EXPECT_THAT(
        errors_of(
            {.files = {file}, .folders = {fs::path{file}.parent_path().string()}, .alone = true}),
        IsEmpty())
        << file;
  }
}

TEST(ErlangsDictionaries, PassWithAPlaceholderFilled) {
  const auto files = erlang_files("examples/dict");
  const auto base = erlang_files("src/dict");
  ASSERT_FALSE(files.empty()) << "erlang-examples is not installed: see scripts/install-deps";
  ASSERT_FALSE(base.empty()) << "erlang-src is not installed: see scripts/install-deps";
  for (const std::string& file : files) {
    EXPECT_THAT(
        errors_of({.files = {file},
                   .folders = {fs::path{base.front()}.parent_path().string(),
                               fs::path{file}.parent_path().string()},
                   .inherits = file.ends_with("rfc4590_digest.dia")
                                   ? std::vector<std::string>{}
                                   : std::vector<std::string>{"common/diameter_gen_base_rfc6733"},
                   .alone = true}),
        IsEmpty())
        << file;
  }
}

}  // namespace
}  // namespace diamgw::app
