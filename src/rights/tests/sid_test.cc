#include "rights/sid.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "rights/well_known.h"

namespace mullion::rights {
namespace {

using namespace std::string_literals;

const std::string account = "S-1-5-21-3051596711-3341658857-577043467-1000";

TEST(Sid, IsTheSameTextAgain) {
    for (const auto& text :
         {"S-1-1-0"s, "S-1-5-32-544"s, account, "S-1-5-21-4294967295-0-1-2"s, "S-1-4294967295-7"s,
          "S-1-0x0001000000AF-1-2"s, "S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15"s}) {
        const auto sid = parse_sid(text);
        ASSERT_TRUE(sid) << text;
        EXPECT_EQ(sid->text(), text);
    }
}

TEST(Sid, IsReadInOtherClothes) {
    EXPECT_EQ(parse_sid("s-1-5-32-544"), sids::administrators);
    EXPECT_EQ(parse_sid("S-1-0x000000000005-32-544"), sids::administrators);
    EXPECT_EQ(parse_sid("S-1-5-0000000032-0544"), sids::administrators);
}

TEST(Sid, NothingElseIsOne) {
    for (const auto* text :
         {"", "S-1-5", "S-1-5-", "S-1--5", "S-2-5-32", "S-1-5-32-544 ", " S-1-5-32", "S-1-5-4294967296",
          "S-1-5-00000000032", "S-1-4294967296-1", "S-1-0x05-1", "S-1-0x00000000000g-1", "S-1-5-+1",
          "S-1-5-0x20", "S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15-16", "BA", "S-1-5-32-544-", "X-1-5-1"})
        EXPECT_FALSE(parse_sid(text)) << text;
    EXPECT_FALSE(parse_sid("S-1-5-32\0"s));
}

TEST(Sid, EveryTruncationIsRefusedOrAnother) {
    for (std::size_t size = 0; size < account.size(); ++size) {
        const auto cut = parse_sid(std::string_view(account).substr(0, size));
        // What ends behind a digit of a sub-authority is a SID again, and says so.
        const bool whole = size > 6 && account[size - 1] != '-';
        EXPECT_EQ(cut.has_value(), whole) << size;
        if (cut) {
            EXPECT_EQ(cut->text(), account.substr(0, size));
        }
    }
}

TEST(Sid, EndsWhereMoreFollows) {
    const auto front = parse_sid_front("S-1-5-32-544D:(A;;GA;;;WD)");
    ASSERT_TRUE(front);
    EXPECT_EQ(front->sid, sids::administrators);
    EXPECT_EQ(front->size, 12u);
}

// [MS-DTYP] 2.4.2.2: revision, count, authority big-endian, sub-authorities little-endian.
TEST(Sid, HasABinaryForm) {
    const auto bytes = "\x01\x02\x00\x00\x00\x00\x00\x05\x20\x00\x00\x00\x20\x02\x00\x00"s;
    EXPECT_EQ(sids::administrators.binary(), bytes);
    EXPECT_EQ(read_binary_sid(bytes), sids::administrators);
    const auto big = *parse_sid("S-1-0x123456789ABC-4294967295");
    EXPECT_EQ(big.binary(), "\x01\x01\x12\x34\x56\x78\x9a\xbc\xff\xff\xff\xff"s);
    EXPECT_EQ(read_binary_sid(big.binary()), big);
}

TEST(Sid, EveryTruncationOfItsBytesIsRefused) {
    const auto bytes = parse_sid(account)->binary();
    ASSERT_EQ(read_binary_sid(bytes)->text(), account);
    for (std::size_t size = 0; size < bytes.size(); ++size)
        EXPECT_FALSE(read_binary_sid(std::string_view(bytes).substr(0, size))) << size;
    EXPECT_FALSE(read_binary_sid(bytes + "\0"s));
    EXPECT_FALSE(read_binary_sid("\x02" + bytes.substr(1)));
    EXPECT_FALSE(read_binary_sid("\x01\x00\x00\x00\x00\x00\x00\x05"s));
    EXPECT_FALSE(read_binary_sid("\x01\x10\x00\x00\x00\x00\x00\x05"s + std::string(64, '\0')));
}

TEST(Sid, HasBounds) {
    const std::vector<std::uint32_t> many(16, 1);
    EXPECT_FALSE(Sid::of(5, many));
    EXPECT_FALSE(Sid::of(5, {}));
    EXPECT_FALSE(Sid::of(std::uint64_t{1} << 48, {many.data(), 1}));
    const auto full = Sid::of(5, {many.data(), 15});
    ASSERT_TRUE(full);
    EXPECT_FALSE(full->with_rid(1));
    EXPECT_THROW(Sid(5, {}), std::length_error);
}

struct AliasRow {
    const char* letters;
    const char* sid;
};

// [MS-DTYP] 2.4.2.4, by the letters of 2.5.1.1. A machine, a domain and a forest are S-1-5-21-7, -8 and -9.
constexpr AliasRow alias_rows[] = {
    {"WD", "S-1-1-0"},
    {"CO", "S-1-3-0"},
    {"CG", "S-1-3-1"},
    {"OW", "S-1-3-4"},
    {"NU", "S-1-5-2"},
    {"IU", "S-1-5-4"},
    {"SU", "S-1-5-6"},
    {"AN", "S-1-5-7"},
    {"ED", "S-1-5-9"},
    {"PS", "S-1-5-10"},
    {"AU", "S-1-5-11"},
    {"RC", "S-1-5-12"},
    {"SY", "S-1-5-18"},
    {"LS", "S-1-5-19"},
    {"NS", "S-1-5-20"},
    {"WR", "S-1-5-33"},
    {"UD", "S-1-5-84-0-0-0-0-0"},
    {"BA", "S-1-5-32-544"},
    {"BU", "S-1-5-32-545"},
    {"BG", "S-1-5-32-546"},
    {"PU", "S-1-5-32-547"},
    {"AO", "S-1-5-32-548"},
    {"SO", "S-1-5-32-549"},
    {"PO", "S-1-5-32-550"},
    {"BO", "S-1-5-32-551"},
    {"RE", "S-1-5-32-552"},
    {"RU", "S-1-5-32-554"},
    {"RD", "S-1-5-32-555"},
    {"NO", "S-1-5-32-556"},
    {"MU", "S-1-5-32-558"},
    {"LU", "S-1-5-32-559"},
    {"IS", "S-1-5-32-568"},
    {"CY", "S-1-5-32-569"},
    {"ER", "S-1-5-32-573"},
    {"CD", "S-1-5-32-574"},
    {"RA", "S-1-5-32-575"},
    {"ES", "S-1-5-32-576"},
    {"MS", "S-1-5-32-577"},
    {"HA", "S-1-5-32-578"},
    {"AA", "S-1-5-32-579"},
    {"RM", "S-1-5-32-580"},
    {"AC", "S-1-15-2-1"},
    {"LW", "S-1-16-4096"},
    {"ME", "S-1-16-8192"},
    {"MP", "S-1-16-8448"},
    {"HI", "S-1-16-12288"},
    {"SI", "S-1-16-16384"},
    {"LA", "S-1-5-21-7-500"},
    {"LG", "S-1-5-21-7-501"},
    {"DA", "S-1-5-21-8-512"},
    {"DU", "S-1-5-21-8-513"},
    {"DG", "S-1-5-21-8-514"},
    {"DC", "S-1-5-21-8-515"},
    {"DD", "S-1-5-21-8-516"},
    {"CA", "S-1-5-21-8-517"},
    {"PA", "S-1-5-21-8-520"},
    {"CN", "S-1-5-21-8-522"},
    {"RS", "S-1-5-21-8-553"},
    {"RO", "S-1-5-21-9-498"},
    {"SA", "S-1-5-21-9-518"},
    {"EA", "S-1-5-21-9-519"},
};

// The list of sid-token in 2.5.1.1, as it stands there.
constexpr std::string_view tokens =
    "DA DG DU ED DD DC BA BG BU LA LG AO BO PO SO AU PS CO CG SY PU WD RE IU NU SU RC WR AN SA CA RS EA PA "
    "RU LS NS "
    "RD NO MU LU IS CY OW ER RO CD AC RA ES MS UD HA CN AA RM LW ME MP HI SI";

TEST(Alias, EveryOneOfTheSpecificationIsThere) {
    const Domains domains{Sid(5, {21, 7}), Sid(5, {21, 8}), Sid(5, {21, 9})};
    std::set<std::string> expected, known;
    std::istringstream words{std::string(tokens)};
    for (std::string word; words >> word;) expected.insert(word);
    for (const auto& row : alias_rows) {
        const auto* found = find_alias(row.letters);
        ASSERT_NE(found, nullptr) << row.letters;
        EXPECT_EQ(found->letters, row.letters);
        ASSERT_TRUE(found->sid(domains)) << row.letters;
        EXPECT_EQ(found->sid(domains)->text(), row.sid);
        EXPECT_EQ(find_well_known(*found->sid(domains), domains), found);
        known.insert(row.letters);
    }
    EXPECT_EQ(known, expected);
    EXPECT_EQ(static_cast<std::size_t>(std::count_if(well_known().begin(), well_known().end(),
                                                     [](const auto& one) { return !one.letters.empty(); })),
              expected.size());
}

TEST(Alias, OfADomainNeedsOne) {
    for (const auto* letters : {"LA", "DA", "EA"}) {
        EXPECT_FALSE(find_alias(letters)->sid({})) << letters;
        EXPECT_FALSE(find_alias(letters)->sid({Sid(5, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}),
                                               Sid(5, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}),
                                               Sid(5, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15})}));
    }
    EXPECT_EQ(find_alias(""), nullptr);
    EXPECT_EQ(find_alias("XX"), nullptr);
    EXPECT_EQ(find_alias("ba"), find_alias("BA"));
}

TEST(WellKnown, IsFoundByName) {
    struct Row {
        const char* name;
        Sid sid;
    };
    for (const auto& row : {Row{"Remote Management Users", sids::remote_management_users},
                            Row{"builtin\\remote management users", sids::remote_management_users},
                            Row{"Performance Monitor Users", sids::performance_monitor_users},
                            Row{"Performance Log Users", sids::performance_log_users},
                            Row{"Event Log Readers", sids::event_log_readers},
                            Row{"Distributed COM Users", sids::distributed_com_users},
                            Row{"Administrators", sids::administrators}, Row{"NETWORK", sids::network},
                            Row{"everyone", sids::everyone}}) {
        const auto* found = find_well_known(row.name);
        ASSERT_NE(found, nullptr) << row.name;
        EXPECT_EQ(found->absolute, row.sid) << row.name;
    }
    EXPECT_EQ(sids::distributed_com_users.text(), "S-1-5-32-562");
    EXPECT_EQ(find_well_known("OTHER\\Administrators"), nullptr);
    EXPECT_EQ(find_well_known(""), nullptr);
}

}  // namespace
}  // namespace mullion::rights
