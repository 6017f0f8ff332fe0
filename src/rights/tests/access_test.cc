#include "rights/access.h"

#include <gtest/gtest.h>

#include "rights/tests/sddl_support.h"
#include "rights/well_known.h"

namespace mullion::rights {
namespace {

const Sid somebody(5, {21, 1, 2, 3, 1000});
using Indexes = std::vector<std::size_t>;

Decision decided(std::string_view sddl, const Token& token, AccessMask wanted) {
    return decide(descriptor_of(sddl), token, wanted);
}

// seeds: an administrator may, somebody else may not, and both is written down as the S: part says.
TEST(Access, OfTheDefaultDescriptor) {
    struct Row {
        Token token;
        AccessMask wanted;
        bool allowed;
        Indexes audits;
    };
    const auto admin = network_token(somebody, {sids::administrators});
    const auto plain = network_token(somebody, {sids::users, sids::remote_management_users});
    const Token console{somebody, {sids::everyone, sids::interactive}};
    for (const auto& row :
         {Row{admin, generic_read, true, {}}, Row{admin, generic_write, true, {1}},
          Row{admin, generic_execute, true, {1}}, Row{admin, generic_all, true, {1}},
          Row{plain, generic_read, false, {0}}, Row{plain, generic_execute, false, {0}},
          Row{console, generic_read, true, {}}, Row{console, generic_read | generic_write, false, {0}}}) {
        const auto decision = decided(default_root, row.token, row.wanted);
        EXPECT_EQ(decision.allowed, row.allowed) << right_names(row.wanted);
        EXPECT_EQ(decision.audits, row.audits) << right_names(row.wanted);
        EXPECT_EQ(decision.granted | decision.missing, map_generic(row.wanted, winrm_mapping));
        EXPECT_EQ(decision.missing == 0, row.allowed);
    }
}

TEST(Access, EntriesDecideInTheOrderInWhichTheyStand) {
    const auto token = network_token(somebody, {sids::users});
    struct Row {
        const char* sddl;
        AccessMask granted;
        std::optional<std::size_t> denial;
    };
    for (const auto& row :
         {Row{"D:(D;;GW;;;BU)(A;;GA;;;WD)", generic_read | generic_execute, 0},
          Row{"D:(A;;GA;;;WD)(D;;GW;;;BU)", winrm_all, {}},
          Row{"D:(A;;GW;;;WD)(D;;GA;;;BU)(A;;GA;;;AU)", generic_write, 1},
          Row{"D:(A;;GR;;;WD)(A;;GX;;;BU)(A;;GW;;;AU)", winrm_all, {}},
          Row{"D:(D;;GA;;;BA)(A;;GR;;;BU)", generic_read, {}},
          Row{"D:(D;;GR;;;WD)(D;;GA;;;WD)(A;;GA;;;WD)", 0, 0}, Row{"D:(A;IO;GA;;;WD)", 0, {}},
          Row{"D:(D;OICIIO;GA;;;WD)(A;ID;GR;;;WD)", generic_read, {}}, Row{"D:", 0, {}}, Row{"D:P", 0, {}},
          Row{"D:(A;;;;;WD)", 0, {}}, Row{"D:(A;;FA;;;WD)", 0, {}},
          Row{"D:(A;;0xe0000000;;;WD)", winrm_all, {}}, Row{"O:BA", winrm_all, {}},
          Row{"D:NO_ACCESS_CONTROL", winrm_all, {}}}) {
        const auto decision = decided(row.sddl, token, generic_all);
        EXPECT_EQ(decision.granted, row.granted) << row.sddl;
        EXPECT_EQ(decision.denial, row.denial) << row.sddl;
        EXPECT_EQ(decision.allowed, row.granted == winrm_all) << row.sddl;
    }
}

TEST(Access, WantingNothingIsNoPass) {
    EXPECT_FALSE(decided("D:(A;;GA;;;WD)", network_token(somebody, {}), 0).allowed);
    EXPECT_FALSE(decided("O:BA", network_token(somebody, {}), 0).allowed);
}

TEST(Access, AnEmptyTokenIsNobody) {
    EXPECT_FALSE(decided("D:(A;;GA;;;WD)(A;;GA;;;AU)(A;;GA;;;NU)", Token{}, generic_read).allowed);
}

TEST(Access, TheOwnerHasTheDescriptorAndNoneOfTheThreeRights) {
    const Token owner = network_token(somebody, {sids::network_service});
    EXPECT_EQ(decided("O:NSD:", owner, read_control | write_dac).granted, read_control | write_dac);
    EXPECT_EQ(decided("O:NSD:(D;;RCWD;;;WD)", owner, read_control | write_dac).granted,
              read_control | write_dac);
    EXPECT_EQ(decided("O:NSD:", owner, winrm_all).granted, 0u);
    EXPECT_EQ(decided("O:BAD:", owner, read_control).granted, 0u);
    // OWNER RIGHTS takes their place, and is nobody but the owner.
    EXPECT_EQ(decided("O:NSD:(A;;GR;;;OW)", owner, read_control | generic_read).granted, generic_read);
    EXPECT_EQ(decided("O:BAD:(A;;GR;;;OW)", owner, generic_read).granted, 0u);
    EXPECT_EQ(decided("O:NSD:(A;IO;GR;;;OW)", owner, read_control | generic_read).granted, read_control);
    EXPECT_EQ(decided("D:(A;;GR;;;OW)", owner, generic_read).granted, 0u);
}

TEST(Access, ObjectEntriesAreJudgedOnTheSafeSide) {
    const auto token = network_token(somebody, {});
    const std::string guid = "bf967aba-0de6-11d0-a285-00aa003049e2";
    EXPECT_TRUE(decided("D:(OA;;GR;;;WD)", token, generic_read).allowed);
    EXPECT_TRUE(decided("D:(OA;;GR;;" + guid + ";WD)", token, generic_read).allowed);
    EXPECT_FALSE(decided("D:(OA;;GR;" + guid + ";;WD)", token, generic_read).allowed);
    EXPECT_FALSE(decided("D:(OD;;GR;" + guid + ";;WD)(A;;GA;;;WD)", token, generic_read).allowed);
    EXPECT_EQ(decided("D:(A;;GA;;;WD)S:(OU;SA;GR;" + guid + ";;WD)", token, generic_read).audits, Indexes{0});
}

TEST(Access, AuditEntriesFireByOutcomeRightAndPerson) {
    const auto token = network_token(somebody, {});
    struct Row {
        const char* system;
        Indexes on_success, on_failure;
    };
    for (const auto& row : {Row{"S:(AU;SA;GA;;;WD)(AU;FA;GA;;;WD)(AU;SAFA;GA;;;WD)", {0, 2}, {1, 2}},
                            Row{"S:(AU;;GA;;;WD)", {}, {}}, Row{"S:(AU;SAFA;GW;;;WD)", {}, {}},
                            Row{"S:(AU;SAFA;GA;;;BA)", {}, {}}, Row{"S:(AU;IOSAFA;GA;;;WD)", {}, {}},
                            Row{"S:(AL;SAFA;GA;;;WD)(ML;;NW;;;LW)", {}, {}}, Row{"S:", {}, {}},
                            Row{"S:(AU;SAFA;GR;;;S-1-5-21-1-2-3-1000)", {0}, {0}}}) {
        EXPECT_EQ(decided(std::string("D:(A;;GA;;;WD)") + row.system, token, generic_read).audits,
                  row.on_success);
        EXPECT_EQ(decided(std::string("D:") + row.system, token, generic_read).audits, row.on_failure);
    }
}

TEST(Access, OfTheServiceManager) {
    const auto descriptor = descriptor_of(service_manager);
    const auto may = [&](const Token& token, AccessMask wanted) {
        return decide(descriptor, token, wanted, service_manager_mapping).allowed;
    };
    const auto plain = network_token(somebody, {}), admin = network_token(somebody, {sids::administrators});
    EXPECT_TRUE(may(plain, 0x1));   // Connect
    EXPECT_FALSE(may(plain, 0x4));  // Enumerate services
    EXPECT_FALSE(may(plain, generic_read));
    EXPECT_TRUE(may(admin, generic_all));
    EXPECT_EQ(decide(descriptor, plain, generic_read, service_manager_mapping).audits, Indexes{0});
}

TEST(Access, EffectiveRights) {
    EXPECT_EQ(effective_rights(descriptor_of(default_root), network_token(somebody, {sids::administrators})),
              winrm_all);
    EXPECT_EQ(effective_rights(descriptor_of(default_root), network_token(somebody, {})), 0u);
    EXPECT_EQ(effective_rights(descriptor_of("D:(A;;GRCC;;;WD)"), network_token(somebody, {})),
              generic_read | 1);
}

TEST(Access, RightsHaveNames) {
    EXPECT_EQ(right_named("full"), generic_all);
    EXPECT_EQ(right_named("Read"), generic_read);
    EXPECT_EQ(right_named("WRITE"), generic_write);
    EXPECT_EQ(right_named("execute"), generic_execute);
    for (const auto* word : {"", "rea", "reads", "GR"}) EXPECT_FALSE(right_named(word)) << word;
    struct Row {
        AccessMask mask;
        const char* names;
    };
    for (const auto& row :
         {Row{0, "None"}, Row{generic_all, "Full"}, Row{winrm_all, "Full"},
          Row{generic_all | generic_read, "Full"}, Row{generic_read | generic_execute, "Read, Execute"},
          Row{generic_write | 0x5, "Write, CCLC"}, Row{0xf003f, "KA"}})
        EXPECT_EQ(right_names(row.mask), row.names);
}

}  // namespace
}  // namespace mullion::rights
