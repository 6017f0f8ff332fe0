// What another process does to the keys between two steps of this one, step by step.
#include <unistd.h>

#include "secrets/tests/store_fixture.h"

namespace mullion::secrets {
namespace {

// Does something else first.
class InterruptedAudit final : public Audit {
public:
    explicit InterruptedAudit(Audit& below) : below_(below) {}
    Result<void> write(const Principal& who, const Purpose& purpose,
                       std::span<const AuditEntry> entries) override {
        if (const auto act = std::exchange(before_write, {})) act();
        return below_.write(who, purpose, entries);
    }
    [[nodiscard]] std::string head() const override { return below_.head(); }
    [[nodiscard]] AuditEnd end() const override { return below_.end(); }
    [[nodiscard]] Result<void> check_has(const AuditEnd& end) override { return below_.check_has(end); }

    std::function<void()> before_write;  // Once.

private:
    Audit& below_;
};

// Something happens between the making of a key and its being written down.
class InterruptedManager final : public KeyManager {
public:
    InterruptedManager(std::shared_ptr<KeyManager> below, std::function<void()> act)
        : below_(std::move(below)), act_(std::move(act)) {}
    Result<NewKey> generate(const WrapContext& context) override {
        auto made = below_->generate(context);
        if (times-- > 0) act_();
        return made;
    }
    Result<Secret> unwrap(const WrappedKey& key, const WrapContext& context) override {
        return below_->unwrap(key, context);
    }
    Result<WrappedKey> rewrap(const WrappedKey& key, const WrapContext& context) override {
        return below_->rewrap(key, context);
    }
    Result<bool> still_has_key_of(const WrappedKey& key) override { return below_->still_has_key_of(key); }

    int times = 1;

private:
    std::shared_ptr<KeyManager> below_;
    std::function<void()> act_;
};

class InterleavedTest : public StoreTest {
protected:
    // Another process, with nothing of this one's in memory.
    struct Other {
        explicit Other(InterleavedTest& test) : managers(test.key_file), test(test) {
            audit = AuditLog::open(test.audit_file, test.clock).value();
            store = Store::open(test.path, Store::Mode::existing, managers, *audit, test.clock).value();
        }
        // The key that anything is wrapped with now is gone after two rounds.
        void rewrap(int rounds) {
            for (int round = 0; round < rounds; ++round) {
                auto own = BuiltinManager::open_file(test.key_file, {}).value();
                ASSERT_TRUE(own->add_key().ok());
                managers.own = own;
                ASSERT_TRUE(store->rewrap(test.who, test.purpose).ok());
                ASSERT_TRUE(store->drop_old_keys(*own).ok());
            }
        }
        void rotate() { ASSERT_TRUE(store->rotate(test.who, test.purpose).ok()); }

        PlayedManagers managers;
        std::unique_ptr<AuditLog> audit;
        std::unique_ptr<Store> store;
        InterleavedTest& test;
    };

    InterleavedTest() {
        // The key of the account is in memory when the log was looked at; that of another scope is not.
        EXPECT_TRUE(add(text_secret("first"), "0").ok());
        clock.advance(Duration(1));
        EXPECT_TRUE(add(secret("a"), "1").ok());
        EXPECT_TRUE(add(secret("b"), "other").ok());
        open_interrupted();
    }
    // With no key in memory, so that the next use asks the manager.
    void open_interrupted() {
        store.reset();
        managers.own = nullptr;
        interrupted = std::make_unique<InterruptedAudit>(*audit);
        auto opened = Store::open(path, Store::Mode::existing, managers, *interrupted, clock);
        ASSERT_TRUE(opened.ok()) << opened.error().message();
        store = std::move(opened).value();
    }
    // Between the reading of a row and the asking of the manager, once.
    void before_the_manager(std::function<void()> act) {
        open_interrupted();
        managers.before_builtin = [this, act = std::move(act)] {
            managers.before_builtin = nullptr;
            act();
        };
    }
    Entity secret(const std::string& id) { return text_secret(id, builtin_manager_id, scope); }
    int used(const std::string& id, int version) {
        return said(
            R"("kind":"used","who":"uid:1000","action":"test","space":"secret","scope":"org:web","id":")" +
            id + R"(","version":)" + std::to_string(version) + "}");
    }

    std::unique_ptr<InterruptedAudit> interrupted;
    const Scope scope{"web", {}};
    const Identity a{Space::secret, scope, "a"};
};

TEST_F(InterleavedTest, AValueIsOpenedThoughItsKeyWasDroppedSinceItWasRead) {
    interrupted->before_write = [this] { Other(*this).rewrap(2); };
    EXPECT_EQ(value(a), "1");
    EXPECT_EQ(used("a", 1), 1);
    EXPECT_EQ(said(R"("kind":"tampered")"), 0);
}

TEST_F(InterleavedTest, AValueIsOpenedThoughTheKeyOfItsScopeIsAnotherOne) {
    interrupted->before_write = [this] {
        Other other(*this);
        other.rotate();
        other.rewrap(2);
    };
    EXPECT_EQ(value(a), "1");
    EXPECT_EQ(used("a", 1), 1);
}

TEST_F(InterleavedTest, ANewerVersionIsSaidBeforeItIsOpened) {
    interrupted->before_write = [this] {
        Other other(*this);
        ASSERT_TRUE(other.store->update(who, purpose, secret("a"), Secret("2")).ok());
        other.rotate();
        other.rewrap(2);
    };
    const std::vector what{a, secret("b").identity};
    const auto values = store->open_for_use(who, purpose, what);
    ASSERT_TRUE(values.ok()) << values.error().message();
    ASSERT_TRUE(values->at(0).ok() && values->at(1).ok());
    EXPECT_EQ(values->at(0)->expose(), "2");
    EXPECT_EQ(values->at(1)->expose(), "other");
    EXPECT_EQ(used("a", 1), 1);
    EXPECT_EQ(used("a", 2), 1);
    EXPECT_EQ(used("b", 1), 1);
}

