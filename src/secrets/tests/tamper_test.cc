// What somebody who can write the file can do: nothing but break it.
#include <sqlite3.h>
#include <unistd.h>

#include <filesystem>

#include "secrets/tests/store_fixture.h"

namespace mullion::secrets {
namespace {

class TamperTest : public StoreTest {
protected:
    TamperTest() {
        EXPECT_TRUE(add(text_secret("a"), "value of a").ok());
        EXPECT_TRUE(add(text_secret("b"), "value of b").ok());
        EXPECT_TRUE(store->update(who, purpose, text_secret("a"), Secret("second of a")).ok());
        EXPECT_TRUE(add(text_secret("a", builtin_manager_id, {"o", "p"}), "elsewhere").ok());
    }
    // With the store closed, by another hand.
    void change(const std::string& sql) {
        store.reset();
        sqlite3* file = nullptr;
        ASSERT_EQ(sqlite3_open_v2(path.c_str(), &file, SQLITE_OPEN_READWRITE, nullptr), SQLITE_OK);
        char* why = nullptr;
        EXPECT_EQ(sqlite3_exec(file, sql.c_str(), nullptr, nullptr, &why), SQLITE_OK) << why << sql;
        EXPECT_GT(sqlite3_total_changes(file), 0) << sql;
        sqlite3_free(why);
        sqlite3_close(file);
        open();
    }
    void found_out(const std::string& sql, const Identity& what) {
        store.reset();
        std::filesystem::copy_file(path, path + ".whole", std::filesystem::copy_options::overwrite_existing);
        change(sql);
        const auto before = said(R"("kind":"tampered")");
        EXPECT_EQ(value(what), "! secrets.tampered") << sql;
        EXPECT_GT(said(R"("kind":"tampered")"), before) << sql;
        store.reset();
        std::filesystem::copy_file(path + ".whole", path, std::filesystem::copy_options::overwrite_existing);
        open();
        EXPECT_FALSE(value(what).starts_with("!"));
    }
    static std::string of(const std::string& id) {
        return "(SELECT number FROM entity WHERE id = '" + id + "' AND org = '')";
    }

