// How far the audit log goes, as the store knows it: a log that was emptied, cut below that, or put in the
// place of the right one is found out by whoever opens the store next. The log is written first, so that
// after a crash it is never behind what is said here.
#include <fmt/format.h>

#include "crypto/aead.h"
#include "secrets/store/private_file.h"
#include "secrets/store/state.h"

namespace mullion::secrets {
namespace {

using storage::AuditEndRow;

// Uses do not write the store otherwise: so many lines may be behind what it says.
constexpr std::uint64_t most_unsaid = 64;

std::string bytes_of(std::string_view account, const AuditEndRow& row) {
    const auto numbers = fmt::format("{} {}", row.number, row.bytes);
    return name_bytes("mullion audit end 1", {row.key, account, numbers, row.hash});
}

AuditEnd end_in(const AuditEndRow& row) {
    return {static_cast<std::uint64_t>(row.number), static_cast<std::uint64_t>(row.bytes), row.hash};
}

Error to_be_accepted(Error error) {
    if (error.id == ErrorId::audit_broken)
        error.advice.emplace_back(
            "Put the right log back; where it is lost, or was put away on purpose, mullion "
            "audit accept goes on with the one that is there.");
    return error;
}

}  // namespace

Result<std::optional<AuditEnd>> Store::said_end(const std::string& path) {
    MULLION_TRY(check_private_file(path, Missing::is_wrong));
    auto opened =
        storage::SecretsDatabase::open(path, storage::SecretsDatabase::Mode::existing, 0, system_random());
    if (!opened.ok()) return of_store(std::move(opened).error());
    const auto row = (*opened)->audit_end();
    if (!row.ok()) return of_store(row.error());
    if (!*row) return std::optional<AuditEnd>();
    return std::optional(end_in(**row));
}

Result<AuditEnd> Store::State::vouched(const Caller& caller, const AuditEndRow& row) {
    MULLION_ASSIGN(const auto key, database->key(row.key));
    const auto changed = [&] {
        // Nothing is handed out whether or not this can be said.
        const std::string why = "what it says of its audit log is not what was written";
        (void)say(caller, AuditEntry::Kind::tampered, {}, 0, why).ok();
        return Error(ErrorId::secrets_tampered, fmt::format("{}: {}", path, why));
    };
    if (!key || !is_builtin_place(key->holder.manager)) return changed();
    MULLION_ASSIGN(const auto opened, open_key(caller, *key));
    if (row.mark.size() != crypto::aead_overhead ||
        !crypto::unseal(*opened.key, bytes_of(database->account(), row), row.mark))
        return changed();
    return end_in(row);
}

Result<AuditEnd> Store::State::known_end(const Caller& caller) {
    std::optional<AuditEndRow> row;
    bool has_entities = false;
    {
        MULLION_ASSIGN(const auto hold, database->read());
        MULLION_ASSIGN(row, database->audit_end());
        MULLION_ASSIGN(has_entities, database->has_entities());
    }
    if (row) return vouched(caller, *row);
    // It is written with the first entity.
    if (has_entities)
        return Error(ErrorId::audit_broken, path +
                                                " does not say how far its audit log goes: an older version "
                                                "wrote it last, or somebody took that out");
    return AuditEnd();
}

Result<void> Store::State::check_log(const Caller& caller) {
    if (log_checked) return {};
    const auto known = known_end(caller);
    if (!known.ok()) return to_be_accepted(known.error());
    if (auto there = audit.check_has(*known); !there.ok()) return to_be_accepted(std::move(there).error());
    log_checked = true;
    log_said = known->number;
    return {};
}

// Of a transaction.
Result<void> Store::State::keep_end(const Caller& caller, Keeps keeps) {
    MULLION_ASSIGN(const auto key, database->first_active_key(builtin_manager_id));
    if (!key) return {};  // Nothing is kept yet.
    AuditEnd end = audit.end();
    MULLION_ASSIGN(const auto before, database->audit_end());
    if (before && keeps != Keeps::whatever_was) {
        // Somebody who wrote after this one was faster.
        const bool newer = static_cast<std::uint64_t>(before->number) >= end.number;
        if (newer && keeps == Keeps::what_is_newer) return {};
        MULLION_ASSIGN(auto known, vouched(caller, *before));
        if (newer) end = std::move(known);
    }
    MULLION_ASSIGN(const auto opened, open_key(caller, *key));
    AuditEndRow row{
        static_cast<std::int64_t>(end.number), static_cast<std::int64_t>(end.bytes), end.hash, key->id, {}};
    row.mark = crypto::seal(*opened.key, bytes_of(database->account(), row), Secret(), random);
    MULLION_TRY(database->put(row));
    log_said = end.number;
    return {};
}

Result<void> Store::State::keep_end_now(const Caller& caller, Keeps keeps) {
    MULLION_ASSIGN(auto hold, database->write());
    MULLION_TRY(keep_end(caller, keeps));
    return hold.commit();
}

void Store::State::keep_end_of_uses(const Caller& caller) {
    if (audit.end().number < log_said + most_unsaid) return;
    // What others hinder now is done by the next use, or the next change: the log itself is written.
    (void)keep_end_now(caller, Keeps::what_is_newer).ok();
}

Result<bool> Store::State::accept_log(const Caller& caller) {
    std::string was = "nothing of a log";
    const auto known = known_end(caller);
    if (known.ok()) {
        auto there = audit.check_has(*known);
        if (there.ok()) return false;
        if (there.error().id != ErrorId::audit_broken) return std::move(there).error();
        was = fmt::format("entry {} with the hash {}", known->number, known->hash);
    } else if (known.error().id != ErrorId::audit_broken && known.error().id != ErrorId::secrets_tampered) {
        return known.error();
    }
    MULLION_TRY(say(caller, AuditEntry::Kind::changed, {}, 0,
                    fmt::format("this log is accepted; the store knew of {}", was)));
    MULLION_TRY(keep_end_now(caller, Keeps::whatever_was));
    log_checked = true;
    return true;
}

}  // namespace mullion::secrets
