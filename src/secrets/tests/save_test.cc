// Several entities at once: all of them or none, in the store as in the audit log.
#include <gtest/gtest.h>

#include "secrets/entities/references.h"
#include "secrets/tests/store_fixture.h"

namespace mullion::secrets {
namespace {

using As = Saving::As;

class SaveTest : public StoreTest {
protected:
    static Saving created(Entity entity, const std::string& value = "") {
        return {As::created, std::move(entity), value.empty() ? std::nullopt : std::optional(Secret(value))};
    }
    static Saving updated(Entity entity, const std::string& value = "") {
        return {As::updated, std::move(entity), value.empty() ? std::nullopt : std::optional(Secret(value))};
    }
    static Entity default_connector(const std::string& id, const Scope& scope = {}) {
        auto entity = connector(id, scope);
        std::get<AwsKmsConnector>(entity.spec).is_default = true;
        return entity;
    }
    // The id of what went wrong; empty: nothing did.
    template <class... Savings>
    std::string save(Savings... savings) {
        std::vector<Saving> all;
        (all.push_back(std::move(savings)), ...);
        const auto done = store->save(who, purpose, all);
        if (done.ok()) versions = *done;
        return done.ok() ? "" : std::string(done.error().info().id);
    }
    std::size_t count() { return store->list()->size(); }