TEST_F(InterleavedTest, WhatIsGoneMeanwhileIsMissing) {
    interrupted->before_write = [this] {
        Other other(*this);
        ASSERT_TRUE(other.store->remove(who, purpose, a).ok());
        other.rotate();
        other.rewrap(2);
    };
    EXPECT_EQ(value(a), "! secrets.missing");
    EXPECT_EQ(said(R"("detail":"secrets.missing")"), 1);
}

TEST_F(InterleavedTest, RecordsAreReadAgain) {
    const auto two_rounds = [this] { Other(*this).rewrap(2); };
    const auto rotated = [this] {
        Other other(*this);
        other.rotate();
        other.rewrap(2);
    };
    const auto good = [](const auto& result) { EXPECT_TRUE(result.ok()) << result.error().message(); };
    for (const std::function<void()>& act :
         {std::function<void()>(two_rounds), std::function<void()>(rotated)}) {
        before_the_manager(act);
        good(store->get(a));
        before_the_manager(act);
        good(store->list());
        before_the_manager(act);
        good(store->versions(a));
        before_the_manager(act);
        good(store->update(who, purpose, secret("a"), Secret("1")));
        before_the_manager(act);
        good(store->make_current(who, purpose, a, 1));
        before_the_manager(act);
        good(store->set_test(who, purpose, a, {}));
        before_the_manager(act);
        good(store->rotate(who, purpose));
        before_the_manager(act);
        good(store->rewrap(who, purpose));
        before_the_manager(act);
        good(add(secret("c"), "3"));
        before_the_manager(act);
        good(store->move(who, purpose, secret("c").identity, {"o", "p"}));
        EXPECT_EQ(value("c", {"o", "p"}), "3");
        good(store->remove(who, purpose, {Space::secret, {"o", "p"}, "c"}));
        EXPECT_EQ(value(a), "1");
    }
    EXPECT_EQ(said(R"("kind":"tampered")"), 0);
}

TEST_F(InterleavedTest, AnotherManagerMeanwhileIsNoTampering) {
    add_kms();
    Scope here = scope, there{"o", "p"};
    std::string now = builtin_manager_id, next = "account.kms";
    // Between whichever two of its steps: the log's key, the record's, the value's.
    for (int step = 1; step <= 4; ++step) {
        int asked = 0;
        bool given = false;
        open_interrupted();
        managers.before_builtin = [&] {
            if (++asked != step) return;
            managers.before_builtin = nullptr;
            Other other(*this);
            other.managers.kms = managers.kms;
            given = other.store->update(who, purpose, text_secret("a", next, here), {}).ok();
        };
        const auto moved = store->move(who, purpose, {Space::secret, here, "a"}, there);
        ASSERT_TRUE(moved.ok()) << step << moved.error().message();
        managers.before_builtin = nullptr;
        EXPECT_EQ(value("a", there), "1") << step;
        std::swap(here, there);
        if (given) std::swap(now, next);
        EXPECT_TRUE(given || step > 2) << step;
    }
    EXPECT_EQ(said(R"("kind":"tampered")"), 0);
}

TEST_F(InterleavedTest, AKeyIsNotWrittenDownWrappedByOneThatWasDropped) {
    managers.own = std::make_shared<InterruptedManager>(BuiltinManager::open_file(key_file, {}).value(),
                                                        [this] { Other(*this).rewrap(2); });
    // Its scope has no key yet.
    const auto added = add(text_secret("fresh", builtin_manager_id, {"o", "p"}), "4");
    ASSERT_TRUE(added.ok()) << added.error().message();
    open_interrupted();
    EXPECT_EQ(value("fresh", {"o", "p"}), "4");
    EXPECT_EQ(value(a), "1");
}

TEST_F(InterleavedTest, NorIsOneOfARotation) {
    auto own = std::make_shared<InterruptedManager>(BuiltinManager::open_file(key_file, {}).value(),
                                                    [this] { Other(*this).rewrap(2); });
    own->times = 3;
    managers.own = own;
    const auto done = store->rotate(who, purpose);
    ASSERT_TRUE(done.ok()) << done.error().message();
    EXPECT_EQ(done->keys, 2u);
    open_interrupted();
    EXPECT_EQ(value(a), "1");
    EXPECT_EQ(value("b", scope), "other");
}

TEST_F(InterleavedTest, TriesAreBounded) {
    int asked = 0;
    managers.before_builtin = [&] {
        ++asked;
        const auto before = std::exchange(managers.before_builtin, {});
        Other(*this).rewrap(2);
        managers.before_builtin = before;
    };
    EXPECT_EQ(value(a), "! secrets.key");
    EXPECT_LE(asked, 60);
    managers.before_builtin = nullptr;
    EXPECT_EQ(value(a), "1");
}

// A key that is not there is told at once where nobody writes.
TEST_F(InterleavedTest, AMissingKeyIsNoReasonToTryAgain) {
    ASSERT_EQ(::unlink(key_file.c_str()), 0);
    ASSERT_TRUE(BuiltinManager::make_file(key_file, Secret()).ok());
    int asked = 0;
    managers.before_builtin = [&] { ++asked; };
    EXPECT_EQ(value(a), "! secrets.key");
    EXPECT_EQ(asked, 1);
    EXPECT_EQ(store->get(a).error().id, ErrorId::secrets_key);
    EXPECT_EQ(asked, 2);
}

}  // namespace
}  // namespace mullion::secrets
