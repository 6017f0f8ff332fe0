#include "cli/config_sddl_command.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "rights/well_known.h"

namespace mullion::cli {
namespace {

const std::string installed = "O:NSG:BAD:P(A;;GA;;;BA)(A;;GR;;;IU)S:P(AU;FA;GA;;;WD)(AU;SA;GXGW;;;WD)";
const std::string monitored =
    "O:NSG:BAD:P(A;;GA;;;BA)(A;;GR;;;IU)(A;;GXGR;;;RM)S:P(AU;FA;GA;;;WD)(AU;SA;GXGW;;;WD)";

class ConfigSddl : public ::testing::Test {
protected:
    Result<std::string> run(const SddlChange& change, const EditText& edit = nullptr) {
        const SddlPlace place{"RootSDDL of web01", [this] { return Result<std::string>(there); },
                              [this](const std::string& sddl) {
                                  ++puts;
                                  there = sddl;
                                  return Result<void>();
                              }};
        return config_sddl(change, place, names, edit);
    }
    // The last is given for ever.
    EditText texts(std::vector<std::string> given) {
        return [this, given = std::move(given)](const std::string& text) {
            shown.push_back(text);
            return Result<std::string>(given[std::min(shown.size(), given.size()) - 1]);
        };
    }

    std::string there = installed;
    int puts = 0;
    std::vector<std::string> shown;
    rights::Names names;
};

TEST_F(ConfigSddl, GrantsAndRevokes) {
    const auto granted = run({{"Remote Management Users:read,execute"}, {}, {}});
    ASSERT_TRUE(granted.ok()) << granted.error().message();
    EXPECT_EQ(there, monitored);
    EXPECT_EQ(*granted,
              "RootSDDL of web01 is now:\nBUILTIN\\Administrators: Full\nNT AUTHORITY\\INTERACTIVE: Read\n"
              "BUILTIN\\Remote Management Users: Read, Execute\n");
    EXPECT_EQ(*run({{"RM:read"}, {}, {}}), "RootSDDL of web01 is so already\n");
    EXPECT_EQ(puts, 1);
    ASSERT_TRUE(run({{}, {"RM:execute"}, {}}).ok());
    EXPECT_NE(there.find("(A;;GR;;;RM)"), std::string::npos);
    ASSERT_TRUE(run({{}, {"Remote Management Users"}, {}}).ok());
    EXPECT_EQ(there, installed);
    ASSERT_TRUE(run({{"users: full"}, {"administrators"}, {}}).ok())
        << "granted first, so nobody is shut out";
    EXPECT_EQ(there.find(";BA)"), std::string::npos);
}

TEST_F(ConfigSddl, TakesADescriptorAsAWhole) {
    ASSERT_TRUE(run({{}, {}, "D:(A;;GA;;;BA)"}).ok());
    EXPECT_EQ(there, "D:(A;;GA;;;BA)");
    EXPECT_NE(run({{}, {}, "O:BA"})->find("everyone who logs on may do everything"), std::string::npos);
    there = "D:(XA;;GA;;;BA;(Exists x))";
    EXPECT_EQ(run({{"RM:read"}, {}, {}}).error().id, ErrorId::usage_unsupported);
    ASSERT_TRUE(run({{}, {}, installed}).ok()) << "what cannot be edited can be replaced";
    EXPECT_EQ(there, installed);
}

TEST_F(ConfigSddl, RefusesNonsenseAndLockOuts) {
    struct Row {
        SddlChange change;
        std::string said;
    };
    const std::string locked = "nobody who logs on over the network would have full access any more";
    for (const auto& row : std::vector<Row>{
             {{{"wheel:read"}, {}, {}}, "--grant: there is no group or account \"wheel\""},
             {{{"RM"}, {}, {}}, "--grant: NAME: RIGHTS is wanted, and not \"RM\""},
             {{{"deny RM:read"}, {}, {}}, "--grant: what denies is written in the editor, or with --sddl"},
             {{{}, {"RM:reed"}, {}},
              "--revoke: Full, Read, Write or Execute is wanted, and not \"reed\"; did you mean Read?"},
             {{{}, {"Administrators"}, {}}, locked},
             {{{}, {}, "D:(A;;GA;;;IU)"}, locked},
             {{{}, {}, "D:(A;;GA;;;"},
              "--sddl: character 12: expected a SID (S-1-5-32-544) or the two letters"},
             {{{"RM:read"}, {}, installed}, "--sddl is the whole of it: without --grant and --revoke"}}) {
        const auto result = run(row.change);
        ASSERT_FALSE(result.ok()) << row.said;
        EXPECT_EQ(result.error().id, ErrorId::usage_invalid);
        EXPECT_TRUE(result.error().detail.starts_with(row.said)) << result.error().detail;
    }
    EXPECT_EQ(puts, 0);
}

TEST_F(ConfigSddl, TellsWhatIsRemarkable) {
    there = "D:(A;;GA;;;BA)(D;;GX;;;S-1-22-2-7)";
    EXPECT_NE(run({{"RM:execute"}, {}, {}})->find("put in order"), std::string::npos);
    there = "D:(OD;;GX;;;RM)(A;;GA;;;BA)";
    EXPECT_NE(run({{"RM:read,execute"}, {}, {}})
                  ->find("BUILTIN\\Remote Management Users still has no more than Read"),
              std::string::npos);
}

TEST_F(ConfigSddl, IsEdited) {
    const std::string text =
        "Administrators: full\nINTERACTIVE: read\nRemote Management Users: read, execute\n";
    ASSERT_TRUE(run({}, texts({text})).ok());
    EXPECT_EQ(there, monitored);
    ASSERT_EQ(shown.size(), 1u);
    EXPECT_TRUE(shown[0].starts_with("# Who may use RootSDDL of web01.\n"));
    EXPECT_TRUE(shown[0].ends_with("\nBUILTIN\\Administrators: Full\nNT AUTHORITY\\INTERACTIVE: Read\n"));
}

TEST_F(ConfigSddl, LeftAsItWasChangesNothing) {
    const auto result = run({}, [](const std::string& text) { return Result<std::string>(text); });
    EXPECT_EQ(*result, "RootSDDL of web01 is so already\n");
    EXPECT_EQ(puts, 0);
}

TEST_F(ConfigSddl, GivesUpOnAnEditorThatIsNobody) {
    int asked = 0;
    const auto result = run({}, [&](const std::string& text) {
        ++asked;
        return Result<std::string>(text + "zzz: Read\n");
    });
    EXPECT_FALSE(result.ok());
    EXPECT_EQ(asked, 10);
    EXPECT_EQ(puts, 0);
}

TEST_F(ConfigSddl, AsksAgainUntilItMakesSense) {
    const auto result = run({}, texts({"administrators: full\nwheel: read\n",
                                       "# WRONG: x\nadministrators: full\nRM: read\nRM: read\n",
                                       "# WRONG: y\nadministrators: full\n"}));
    ASSERT_TRUE(result.ok()) << result.error().message();
    EXPECT_EQ(there.find(";IU)"), std::string::npos);
    ASSERT_EQ(shown.size(), 3u);
    EXPECT_EQ(shown[1],
              "# WRONG: line 3: there is no group or account \"wheel\"\nadministrators: full\nwheel: read\n")
        << "counted with the line on top";
    EXPECT_EQ(shown[2],
              "# WRONG: line 4: there is already a line for BUILTIN\\Remote Management Users\n"
              "administrators: full\nRM: read\nRM: read\n");
}

TEST_F(ConfigSddl, GivesUpWhenNothingIsMended) {
    const auto result = run({}, [this](const std::string& text) {
        shown.push_back(text);
        return Result<std::string>(shown.size() == 1 ? "nonsense\n" : text);
    });
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().detail, "line 2: NAME: RIGHTS is wanted, and not \"nonsense\"");
    EXPECT_EQ(run({}, texts({"# nobody\n", "# WRONG: z\n# nobody\n"})).error().id, ErrorId::usage_invalid);
    there = "O:BA";
    EXPECT_FALSE(run({}, texts({""})).ok()) << "there is no list to edit";
    EXPECT_EQ(puts, 0);
}

TEST_F(ConfigSddl, FailuresOfThePlaceAreToldAsTheyAre) {
    const SddlPlace none{"x",
                         [] {
                             return Result<std::string>(Error{ErrorId::net_refused, "gone"});
                         },
                         [](const std::string&) { return Result<void>(); }};
    EXPECT_EQ(config_sddl({}, none, names, nullptr).error().id, ErrorId::net_refused);
    const SddlPlace full{"x", [] { return Result<std::string>(installed); },
                         [](const std::string&) {
                             return Result<void>(Error{ErrorId::state_full, "full"});
                         }};
    EXPECT_EQ(config_sddl({{"RM:read"}, {}, {}}, full, names, nullptr).error().id, ErrorId::state_full);
}

class Editor : public ::testing::Test {
protected:
    void SetUp() override {
        ::unsetenv("VISUAL");
        ::setenv("TMPDIR", ::testing::TempDir().c_str(), 1);
    }
    void TearDown() override {
        ::unsetenv("EDITOR");
        ::unsetenv("TMPDIR");
    }
};

TEST_F(Editor, IsWhatTheEnvironmentNames) {
    // As vim does it: another file in the place of the first.
    ::setenv("EDITOR", "sed -i s/Read/Write/", 1);
    const auto text = edit_in_editor("a: Read\n");
    ASSERT_TRUE(text.ok()) << text.error().message();
    EXPECT_EQ(*text, "a: Write\n");
}

TEST_F(Editor, ThatFailsChangesNothing) {
    ::setenv("EDITOR", "false", 1);
    EXPECT_EQ(edit_in_editor("x").error().detail, "the editor ended with status 1; nothing was changed");
    ::setenv("EDITOR", "/no/such/editor", 1);
    EXPECT_EQ(edit_in_editor("x").error().id, ErrorId::usage_file);
    ::setenv("EDITOR", "rm", 1);
    EXPECT_EQ(edit_in_editor("x").error().id, ErrorId::usage_file);
}

}  // namespace
}  // namespace mullion::cli
