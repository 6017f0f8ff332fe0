#include "cli/account_names.h"

#include <gtest/gtest.h>

#include "cli/config_sddl_command.h"

namespace mullion::cli {
namespace {

const std::string machine = "S-1-5-21-1-2-3-";

const AccountNames::Users made{
    [](const std::string& name) {
        return name == "www-data" ? std::optional<std::uint32_t>(33) : std::nullopt;
    },
    [](const std::string& name) { return name == "wheel" ? std::optional<std::uint32_t>(10) : std::nullopt; },
    [](std::uint32_t id) { return id == 33 ? std::string("www-data") : std::string(); },
    [](std::uint32_t id) { return id == 10 ? std::string("wheel") : std::string(); }};

std::string listed(const std::string& rows) {
    return R"({"schema":1,"accounts":[)" + rows + "]}";
}

std::string row(const std::string& name, int rid) {
    return R"({"name":")" + name + R"(","administrator":false,"sid":")" + machine + std::to_string(rid) +
           "\"}";
}

AccountNames names_of(const std::string& rows) {
    auto accounts = read_accounts(listed(rows));
    EXPECT_TRUE(accounts.ok());
    return AccountNames(std::move(*accounts), made);
}

TEST(AccountNames, AreThoseOfTheListInEitherDirection) {
    const auto names = names_of(row("centreon", 1001) + "," + row("Users", 1002));
    const auto centreon = rights::parse_sid(machine + "1001");
    EXPECT_EQ(rights::find_trustee("CENTREON", names), centreon);
    EXPECT_EQ(rights::trustee_name(*centreon, names), "centreon");
    EXPECT_EQ(rights::find_trustee("nobody-here", names), std::nullopt);
    // An account that is called as a group hides it not, and is shown by its number.
    EXPECT_EQ(rights::find_trustee("Users", names), rights::sids::users);
    EXPECT_EQ(rights::trustee_name(*rights::parse_sid(machine + "1002"), names), machine + "1002");
    EXPECT_NE(names.known().find("(centreon, Users)"), std::string::npos) << names.known();
}

TEST(AccountNames, UsersAndGroupsOfLinuxAreThoseOfSamba) {
    const auto names = names_of("");
    EXPECT_EQ(rights::find_trustee("unix user\\www-data", names), rights::parse_sid("S-1-22-1-33"));
    EXPECT_EQ(rights::find_trustee("Unix Group\\wheel", names), rights::parse_sid("S-1-22-2-10"));
    EXPECT_EQ(rights::find_trustee("Unix Group\\none", names), std::nullopt);
    EXPECT_EQ(rights::find_trustee("Unix Group\\", names), std::nullopt);
    EXPECT_EQ(rights::trustee_name(*rights::parse_sid("S-1-22-1-33"), names), "Unix User\\www-data");
    EXPECT_EQ(rights::trustee_name(*rights::parse_sid("S-1-22-2-10"), names), "Unix Group\\wheel");
    EXPECT_EQ(rights::trustee_name(*rights::parse_sid("S-1-22-2-11"), names), "S-1-22-2-11");
    EXPECT_NE(names.known().find("(there is none)"), std::string::npos) << names.known();
    // Root and its group are on every machine.
    EXPECT_EQ(AccountNames({}).account("Unix User\\root"), rights::parse_sid("S-1-22-1-0"));
    EXPECT_EQ(AccountNames({}).account_name(*rights::parse_sid("S-1-22-2-0")), "Unix Group\\root");
}

TEST(AccountNames, AreOfAListAndNothingElse) {
    for (const auto* wrong :
         {"", "[]", "{}", R"({"accounts":1})", R"({"accounts":[1]})",
          R"({"accounts":[{"name":"a","sid":"x"}]})", R"({"accounts":[{"name":"","sid":"S-1-1-0"}]})"})
        EXPECT_EQ(read_accounts(wrong).error().id, ErrorId::usage_unsupported) << wrong;
    const auto whole = listed(row("a", 1000));
    for (std::size_t length = 0; length < whole.size(); ++length)
        EXPECT_FALSE(read_accounts(whole.substr(0, length)).ok()) << length;
    std::string many;
    for (int i = 0; i < 12; ++i) many += (i == 0 ? "" : ",") + row("u" + std::to_string(i), 1000 + i);
    EXPECT_NE(names_of(many).known().find("u9 and 2 more"), std::string::npos) << names_of(many).known();
}

TEST(AccountNames, GrantAndRevoke) {
    std::string there = "D:(A;;GA;;;BA)";
    const SddlPlace place{"RootSDDL", [&] { return Result<std::string>(there); },
                          [&](const std::string& sddl) {
                              there = sddl;
                              return Result<void>();
                          }};
    const auto names = names_of(row("centreon", 1001));
    const auto granted =
        config_sddl({{"centreon:read,execute", "Unix Group\\wheel:full"}, {}, {}}, place, names, {});
    ASSERT_TRUE(granted.ok()) << granted.error().message();
    EXPECT_EQ(there, "D:(A;;GA;;;BA)(A;;GXGR;;;" + machine + "1001)(A;;GA;;;S-1-22-2-10)");
    EXPECT_NE(granted->find("centreon: Read, Execute\n"), std::string::npos) << *granted;
    EXPECT_NE(granted->find("Unix Group\\wheel: Full\n"), std::string::npos) << *granted;
    ASSERT_TRUE(config_sddl({{}, {"Centreon", "Unix Group\\wheel"}, {}}, place, names, {}).ok());
    EXPECT_EQ(there, "D:(A;;GA;;;BA)");
    const auto wrong = config_sddl({{"centron:read"}, {}, {}}, place, names, {});
    ASSERT_FALSE(wrong.ok());
    ASSERT_EQ(wrong.error().advice.size(), 1u);
    EXPECT_NE(wrong.error().advice[0].find("accounts (centreon)"), std::string::npos);
    const auto elsewhere = config_sddl({{"centreon:read"}, {}, {}}, place, rights::Names(), {});
    EXPECT_NE(elsewhere.error().advice[0].find("known at the machine itself"), std::string::npos);
}

}  // namespace
}  // namespace mullion::cli
