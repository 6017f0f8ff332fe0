// The audit log and the store that knows it: what becomes of a log that was emptied, cut or replaced.
#include <sqlite3.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "secrets/tests/store_fixture.h"

namespace mullion::secrets {
namespace {

class LogTest : public StoreTest {
protected:
    LogTest() {
        EXPECT_TRUE(add(text_secret("a"), "1").ok());
        EXPECT_TRUE(add(text_secret("b"), "2").ok());
    }
    std::string log() const {
        std::ifstream file(audit_file, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    // As the next process finds it.
    void begin_anew(const std::string& log_text) {
        std::ofstream(audit_file, std::ios::binary | std::ios::trunc) << log_text;
        begin_anew();
    }
    void begin_anew() {
        store.reset();
        audit.reset();
        auto opened = AuditLog::open(audit_file, clock);
        ASSERT_TRUE(opened.ok()) << opened.error().message();
        audit = std::move(opened).value();
        open();
    }
    void is_broken(const std::string& what, ErrorId id = ErrorId::audit_broken) {
        const auto before = log();
        EXPECT_EQ(value("a"), "! " + std::string(row(id).id)) << what;
        EXPECT_EQ(add(text_secret("c"), "3").error().id, id) << what;
        EXPECT_EQ(store->update(who, purpose, text_secret("a"), Secret("x")).error().id, id) << what;
        EXPECT_EQ(store->remove(who, purpose, text_secret("a").identity).error().id, id) << what;
        EXPECT_EQ(store->move(who, purpose, text_secret("a").identity, {"o", {}}).error().id, id) << what;
        EXPECT_EQ(store->rotate(who, purpose).error().id, id) << what;
        EXPECT_EQ(store->rewrap(who, purpose).error().id, id) << what;
        EXPECT_EQ(store->backup(who, purpose, folder / "copy").error().id, id) << what;
        // What there is can still be looked at.
        EXPECT_TRUE(store->get(text_secret("a").identity).ok()) << what;
        EXPECT_TRUE(id != ErrorId::audit_broken || log() == before) << what;
    }
    void change(const std::string& sql) {
        store.reset();
        sqlite3* file = nullptr;
        ASSERT_EQ(sqlite3_open_v2(path.c_str(), &file, SQLITE_OPEN_READWRITE, nullptr), SQLITE_OK);
        EXPECT_EQ(sqlite3_exec(file, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << sql;
        EXPECT_GT(sqlite3_total_changes(file), 0) << sql;
        sqlite3_close(file);
        begin_anew();
    }
};

TEST_F(LogTest, ThatWasEmptiedReplacedOrCutIsFoundOut) {
    const auto whole = log();
    std::filesystem::remove(audit_file);
    begin_anew();
    is_broken("removed");
    begin_anew("");
    is_broken("emptied");
    begin_anew("rubbish\n");
    is_broken("rubbish");
    begin_anew(std::string(2 * whole.size(), 'x') + "\n");
    is_broken("long rubbish");
    begin_anew(whole.substr(0, whole.find('\n') + 1));
    is_broken("the last line is gone");
    begin_anew(whole.substr(0, whole.size() - 2));
    is_broken("cut within the last line");
    begin_anew("\n" + whole);
    is_broken("moved by a byte");
    auto touched = whole;
    touched[touched.rfind("hash\":\"") + 7] ^= 1;
    begin_anew(touched);
    is_broken("another hash");
    begin_anew(whole);
    EXPECT_EQ(value("a"), "1");
}

TEST_F(LogTest, HowFarItGoesIsReadWithoutTheKey) {
    const auto end = audit->end();
    EXPECT_EQ(Store::said_end(path).value(), std::optional(end));
    std::filesystem::rename(key_file, key_file + ".away");
    EXPECT_EQ(Store::said_end(path).value(), std::optional(end));
    EXPECT_EQ(Store::said_end(path + ".none").error().id, ErrorId::secrets_store);
    std::ofstream(folder / "other") << "rubbish";
    std::filesystem::permissions(folder / "other", std::filesystem::perms(0600));
    EXPECT_EQ(Store::said_end(folder / "other").error().id, ErrorId::secrets_store);
    std::filesystem::rename(key_file + ".away", key_file);
    change("DELETE FROM audit_end");
    EXPECT_EQ(Store::said_end(path).value(), std::nullopt);
}

TEST_F(LogTest, OfAnotherStoreIsNone) {
    const auto other = folder / "other";
    {
        const auto theirs = AuditLog::open(other, clock).value();
        for (int i = 0; i < 10; ++i) ASSERT_TRUE(theirs->write(who, purpose, std::vector{AuditEntry{}}).ok());
    }
    std::filesystem::rename(other, audit_file);
    begin_anew();
    is_broken("another's");
}

TEST_F(LogTest, IsAcceptedOnPurposeAndThatIsSaid) {
    const auto same = store->accept_log(who, purpose);
    ASSERT_TRUE(same.ok()) << same.error().message();
    EXPECT_FALSE(*same);
    EXPECT_EQ(said("is accepted"), 0);
    const auto hash = audit->head();
    for (const std::string text : {"", "rubbish\n"}) {
        begin_anew(text);
        const auto accepted = store->accept_log(who, purpose);
        ASSERT_TRUE(accepted.ok()) << accepted.error().message();
        EXPECT_TRUE(*accepted);
        EXPECT_EQ(value("a"), "1");
        EXPECT_EQ(said("this log is accepted; the store knew of entry"), 1);
        EXPECT_EQ(said(text.empty() ? "with the hash " + hash : "with the hash"), 1);
        begin_anew();
        EXPECT_EQ(value("a"), "1");
        EXPECT_FALSE(*store->accept_log(who, purpose));
    }
}

TEST_F(LogTest, IsKnownToItsEndAfterEachChangeAndNowAndThenWhenUsed) {
    for (int i = 0; i < 3; ++i) EXPECT_EQ(value("a"), "1");
    const auto last = [](const std::string& text) { return text.substr(0, text.rfind("{\"hash\"")); };
    // Uses do not write the store: who may write the log can take the last ones out, as docs say.
    begin_anew(last(log()));
    EXPECT_EQ(value("a"), "1");
    for (int i = 0; i < 70; ++i) EXPECT_EQ(value("a"), "1");
    auto cut = log();
    for (int i = 0; i < 10; ++i) cut = last(cut);
    begin_anew(cut);
    is_broken("uses are gone");
    ASSERT_TRUE(*store->accept_log(who, purpose));
    ASSERT_TRUE(store->remove(who, purpose, text_secret("b").identity).ok());
    begin_anew(last(log()));
    is_broken("the last change is gone");
}

TEST_F(LogTest, WhatTheStoreSaysOfItIsVouchedFor) {
    const auto whole = log();
    std::filesystem::copy_file(path, path + ".whole");
    for (const auto* sql :
         {"UPDATE audit_end SET number = 1", "UPDATE audit_end SET bytes = bytes - 1",
          "UPDATE audit_end SET hash = upper(hash) || 'x'", "UPDATE audit_end SET mark = x'00'",
          "UPDATE audit_end SET number = 0, bytes = 0"}) {
        begin_anew(whole);
        change(sql);
        is_broken(sql, ErrorId::secrets_tampered);
        EXPECT_GT(said(R"("kind":"tampered")"), 0) << sql;
        store.reset();
        std::filesystem::copy_file(path + ".whole", path, std::filesystem::copy_options::overwrite_existing);
    }
    begin_anew(whole);
    change("DELETE FROM audit_end");
    is_broken("taken out");
    ASSERT_TRUE(*store->accept_log(who, purpose));
    EXPECT_EQ(said("the store knew of nothing of a log"), 1);
    EXPECT_EQ(value("a"), "1");
}

TEST_F(LogTest, IsVouchedForByTheNewKeyAfterARotation) {
    ASSERT_TRUE(store->rotate(who, purpose).ok());
    ASSERT_TRUE(store->rotate(who, purpose).ok());
    begin_anew();
    EXPECT_EQ(value("a"), "1");
    begin_anew("");
    is_broken("emptied");
}

// The store is as it was before what the log has by now, and that is no break.
TEST_F(LogTest, OfARestoredStoreGoesOn) {
    const auto copy = folder / "backup";
    ASSERT_TRUE(store->backup(who, purpose, copy).ok());
    ASSERT_TRUE(store->update(who, purpose, text_secret("a"), Secret("later")).ok());
    store.reset();
    ASSERT_TRUE(Store::restore(who, purpose, copy, path, true, *audit).ok());
    begin_anew();
    EXPECT_EQ(value("a"), "1");
    // On another machine there is none of it.
    store.reset();
    std::filesystem::remove(audit_file);
    audit = AuditLog::open(audit_file, clock).value();
    ASSERT_TRUE(Store::restore(who, purpose, copy, path, true, *audit).ok());
    begin_anew();
    is_broken("left behind");
    ASSERT_TRUE(*store->accept_log(who, purpose));
    EXPECT_EQ(value("a"), "1");
}

TEST_F(LogTest, OfAStoreOfAnOlderVersionIsAcceptedOnce) {
    change("DROP TABLE audit_end; PRAGMA user_version = 1; UPDATE store SET created = created");
    is_broken("an older version");
    ASSERT_TRUE(*store->accept_log(who, purpose));
    EXPECT_EQ(value("a"), "1");
    begin_anew();
    EXPECT_EQ(value("a"), "1");
}

// Another process changes things meanwhile: what is known never goes back.
TEST_F(LogTest, IsKnownToTheFarthestEndThatAnybodySaid) {
    const auto theirs = AuditLog::open(audit_file, clock).value();
    const auto other = Store::open(path, Store::Mode::existing, managers, *theirs, clock).value();
    for (int i = 0; i < 5; ++i) {
        ASSERT_TRUE(other->update(who, purpose, text_secret("b"), Secret(std::to_string(i))).ok());
        ASSERT_TRUE(store->update(who, purpose, text_secret("a"), Secret(std::to_string(i))).ok());
    }
    ASSERT_TRUE(store->rotate(who, purpose).ok());
    EXPECT_EQ(value("a"), "4");
    begin_anew();
    EXPECT_EQ(value("b"), "4");
}

TEST_F(LogTest, OfANewStoreMayHaveLinesAlready) {
    store.reset();
    path = folder / "second.db";
    open();
    EXPECT_EQ(value("a"), "! secrets.missing");
    EXPECT_TRUE(add(text_secret("a"), "of the second").ok());
    begin_anew();
    EXPECT_EQ(value("a"), "of the second");
}

}  // namespace
}  // namespace mullion::secrets
