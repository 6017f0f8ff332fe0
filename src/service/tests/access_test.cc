// May they? Every kind of request, right and account, and whose descriptor decides.
#include "service/access/access.h"

#include <gtest/gtest.h>

#include "rights/well_known.h"
#include "service/access/tokens.h"
#include "wsman/uris.h"

namespace mullion::service {
namespace {

namespace sids = rights::sids;
using rights::generic_execute;
using rights::generic_read;
using rights::generic_write;

const std::string transfer = std::string(wsman::ns::transfer) + "/";
const std::string enumeration = std::string(wsman::ns::enumeration) + "/";
const std::string eventing = std::string(wsman::ns::eventing) + "/";
const std::string config(wsman::resource::config);
const std::string shell(wsman::resource::command_shell);
const std::string wmi = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_Service";
const rights::Sid somebody(5, {21, 1, 2, 3, 1000});

struct RequestRow {
    std::string action, resource;
    rights::AccessMask right;
};
// reference: anything to a shell, then by action.
const RequestRow requests[] = {
    {transfer + "Get", config, generic_read},
    {enumeration + "Enumerate", wmi, generic_read},
    {enumeration + "Pull", wmi, generic_read},
    {enumeration + "Release", wmi, generic_read},
    {enumeration + "Renew", wmi, generic_read},
    {eventing + "Subscribe", wmi, generic_read},
    {eventing + "Unsubscribe", wmi, generic_read},
    {eventing + "Renew", wmi, generic_read},
    {transfer + "Put", config + "/service", generic_write},
    {transfer + "Create", config + "/listener", generic_write},
    {transfer + "Delete", config + "/listener", generic_write},
    {wmi + "/StopService", wmi, generic_execute},
    {config + "/service/Analyze", config + "/service", rights::generic_all},
    {config + "/restore", config, rights::generic_all},
    // A shell is run, whatever is asked of it.
    {transfer + "Create", shell, generic_execute},
    {transfer + "Delete", shell, generic_execute},
    {transfer + "Get", std::string(wsman::resource::shells), generic_execute},
    {enumeration + "Enumerate", std::string(wsman::resource::shells), generic_execute},
    {enumeration + "Pull", "HTTP://Schemas.Microsoft.com/wbem/wsman/1/Windows/SHELL/cmd", generic_execute},
    {std::string(wsman::action::command), shell, generic_execute},
    {std::string(wsman::action::receive), shell, generic_execute},
    {std::string(wsman::action::send), shell, generic_execute},
    {std::string(wsman::action::signal), shell, generic_execute},
    {transfer + "Create", "http://schemas.microsoft.com/powershell/Microsoft.PowerShell", generic_execute},
    // What is nearly another action is a custom one.
    {transfer + "get", config, rights::generic_all},
    {transfer + "GetX", config, rights::generic_all},
    {transfer, config, rights::generic_all},
    {std::string(wsman::ns::transfer) + "xGet", config, rights::generic_all},
    {"", config, rights::generic_all},
    {"", "", generic_execute},
};

// Everything is the three together.
bool has(rights::AccessMask mask, rights::AccessMask right) {
    constexpr auto all = generic_read | generic_write | generic_execute;
    return right == rights::generic_all ? (mask & all) == all : (mask & right) != 0;
}

TEST(Access, EveryRequestWantsARight) {
    for (const auto& row : requests)
        EXPECT_EQ(wanted_right(row.action, row.resource), row.right) << row.action << " on " << row.resource;
}

class Gate : public ::testing::Test {
protected:
    AccessRules rules(std::string_view root, const std::vector<state::SecurityEntry>& security = {}) {
        auto made = AccessRules::make(root, security);
        EXPECT_TRUE(made.ok()) << made.error().message();
        return std::move(made).value();
    }
    Verdict ask(const AccessRules& of, const rights::Token* token, const RequestRow& request) {
        return authorize({identity, token, request.action, request.resource, false}, settings, of);
    }

