#include "secrets/use/use.h"

#include <fmt/format.h>

#include <map>
#include <mutex>

#include "os/file.h"
#include "secrets/audit/log_file.h"
#include "secrets/entities/references.h"
#include "secrets/use/batch.h"
#include "secrets/use/batch_audit.h"
#include "secrets/use/list_of_hosts.h"
#include "secrets/use/surroundings.h"

namespace mullion::secrets {

struct SecretUse::State {
    std::string file;
    Scope scope;
    Principal principal;
    Delegate delegate;
    std::unique_ptr<AuditLog> log;
    std::unique_ptr<BatchAudit> audit;
    std::unique_ptr<MachineManagers> managers;
    std::unique_ptr<Store> store;
    std::mutex looking;  // The store is one thread's at a time.
    mutable std::mutex giving;
    std::multimap<Identity, Secret> given;
    std::function<void(const Secret&)> tell;

    void hand_out(const Identity& what, const Secret& value) {
        std::function<void(const Secret&)> telling;
        {
            const std::lock_guard lock(giving);
            const auto [begin, end] = given.equal_range(what);
            for (auto known = begin; known != end; ++known)
                if (known->second.same_as(value)) return;
            given.emplace(what, value.clone());
            telling = tell;
        }
        if (telling) telling(value);
    }
};

SecretUse::SecretUse(std::unique_ptr<State> state) : state_(std::move(state)) {}
SecretUse::~SecretUse() = default;

Result<std::unique_ptr<SecretUse>> SecretUse::open(const StorePlace& place) {
    auto state = std::make_unique<State>();
    state->file = place.file;
    if (state->file.empty()) {
        MULLION_ASSIGN(state->file, default_store_file());
    }
    if (!os::file_exists(state->file))
        return Error(ErrorId::secrets_store, fmt::format("there is no store {}", state->file));
    state->scope = place.scope;
    state->principal = this_account();
    state->delegate = this_delegate(place.delegate);
    MULLION_ASSIGN(state->log, AuditLog::open(audit_file_of(state->file)));
    state->audit = std::make_unique<BatchAudit>(*state->log);
    state->managers = std::make_unique<MachineManagers>(state->file, state->delegate, place.ask_passphrase);
    MULLION_ASSIGN(state->store,
                   Store::open(state->file, Store::Mode::existing, *state->managers, *state->audit));
    state->store->looks_for(state->principal);
    return std::unique_ptr<SecretUse>(new SecretUse(std::move(state)));
}

Result<std::vector<Result<Given>>> SecretUse::look_up(const Purpose& purpose,
                                                      std::span<const Wanted> wanted) {
    if (wanted.empty()) return std::vector<Result<Given>>();
    auto& state = *state_;
    const std::lock_guard lock(state.looking);
    Batch batch;
    for (const auto& one : wanted) MULLION_TRY(batch.add(one, *state.store));
    state.audit->begin(batch.hosts(), batch.entries());
    MULLION_ASSIGN(auto opened, state.store->open_for_use(state.principal, purpose, batch.values()));
    // Where nothing has a value nothing was said yet.
    MULLION_TRY(state.audit->write_rest(state.principal, purpose));
    state.audit->begin({}, {});
    for (std::size_t i = 0; i < opened.size(); ++i)
        if (opened[i].ok()) state.hand_out(batch.values()[i], *opened[i]);
    return batch.results(wanted, opened);
}

Result<std::vector<Result<Secret>>> SecretUse::values(const Purpose& purpose,
                                                      std::span<const Identity> what) {
    std::vector<Wanted> wanted;
    for (const auto& one : what) wanted.push_back({one, Wanted::As::value});
    MULLION_ASSIGN(auto given, look_up(purpose, wanted));
    std::vector<Result<Secret>> values;
    for (auto& one : given) {
        if (one.ok())
            values.emplace_back(std::get<Secret>(std::move(one).value()));
        else
            values.emplace_back(std::move(one).error());
    }
    return values;
}

Result<std::vector<Result<UsableCredential>>> SecretUse::credentials(const Purpose& purpose,
                                                                     std::span<const Identity> what) {
    std::vector<Wanted> wanted;
    for (const auto& one : what) wanted.push_back({one, Wanted::As::credential});
    MULLION_ASSIGN(auto given, look_up(purpose, wanted));
    std::vector<Result<UsableCredential>> credentials;
    for (auto& one : given) {
        if (one.ok())
            credentials.emplace_back(std::get<UsableCredential>(std::move(one).value()));
        else
            credentials.emplace_back(std::move(one).error());
    }
    return credentials;
}

std::vector<Secret> SecretUse::handed_out() const {
    const std::lock_guard lock(state_->giving);
    std::vector<Secret> all;
    for (const auto& [what, value] : state_->given) all.push_back(value.clone());
    return all;
}

void SecretUse::on_hand_out(std::function<void(const Secret&)> tell) {
    const std::lock_guard lock(state_->giving);
    state_->tell = std::move(tell);
}

Result<PdcConnector> SecretUse::hosts_of(const Identity& connector) {
    const std::lock_guard lock(state_->looking);
    return list_of_hosts(connector, *state_->store, state_->delegate);
}

Result<std::string> SecretUse::edition_of(const Wanted& wanted) {
    const std::lock_guard lock(state_->looking);
    MULLION_ASSIGN(const auto found, state_->store->get(wanted.what));
    std::string edition = edition_text(found);
    for (const auto& use : references_of(found.entity)) {
        if (use.wants == Use::Wants::manager) continue;
        MULLION_ASSIGN(const auto to, resolve(use.reference, wanted.what.scope, space_of(use.wants)));
        MULLION_ASSIGN(const auto other, state_->store->get(to));
        edition += " " + edition_text(other);
    }
    return edition;
}

std::string SecretUse::audit_head() const {
    return state_->log->head();
}

const Scope& SecretUse::scope() const {
    return state_->scope;
}
const std::string& SecretUse::file() const {
    return state_->file;
}
const Principal& SecretUse::principal() const {
    return state_->principal;
}
const Delegate& SecretUse::delegate() const {
    return state_->delegate;
}
Store& SecretUse::store() {
    return *state_->store;
}

}  // namespace mullion::secrets
