#include "rights/edit.h"

#include <gtest/gtest.h>

#include "rights/tests/sddl_support.h"
#include "rights/well_known.h"

namespace mullion::rights {
namespace {

const Sid somebody(5, {21, 1, 2, 3, 1000});
const std::string admin = "(A;;GA;;;BA)";

struct Row {
    std::string before;
    Sid sid;
    AccessMask mask;
    std::string after;  // Empty: as before.
};

void check(const Row& row, const EditResult& result) {
    const auto* edited = std::get_if<Edited>(&result);
    ASSERT_TRUE(edited) << row.before << ": " << text(std::get<EditFault>(result));
    EXPECT_EQ(write_sddl(edited->descriptor), row.after.empty() ? row.before : row.after);
    EXPECT_EQ(edited->changed, !row.after.empty()) << row.before;
}

// What a monitoring user needs: Read and Execute for Remote Management Users, all else as it was.
TEST(Grant, LetsInThoseWhoMonitor) {
    const auto result =
        grant(descriptor_of(default_root), sids::remote_management_users, generic_read | generic_execute);
    const auto& edited = std::get<Edited>(result);
    EXPECT_EQ(write_sddl(edited.descriptor),
              "O:NSG:BAD:P(A;;GA;;;BA)(A;;GR;;;IU)(A;;GXGR;;;RM)S:P(AU;FA;GA;;;WD)(AU;SA;GXGW;;;WD)");
    EXPECT_TRUE(edited.changed && !edited.reordered);
    EXPECT_EQ(edited.effective, generic_read | generic_execute);
    const auto member = network_token(somebody, {sids::remote_management_users});
    EXPECT_TRUE(decide(edited.descriptor, member, generic_execute).allowed);
    EXPECT_FALSE(decide(edited.descriptor, member, generic_write).allowed);
    const auto back = revoke(edited.descriptor, sids::remote_management_users, generic_all);
    EXPECT_EQ(write_sddl(std::get<Edited>(back).descriptor), default_root);
}

TEST(Grant, AddsToWhatIsThere) {
    const auto rm = sids::remote_management_users;
    for (const auto& row :
         {Row{"D:" + admin + "(A;;GR;;;RM)", rm, generic_execute, "D:" + admin + "(A;;GXGR;;;RM)"},
          Row{"D:" + admin + "(A;;GR;;;RM)", rm, generic_all, "D:" + admin + "(A;;GA;;;RM)"},
          Row{"D:" + admin + "(A;;GR;;;RM)", rm, generic_read, ""},
          Row{"D:" + admin, sids::administrators, generic_write, ""}, Row{"D:" + admin, rm, 0, ""},
          // An entry that children inherit, or that was inherited, is not the place.
          Row{"D:" + admin + "(A;CI;GR;;;RM)", rm, generic_write,
              "D:" + admin + "(A;CI;GR;;;RM)(A;;GW;;;RM)"},
          Row{"D:" + admin + "(A;ID;GR;;;RM)", rm, generic_write,
              "D:" + admin + "(A;;GW;;;RM)(A;ID;GR;;;RM)"},
          // What denies this SID gives way, as far as it was granted.
          Row{"D:(D;;GA;;;RM)" + admin, rm, generic_read, "D:(D;;GXGW;;;RM)" + admin + "(A;;GR;;;RM)"},
          Row{"D:(D;;GW;;;RM)" + admin, rm, generic_all, "D:" + admin + "(A;;GA;;;RM)"},
          Row{"D:(D;IO;GW;;;RM)" + admin, rm, generic_write, "D:(D;IO;GW;;;RM)" + admin + "(A;;GW;;;RM)"},
          Row{"D:(D;;GW;;;IU)" + admin, rm, generic_write, "D:(D;;GW;;;IU)" + admin + "(A;;GW;;;RM)"}})
        check(row, grant(descriptor_of(row.before), row.sid, row.mask));
}

TEST(Grant, TellsWhenADenialOfOthersStandsBefore) {
    const auto result = grant(descriptor_of("D:(D;;GW;;;WD)(A;;GA;;;BA)"), somebody, generic_write);
    // Nobody has full access in that one, and had not before either.
    EXPECT_EQ(std::get<EditFault>(result), EditFault::locked_out);
    const auto other =
        grant(descriptor_of("D:(D;;GW;;;S-1-5-21-1-2-3-1000)" + admin), sids::users, generic_all);
    EXPECT_EQ(std::get<Edited>(other).effective, winrm_all);
    const auto denied =
        grant(descriptor_of("D:(OD;;GX;;;S-1-5-21-1-2-3-1000)" + admin), somebody, generic_all);
    EXPECT_EQ(std::get<Edited>(denied).effective, generic_read | generic_write);
}

TEST(Edit, PutsEntriesInCanonicalOrder) {
    const auto result =
        grant(descriptor_of("D:(A;ID;GR;;;BU)(A;;GA;;;BA)(D;;GX;;;IU)(D;ID;GX;;;BG)(A;;GR;;;AU)"),
              sids::users, generic_write);
    const auto& edited = std::get<Edited>(result);
    EXPECT_EQ(write_sddl(edited.descriptor),
              "D:(D;;GX;;;IU)(A;;GW;;;BU)(A;;GA;;;BA)(A;;GR;;;AU)(A;ID;GR;;;BU)(D;ID;GX;;;BG)");
    EXPECT_TRUE(edited.reordered);
    Acl acl = *edited.descriptor.dacl;
    EXPECT_FALSE(make_canonical(acl));
    EXPECT_EQ(acl, *edited.descriptor.dacl);
}

TEST(Edit, LeavesTheOrderWhereNothingChanges) {
    const Row row{"D:(A;;GA;;;BA)(D;;GX;;;IU)", sids::administrators, generic_read, ""};
    check(row, grant(descriptor_of(row.before), row.sid, row.mask));
    check(row, revoke(descriptor_of(row.before), sids::users, row.mask));
}

TEST(Revoke, TakesWhatWasAskedAndKeepsTheRest) {
    const auto rm = sids::remote_management_users;
    for (const auto& row :
         {Row{"D:" + admin + "(A;;GXGR;;;RM)", rm, generic_execute, "D:" + admin + "(A;;GR;;;RM)"},
          Row{"D:" + admin + "(A;;GA;;;RM)", rm, generic_write, "D:" + admin + "(A;;GXGR;;;RM)"},
          Row{"D:" + admin + "(A;;GA;;;RM)", rm, winrm_all, "D:" + admin},
          Row{"D:" + admin + "(A;;KAGR;;;RM)(A;ID;GR;;;RM)", rm, generic_all, "D:" + admin},
          Row{"D:" + admin + "(A;CI;GR;;;RM)(A;IO;GR;;;RM)", rm, generic_all,
              "D:" + admin + "(A;IO;GR;;;RM)"},
          Row{"D:(D;;GW;;;RM)" + admin, rm, generic_all, ""},
          Row{"D:" + admin + "(A;;GR;;;RM)", rm, generic_write, ""}, Row{"D:" + admin, rm, generic_all, ""}})
        check(row, revoke(descriptor_of(row.before), row.sid, row.mask));
}

TEST(Edit, OfTheServiceManager) {
    const auto before = descriptor_of(service_manager);
    const auto result = grant(before, somebody, 0x20015, service_manager_mapping);
    const auto* edited = std::get_if<Edited>(&result);
    ASSERT_TRUE(edited);
    std::string expected(service_manager);
    expected.insert(expected.find("S:(AU"), "(A;;CCLCRPRC;;;S-1-5-21-1-2-3-1000)");
    EXPECT_EQ(write_sddl(edited->descriptor), expected);
    EXPECT_EQ(edited->effective, 0x20015u);
    const auto back = revoke(edited->descriptor, somebody, generic_all, service_manager_mapping);
    EXPECT_EQ(std::get<Edited>(back).descriptor, before);
    // What is taken of a generic right is taken of what it stands for.
    const auto part =
        revoke(descriptor_of("D:(A;;KA;;;BA)(A;;GXGR;;;BU)"), sids::users, 0x4, service_manager_mapping);
    EXPECT_EQ(write_sddl(std::get<Edited>(part).descriptor), "D:(A;;KA;;;BA)(A;;RPRCGX;;;BU)");
}

TEST(Edit, RefusesToLockEveryoneOut) {
    struct LockRow {
        const char* before;
        Sid sid;
        AccessMask mask;
    };
    for (const auto& row : {LockRow{"D:(A;;GA;;;BA)(A;;GR;;;IU)", sids::administrators, generic_write},
                            LockRow{"D:(A;;GA;;;BA)(A;;GXGR;;;RM)", sids::administrators, generic_all},
                            LockRow{"D:(A;;GA;;;BA)(A;;GA;;;IU)(A;;GA;;;SY)(A;;GA;;;CO)(A;;GA;;;LW)",
                                    sids::administrators, generic_all},
                            LockRow{"D:(A;;GA;;;BA)(A;IO;GA;;;BU)", sids::administrators, generic_read}}) {
        const auto result = revoke(descriptor_of(row.before), row.sid, row.mask);
        ASSERT_TRUE(std::holds_alternative<EditFault>(result)) << row.before;
        EXPECT_EQ(std::get<EditFault>(result), EditFault::locked_out);
    }
    EXPECT_TRUE(std::holds_alternative<Edited>(
        revoke(descriptor_of("D:(A;;GA;;;BA)(A;;GA;;;BU)"), sids::administrators, generic_all)));
    // Putting the denial first is what locks out here: everyone is in Everyone.
    const auto reordered = grant(descriptor_of("D:(A;;GA;;;BA)(D;;GW;;;WD)"), sids::users, generic_read);
    EXPECT_EQ(std::get<EditFault>(reordered), EditFault::locked_out);
}

TEST(Edit, RefusesWhereThereIsNoListOrNoRoom) {
    for (const auto* none : {"O:BA", "O:BAD:NO_ACCESS_CONTROL"}) {
        EXPECT_EQ(std::get<EditFault>(grant(descriptor_of(none), somebody, generic_read)),
                  EditFault::no_dacl);
        EXPECT_EQ(std::get<EditFault>(revoke(descriptor_of(none), somebody, generic_read)),
                  EditFault::no_dacl);
    }
    auto full = descriptor_of("D:" + admin);
    full.dacl->aces.resize(SddlLimits{}.aces, full.dacl->aces[0]);
    EXPECT_EQ(std::get<EditFault>(grant(full, somebody, generic_read)), EditFault::too_many);
    for (const auto fault : {EditFault::no_dacl, EditFault::locked_out, EditFault::too_many})
        EXPECT_FALSE(text(fault).empty());
}

TEST(FullAccess, IsSomebodysOrNobodys) {
    for (const auto* yes : {"D:(A;;GA;;;BA)", "D:(A;;GXGWGR;;;WD)", "D:(A;;GA;;;S-1-5-21-1-2-3-1000)", "O:BA",
                            "D:(A;;GR;;;WD)(A;;GXGW;;;BA)", "D:(D;;GA;;;IU)(A;;GA;;;BA)",
                            "D:(A;;GA;;;BA)(D;;GA;;;WD)", "D:(OA;;GA;;;BA)"})
        EXPECT_TRUE(someone_has_full_access(descriptor_of(yes))) << yes;
    for (const auto* no :
         {"D:", "D:(A;;GXGR;;;BA)", "D:(D;;GR;;;WD)(A;;GA;;;BA)", "D:(D;;GX;;;NU)(A;;GA;;;BA)",
          "D:(A;;GA;;;NS)", "D:(A;;GA;;;AN)", "D:(A;;GA;;;OW)", "D:(A;;GA;;;AC)", "D:(A;;GA;;;S-1-0-0)",
          "D:(A;;FA;;;BA)", "D:(OA;;GA;bf967aba-0de6-11d0-a285-00aa003049e2;;BA)"})
        EXPECT_FALSE(someone_has_full_access(descriptor_of(no))) << no;
}

}  // namespace
}  // namespace mullion::rights