    std::optional<auth::Identity> identity{auth::Identity("ann", auth::Transport::ntlm, false, "ann")};
    state::Settings settings;
};

// Each account, and which of the three rights it has by Windows' default and after the grant of seeds/003.
TEST_F(Gate, LetsInWhoHasTheRight) {
    struct AccountRow {
        const char* name;
        rights::Token token;
        rights::AccessMask installed, granted;
    };
    const auto of = [](std::vector<rights::Sid> groups) { return rights::network_token(somebody, groups); };
    const AccountRow accounts[] = {
        {"administrator", of({sids::users, sids::administrators}), rights::winrm_all, rights::winrm_all},
        {"plain", of({sids::users}), 0, 0},
        {"monitoring", of({sids::users, sids::remote_management_users}), 0, generic_read | generic_execute},
        {"other groups",
         of({sids::performance_monitor_users, sids::event_log_readers, sids::distributed_com_users,
             sids::performance_log_users}),
         0, 0},
        {"linux group", of({unix_group_sid(4711)}), 0, generic_write},
        {"linux user", of({unix_user_sid(815)}), 0, generic_read},
        {"denied", of({sids::remote_management_users, unix_group_sid(666)}), 0, generic_read},
        {"at the machine", operator_token(), rights::winrm_all, rights::winrm_all},
    };
    const auto installed = rules(state::default_root_sddl);
    const auto granted = rules(
        "O:NSG:BAD:P(D;;GX;;;S-1-22-2-666)(A;;GA;;;BA)(A;;GR;;;IU)(A;;GXGR;;;RM)(A;;GW;;;S-1-22-2-4711)"
        "(A;;GR;;;S-1-22-1-815)");
    for (const auto& account : accounts) {
        for (const auto& request : requests) {
            EXPECT_EQ(!ask(installed, &account.token, request).fault, has(account.installed, request.right))
                << account.name << ": " << request.action << " on " << request.resource;
            EXPECT_EQ(!ask(granted, &account.token, request).fault, has(account.granted, request.right))
                << account.name << ": " << request.action << " on " << request.resource;
        }
    }
}

TEST_F(Gate, EachRightIsItsOwn) {
    const auto token = rights::network_token(somebody, {});
    struct Row {
        const char* sddl;
        rights::AccessMask may;
    };
    for (const auto& row :
         {Row{"D:(A;;GR;;;WD)", generic_read}, Row{"D:(A;;GW;;;AU)", generic_write},
          Row{"D:(A;;GX;;;NU)", generic_execute}, Row{"D:(A;;GA;;;S-1-5-21-1-2-3-1000)", rights::winrm_all},
          Row{"D:(A;;GA;;;IU)", 0}, Row{"D:(A;;GA;;;AN)", 0}, Row{"D:(A;;KA;;;WD)", 0}, Row{"D:", 0},
          Row{"O:S-1-5-21-1-2-3-1000D:", 0},
          Row{"D:(D;;GW;;;WD)(A;;GA;;;WD)", generic_read | generic_execute},
          Row{"O:BA", rights::winrm_all}}) {
        const auto of = rules(row.sddl);
        for (const auto& request : requests)
            EXPECT_EQ(!ask(of, &token, request).fault, has(row.may, request.right))
                << row.sddl << ": " << request.action << " on " << request.resource;
    }
}

TEST_F(Gate, WhoIsDeniedIsToldNoMore) {
    const auto verdict = ask(rules(state::default_root_sddl), nullptr, requests[0]);
    ASSERT_TRUE(verdict.fault);
    EXPECT_EQ(verdict.fault->code, 5u);
    EXPECT_EQ(verdict.fault->soap_code, "Sender");
    EXPECT_EQ(verdict.fault->subcode, "AccessDenied");
}

TEST_F(Gate, NobodyIsLetInByNoDescriptor) {
    const auto everyone = rules("D:(A;;GA;;;WD)");
    const auto token = rights::network_token(somebody, {});
    EXPECT_TRUE(ask(everyone, nullptr, requests[0]).fault) << "an identity whose SIDs are not known";
    EXPECT_FALSE(ask(everyone, &token, requests[0]).fault);
    identity.reset();
    EXPECT_TRUE(ask(everyone, &token, requests[0]).fault) << "and SIDs without an identity";
}

TEST_F(Gate, RemoteAccessCanBeSwitchedOff) {
    const auto everyone = rules("D:(A;;GA;;;WD)");
    const auto token = rights::network_token(somebody, {});
    settings.allow_remote_access = false;
    EXPECT_EQ(ask(everyone, &token, requests[0]).fault->code, wsman::code::remote_access_disabled);
    EXPECT_FALSE(authorize({identity, &token, requests[0].action, config, true}, settings, everyone).fault);
}

TEST_F(Gate, AuditsAsTheDescriptorSays) {
    const auto admin = rights::network_token(somebody, {sids::administrators});
    const auto plain = rights::network_token(somebody, {});
    const auto installed = rules(state::default_root_sddl);
    const RequestRow read{transfer + "Get", config, generic_read},
        run{transfer + "Create", shell, generic_execute};
    EXPECT_FALSE(ask(installed, &admin, read).audited);
    EXPECT_TRUE(ask(installed, &admin, run).audited);
    EXPECT_TRUE(ask(installed, &plain, read).audited);
    const auto silent = rules("D:(A;;GA;;;BA)");
    EXPECT_FALSE(ask(silent, &admin, run).audited);
    EXPECT_FALSE(ask(silent, &plain, run).audited);
    EXPECT_TRUE(ask(silent, nullptr, run).audited) << "what no descriptor decided";
}

TEST(AccessRules, TheNearestDescriptorDecides) {
    const std::string shells(wsman::resource::shells);
    const auto made = AccessRules::make("D:(A;;GA;;;BA)", {{shells, "D:(A;;GX;;;RM)", false},
                                                           {shells + "/cmd", "D:(A;;GX;;;BU)", true},
                                                           {shells + "/c", "D:(A;;GR;;;BU)", false},
                                                           {config, "D:", true}});
    ASSERT_TRUE(made.ok());
    struct Row {
        std::string resource;
        std::string name;
    };
    for (const auto& row :
         {Row{shells, shells}, Row{shells + "/powershell", shells}, Row{shells + "/cmd", shells + "/cmd"},
          Row{shells + "/CMD", shells + "/cmd"}, Row{shells + "/cmd/x", shells + "/c"}, Row{config, config},
          Row{config + "/service", "RootSDDL"}, Row{wmi, "RootSDDL"}, Row{"", "RootSDDL"},
          Row{shells.substr(0, shells.size() - 1), "RootSDDL"}})
        EXPECT_EQ(made->of(row.resource).name, row.name) << row.resource;
    EXPECT_EQ(made->of(shells + "/cmd").descriptor.dacl->aces[0].sid, sids::users);
}

TEST(AccessRules, ThatCannotBeReadAreNone) {
    EXPECT_FALSE(AccessRules::make("D:(", {}).ok());
    EXPECT_FALSE(AccessRules::make("D:", {{"http://x", "", false}}).ok());
    EXPECT_EQ(AccessRules().of("x").descriptor.dacl->aces.size(), 2u);
}

}  // namespace
}  // namespace mullion::service
