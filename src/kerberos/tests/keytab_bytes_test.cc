#include "kerberos/keytab_bytes.h"

#include <gtest/gtest.h>

#include "kerberos/context.h"
#include "kerberos/memory_keytab.h"

namespace mullion::kerberos {
namespace {

std::string number(std::uint32_t value, unsigned bytes) {
    std::string text;
    for (unsigned i = bytes; i-- > 0;) text += static_cast<char>(value >> (8 * i));
    return text;
}
std::string counted(const std::string& text) {
    return number(static_cast<std::uint32_t>(text.size()), 2) + text;
}

struct Wanted {
    std::vector<std::string> components{"svc"};
    std::string realm = "CORP.EXAMPLE";
    std::string key = std::string(32, 'k');
    std::uint32_t version = 3;
    bool long_version = true;
};

std::string entry(const Wanted& wanted = {}) {
    auto body = number(static_cast<std::uint32_t>(wanted.components.size()), 2) + counted(wanted.realm);
    for (const auto& component : wanted.components) body += counted(component);
    body += number(1, 4) + number(1'700'000'000, 4) + number(wanted.version & 0xff, 1) + number(18, 2) +
            counted(wanted.key);
    if (wanted.long_version) body += number(wanted.version, 4);
    return number(static_cast<std::uint32_t>(body.size()), 4) + body;
}
std::string hole(unsigned size) {
    return number(0U - size, 4) + std::string(size, 'x');
}
const std::string begin("\x05\x02", 2);

std::string refusal(const std::string& bytes) {
    const auto parsed = parse_keytab(Secret(bytes));
    if (parsed.ok()) return "taken";
    EXPECT_EQ(parsed.error().id, ErrorId::kerberos_keytab);
    return parsed.error().detail;
}

TEST(KeytabBytes, GivesEachEntry) {
    Wanted host;
    host.components = {"HTTP", "web01.corp.example"};
    host.version = 300;
    Wanted old;
    old.long_version = false;
    old.version = 7;
    const auto parsed = parse_keytab(Secret(begin + entry() + hole(9) + entry(host) + entry(old)));
    ASSERT_TRUE(parsed.ok()) << parsed.error().detail;
    ASSERT_EQ(parsed->size(), 3U);
    EXPECT_EQ((*parsed)[0].realm, "CORP.EXAMPLE");
    EXPECT_EQ((*parsed)[0].components, std::vector<std::string>{"svc"});
    EXPECT_EQ((*parsed)[0].encryption, 18);
    EXPECT_EQ((*parsed)[0].name_type, 1U);
    EXPECT_TRUE((*parsed)[0].key.same_as(Secret(std::string(32, 'k'))));
    EXPECT_EQ((*parsed)[1].components, (std::vector<std::string>{"HTTP", "web01.corp.example"}));
    EXPECT_EQ((*parsed)[1].version, 300U);
    EXPECT_EQ((*parsed)[2].version, 7U);
}

TEST(KeytabBytes, RefusesWhatIsNone) {
    EXPECT_NE(refusal("").find("05 02"), std::string::npos);
    EXPECT_NE(refusal("password\n").find("05 02"), std::string::npos);
    EXPECT_NE(refusal(std::string("\x05\x01", 2) + entry()).find("old form"), std::string::npos);
    EXPECT_NE(refusal(begin).find("no key"), std::string::npos);
    EXPECT_NE(refusal(begin + hole(4)).find("no key"), std::string::npos);
    Wanted keyless;
    keyless.key.clear();
    EXPECT_NE(refusal(begin + entry(keyless)).find("number 1"), std::string::npos);
    Wanted many;
    many.components.assign(17, "a");
    EXPECT_NE(refusal(begin + entry() + entry(many)).find("number 2"), std::string::npos);
    EXPECT_NE(refusal(begin + number(0x80000000U, 4)).find("within an entry"), std::string::npos);
    EXPECT_NE(refusal(begin + std::string(largest_keytab, '\0')).find("bytes"), std::string::npos);
    std::string too_many = begin;
    for (std::size_t i = 0; i <= most_keytab_entries; ++i) too_many += entry();
    EXPECT_NE(refusal(too_many).find("too many"), std::string::npos);
}

TEST(KeytabBytes, EveryTruncationIsRefusedOrHasFewerKeys) {
    const auto whole = begin + entry() + hole(5) + entry();
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const auto parsed = parse_keytab(Secret(whole.substr(0, size)));
        if (!parsed.ok()) continue;
        EXPECT_EQ(parsed->size(), 1U) << size;
    }
}

// What the library finds under the name, or "none".
std::string keys_of(const std::string& name) {
    auto context = Context::make({});
    EXPECT_TRUE(context.ok());
    Keytab keytab(context->get());
    EXPECT_EQ((*context)->krb5_kt_resolve(context->get(), name.c_str(), keytab.put()), 0);
    krb5_kt_cursor cursor{};
    if ((*context)->krb5_kt_start_seq_get(context->get(), keytab.get(), &cursor) != 0) return "none";
    std::string all;
    krb5_keytab_entry found{};
    while ((*context)->krb5_kt_next_entry(context->get(), keytab.get(), &found, &cursor) == 0) {
        all += text_of(*context, found.principal).value() + " " + std::to_string(found.vno) + " " +
               std::string(reinterpret_cast<const char*>(found.key.contents), found.key.length) + "\n";
        (*context)->krb5_free_keytab_entry_contents(context->get(), &found);
    }
    (*context)->krb5_kt_end_seq_get(context->get(), keytab.get(), &cursor);
    return all.empty() ? "none" : all;
}

TEST(MemoryKeytab, IsThereForAsLongAsItLives) {
    std::string name;
    {
        const auto made = MemoryKeytab::make(Secret(begin + entry()), "krb_keytab");
        ASSERT_TRUE(made.ok()) << made.error().detail;
        name = (*made)->name();
        EXPECT_EQ(name.find("MEMORY:krb_keytab:"), 0U);
        EXPECT_EQ(keys_of(name), "svc@CORP.EXAMPLE 3 " + std::string(32, 'k') + "\n");
        const auto other = MemoryKeytab::make(Secret(begin + entry()), "krb_keytab");
        ASSERT_TRUE(other.ok());
        EXPECT_NE((*other)->name(), name);
    }
    EXPECT_EQ(keys_of(name), "none");
}

TEST(MemoryKeytab, SaysWhenTheBytesAreNone) {
    const auto made = MemoryKeytab::make(Secret("no keytab"), "x");
    ASSERT_FALSE(made.ok());
    EXPECT_EQ(made.error().id, ErrorId::kerberos_keytab);
}

}  // namespace
}  // namespace mullion::kerberos
