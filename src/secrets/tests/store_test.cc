// The store: what is kept, who may refer to what, and what a value is sealed as.
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "secrets/tests/store_fixture.h"

namespace mullion::secrets {
namespace {

const Scope project{"o", "p"};

std::string bytes_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

TEST_F(StoreTest, KeepsWhatWasPutAndOpensItForUse) {
    const auto secret = text_secret("win_pw", builtin_manager_id, project);
    EXPECT_EQ(*add(secret, "correct horse"), 1u);
    EXPECT_EQ(value("win_pw", project), "correct horse");
    open();
    EXPECT_EQ(value("win_pw", project), "correct horse");
    const auto there = store->get(secret.identity);
    ASSERT_TRUE(there.ok()) << there.error().message();
    EXPECT_EQ(there->entity, secret);
    EXPECT_EQ(there->version, 1u);
    EXPECT_EQ(there->created, clock.wall());
    EXPECT_EQ(bytes_of(path).find("correct"), std::string::npos);
    EXPECT_EQ(said(R"("kind":"used")"), 2);
    EXPECT_EQ(said(R"("kind":"changed")"), 1);
    struct stat about {};
    ASSERT_EQ(::stat(path.c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 07777, 0600u);
    EXPECT_EQ(store->list()->size(), 1u);
    EXPECT_EQ(store->list({Space::secret, project})->size(), 1u);
    EXPECT_EQ(store->list({std::nullopt, Scope{}})->size(), 0u);
    EXPECT_EQ(store->list({Space::connector, std::nullopt})->size(), 0u);
}

TEST_F(StoreTest, RefusesWhatDoesNotFitAndSaysSoInTheLog) {
    ASSERT_TRUE(add(text_secret("a"), "1").ok());
    EXPECT_EQ(add(text_secret("a"), "2").error().id, ErrorId::secrets_exists);
    EXPECT_EQ(add(text_secret("b")).error().id, ErrorId::secrets_invalid);
    EXPECT_EQ(add(credential("c", "account.a"), "1").error().id, ErrorId::secrets_invalid);
    EXPECT_EQ(add(credential("c", "account.none")).error().id, ErrorId::secrets_missing);
    ASSERT_TRUE(add(credential("c", "account.a")).ok());
    EXPECT_EQ(add(credential("d", "account.c")).error().id, ErrorId::secrets_kind);
    EXPECT_EQ(store->update(who, purpose, text_secret("none"), {}).error().id, ErrorId::secrets_missing);
    EXPECT_EQ(store->update(who, purpose, credential("a", "account.a"), {}).error().id,
              ErrorId::secrets_kind);
    EXPECT_EQ(store->remove(who, purpose, text_secret("none").identity).error().id, ErrorId::secrets_missing);
    EXPECT_EQ(store->get(text_secret("none").identity).error().id, ErrorId::secrets_missing);
    const auto large =
        store->update(who, purpose, text_secret("a"), Secret(std::string(largest_value + 1, 'x')));
    EXPECT_EQ(large.error().id, ErrorId::secrets_invalid);
    EXPECT_EQ(value("a"), "1");
    EXPECT_EQ(value("c"), "! secrets.kind");
    EXPECT_EQ(value("none"), "! secrets.missing");
    EXPECT_EQ(said(R"("kind":"refused")"), 11);
}

TEST_F(StoreTest, DeletesNothingThatIsReferredTo) {
    ASSERT_TRUE(add(text_secret("a"), "1").ok());
    ASSERT_TRUE(add(credential("c", "account.a", project)).ok());
    const auto refused = store->remove(who, purpose, text_secret("a").identity);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().id, ErrorId::secrets_referenced);
    EXPECT_NE(refused.error().detail.find("secret c of project:o/p"), std::string::npos)
        << refused.error().detail;
    EXPECT_EQ(store->move(who, purpose, text_secret("a").identity, project).error().id,
              ErrorId::secrets_referenced);
    EXPECT_EQ(store->referrers(text_secret("a").identity)->front().who.id, "c");
    ASSERT_TRUE(store->remove(who, purpose, credential("c", "account.a", project).identity).ok());
    EXPECT_TRUE(store->remove(who, purpose, text_secret("a").identity).ok());
    EXPECT_EQ(value("a"), "! secrets.missing");
}

TEST_F(StoreTest, KeepsVersionsAndMakesAnOldOneCurrent) {
    const auto what = text_secret("a").identity;
    ASSERT_TRUE(add(text_secret("a"), "1").ok());
    clock.advance(std::chrono::seconds(1));
    EXPECT_EQ(*store->update(who, purpose, text_secret("a"), Secret("2")), 2u);
    auto renamed = text_secret("a");
    renamed.description = "of the web servers";
    EXPECT_EQ(*store->update(who, purpose, renamed, {}), 2u);
    EXPECT_EQ(value("a"), "2");
    auto versions = store->versions(what);
    ASSERT_EQ(versions->size(), 2u);
    EXPECT_EQ(versions->front().number, 2u);
    EXPECT_TRUE(versions->front().current);
    EXPECT_EQ(versions->back().created, clock.wall() - std::chrono::seconds(1));
    ASSERT_TRUE(store->make_current(who, purpose, what, 1).ok());
    EXPECT_EQ(value("a"), "1");
    EXPECT_EQ(*store->update(who, purpose, renamed, Secret("3")), 3u);
    EXPECT_EQ(store->make_current(who, purpose, what, 9).error().id, ErrorId::secrets_missing);
    EXPECT_EQ(store->get(what)->entity.description, "of the web servers");
}

TEST_F(StoreTest, KeepsTheLastTestUntilTheEntityChanges) {
    ASSERT_TRUE(add(text_secret("a"), "1").ok());
    const auto what = text_secret("a").identity;
    const TestResult test{clock.wall(), false, "tls.untrusted", "the \"chain\"", "local"};
    ASSERT_TRUE(store->set_test(who, purpose, what, test).ok());
    EXPECT_EQ(store->get(what)->test, test);
    EXPECT_EQ(value("a"), "1");
    ASSERT_TRUE(store->update(who, purpose, text_secret("a"), Secret("2")).ok());
    EXPECT_FALSE(store->get(what)->test);
}

TEST_F(StoreTest, MovesBetweenScopesAndSealsAgain) {
    ASSERT_TRUE(add(text_secret("a"), "1").ok());
    ASSERT_TRUE(store->update(who, purpose, text_secret("a"), Secret("2")).ok());
    ASSERT_TRUE(store->move(who, purpose, text_secret("a").identity, project).ok());
    EXPECT_EQ(value("a"), "! secrets.missing");
    EXPECT_EQ(value("a", project), "2");
    ASSERT_TRUE(store->make_current(who, purpose, {Space::secret, project, "a"}, 1).ok());
    EXPECT_EQ(value("a", project), "1");
    ASSERT_TRUE(add(text_secret("a"), "3").ok());
    EXPECT_EQ(store->move(who, purpose, text_secret("a").identity, project).error().id,
              ErrorId::secrets_exists);
    // What it refers to in its own scope is not there in another.
    ASSERT_TRUE(add(credential("c", "a", project)).ok());
    EXPECT_EQ(store->move(who, purpose, {Space::secret, project, "c"}, {"o", "q"}).error().id,
              ErrorId::secrets_missing);
    EXPECT_EQ(store->get({Space::secret, project, "c"})->entity.identity.scope, project);
}

// A manager answers with whatever somebody who may use its key has had it wrap.
TEST_F(StoreTest, WhatAManagerOpensMustBeAKey) {
    add_kms();
    ASSERT_TRUE(add(text_secret("a", "account.kms"), "a").ok());
    for (const char* const wrong :
         {"x", "thirty-one bytes are not thirty", "thirty-three bytes are not thirty"}) {
        class Wrong final : public KeyManager {
        public:
            explicit Wrong(const char* said) : said_(said) {}
            Result<NewKey> generate(const WrapContext&) override {
                return Error(ErrorId::aws_answer, "played");
            }
            Result<Secret> unwrap(const WrappedKey&, const WrapContext&) override { return Secret(said_); }
            Result<WrappedKey> rewrap(const WrappedKey& key, const WrapContext&) override { return key; }

        private:
            const char* said_;
        };
        managers.other = std::make_shared<Wrong>(wrong);
        open();
        EXPECT_EQ(value("a"), "! secrets.tampered") << wrong;
        EXPECT_GE(said("what its manager opened is no key"), 1);
    }
    managers.other = nullptr;
    open();
    EXPECT_EQ(value("a"), "a");
}

// The log says "used" before anything is opened: where a manager then says no, it says that as well.
TEST_F(StoreTest, WhatAManagerRefusesIsSaidAsRefused) {
    add_kms();
    ASSERT_TRUE(add(text_secret("a", "account.kms"), "a").ok());
    ASSERT_TRUE(add(text_secret("b"), "b").ok());
    open();
    managers.kms->down = true;
    const std::vector<Identity> what{text_secret("a").identity, text_secret("b").identity};
    const auto given = store->open_for_use(who, purpose, what);
    ASSERT_TRUE(given.ok());
    EXPECT_FALSE((*given)[0].ok());
    EXPECT_TRUE((*given)[1].ok());
    EXPECT_EQ(said(R"("kind":"refused","who":"uid:1000","action":"test","space":"secret","scope":"account",)"
                   R"("id":"a","detail":"aws.unreachable")"),
              1);
    EXPECT_EQ(said(R"("kind":"refused")"), 1);
}

TEST_F(StoreTest, AsksAManagerOnceForAScopeWithTenThousandValues) {
    add_kms();
    std::vector<Identity> all;
    for (int i = 0; i < 10'000; ++i) {
        const auto entity = text_secret("s" + std::to_string(i), "account.kms", project);
        if (i < 200) {
            ASSERT_TRUE(add(entity, "value " + std::to_string(i)).ok());
        }
        all.push_back(text_secret("s" + std::to_string(i % 200), "account.kms", project).identity);
    }
    EXPECT_EQ(managers.kms->generated, 1);
    open();
    managers.kms->unwrapped = 0;
    const auto values = store->open_for_use(who, purpose, all);
    ASSERT_TRUE(values.ok()) << values.error().message();
    for (std::size_t i = 0; i < all.size(); ++i)
        ASSERT_EQ((*values)[i]->expose(), "value " + std::to_string(i % 200));
    EXPECT_EQ(managers.kms->unwrapped, 1);
    EXPECT_EQ(said(R"("kind":"used")"), 10'000 + 2 * managers.asked);
    EXPECT_EQ(managers.kms->contexts.back().at("scope"), "project:o/p");
    EXPECT_EQ(managers.kms->contexts.back().at("account"), store->account());
    EXPECT_EQ(managers.kms->contexts.back().at("app"), "mullion");
    EXPECT_EQ(managers.kms->contexts.back().size(), 4u);
    // For five minutes.
    clock.advance(std::chrono::minutes(5) - Duration(1));
    EXPECT_EQ(value("s1", project), "value 1");
    EXPECT_EQ(managers.kms->unwrapped, 1);
    clock.advance(Duration(1));
    EXPECT_EQ(value("s1", project), "value 1");
    EXPECT_EQ(managers.kms->unwrapped, 2);
    EXPECT_EQ(managers.credentials.back(), "AKIA:shh");
}

TEST_F(StoreTest, AManagerThatDoesNotAnswerIsAskedOnce) {
    add_kms();
    for (const auto* id : {"a", "b", "c"}) ASSERT_TRUE(add(text_secret(id, "kms"), "1").ok());
    ASSERT_TRUE(add(text_secret("own"), "2").ok());
    open();
    managers.kms->down = true;
    managers.kms->unwrapped = 0;
    const std::vector<Identity> all{text_secret("a").identity, text_secret("b").identity,
                                    text_secret("own").identity};
    const auto values = store->open_for_use(who, purpose, all);
    ASSERT_TRUE(values.ok());
    EXPECT_EQ((*values)[0].error().id, ErrorId::aws_unreachable);
    EXPECT_EQ((*values)[1].error().id, ErrorId::aws_unreachable);
    EXPECT_EQ((*values)[2]->expose(), "2");
    EXPECT_EQ(managers.kms->unwrapped, 1);
    EXPECT_EQ(add(text_secret("d", "account.kms", project), "1").error().id, ErrorId::aws_unreachable);
    EXPECT_EQ(value("d", project), "! secrets.missing");
}

TEST_F(StoreTest, NoManagerDependsOnItself) {
    add_kms();
    // The access key of the manager, kept by the manager.
    EXPECT_EQ(store->update(who, purpose, text_secret("ak", "account.kms"), {}).error().id,
              ErrorId::secrets_cycle);
    // And by one whose access key is kept by it.
    ASSERT_TRUE(add(text_secret("ak2", "account.kms"), "x").ok());
    ASSERT_TRUE(add(text_secret("sk2", "account.kms"), "y").ok());
    auto second = connector("second");
    std::get<AwsKmsConnector>(second.spec).credential =
        AwsKeys{reference("account.ak2"), reference("account.sk2")};
    ASSERT_TRUE(add(second).ok());
    EXPECT_EQ(store->update(who, purpose, text_secret("ak", "account.second"), {}).error().id,
              ErrorId::secrets_cycle);
    auto first = connector("kms");
    std::get<AwsKmsConnector>(first.spec).credential =
        AwsKeys{reference("account.ak2"), reference("account.sk")};
    EXPECT_EQ(store->update(who, purpose, first, {}).error().id, ErrorId::secrets_cycle);
    // One behind the other is well.
    ASSERT_TRUE(add(text_secret("deep", "account.second"), "z").ok());
    open();
    EXPECT_EQ(value("deep"), "z");
}

TEST_F(StoreTest, AnotherManagerMeansAnotherSeal) {
    add_kms();
    ASSERT_TRUE(add(text_secret("a"), "1").ok());
    ASSERT_TRUE(store->update(who, purpose, text_secret("a"), Secret("2")).ok());
    ASSERT_TRUE(store->update(who, purpose, text_secret("a", "kms"), {}).ok());
    EXPECT_EQ(value("a"), "2");
    EXPECT_EQ(store->remove(who, purpose, connector("kms").identity).error().id, ErrorId::secrets_referenced);
    managers.kms->down = true;
    open();
    EXPECT_EQ(value("a"), "! aws.unreachable");
    managers.kms->down = false;
    ASSERT_TRUE(store->update(who, purpose, text_secret("a"), Secret("3")).ok());
    // All versions came along: the manager can go, and the old values are still there.
    const auto removed = store->remove(who, purpose, connector("kms").identity);
    ASSERT_TRUE(removed.ok()) << removed.error().message();
    managers.kms->down = true;
    ASSERT_TRUE(store->make_current(who, purpose, text_secret("a").identity, 1).ok());
    EXPECT_EQ(value("a"), "1");
}

TEST_F(StoreTest, HoldsTheRulesOfEntitiesForWhoeverCalls) {
    EXPECT_EQ(add(text_secret("status"), "1").error().id, ErrorId::secrets_invalid);
    EXPECT_EQ(add(text_secret("a", builtin_manager_id, {"", "p"}), "1").error().id, ErrorId::secrets_invalid);
    ASSERT_TRUE(add(text_secret("a"), "1").ok());
    auto nobody = credential("c", "a");
    std::get<NtlmLogOn>(std::get<WinRmCredential>(nobody.spec).log_on).username.clear();
    EXPECT_EQ(add(nobody).error().id, ErrorId::secrets_invalid);
    auto named = text_secret("a");
    named.name = "two\nlines\x1b";
    EXPECT_EQ(store->update(who, purpose, named, {}).error().id, ErrorId::secrets_invalid);
    EXPECT_EQ(store->move(who, purpose, named.identity, {"", "p"}).error().id, ErrorId::secrets_invalid);
    EXPECT_EQ(said(R"("detail":"secrets.invalid")"), 5);
    EXPECT_EQ(value("a"), "1");
}

TEST_F(StoreTest, HandsOutNothingThatCannotBeWrittenDown) {
    ASSERT_TRUE(add(text_secret("a"), "1").ok());
    ASSERT_EQ(::chmod(audit_file.c_str(), 0644), 0);
    EXPECT_EQ(value("a"), "! audit.failed");
    EXPECT_EQ(add(text_secret("b"), "1").error().id, ErrorId::audit_failed);
    EXPECT_EQ(store->remove(who, purpose, text_secret("a").identity).error().id, ErrorId::audit_failed);
    ASSERT_EQ(::chmod(audit_file.c_str(), 0600), 0);
    EXPECT_EQ(value("a"), "1");
    EXPECT_EQ(value("b"), "! secrets.missing");
}

TEST_F(StoreTest, RefusesToStartWithoutItsKeyOrInAnOpenPlace) {
    ASSERT_TRUE(add(text_secret("a"), "1").ok());
    store.reset();
    const auto refused = [&](ErrorId id, Store::Mode mode = Store::Mode::create) {
        const auto opened = Store::open(path, mode, managers, *audit, clock);
        ASSERT_FALSE(opened.ok());
        EXPECT_EQ(opened.error().id, id) << opened.error().message();
    };
    ASSERT_EQ(::chmod(path.c_str(), 0640), 0);
    refused(ErrorId::secrets_store);
    ASSERT_EQ(::chmod(path.c_str(), 0600), 0);
    ASSERT_EQ(::chmod(folder.path().c_str(), 0777), 0);
    refused(ErrorId::secrets_store);
    ASSERT_EQ(::chmod(folder.path().c_str(), 0700), 0);
    std::filesystem::rename(key_file, key_file + ".away");
    refused(ErrorId::secrets_key);
    // A store that is not there yet is not made either.
    std::filesystem::rename(path, path + ".away");
    refused(ErrorId::secrets_key);
    EXPECT_FALSE(std::filesystem::exists(path));
    std::filesystem::rename(path + ".away", path);
    // Another key is another key, and is not taken for damage.
    ASSERT_TRUE(BuiltinManager::make_file(key_file, Secret()).ok());
    open();
    EXPECT_EQ(value("a"), "! secrets.key");
    EXPECT_EQ(store->list().error().id, ErrorId::secrets_key);
    path = folder / "none";
    refused(ErrorId::secrets_store, Store::Mode::existing);
}

}  // namespace
}  // namespace mullion::secrets
