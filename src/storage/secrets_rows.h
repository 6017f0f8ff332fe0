// What the secret store keeps, as rows: sealed bytes, wrapped keys, and texts without secrets. What they
// mean, and who may do what with them, is known to the room secrets.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/ids.h"
#include "core/result.h"

namespace mullion::storage {

// Where an entity stands; unique.
struct EntityPlace {
    std::int64_t space = 0;
    std::string org, project, id;
};

struct EntityRow {
    std::int64_t number = 0;  // Its own for ever; given by insert().
    EntityPlace place;
    std::string name, document;
    std::uint32_t current = 0, latest = 0;  // Versions of its value; 0: it has none.
    std::int64_t created = 0, changed = 0;  // Milliseconds since 1970.
    std::string test;                       // Empty: none.
    std::string key;                        // The scope's key that vouches for the row, and what it says.
    std::string mark;
};

struct ReferenceRow {
    std::string field;
    EntityPlace to;
};

struct ValueRow {
    std::int64_t owner = 0;
    std::uint32_t version = 0;
    std::string field;
    std::string key;      // The scope's key that wraps this version's own.
    std::string wrapped;  // Which seals what follows.
    std::string sealed;
    std::int64_t created = 0;
};

// Whose key: of one scope, held by one manager.
struct KeyHolder {
    std::string org, project;
    EntityPlace manager;
    bool operator==(const KeyHolder& other) const {
        return org == other.org && project == other.project && manager.org == other.manager.org &&
               manager.project == other.manager.project && manager.id == other.manager.id;
    }
};

struct ScopeKeyRow {
    std::string id;
    KeyHolder holder;
    std::string manager_key, blob;
    std::int64_t created = 0;
    bool active = true;  // What is new is sealed with it; one for each holder.
};

// How far the audit log went when this was last said.
struct AuditEndRow {
    std::int64_t number = 0, bytes = 0;
    std::string hash;
    std::string key;  // The scope's key that vouches for it.
    std::string mark;
};

// One file, in rollback-journal mode: a second file exists only while something is written, so that what lies
// there is the whole store, and who only may read the folder can read it. Every commit is on the disk
// (synchronous=EXTRA: also the journal's end). Several processes at once; a writer waits up to 5 s for
// another. One thread at a time.
class SecretsDatabase {
public:
    enum class Mode {
        existing,
        create
    };  // create: makes the file, mode 0600, and its account, where there is none.
    // Errors: state.database (also: none of ours), state.version (made by a newer version)
    [[nodiscard]] static Result<std::unique_ptr<SecretsDatabase>> open(const std::string& path, Mode mode,
                                                                       std::int64_t now, Random& random);
    ~SecretsDatabase();

    [[nodiscard]] const std::string& account() const;

    // Rolls back unless committed. One at a time.
    class Hold {
    public:
        Hold(Hold&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}
        Hold& operator=(Hold&&) = delete;
        ~Hold();
        [[nodiscard]] Result<void> commit();

    private:
        friend class SecretsDatabase;
        explicit Hold(SecretsDatabase* database) : database_(database) {}
        SecretsDatabase* database_;
    };
    [[nodiscard]] Result<Hold> read();   // All that is read is of one moment.
    [[nodiscard]] Result<Hold> write();  // Nobody else writes.
    [[nodiscard]] bool writes() const;   // Within write().
    // Another number than before: somebody else has committed since. Not within a Hold.
    [[nodiscard]] Result<std::int64_t> changes_of_others();

    [[nodiscard]] Result<std::optional<EntityRow>> find(const EntityPlace& place);
    [[nodiscard]] Result<std::vector<EntityRow>> list();
    [[nodiscard]] Result<std::int64_t> insert(const EntityRow& entity);
    [[nodiscard]] Result<void> replace(const EntityRow& entity);  // By its number.
    [[nodiscard]] Result<void> remove(std::int64_t entity);       // With its references and values.

    [[nodiscard]] Result<void> set_references(std::int64_t entity,
                                              const std::vector<ReferenceRow>& references);
    [[nodiscard]] Result<std::vector<ReferenceRow>> references(std::int64_t entity);
    [[nodiscard]] Result<std::vector<std::pair<EntityPlace, std::string>>> referrers(const EntityPlace& to);

    [[nodiscard]] Result<void> put(
        const ValueRow& value);  // In the place of one with the same owner, version and field.
    [[nodiscard]] Result<std::optional<ValueRow>> value(std::int64_t owner, std::uint32_t version,
                                                        const std::string& field);
    [[nodiscard]] Result<std::vector<ValueRow>> values(std::int64_t owner);
    [[nodiscard]] Result<std::vector<std::pair<std::uint32_t, std::int64_t>>> versions(
        std::int64_t owner);  // Newest first.

    [[nodiscard]] Result<void> insert(const ScopeKeyRow& key);
    [[nodiscard]] Result<std::optional<ScopeKeyRow>> key(const std::string& id);
    [[nodiscard]] Result<std::optional<ScopeKeyRow>> active_key(const KeyHolder& holder);
    [[nodiscard]] Result<std::vector<ScopeKeyRow>> keys();
    [[nodiscard]] Result<void> retire(const std::string& key);
    [[nodiscard]] Result<void> rewrap(const std::string& key, const std::string& manager_key,
                                      const std::string& blob);
    // The oldest of a manager that is in use.
    [[nodiscard]] Result<std::optional<ScopeKeyRow>> first_active_key(const std::string& manager_id);
    // Retired keys that nothing is sealed or vouched for with.
    [[nodiscard]] Result<void> drop_unused_keys();
    // Of what this key seals: at least one where there is one, and then as many as fit.
    [[nodiscard]] Result<std::vector<ValueRow>> values_of_key(const std::string& key, std::size_t rows,
                                                              std::size_t bytes);
    [[nodiscard]] Result<std::vector<EntityRow>> entities_of_key(const std::string& key, std::size_t rows);
    [[nodiscard]] Result<std::optional<EntityRow>> find(std::int64_t number);

    [[nodiscard]] Result<std::optional<AuditEndRow>> audit_end();
    [[nodiscard]] Result<void> put(const AuditEndRow& end);  // In the place of the one before.
    [[nodiscard]] Result<bool> has_entities();

    // Into an empty file that is there.
    [[nodiscard]] Result<void> copy_to(const std::string& path);
    // Whether a file has nothing in it, once what a crash left half done is undone. Errors: state.database
    [[nodiscard]] static Result<bool> is_blank(const std::string& path);
    // A copy back, in one transaction of `to`, which is what it was or all of the copy. Errors:
    // state.database (also: `from` is none of ours, or damaged), state.version
    [[nodiscard]] static Result<void> restore(const std::string& from, const std::string& to);

private:
    struct State;
    explicit SecretsDatabase(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace mullion::storage
