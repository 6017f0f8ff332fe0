#include "state/groups.h"

#include <gtest/gtest.h>

#include "rights/well_known.h"

namespace mullion::state::testing {
namespace {

namespace sids = rights::sids;
using Names = std::vector<std::string>;

TEST(Groups, AreFoundByEveryNameTheyHave) {
    for (const auto* word : {"Remote Management Users", "remote management USERS",
                             "BUILTIN\\Remote Management Users", "RM", "rm", "S-1-5-32-580"}) {
        EXPECT_EQ(*group_name(word), "Remote Management Users") << word;
        EXPECT_EQ(*group_sid(word), sids::remote_management_users) << word;
    }
    struct Row {
        const char* name;
        rights::Sid sid;
    };
    for (const auto& row : {Row{"Administrators", sids::administrators},
                            Row{"Performance Monitor Users", sids::performance_monitor_users},
                            Row{"Performance Log Users", sids::performance_log_users},
                            Row{"Event Log Readers", sids::event_log_readers},
                            Row{"Distributed COM Users", sids::distributed_com_users}})
        EXPECT_EQ(*group_sid(row.name), row.sid) << row.name;
}

TEST(Groups, AreNothingElse) {
    // Everyone and INTERACTIVE are SIDs that nobody is put into.
    for (const auto* word : {"", "wheel", "Everyone", "WD", "INTERACTIVE", "S-1-5-4", "Domain Admins", "DA",
                             "S-1-5-21-1-2-3-512", "LOCAL SYSTEM", "BUILTIN\\", "x\x1b[2J"}) {
        const auto name = group_name(word);
        ASSERT_FALSE(name.ok()) << word;
        EXPECT_EQ(name.error().id, ErrorId::account_invalid);
        EXPECT_EQ(name.error().detail.find('\x1b'), std::string::npos);
    }
    EXPECT_EQ(group_name("Remote Managment Users").error().detail,
              "there is no group \"Remote Managment Users\"; did you mean Remote Management Users?");
}

TEST(Membership, IsEachGroupOnce) {
    const auto made = *membership_of(false, {"RM", "Event Log Readers", "remote management users"});
    EXPECT_EQ(made.groups, (Names{"Event Log Readers", "Remote Management Users"}));
    EXPECT_FALSE(made.administrator);
    EXPECT_TRUE(membership_of(true, {})->administrator);
    const auto admin = *membership_of(false, {"ba"});
    EXPECT_TRUE(admin.administrator && admin.groups.empty());
    EXPECT_FALSE(membership_of(true, {"RM", "wheel"}).ok());
}

TEST(Membership, IsChanged) {
    const storage::Membership before{true, {"Event Log Readers", "Staff"}};
    EXPECT_EQ(changed(before, {"RM"}, {"ER"})->groups, (Names{"Remote Management Users", "Staff"}));
    EXPECT_TRUE(changed(before, {"RM"}, {"ER"})->administrator);
    EXPECT_FALSE(changed(before, {}, {"Administrators"})->administrator);
    EXPECT_EQ(changed(before, {}, {"Staff"})->groups, Names{"Event Log Readers"})
        << "from before groups meant anything";
    EXPECT_EQ(changed(before, {}, {"MU"})->groups, before.groups);
    EXPECT_FALSE(changed(before, {}, {"wheel"}).ok());
}

TEST(Membership, MeansSids) {
    using Sids = std::vector<rights::Sid>;
    EXPECT_EQ(group_sids({}), Sids{sids::users});
    EXPECT_EQ(group_sids({true, {"remote management users"}}),
              (Sids{sids::users, sids::administrators, sids::remote_management_users}));
    // Of old directories: what is no group means nothing, and no word makes an administrator.
    EXPECT_EQ(group_sids({false, {"Administrators", "Staff", "Everyone", "INTERACTIVE", "BA", "RM"}}),
              Sids{sids::users});
}

}  // namespace
}  // namespace mullion::state::testing
