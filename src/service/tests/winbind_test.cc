// Which account a user is whom winbind vouches for. That winbind is asked, and what of: tests/samba.
#include "service/access/winbind.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace mullion::service {
namespace {

class Accounts final : public auth::AccountLookup {
public:
    explicit Accounts(std::vector<std::string> names) : names_(std::move(names)) {}
    Result<std::optional<auth::AccountRecord>> find(std::string_view user) override {
        if (std::find(names_.begin(), names_.end(), user) == names_.end())
            return std::optional<auth::AccountRecord>();
        return std::optional<auth::AccountRecord>(
            auth::AccountRecord{std::string(user), {}, {}, true, "nobody"});
    }

private:
    std::vector<std::string> names_;
};

DomainWord own_user() {
    return {"dana", "ADEX", "", false, "ADEX", "ad.example.test"};
}
DomainWord trusted_user() {
    return {"dana", "EAST", "east.example.test", false, "ADEX", "ad.example.test"};
}

std::string account(const DomainWord& word, std::vector<std::string> names) {
    Accounts accounts(std::move(names));
    auto found = account_of(word, accounts);
    if (found.ok()) return found->user;
    EXPECT_EQ(found.error().id, ErrorId::auth_rejected);
    return "refused";
}

TEST(Winbind, UsersOfTheOwnDomainAreTheirWholeNameOrTheBareOne) {
    EXPECT_EQ(account(own_user(), {"dana"}), "dana");
    EXPECT_EQ(account(own_user(), {"dana", "dana@AD.EXAMPLE.TEST"}), "dana@AD.EXAMPLE.TEST");
    EXPECT_EQ(account(own_user(), {"erik"}), "refused");
    DomainWord small = own_user();
    small.domain = "adex";
    EXPECT_EQ(account(small, {"dana"}), "dana");
}

TEST(Winbind, UsersOfOtherDomainsAreTheirWholeNameAlone) {
    EXPECT_EQ(account(trusted_user(), {"dana", "dana@AD.EXAMPLE.TEST"}), "refused");
    EXPECT_EQ(account(trusted_user(), {"dana@EAST.EXAMPLE.TEST"}), "dana@EAST.EXAMPLE.TEST");
    DomainWord unnamed = trusted_user();
    unnamed.dns_domain.clear();
    EXPECT_EQ(account(unnamed, {"dana", "dana@"}), "refused");
    DomainWord lying = trusted_user();  // Where a trusted domain says that it has our DNS name.
    lying.dns_domain = lying.own_dns_domain;
    EXPECT_EQ(account(lying, {"dana"}), "refused");
}

TEST(Winbind, GuestsAndNobodysAreRefused) {
    DomainWord guest = own_user();
    guest.guest = true;
    EXPECT_EQ(account(guest, {"dana"}), "refused");
    DomainWord nobody = own_user();
    nobody.user.clear();
    EXPECT_EQ(account(nobody, {"", "@AD.EXAMPLE.TEST"}), "refused");
    DomainWord nowhere = own_user();
    nowhere.domain = nowhere.own_domain = "";
    EXPECT_EQ(account(nowhere, {"dana"}), "refused");
    DomainWord odd = own_user();
    odd.user = "x\\dana";
    EXPECT_EQ(account(odd, {"dana"}), "refused");
}

}  // namespace
}  // namespace mullion::service
