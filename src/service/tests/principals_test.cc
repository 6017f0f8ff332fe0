#include "service/access/principals.h"

#include <gtest/gtest.h>

#include "state/account_rules.h"

namespace mullion::service {
namespace {

// As AccountStore finds them: without case, and by what stands behind a backslash.
class Accounts final : public auth::AccountLookup {
public:
    explicit Accounts(std::vector<std::string> names) : names_(std::move(names)) {}
    Result<std::optional<auth::AccountRecord>> find(std::string_view user) override {
        if (const auto backslash = user.rfind('\\'); backslash != std::string_view::npos)
            user.remove_prefix(backslash + 1);
        for (const auto& name : names_) {
            if (lower(name) == lower(user))
                return std::optional<auth::AccountRecord>(auth::AccountRecord{name, {}, {}, true, "nobody"});
        }
        return std::optional<auth::AccountRecord>();
    }

private:
    static std::string lower(std::string_view text) {
        std::string small(text);
        for (char& c : small) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
        return small;
    }
    std::vector<std::string> names_;
};

std::string account_of(const std::string& principal, std::vector<std::string> accounts,
                       std::vector<std::string> realms = {"EXAMPLE.TEST"}) {
    Accounts lookup(std::move(accounts));
    auto found = RealmPrincipals(lookup, std::move(realms)).find(principal);
    EXPECT_TRUE(found.ok());
    return *found ? (*found)->user : "";
}

TEST(Principals, AreTheAccountOfTheirWholeNameFirst) {
    EXPECT_EQ(account_of("alice@EXAMPLE.TEST", {"alice", "alice@EXAMPLE.TEST"}), "alice@EXAMPLE.TEST");
    EXPECT_EQ(account_of("alice@EXAMPLE.TEST", {"alice@EXAMPLE.TEST"}, {}), "alice@EXAMPLE.TEST");
    EXPECT_EQ(account_of("Alice@EXAMPLE.TEST", {"alice@EXAMPLE.TEST"}), "alice@EXAMPLE.TEST");
}

TEST(Principals, AreTheBareNameInOurOwnRealmsOnly) {
    EXPECT_EQ(account_of("alice@EXAMPLE.TEST", {"alice"}), "alice");
    EXPECT_EQ(account_of("ALICE@EXAMPLE.TEST", {"alice"}), "alice");
    EXPECT_EQ(account_of("alice@OTHER.TEST", {"alice"}), "");
    EXPECT_EQ(account_of("alice@OTHER.TEST", {"alice"}, {"EXAMPLE.TEST", "OTHER.TEST"}), "alice");
    EXPECT_EQ(account_of("alice@example.test", {"alice"}), "");
    EXPECT_EQ(account_of("alice@example.test", {"alice@EXAMPLE.TEST"}), "");
    EXPECT_EQ(account_of("alice@EXAMPLE.TEST", {"bob"}), "");
}

TEST(Principals, OfOtherShapesAreNobody) {
    const std::vector<std::string> all{"alice", "admin", "EXAMPLE.TEST", ""};
    for (const char* principal :
         {"", "alice", "@EXAMPLE.TEST", "alice@", "alice/admin@EXAMPLE.TEST", "x\\alice@EXAMPLE.TEST",
          "x\\\\alice@EXAMPLE.TEST", "alice\\@OTHER.TEST@EXAMPLE.TEST", "alice@OTHER.TEST@EXAMPLE.TEST",
          "alice:x@EXAMPLE.TEST"}) {
        EXPECT_EQ(account_of(principal, all), "") << principal;
    }
}

TEST(AccountNames, MayBePrincipals) {
    EXPECT_TRUE(state::check_account_name("alice@EXAMPLE.TEST").ok());
    EXPECT_TRUE(state::check_account_name("alice@sub-1.example.test").ok());
    for (const char* name : {"@EXAMPLE.TEST", "alice@", "alice@A B", "a@b@c", "alice@X/Y", "alice@X:Y",
                             "a:b@X", "alice@X\\Y", "alice@\xc3\xbc"}) {
        const auto checked = state::check_account_name(name);
        ASSERT_FALSE(checked.ok()) << name;
        EXPECT_EQ(checked.error().id, ErrorId::account_invalid);
    }
    EXPECT_FALSE(state::check_account_name("alice@" + std::string(181, 'A')).ok());
}

}  // namespace
}  // namespace mullion::service