    std::vector<std::uint32_t> versions;
};

TEST_F(SaveTest, SavesSeveralThatReferToEachOther) {
    ASSERT_TRUE(add(text_secret("old"), "1").ok());
    EXPECT_EQ(save(created(credential("win", "pw")), created(text_secret("pw"), "2"),
                   updated(text_secret("old"), "3"), updated(text_secret("old2"))),
              "secrets.missing");
    EXPECT_EQ(count(), 1U);
    EXPECT_EQ(save(created(credential("win", "pw")), created(text_secret("pw"), "2"),
                   updated(text_secret("old"), "3")),
              "");
    EXPECT_EQ(versions, (std::vector<std::uint32_t>{0, 1, 2}));
    EXPECT_EQ(value("pw"), "2");
    EXPECT_EQ(value("old"), "3");
    EXPECT_EQ(store->referrers(text_secret("pw").identity)->front().who.id, "win");
}

TEST_F(SaveTest, ASecretIsSealedByAManagerThatIsNewItself) {
    EXPECT_EQ(save(created(text_secret("ak"), "AKIA"), created(text_secret("sk"), "shh"),
                   created(connector("kms")), created(text_secret("pw", "kms"), "in kms")),
              "");
    EXPECT_EQ(managers.credentials, std::vector<std::string>{"AKIA:shh"});
    EXPECT_EQ(managers.kms->generated, 1);
    open();
    EXPECT_EQ(value("pw"), "in kms");
    EXPECT_EQ(said("as it is saved with its manager"), 2);
}

TEST_F(SaveTest, OneThatCannotBeSavedLeavesNothing) {
    managers.kms->down = true;
    EXPECT_EQ(save(created(text_secret("ak"), "AKIA"), created(text_secret("sk"), "shh"),
                   created(connector("kms")), created(text_secret("pw", "kms"), "in kms")),
              "aws.unreachable");
    EXPECT_EQ(count(), 0U);
    EXPECT_EQ(said(R"("kind":"changed")"), 0);
    managers.kms->down = false;
    ASSERT_TRUE(add(text_secret("there"), "1").ok());
    EXPECT_EQ(save(created(text_secret("a"), "1"), created(text_secret("there"), "2")), "secrets.exists");
    EXPECT_EQ(save(created(text_secret("a"), "1"), created(text_secret("b"))), "secrets.invalid");
    EXPECT_EQ(save(created(text_secret("a"), "1"), created(credential("c", "none"))), "secrets.missing");
    EXPECT_EQ(save(created(text_secret("a"), "1"), updated(credential("there", "a"))), "secrets.kind");
    EXPECT_EQ(save(created(text_secret("a"), "1"), created(text_secret("a"), "2")), "secrets.invalid");
    EXPECT_EQ(count(), 1U);
    EXPECT_EQ(value("there"), "1");
    EXPECT_EQ(said(R"("kind":"changed")"), 1);
    EXPECT_EQ(said(R"("kind":"refused")"), 5);
    // Nothing of it is in the way of what comes next, not a key of a scope either.
    EXPECT_TRUE(store->rotate(who, purpose).ok());
}

TEST_F(SaveTest, RefusesManagersThatWouldDependOnThemselves) {
    EXPECT_EQ(save(created(text_secret("ak", "kms"), "AKIA"), created(text_secret("sk"), "shh"),
                   created(connector("kms"))),
              "secrets.cycle");
    EXPECT_EQ(count(), 0U);
    EXPECT_EQ(managers.kms->generated, 0);
}

TEST_F(SaveTest, SaysAllOfItInOneBatchOrNothing) {
    EXPECT_EQ(save(created(text_secret("a"), "1"), created(text_secret("b"), "2")), "");
    EXPECT_EQ(said(R"("kind":"changed")"), 2);
    EXPECT_EQ(save(updated(text_secret("a")), updated(text_secret("b"))), "");  // As they are.
    EXPECT_EQ(versions, (std::vector<std::uint32_t>{1, 1}));
    EXPECT_EQ(said(R"("kind":"changed")"), 2);
}

// A log that can be written so many times.
class FailingAudit final : public Audit {
public:
    explicit FailingAudit(Audit& real) : real_(real) {}
    Result<void> write(const Principal& who, const Purpose& purpose,
                       std::span<const AuditEntry> entries) override {
        if (left-- == 0) return Error(ErrorId::audit_failed, "played");
        return real_.write(who, purpose, entries);
    }
    std::string head() const override { return real_.head(); }
    AuditEnd end() const override { return real_.end(); }
    Result<void> check_has(const AuditEnd& end) override { return real_.check_has(end); }
    int left = -1;

private:
    Audit& real_;
};

TEST_F(SaveTest, NothingIsSavedThatTheLogDoesNotTake) {
    FailingAudit failing(*audit);
    store.reset();
    auto opened = Store::open(path, Store::Mode::create, managers, failing, clock);
    ASSERT_TRUE(opened.ok());
    store = std::move(opened).value();
    failing.left = 0;
    EXPECT_EQ(save(created(text_secret("a"), "1"), created(text_secret("b"), "2")), "audit.failed");
    EXPECT_EQ(count(), 0U);
    EXPECT_EQ(save(created(text_secret("a"), "1"), created(text_secret("b"), "2")), "");
    EXPECT_EQ(count(), 2U);
    store.reset();
}

TEST_F(SaveTest, AManagerThatChangesWhileItIsInUse) {
    add_kms();
    ASSERT_TRUE(add(text_secret("pw", "kms"), "1").ok());
    auto other = connector("kms");
    other.description = "another";
    EXPECT_EQ(
        save(updated(other), updated(text_secret("pw", "kms"), "2"), updated(text_secret("ak"), "AKIB")), "");
    open();
    EXPECT_EQ(value("pw"), "2");
    EXPECT_EQ(managers.credentials.back(), "AKIB:shh");
    // From one manager to another, together with something new.
    EXPECT_EQ(save(updated(text_secret("pw")), created(text_secret("fresh", "kms"), "3")), "");
    EXPECT_EQ(value("pw"), "2");
    EXPECT_EQ(value("fresh"), "3");
}

TEST_F(SaveTest, AScopeHasOneDefaultManager) {
    ASSERT_TRUE(add(text_secret("ak"), "AKIA").ok());
    ASSERT_TRUE(add(text_secret("sk"), "shh").ok());
    EXPECT_FALSE(store->default_manager({})->has_value());
    EXPECT_EQ(save(created(default_connector("kms"))), "");
    EXPECT_EQ((*store->default_manager({}))->id, "kms");
    EXPECT_EQ(save(created(default_connector("kms2"))), "secrets.invalid");
    EXPECT_EQ(save(created(connector("kms2"))), "");
    EXPECT_EQ(save(updated(default_connector("kms2"))), "secrets.invalid");
    // Handed over at once.
    EXPECT_EQ(save(updated(connector("kms")), updated(default_connector("kms2"))), "");
    EXPECT_EQ((*store->default_manager({}))->id, "kms2");
    // Each scope has its own, and none comes where one is.
    const Scope org{"o", {}};
    EXPECT_EQ(save(created(default_connector("okms", org))), "");
    EXPECT_FALSE(store->default_manager({"o", "p"})->has_value());
    const auto moved = store->move(who, purpose, {Space::connector, org, "okms"}, {});
    ASSERT_FALSE(moved.ok());
    EXPECT_EQ(moved.error().id, ErrorId::secrets_invalid);
    EXPECT_FALSE(moved.error().advice.empty());
}

TEST_F(SaveTest, WhatCannotBeTheFirstIsKnownWithoutAStore) {
    const auto first = [](const Entity& entity) {
        const auto can = Store::can_be_first(entity);
        return can.ok() ? std::string() : can.error().message();
    };
    EXPECT_EQ(first(text_secret("a")), "");
    EXPECT_EQ(first(text_secret("a", "account.harnessSecretManager", {"o", "p"})), "");
    // As a store that is there says it.
    for (const auto& entity : {text_secret("a", "account.kms"), credential("c", "account.pw"),
                               connector("kms"), text_secret("not an id")}) {
        const auto said = first(entity);
        EXPECT_EQ(said, store
                            ->create(who, purpose, entity,
                                     entity.identity.id == "c" || entity.identity.id == "kms"
                                         ? std::nullopt
                                         : std::optional(Secret("x")))
                            .error()
                            .message());
        EXPECT_NE(said, "");
    }
}

}  // namespace
}  // namespace mullion::secrets
