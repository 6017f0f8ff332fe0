#include "auth/basic.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "crypto/password_hash.h"

namespace mullion::auth {
namespace {

const std::string kPassword = "pa:ss%20\"w'ord\\ ü";

class OneAccount final : public AccountLookup {
public:
    OneAccount() : hash_(crypto::hash_password(Secret(kPassword)).value()) {}
    Result<std::optional<AccountRecord>> find(std::string_view user) override {
        if (broken) return Error(ErrorId::state_database, "locked");
        std::string lower(user);
        std::transform(lower.begin(), lower.end(), lower.begin(), ::tolower);
        if (lower != "alice") return std::optional<AccountRecord>();
        return std::optional<AccountRecord>(AccountRecord{"Alice", Secret(), hash_, true, "alice"});
    }
    bool broken = false;

private:
    std::string hash_;
};

TEST(BasicInitiator, SendsUserAndPasswordWithEveryRequest) {
    auto initiator = make_basic_initiator({"LAB\\alice", Secret(kPassword)});
    ASSERT_TRUE(initiator.ok());
    EXPECT_TRUE((*initiator)->every_request());
    EXPECT_EQ((*initiator)->sealing(), nullptr);
    for (int request = 0; request < 2; ++request) {
        auto step = (*initiator)->step("");
        ASSERT_TRUE(step.ok());
        EXPECT_TRUE(step->complete);
        EXPECT_EQ(step->token, "LAB\\alice:" + kPassword);
    }
}

TEST(BasicInitiator, RefusesWhatTheFieldCannotCarry) {
    for (const auto& [user, password] : {std::pair<std::string, std::string>{"", "x"},
                                         {"a:b", "x"},
                                         {"a\n", "x"},
                                         {"a", "x\r"},
                                         {"a", std::string("x\0y", 3)}}) {
        auto initiator = make_basic_initiator({user, Secret(password)});
        ASSERT_FALSE(initiator.ok()) << user;
        EXPECT_EQ(initiator.error().id, ErrorId::auth_credentials);
    }
}

TEST(BasicToken, SplitsAtTheFirstColon) {
    const auto credential = parse_basic_token("alice:" + kPassword);
    ASSERT_TRUE(credential);
    EXPECT_EQ(credential->user, "alice");
    EXPECT_EQ(credential->password.expose(), kPassword);
    EXPECT_TRUE(parse_basic_token("alice:")->password.empty());
}

TEST(BasicToken, RefusesEveryCutBeforeTheColon) {
    const std::string token = "alice:x";
    for (std::size_t length = 0; length <= 5; ++length)
        EXPECT_FALSE(parse_basic_token(token.substr(0, length)));
    EXPECT_FALSE(parse_basic_token(std::string("alice:x\0y", 9)));
    EXPECT_TRUE(parse_basic_token("a:" + std::string(4094, 'x')));
    EXPECT_FALSE(parse_basic_token("a:" + std::string(4095, 'x')));
}

TEST(VerifyBasic, GivesTheAccountInItsOwnSpelling) {
    OneAccount accounts;
    for (const char* user : {"alice", "ALICE", "LAB\\alice", ".\\alice", "alice@lab.example"}) {
        auto identity = verify_basic(std::string(user) + ":" + kPassword, accounts);
        ASSERT_TRUE(identity.ok()) << user;
        EXPECT_EQ(identity->user(), "Alice");
        EXPECT_EQ(identity->unix_user(), "alice");
        EXPECT_EQ(identity->transport(), Transport::basic);
        EXPECT_TRUE(identity->administrator());
    }
}

TEST(VerifyBasic, SaysTheSameOfUnknownUsersAndWrongPasswords) {
    OneAccount accounts;
    auto wrong = verify_basic("alice:wrong", accounts);
    auto unknown = verify_basic("bob:" + kPassword, accounts);
    auto impossible = verify_basic("b\nb:" + kPassword, accounts);
    auto empty = verify_basic("alice:", accounts);
    for (const auto* result : {&wrong, &unknown, &impossible, &empty}) {
        ASSERT_FALSE(result->ok());
        EXPECT_EQ(result->error().id, ErrorId::auth_rejected);
        EXPECT_EQ(result->error().message(), wrong.error().message());
    }
}

TEST(VerifyBasic, TellsABadTokenAndABrokenDatabaseApart) {
    OneAccount accounts;
    EXPECT_EQ(verify_basic("alice", accounts).error().id, ErrorId::auth_protocol);
    accounts.broken = true;
    EXPECT_EQ(verify_basic("alice:x", accounts).error().id, ErrorId::state_database);
}

// The costs are in the text in front of the salt: were they to differ, time would tell who exists.
TEST(VerifyBasic, ChecksUnknownUsersAtTheCostOfKnownOnes) {
    const std::string real = crypto::hash_password(Secret("x")).value();
    const auto costs = [](std::string_view hash) {
        std::size_t end = 0;
        for (int dollar = 0; dollar < 4; ++dollar) end = hash.find('$', end) + 1;
        return hash.substr(0, end);
    };
    EXPECT_EQ(costs(kUnknownUserHash), costs(real));
    EXPECT_EQ(kUnknownUserHash.size(), real.size());
}

}  // namespace
}  // namespace mullion::auth
