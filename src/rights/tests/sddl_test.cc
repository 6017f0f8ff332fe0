#include "rights/sddl.h"

#include <gtest/gtest.h>

#include <set>

#include "rights/tests/sddl_support.h"

namespace mullion::rights {
namespace {

using namespace std::string_literals;

const std::string guid = "bf967aba-0de6-11d0-a285-00aa003049e2";

SddlFault fault_of(std::string_view text, const SddlLimits& limits = {}) {
    const auto read = parse_sddl(text, {}, limits);
    const auto* fault = std::get_if<SddlFault>(&read);
    EXPECT_TRUE(fault) << text;
    return fault ? *fault : SddlFault{};
}

TEST(Sddl, IsUnderstood) {
    const auto read = descriptor_of(default_root);
    EXPECT_EQ(read.owner, sids::network_service);
    EXPECT_EQ(read.group, sids::administrators);
    ASSERT_TRUE(read.dacl && read.sacl);
    EXPECT_TRUE(read.dacl->is_protected && !read.dacl->auto_inherited && !read.dacl->null);
    ASSERT_EQ(read.dacl->aces.size(), 2u);
    EXPECT_EQ(read.dacl->aces[0], (Ace{AceType::A, 0, generic_all, "", "", sids::administrators}));
    EXPECT_EQ(read.dacl->aces[1], (Ace{AceType::A, 0, generic_read, "", "", sids::interactive}));
    ASSERT_EQ(read.sacl->aces.size(), 2u);
    EXPECT_EQ(read.sacl->aces[0], (Ace{AceType::AU, audit_failure, generic_all, "", "", sids::everyone}));
    EXPECT_EQ(read.sacl->aces[1],
              (Ace{AceType::AU, audit_success, generic_execute | generic_write, "", "", sids::everyone}));
}

// Texts as Windows shows them: of WinRM, services, files, keys, directory objects, labels.
TEST(Sddl, OfWindowsComesBackAsItWas) {
    for (const auto& text :
         {std::string(default_root), std::string(service_manager),
          "O:NSG:BAD:P(A;;GA;;;BA)(A;;GA;;;RM)(A;;GR;;;IU)S:P(AU;FA;GA;;;WD)(AU;SA;GXGW;;;WD)"s,
          "D:(A;;CCLCSWRPWPDTLOCRRC;;;SY)(A;;CCDCLCSWRPWPDTLOCRSDRCWDWO;;;BA)"s,
          "O:BAG:S-1-5-21-1-2-3-513D:PAI(A;OICI;FA;;;SY)(A;OICIIO;SDGXGWGR;;;AU)(A;OICIID;0x1200a9;;;BU)"s,
          "D:PARAI(A;CI;KR;;;BU)(A;CI;KW;;;PU)(D;NPIO;FX;;;AN)(A;;FR;;;WD)(A;;FW;;;WD)S:ARAI"s,
          "D:(OA;CIIO;RPWP;" + guid + ";;PS)(OD;;CR;;" + guid + ";WD)S:(OU;CIIOIDSAFA;WP;" + guid + ";" +
              guid + ";WD)(OL;;CC;" + guid + ";;WD)(AL;SA;GA;;;WD)",
          "S:(ML;;NW;;;LW)(ML;;NWNRNX;;;HI)"s, "D:NO_ACCESS_CONTROL"s, "D:"s, "D:PS:P"s, "O:SY"s,
          "D:(A;;;;;WD)"s, "D:(A;;0x80000200;;;S-1-5-32-562)"s})
        EXPECT_EQ(write_sddl(descriptor_of(text)), text);
}

TEST(Sddl, IsReadInOtherClothesAndWrittenInItsOwn) {
    struct Row {
        const char *text, *written;
    };
    for (const auto& row :
         {Row{"d:p(a;;ga;;;ba)", "D:P(A;;GA;;;BA)"}, Row{"S:D:O:BA", "O:BAD:S:"},
          Row{"D:(A;;RPCC;;;S-1-5-32-544)", "D:(A;;CCRP;;;BA)"},
          Row{"D:(A;IOCI;0X10000000;;;BA)", "D:(A;CIIO;GA;;;BA)"},
          Row{"D:(A;;268435456;;;BA)", "D:(A;;GA;;;BA)"}, Row{"D:(A;;010;;;BA)", "D:(A;;SW;;;BA)"},
          Row{"D:(A;;0;;;BA)", "D:(A;;;;;BA)"}, Row{"D:(A;;0x1F01FF;;;BA)", "D:(A;;FA;;;BA)"},
          Row{"D:(A;;KX;;;BA)", "D:(A;;KR;;;BA)"}, Row{"D:(A;;KARC;;;BA)", "D:(A;;KA;;;BA)"},
          Row{"S:(ML;;0x10;;;LW)", "S:(ML;;0x10;;;LW)"}, Row{"D:AIARP", "D:PARAI"},
          Row{"D:NO_ACCESS_CONTROLP", "D:PNO_ACCESS_CONTROL"},
          Row{"D:(OA;;CC;BF967ABA-0DE6-11D0-A285-00AA003049E2;;WD)",
              "D:(OA;;CC;bf967aba-0de6-11d0-a285-00aa003049e2;;WD)"}})
        EXPECT_EQ(write_sddl(descriptor_of(row.text)), row.written) << row.text;
}

TEST(Sddl, HasAliasesOfDomainsThatAreKnown) {
    const Domains domains{Sid(5, {21, 7}), Sid(5, {21, 8}), Sid(5, {21, 9})};
    const auto text = "O:LAG:DUD:(A;;GA;;;DA)(A;;GA;;;EA)"s;
    const auto read = parse_sddl(text, domains);
    const auto* descriptor = std::get_if<Descriptor>(&read);
    ASSERT_TRUE(descriptor);
    EXPECT_EQ(write_sddl(*descriptor, domains), text);
    EXPECT_EQ(write_sddl(*descriptor),
              "O:S-1-5-21-7-500G:S-1-5-21-8-513D:(A;;GA;;;S-1-5-21-8-512)"
              "(A;;GA;;;S-1-5-21-9-519)");
    const auto fault = fault_of("D:(A;;GA;;;DA)");
    EXPECT_EQ(fault.place, 11u);
    EXPECT_EQ(fault.expected, "a SID in place of Domain Admins, whose domain is not known");
}

struct FaultRow {
    std::string text;
    std::size_t place;
    const char* expected;  // Its beginning.
};

TEST(Sddl, FaultsSayWhereAndWhatWasExpected) {
    const FaultRow rows[] = {
        {"", 0, "O:, G:, D: or S:"},
        {"X", 0, "O:, G:, D: or S:"},
        {" D:", 0, "O:, G:, D: or S:"},
        {"D: ", 2, "P, AR, AI, NO_ACCESS_CONTROL, an ACE or the next"},
        {"O:", 2, "a SID (S-1-5-32-544) or the two letters"},
        {"O:XX", 2, "a SID (S-1-5-32-544) or the two letters"},
        {"O:S-1-5G:BA", 2, "a SID (S-1-5-32-544)"},
        {"O:BAO:BA", 4, "one owner"},
        {"G:BAG:BA", 4, "one group"},
        {"D:D:", 2, "one D:"},
        {"S:S:", 2, "one S:"},
        {"D:Q", 2, "P, AR, AI"},
        {"D:(A;;GA;;;BA)x", 14, "an ACE or the next of"},
        {"D:(A;;GA;;;BA", 13, "')'"},
        {"D:(A;;GA;;;BA;(x))", 13, "')'"},
        {"D:(A;;GA;;;)", 11, "a SID"},
        {"D:(A;;GA;;BA)", 10, "';' (only an object ACE"},
        {"D:(A;;GA;" + guid + ";;BA)", 9, "';' (only an object ACE"},
        {"D:(OA;;GA;bf967aba;;BA)", 18, "a GUID"},
        {"D:(OA;;GA;" + guid + "0;;BA)", 46, "';'"},
        {"D:(A;XX;GA;;;BA)", 5, "OI, CI, NP"},
        {"D:(A;TP;GA;;;BA)", 5, "OI, CI, NP"},
        {"D:(A;;GAX;;;BA)", 8, "the letters of a right"},
        {"D:(A;;NW;;;BA)", 6, "the letters of a right"},
        {"S:(ML;;GA;;;LW)", 7, "NW, NR, NX"},
        {"D:(A;;0x;;;BA)", 8, "a hexadecimal digit"},
        {"D:(A;;08;;;BA)", 7, "';'"},
        {"D:(A;;0x100000000;;;BA)", 6, "a number of 32 bits"},
        {"D:(A;;4294967296;;;BA)", 6, "a number of 32 bits"},
        {"D:(AU;SA;GA;;;BA)", 3, "A, D, OA or OD"},
        {"S:(A;;GA;;;BA)", 3, "AU, AL, OU, OL or ML"},
        {"D:(;;GA;;;BA)", 3, "A, D, OA or OD"},
        {"D:NO_ACCESS_CONTROL(A;;GA;;;BA)", 19, "no ACEs after"},
        {"O:BA\0"s, 4, "O:, G:, D: or S:"},
    };
    for (const auto& row : rows) {
        const auto fault = fault_of(row.text);
        EXPECT_EQ(fault.place, row.place) << row.text << ": " << fault.text();
        EXPECT_TRUE(fault.expected.starts_with(row.expected)) << row.text << ": " << fault.text();
    }
    EXPECT_EQ(fault_of("D:(A;;GA;;;BA").text(), "character 14: expected ')', found the end");
    EXPECT_EQ(fault_of("D:\n\x80").text(),
              "character 3: expected P, AR, AI, NO_ACCESS_CONTROL, an ACE or the next of "
              "O: G: D: S:, found \"??\"");
}

TEST(Sddl, TypesThatCannotBeJudgedAreRefusedByName) {
    struct Row {
        const char *text, *named;
    };
    for (const auto& row :
         {Row{"D:(XA;;GA;;;BA;(@User.Title==\"PM\"))", "(a conditional ACE is not supported)"},
          Row{"D:(XD;;GA;;;BA;(Exists x))", "(a conditional ACE is"},
          Row{"S:(XU;SA;GA;;;BA;(Exists x))", "(a conditional ACE is"},
          Row{"D:(ZA;;GA;;;BA;(Exists x))", "(a conditional ACE is"},
          Row{"S:(RA;;;;;WD;(\"Project\",TS,0,\"x\"))", "(a resource attribute is"},
          Row{"S:(SP;;;;;S-1-17-1)", "(a scoped policy is"},
          Row{"S:(TL;;0x1;;;S-1-19-512-4096)", "(a process trust"},
          Row{"S:(FL;;0x1;;;WD;(Exists x))", "(an access filter is"}}) {
        const auto fault = fault_of(row.text);
        EXPECT_EQ(fault.place, 3u);
        EXPECT_NE(fault.expected.find(row.named), std::string::npos) << fault.text();
    }
}

TEST(Sddl, HasLimits) {
    const std::string ace = "(A;;GA;;;BA)";
    std::string text = "D:" + ace + ace + ace;
    EXPECT_TRUE(std::holds_alternative<Descriptor>(parse_sddl(text, {}, {text.size(), 3})));
    EXPECT_EQ(fault_of(text, {text.size(), 2}).expected, "at most 2 ACEs");
    EXPECT_EQ(fault_of(text, {text.size(), 2}).place, 2 + 2 * ace.size());
    EXPECT_EQ(fault_of(text, {text.size() - 1, 3}).expected, "at most 37 bytes");
    EXPECT_EQ(fault_of(std::string(65'537, '(')).place, 65'536u);
}

TEST(Sddl, EveryTruncationIsRefusedOrEndsAPart) {
    // After each O:, G:, list's letter, flag and ACE the text could end; nowhere else.
    const std::set<std::size_t> ends{4, 8, 10, 11, 23, 35, 37, 38, 53, default_root.size()};
    for (std::size_t size = 0; size <= default_root.size(); ++size) {
        const auto cut = default_root.substr(0, size);
        const auto read = parse_sddl(cut);
        EXPECT_EQ(std::holds_alternative<Descriptor>(read), ends.contains(size)) << cut;
        if (const auto* descriptor = std::get_if<Descriptor>(&read)) {
            EXPECT_EQ(write_sddl(*descriptor), cut);
        }
        if (const auto* fault = std::get_if<SddlFault>(&read)) {
            EXPECT_LE(fault->place, size) << cut;
        }
    }
    const auto object = "D:(OA;CI;RP;" + guid + ";;PS)";
    for (std::size_t size = 3; size < object.size(); ++size)
        EXPECT_TRUE(std::holds_alternative<SddlFault>(parse_sddl(object.substr(0, size)))) << size;
}

}  // namespace
}  // namespace mullion::rights
