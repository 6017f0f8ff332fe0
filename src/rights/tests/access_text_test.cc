#include "rights/access_text.h"

#include <gtest/gtest.h>

#include "rights/tests/sddl_support.h"

namespace mullion::rights {
namespace {

const Sid machine(5, {21, 1, 2, 3});

// A machine with the accounts alice, "BA" and "deny x".
class Accounts final : public Names {
public:
    Accounts() : Names({machine, {}, {}}) {}
    std::optional<Sid> account(std::string_view name) const override {
        if (name == "alice") return machine.with_rid(1000);
        if (name == "BA") return machine.with_rid(1001);
        if (name == "deny x") return machine.with_rid(1002);
        if (name == "Everyone") return machine.with_rid(1003);
        return std::nullopt;
    }
    std::string account_name(const Sid& sid) const override {
        if (sid == machine.with_rid(1000)) return "alice";
        if (sid == machine.with_rid(1001)) return "BA";
        if (sid == machine.with_rid(1002)) return "deny x";
        if (sid == machine.with_rid(1003)) return "Everyone";
        return {};
    }
};
const Accounts names;

std::string applied(std::string_view before, std::string_view text) {
    const auto result = apply_access_text(descriptor_of(before), text, names);
    if (const auto* wrong = std::get_if<AccessTextFault>(&result))
        return std::to_string(wrong->line) + ": " + wrong->what;
    if (const auto* refused = std::get_if<EditFault>(&result))
        return std::string(mullion::rights::text(*refused));
    const auto& edited = std::get<Edited>(result);
    EXPECT_EQ(edited.changed, !(edited.descriptor == descriptor_of(before)));
    return write_sddl(edited.descriptor);
}

TEST(Trustee, IsFoundByEveryNameItHas) {
    for (const auto* word :
         {"S-1-5-32-580", "RM", "rm", "Remote Management Users", "builtin\\remote management users"})
        EXPECT_EQ(find_trustee(word, names), sids::remote_management_users) << word;
    EXPECT_EQ(find_trustee("alice", names), machine.with_rid(1000));
    EXPECT_EQ(find_trustee("LA", names), machine.with_rid(500));
    EXPECT_EQ(find_trustee("BA", names), machine.with_rid(1001)) << "an account goes before two letters";
    EXPECT_EQ(find_trustee("Everyone", names), sids::everyone) << "and does not hide a group";
    for (const auto* word : {"", "bob", "DA", "Domain Admins", "S-1-5"})
        EXPECT_FALSE(find_trustee(word, names)) << word;
    EXPECT_EQ(find_trustee("BA", Names()), sids::administrators);
}

TEST(Trustee, HasANameThatMeansNobodyElse) {
    EXPECT_EQ(trustee_name(sids::administrators, names), "BUILTIN\\Administrators");
    EXPECT_EQ(trustee_name(*machine.with_rid(1000), names), "alice");
    EXPECT_EQ(trustee_name(*machine.with_rid(1003), names), "S-1-5-21-1-2-3-1003");
    EXPECT_EQ(trustee_name(*machine.with_rid(1000), Names()), "S-1-5-21-1-2-3-1000");
}

TEST(AccessText, NamesWhoMay) {
    EXPECT_EQ(write_access_text(descriptor_of(default_root), names),
              "BUILTIN\\Administrators: Full\nNT AUTHORITY\\INTERACTIVE: Read\n");
    EXPECT_EQ(
        write_access_text(descriptor_of("D:(D;;GW;;;WD)(A;;GR;;;RM)(A;;GX;;;RM)(A;;GRRC;;;S-1-5-21-1-2-3-"
                                        "1000)(A;;GA;;;S-1-5-21-1-2-3-1002)"),
                          names),
        "deny Everyone: Write\nBUILTIN\\Remote Management Users: Read, Execute\nalice: Read, RC\n"
        "S-1-5-21-1-2-3-1002: Full\n");
    EXPECT_EQ(
        write_access_text(descriptor_of("D:(A;IO;GA;;;BA)(A;ID;GA;;;BA)(A;;;;;BA)(OA;;GA;;;BA)"), names), "");
    EXPECT_EQ(write_access_text(descriptor_of("O:BA"), names), "");
}

TEST(AccessText, UntouchedLinesTouchNothing) {
    for (const std::string& before :
         {std::string(default_root),
          std::string("O:BAG:SYD:PAI(A;;GRGX;;;RM)(A;;GA;;;BA)(D;;GW;;;IU)(OA;;GA;bf967aba-0de6-11d0-a285-"
                      "00aa003049e2;;WD)(A;;GW;;;RM)(A;;GXGWGR;;;S-1-5-21-1-2-3-1002)(A;ID;GR;;;BU)S:(AU;FA;"
                      "GA;;;WD)")}) {
        const auto descriptor = descriptor_of(before);
        const auto result = apply_access_text(descriptor, write_access_text(descriptor, names), names);
        const auto* edited = std::get_if<Edited>(&result);
        ASSERT_TRUE(edited) << before;
        EXPECT_FALSE(edited->changed || edited->reordered);
        EXPECT_EQ(edited->descriptor, descriptor);
    }
}

// seeds/003: add the group, tick Read and Execute.
TEST(AccessText, LetsInThoseWhoMonitor) {
    EXPECT_EQ(applied(default_root,
                      "# who may\r\n\r\nBUILTIN\\Administrators: Full\r\nNT AUTHORITY\\INTERACTIVE: Read\r\n"
                      "  remote management users :\tread,EXECUTE  \r\n"),
              "O:NSG:BAD:P(A;;GA;;;BA)(A;;GR;;;IU)(A;;GXGR;;;RM)S:P(AU;FA;GA;;;WD)(AU;SA;GXGW;;;WD)");
}

TEST(AccessText, ChangesWhatItSaysAndKeepsTheRest) {
    const std::string audits = "S:(AU;FA;GA;;;WD)";
    struct Row {
        std::string before, text, after;
    };
    for (const auto& row :
         {Row{"D:(A;;GA;;;BA)(A;;GR;;;IU)" + audits, "Administrators: full", "D:(A;;GA;;;BA)" + audits},
          Row{"D:(A;;GA;;;BA)(A;;GR;;;IU)" + audits, "Administrators: full\nINTERACTIVE: write",
              "D:(A;;GA;;;BA)(A;;GW;;;IU)" + audits},
          Row{"D:(A;;GA;;;BA)(A;;GR;;;RM)(A;;GX;;;RM)", "administrators: full\nRM: Read,Execute,Write",
              "D:(A;;GA;;;BA)(A;;GXGWGR;;;RM)"},
          // A denial goes in front, an allowance before what is inherited.
          Row{"D:(A;;GA;;;BA)(A;ID;GR;;;BU)", "administrators: full\ndeny alice: execute\nalice: full",
              "D:(D;;GX;;;S-1-5-21-1-2-3-1000)(A;;GA;;;BA)(A;;GA;;;S-1-5-21-1-2-3-1000)(A;ID;GR;;;BU)"},
          Row{"D:(D;;GA;;;IU)(A;;GA;;;BA)", "administrators: full", "D:(A;;GA;;;BA)"},
          Row{"D:(A;;GA;;;BA)(A;IO;GR;;;RM)", "administrators: full\nrm: 0x20000",
              "D:(A;;GA;;;BA)(A;IO;GR;;;RM)(A;;RC;;;RM)"},
          // Entries out of order are put in order along with a change.
          Row{"D:(A;;GA;;;BA)(D;;GX;;;IU)", "administrators: full\ndeny INTERACTIVE: execute, read",
              "D:(D;;GXGR;;;IU)(A;;GA;;;BA)"}})
        EXPECT_EQ(applied(row.before, row.text), row.after);
}

TEST(AccessText, RefusesNonsenseByLine) {
    struct Row {
        std::string text, fault;
    };
    const std::string fine = "administrators: full\n";
    for (const auto& row :
         {Row{fine + "wheel", "2: NAME: RIGHTS is wanted, and not \"wheel\""},
          Row{fine + "\n# x\nwheel: read", "4: there is no group or account \"wheel\""},
          Row{fine + ": read", "2: there is no group or account \"\""},
          Row{fine + "Domain Admins: read", "2: there is no group or account \"Domain Admins\""},
          Row{fine + "rm: reed",
              "2: Full, Read, Write or Execute is wanted, and not \"reed\"; did you mean Read?"},
          Row{fine + "rm: read,", "2: Full, Read, Write or Execute is wanted, and not \"\""},
          Row{fine + "rm: 0", "2: Full, Read, Write or Execute is wanted, and not \"0\""},
          Row{fine + "rm: none", "2: Full, Read, Write or Execute is wanted, and not \"none\""},
          Row{fine + "rm: GR;;;WD)(A;;GA",
              "2: Full, Read, Write or Execute is wanted, and not \"GR;;;WD)(A;;GA\""},
          Row{fine + "rm:",
              "2: no right after the colon; to take the rights away, take the line away as a whole"},
          Row{fine + "rm: read\nS-1-5-32-580: write",
              "3: there is already a line for BUILTIN\\Remote Management Users"},
          Row{fine + "\x1b[2J: read", "2: there is no group or account \"\\x1b[2J\""},
          Row{fine + std::string(1025, 'x'), "2: the line is too long"}})
        EXPECT_EQ(applied(default_root, row.text), row.fault);
    std::string many;
    for (unsigned i = 0; i <= SddlLimits{}.aces; ++i) many += "S-1-5-21-" + std::to_string(i) + ": read\n";
    EXPECT_EQ(applied(default_root, many), "1025: these are too many");
}

TEST(AccessText, RefusesToLockEveryoneOut) {
    const auto locked = std::string(text(EditFault::locked_out));
    for (const auto* said : {"", "# nobody", "INTERACTIVE: full", "administrators: read, execute",
                             "administrators: full\ndeny everyone: write", "deny administrators: full"})
        EXPECT_EQ(applied(default_root, said), locked) << said;
    EXPECT_EQ(applied("O:BA", "administrators: full"), std::string(text(EditFault::no_dacl)));
    EXPECT_EQ(applied("D:NO_ACCESS_CONTROL", "administrators: full"), std::string(text(EditFault::no_dacl)));
}

TEST(AccessText, EveryTruncationIsRefusedOrSaysLess) {
    const std::string whole = "BUILTIN\\Administrators: Full\nalice: Read, Execute\n";
    const auto before = descriptor_of(default_root);
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const auto result = apply_access_text(before, whole.substr(0, size), names);
        const auto* edited = std::get_if<Edited>(&result);
        // The first line whole, and the second not begun, whole, or behind a whole word of it.
        const bool fine = size == 28 || size == 29 || size == 40 || size == 49;
        EXPECT_EQ(edited != nullptr, fine) << whole.substr(0, size);
    }
}

TEST(AccessLine, IsWhatGrantTakes) {
    const auto read = parse_access_line("Remote Management Users:read,execute", names);
    const auto* line = std::get_if<AccessLine>(&read);
    ASSERT_TRUE(line);
    EXPECT_EQ(line->sid, sids::remote_management_users);
    EXPECT_EQ(line->mask, generic_read | generic_execute);
    EXPECT_EQ(line->type, AceType::A);
    EXPECT_EQ(std::get<AccessLine>(parse_access_line("DENY\talice: full", names)).type, AceType::D);
    EXPECT_EQ(std::get<AccessTextFault>(parse_access_line("alice", names)).line, 1u);
}

}  // namespace
}  // namespace mullion::rights