    const Identity a = text_secret("a").identity, b = text_secret("b").identity;
};

TEST_F(TamperTest, OneBitOfAnything) {
    const std::string flip_last =
        " = CAST(substr(X, 1, length(X) - 1) || CASE substr(X, length(X)) WHEN x'00' THEN x'01' "
        "ELSE x'00' END AS BLOB)";
    const auto flip = [&](std::string column) {
        auto change = column + flip_last;
        for (auto at = change.find('X'); at != std::string::npos; at = change.find('X', at + column.size()))
            change.replace(at, 1, column);
        return change;
    };
    found_out("UPDATE value SET " + flip("sealed") + " WHERE owner = " + of("a"), a);
    found_out("UPDATE value SET " + flip("wrapped") + " WHERE owner = " + of("a"), a);
    found_out("UPDATE entity SET " + flip("mark") + " WHERE number = " + of("a"), a);
    found_out("UPDATE scope_key SET " + flip("blob") + " WHERE org = ''", a);
    found_out("UPDATE scope_key SET blob = x''", a);
    found_out("UPDATE value SET sealed = x''", a);
    found_out("UPDATE value SET wrapped = x'00'", a);
    found_out("UPDATE entity SET mark = x''", a);
}

TEST_F(TamperTest, WhatIsSaidOfIt) {
    const auto where = " WHERE number = " + of("a");
    found_out("UPDATE entity SET name = 'other'" + where, a);
    found_out("UPDATE entity SET document = replace(document, 'a', 'b')" + where, a);
    found_out("UPDATE entity SET test = '{}'" + where, a);
    found_out("UPDATE entity SET changed = changed + 1" + where, a);
    found_out("UPDATE entity SET created = created + 1" + where, a);
    found_out("UPDATE entity SET latest = latest + 1" + where, a);
}

TEST_F(TamperTest, AnOldVersionInThePlaceOfTheCurrentOne) {
    found_out("UPDATE entity SET current = 1 WHERE number = " + of("a"), a);
    found_out("DELETE FROM value WHERE version = 2 AND owner = " + of("a"), a);
    found_out("UPDATE value SET version = 3 WHERE version = 2 AND owner = " + of("a") +
                  "; UPDATE value SET version = 2 WHERE version = 1 AND owner = " + of("a"),
              a);
}

TEST_F(TamperTest, TwoThatChangePlaces) {
    // Their values.
    found_out("UPDATE value SET owner = -1 WHERE owner = " + of("b") +
                  "; UPDATE value SET version = 1, owner = " + of("b") +
                  " WHERE version = 2 AND owner = " + of("a"),
              b);
    // Their names.
    found_out("UPDATE entity SET id = 'x' WHERE number = " + of("a") +
                  "; UPDATE entity SET id = 'a' WHERE number = " + of("b"),
              a);
    // Their scopes.
    found_out("UPDATE entity SET org = 'o', project = 'p', id = 'z' WHERE number = " + of("b") +
                  "; UPDATE entity SET org = '', project = '', id = 'b' WHERE org = 'o' AND id = 'a'",
              b);
    // A value that another scope's key seals.
    found_out("UPDATE value SET key = (SELECT id FROM scope_key WHERE org = 'o') WHERE owner = " + of("a"),
              a);
    found_out("UPDATE entity SET key = (SELECT id FROM scope_key WHERE org = 'o') WHERE number = " + of("a"),
              a);
    found_out("UPDATE scope_key SET blob = (SELECT blob FROM scope_key WHERE org = 'o')", a);
}

// Who may use the key of one manager has no say over what another one's seals.
TEST_F(TamperTest, AValueThatAnotherManagersKeySeals) {
    add_kms();
    const auto ours = text_secret("ours");
    ASSERT_TRUE(add(ours, "ours").ok());
    ASSERT_TRUE(add(text_secret("theirs", "account.kms"), "theirs").ok());
    ASSERT_EQ(value("theirs"), "theirs");
    auto opened =
        storage::SecretsDatabase::open(path, storage::SecretsDatabase::Mode::existing, 0, system_random());
    ASSERT_TRUE(opened.ok());
    auto& rows = **opened;
    const auto owner = *rows.find({static_cast<std::int64_t>(Space::secret), "", "", "ours"});
    const auto key = *rows.active_key({"", "", {0, "", "", "kms"}});
    ASSERT_TRUE(owner && key);
    const Secret in_hand =
        *managers.kms->unwrap({key->manager_key, key->blob}, wrap_context(rows.account(), *key));
    const auto forged =
        seal_value(in_hand, key->id, {rows.account(), {}, "ours", 1}, Secret("forged"), system_random());
    ASSERT_TRUE(rows.put({owner->number, 1, value_field, key->id, forged.wrapped, forged.sealed, 0}).ok());
    opened.value().reset();
    open();
    EXPECT_EQ(value("ours"), "! secrets.tampered");
    EXPECT_EQ(store->move(who, purpose, ours.identity, {"o", {}}).error().id, ErrorId::secrets_tampered);
    EXPECT_EQ(store->rotate(who, purpose).error().id, ErrorId::secrets_tampered);
    EXPECT_GE(said("no key of its manager seals it"), 3);
}

TEST_F(TamperTest, AnotherStoresAccount) {
    found_out("UPDATE store SET account = '00000000-0000-4000-8000-000000000000'", a);
}

TEST_F(TamperTest, ARecordOfAnotherStoreWithTheSameKey) {
    store.reset();
    const auto here = path;
    path = folder / "other.db";
    open();
    ASSERT_TRUE(add(text_secret("a"), "theirs").ok());
    ASSERT_TRUE(add(text_secret("b"), "theirs").ok());
    store.reset();
    const auto there = path;
    path = here;
    change("ATTACH '" + there +
           "' AS other; PRAGMA foreign_keys = OFF; DELETE FROM main.value; DELETE FROM main.entity; "
           "DELETE FROM main.scope_key; INSERT INTO main.scope_key SELECT * FROM other.scope_key; "
           "INSERT INTO main.entity SELECT * FROM other.entity; INSERT INTO main.value SELECT * FROM "
           "other.value;");
    EXPECT_EQ(value("a"), "! secrets.tampered");
    EXPECT_EQ(store->get(a).error().id, ErrorId::secrets_tampered);
    EXPECT_EQ(store->list().error().id, ErrorId::secrets_tampered);
    EXPECT_GE(said(R"("kind":"tampered")"), 3);
}

TEST_F(TamperTest, WhoLookedAtWhatWasTouchedIsNamed) {
    change("UPDATE entity SET name = 'other' WHERE number = " + of("a"));
    const auto by = [&](const std::string& name) {
        return said(R"("kind":"tampered","who":")" + name + R"(","action":"look")");
    };
    EXPECT_EQ(store->get(a).error().id, ErrorId::secrets_tampered);
    EXPECT_EQ(by("uid:" + std::to_string(::geteuid())), 1);
    store->looks_for({"ann (uid:7)"});
    EXPECT_EQ(store->get(a).error().id, ErrorId::secrets_tampered);
    EXPECT_EQ(store->list().error().id, ErrorId::secrets_tampered);
    EXPECT_EQ(store->versions(a).error().id, ErrorId::secrets_tampered);
    EXPECT_EQ(by("ann (uid:7)"), 3);
}

TEST_F(TamperTest, NothingThatWasTouchedIsTakenFurther) {
    change("UPDATE entity SET name = 'other' WHERE number = " + of("a"));
    EXPECT_EQ(store->update(who, purpose, text_secret("a"), Secret("3")).error().id,
              ErrorId::secrets_tampered);
    EXPECT_EQ(store->move(who, purpose, a, {"o", {}}).error().id, ErrorId::secrets_tampered);
    EXPECT_EQ(store->make_current(who, purpose, a, 1).error().id, ErrorId::secrets_tampered);
    EXPECT_EQ(store->set_test(who, purpose, a, {}).error().id, ErrorId::secrets_tampered);
    EXPECT_EQ(store->versions(a).error().id, ErrorId::secrets_tampered);
    EXPECT_EQ(store->rotate(who, purpose).error().id, ErrorId::secrets_tampered);
    EXPECT_EQ(value("b"), "value of b");
    // It can be taken out, and put in anew.
    ASSERT_TRUE(store->remove(who, purpose, a).ok());
    ASSERT_TRUE(store->rotate(who, purpose).ok());
    ASSERT_TRUE(add(text_secret("a"), "new").ok());
    EXPECT_EQ(value("a"), "new");
}

TEST(NameBytes, AreDifferentForDifferentNames) {
    EXPECT_NE(name_bytes("x", {"ab", "c"}), name_bytes("x", {"a", "bc"}));
    EXPECT_NE(name_bytes("x", {"", "a"}), name_bytes("x", {"a", ""}));
    EXPECT_NE(name_bytes("x", {"a"}), name_bytes("x", {"a", ""}));
    EXPECT_EQ(name_bytes("x", {"ab"}), std::string("x\0\0\0\0\0\0\0\2ab", 11));
}

}  // namespace
}  // namespace mullion::secrets
