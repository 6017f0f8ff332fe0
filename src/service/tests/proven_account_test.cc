#include "service/access/proven_account.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "os/tests/temporary_folder.h"
#include "storage/database.h"

namespace mullion::service {
namespace {

// Says in its second step that it was the one whom it looked up in its first, as CredSSP's does.
class TwoSteps final : public auth::Acceptor {
public:
    TwoSteps(auth::AccountLookup& accounts, std::string says) : accounts_(accounts), says_(std::move(says)) {}
    [[nodiscard]] bool may_block() const override { return true; }
    [[nodiscard]] Result<auth::AcceptStep> step(std::string_view token) override {
        if (token == "fail") return Error(ErrorId::auth_rejected, "no");
        if (!token.empty()) {
            MULLION_ASSIGN(const auto found, accounts_.find(token));
            return auth::AcceptStep{"more", std::nullopt};
        }
        return auth::AcceptStep{{}, auth::Identity(says_, auth::Transport::ntlm, true, "")};
    }
    [[nodiscard]] auth::Sealing* sealing() override { return nullptr; }
    [[nodiscard]] std::string_view multipart_protocol() const override { return {}; }

private:
    auth::AccountLookup& accounts_;
    std::string says_;
};

class ProvenAccounts : public ::testing::Test {
protected:
    ProvenAccounts() { add("ann"); }
    std::unique_ptr<storage::AccountsDatabase> open() {
        return std::move(*storage::AccountsDatabase::open(folder / "accounts.db",
                                                          storage::AccountsDatabase::Mode::read_write));
    }
    void add(const std::string& name) {
        storage::AccountRow row;
        row.name = name;
        row.nt_hash = Secret("0123456789abcdef");
        row.argon2 = "x";
        ASSERT_TRUE(open()->add(row).ok());
    }
    ProvenAccount prove(const std::string& looks_up, const std::string& says) {
        ProvenAccount proven;
        const auto engine = noting(std::make_unique<TwoSteps>(accounts, says), proven);
        EXPECT_TRUE(engine->step(looks_up).ok());
        EXPECT_FALSE(proven) << "nobody is, before the engine says so";
        EXPECT_TRUE(engine->step("").ok());
        return proven;
    }
    bool there(const state::AccountKey& account) {
        std::optional<Result<bool>> out;
        auto keep = [](net::Task<Result<bool>> task, std::optional<Result<bool>>& to) -> net::Task<void> {
            to = co_await std::move(task);
        };
        auto task = keep(still_there(accounts, workers, account), out);
        boost::asio::co_spawn(io, std::move(task), [](std::exception_ptr bug) { EXPECT_FALSE(bug); });
        io.restart();
        io.run();
        EXPECT_TRUE(out->ok());
        return **out;
    }

    os::TemporaryFolder folder;
    boost::asio::io_context io;
    state::AccountStore accounts{open()};
    net::WorkerPool workers{1};
};

TEST_F(ProvenAccounts, AreThoseThatTheEngineLookedUp) {
    const auto ann = prove("HOST\\ANN", "ann");
    ASSERT_TRUE(ann);
    EXPECT_EQ(ann->name, "ann");
    EXPECT_EQ(ann->number, 1000u);
    EXPECT_FALSE(prove("ann", "somebody else")) << "who was looked up is not who was proven";
    EXPECT_FALSE(prove("nobody", "nobody")) << "whom the store does not know it cannot lose";
}

TEST_F(ProvenAccounts, AreLostWithTheAccountAndNotFoundAgainByTheName) {
    const auto before = prove("ann", "ann");
    ASSERT_TRUE(before);
    EXPECT_TRUE(there(*before));
    EXPECT_NE(accounts.known_present(), nullptr) << "the next one need not wait";
    ASSERT_TRUE(open()->set_membership("ann", {true, {}}).ok());
    EXPECT_EQ(accounts.known_present(), nullptr);
    EXPECT_TRUE(there(*before)) << "a change is no deletion";
    ASSERT_TRUE(open()->remove("ann").ok());
    EXPECT_FALSE(there(*before));
    add("ann");
    EXPECT_FALSE(there(*before)) << "another one of that name";
    const auto after = prove("ann", "ann");
    ASSERT_TRUE(after);
    EXPECT_TRUE(there(*after));
    EXPECT_NE(before->number, after->number);
}

TEST_F(ProvenAccounts, OfThisMachineAloneCanBeDeleted) {
    const auto sids = *accounts.sids("ann");
    EXPECT_FALSE((*accounts.present())->deleted(sids->user));
    ASSERT_TRUE(open()->remove("ann").ok());
    const auto present = *accounts.present();
    EXPECT_TRUE(present->deleted(sids->user));
    EXPECT_FALSE(present->deleted(rights::Sid(5, {18}))) << "an operator of the local socket";
    EXPECT_FALSE(present->deleted(rights::Sid(5, {21, 1, 2, 3, 1000}))) << "another machine's";
}

TEST_F(ProvenAccounts, EveryCommittedChangeGivesTheStoreAnotherMark) {
    auto last = accounts.mark();
    for (int i = 0; i < 50; ++i) {  // Many within one tick of the file system's clock.
        ASSERT_TRUE(open()->set_membership("ann", {i % 2 == 0, {}}).ok());
        const auto now = accounts.mark();
        EXPECT_FALSE(now == last) << i;
        last = now;
        EXPECT_TRUE(now == accounts.mark());
    }
}

}  // namespace
}  // namespace mullion::service
