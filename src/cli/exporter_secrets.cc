#include "cli/exporter_secrets.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "cli/connector_inventory.h"
#include "cli/masking.h"
#include "inventory/inventory.h"
#include "kerberos/memory_keytab.h"
#include "os/terminal.h"
#include "secrets/use/batch.h"
#include "secrets/use/expression.h"
#include "secrets/use/on_target.h"
#include "secrets/use/surroundings.h"
#include "secrets/use/use.h"

namespace mullion::cli {
namespace {

using secrets::SecretUse;
using secrets::UsableCredential;
using secrets::Wanted;

// Sessions may still be of the one before the last.
constexpr std::size_t most_keytabs = 4;

const secrets::Purpose purpose{"exporter", {}, {}};

// One store for all auths, opened when the first of them is.
class SharedStore {
public:
    SharedStore(exporter::StoreAt at, secrets::Scope scope, Logger& log) : log_(log) {
        place_.file = std::move(at.file);
        place_.scope = std::move(scope);
        place_.delegate = {std::move(at.delegate_name), {at.delegate_tags.begin(), at.delegate_tags.end()}};
        if (!at.passphrase_file.empty())
            place_.ask_passphrase = [file = at.passphrase_file] { return os::read_secret_file(file); };
    }

    // In one commit of the audit log.
    Result<std::vector<Result<secrets::Given>>> look_up(std::span<const Wanted> wanted) {
        MULLION_ASSIGN(auto* const use, opened());
        auto given = use->look_up(purpose, wanted);
        for (const auto& notice : masks().notices()) log_.warning("{}", notice);
        if (given.ok())
            log_.info("audit log {}: head {}", secrets::audit_file_of(use->file()), use->audit_head());
        return given;
    }
    Result<std::string> edition_of(const Wanted& wanted) {
        MULLION_ASSIGN(auto* const use, opened());
        return use->edition_of(wanted);
    }

    Result<secrets::PdcConnector> hosts_of(const secrets::Identity& connector) {
        MULLION_ASSIGN(auto* const use, opened());
        return use->hosts_of(connector);
    }

private:
    Result<SecretUse*> opened() {
        const std::lock_guard lock(opening_);
        if (!use_) {
            MULLION_ASSIGN(use_, SecretUse::open(place_));
            use_->on_hand_out([](const Secret& value) { masks().add(value); });
        }
        return use_.get();
    }

    secrets::StorePlace place_;
    Logger& log_;
    std::mutex opening_;
    std::unique_ptr<SecretUse> use_;
};

bool is_gone(const Error& error) {
    return error.id == ErrorId::secrets_missing || error.id == ErrorId::secrets_kind ||
           error.id == ErrorId::secrets_tampered;
}

class StoredLogOn final : public exporter::StoredAuth {
public:
    StoredLogOn(std::shared_ptr<SharedStore> store, Wanted wanted, std::string name, target::Target options,
                Logger& log, const Clock& clock)
        : store_(std::move(store)),
          wanted_(std::move(wanted)),
          name_(std::move(name)),
          options_(std::move(options)),
          log_(log),
          clock_(clock) {}

    [[nodiscard]] const Wanted& wanted() const { return wanted_; }

    // What a look-up gave; `edition` was asked for before it, so that a change in between is seen by the
    // next.
    void take(std::string edition, Result<secrets::Given> given) {
        const std::lock_guard lock(mutex_);
        keep(std::move(edition), std::move(given));
    }

    std::string edition() override {
        const std::lock_guard lock(mutex_);
        look_again();
        return edition_;
    }
    std::uint16_t port() override {
        const std::lock_guard lock(mutex_);
        return error_ ? options_.port : ready_.port;
    }
    Result<exporter::LogOn> log_on() override {
        const std::lock_guard lock(mutex_);
        if (error_) return *error_;
        return exporter::LogOn{ready_, password_.clone()};
    }

private:
    // Who asks whether it is worth a look-up writes nothing into the audit log.
    void look_again() {
        const auto time = clock_.now();
        if (time < next_look_) return;
        next_look_ = time + between_looks;
        auto now = store_->edition_of(wanted_);
        if (error_) {
            if (edition_in(now) == tried_ && time < next_try_) return;
            look_up(std::move(now));
        } else if (!now.ok()) {
            lost(std::move(now).error());
        } else if (*now != edition_) {
            look_up(std::move(now));
        } else {
            told_.clear();
        }
    }

    void lost(Error error) {
        // Taken away, or no longer what was written: whoever did that means it to be used no more.
        if (is_gone(error)) {
            refuse({}, std::move(error));
            return;
        }
        // The one that is in hand may serve for longer than the store can be read.
        if (const auto text = error.message(); tell(text)) log_.warning("auth {}: {}", name_, text);
    }

    void look_up(Result<std::string> now) {
        auto edition = edition_in(now);
        auto given = store_->look_up(std::span(&wanted_, 1));
        if (given.ok())
            keep(std::move(edition), std::move(given->front()));
        else
            refuse(std::move(edition), std::move(given).error());
    }

    // Nothing: it could not be told.
    static std::string edition_in(const Result<std::string>& told) {
        return told.ok() ? *told : std::string();
    }

    void keep(std::string edition, Result<secrets::Given> given) {
        if (!given.ok()) {
            refuse(std::move(edition), std::move(given).error());
            return;
        }
        auto set = std::holds_alternative<Secret>(*given)
                       ? set_password(std::get<Secret>(*given))
                       : set_credential(std::get<UsableCredential>(*given));
        if (!set.ok()) {
            refuse(std::move(edition), std::move(set).error());
            return;
        }
        next_look_ = clock_.now() + between_looks;
        if (std::exchange(error_, std::nullopt) && !told_.empty())
            log_.info("auth {}: its secret can be used again", name_);
        told_.clear();
        pause_ = between_looks;
        edition_ = std::move(edition);
    }

    void refuse(std::string edition, Error error) {
        if (const auto text = error.message(); tell(text)) log_.error("auth {}: {}", name_, text);
        // Another secret is another matter, and has not failed yet.
        if (edition != tried_) pause_ = between_looks;
        // Looking writes an entry, too, where what is looked at was tampered with.
        const bool look_costs = edition.empty() && error.id == ErrorId::secrets_tampered;
        next_look_ = clock_.now() + (look_costs ? pause_ : between_looks);
        next_try_ = clock_.now() + pause_;
        pause_ = std::min(2 * pause_, longest_between_tries);
        tried_ = std::move(edition);
        error_ = std::move(error);
        edition_.clear();  // What a host said of the one before is said of no other.
    }

    // True: it was not the last that was told, and is to be told now.
    bool tell(const std::string& text) { return std::exchange(told_, text) != text; }

    Result<void> set_password(const Secret& value) {
        auto password = secrets::without_line_end(value);
        if (password.empty())
            return Error(ErrorId::secrets_invalid, fmt::format("the password {} is empty", wanted_.what.id));
        ready_ = options_;
        password_ = std::move(password);
        return {};
    }

    Result<void> set_credential(const UsableCredential& credential) {
        std::string keytab;
        if (!credential.keytab.empty()) {
            auto made = kerberos::MemoryKeytab::make(credential.keytab, credential.identity.id);
            if (!made.ok())
                return Error(ErrorId::secrets_invalid,
                             fmt::format("{}: {}", credential.name(), made.error().detail));
            keytab = (*made)->name();
            keytabs_.push_back(std::move(*made));
            if (keytabs_.size() > most_keytabs) keytabs_.pop_front();
        }
        auto filled = options_;
        MULLION_TRY(secrets::set_target(credential, keytab, filled));
        // What the file says beside a credential wins over it.
        if (options_.port != 0) filled.port = options_.port;
        if (!options_.transports.empty()) filled.transports = options_.transports;
        note(credential, filled);
        ready_ = std::move(filled);
        password_ = credential.password.clone();
        return {};
    }

    void note(const UsableCredential& credential, const target::Target& filled) {
        for (const auto& text : credential.notes()) log_.warning("auth {}: {}", name_, text);
        if (const auto text = secrets::port_note(filled); !text.empty() && options_.port != 0)
            log_.warning("auth {}: {}", name_, text);
        const auto unknown = secrets::unknown_parameters(credential);
        if (!unknown.empty())
            log_.warning("auth {}: parameters that are not used: {}", name_, fmt::join(unknown, ", "));
    }

    const std::shared_ptr<SharedStore> store_;
    const Wanted wanted_;
    const std::string name_;
    const target::Target options_;  // As the file has them.
    Logger& log_;
    const Clock& clock_;
    std::mutex mutex_;
    MonotonicTime next_look_{}, next_try_{};
    Duration pause_ = between_looks;  // After the next failure.
    std::string edition_;             // Of what is in hand;
    std::string tried_;               // of what could not be opened. Empty: none.
    std::string told_;                // The last failure in the log, while it lasts.
    target::Target ready_;
    Secret password_;
    std::optional<Error> error_ = Error(ErrorId::secrets_store, "it was not opened yet");
    std::deque<std::unique_ptr<kerberos::MemoryKeytab>> keytabs_;
};

Result<Wanted> wanted_of(const std::string& name, const exporter::Auth& auth, const secrets::Scope& scope) {
    const bool whole = !auth.credential.empty();
    auto what = secrets::named_secret(whole ? auth.credential : auth.password, scope);
    if (!what.ok())
        return Error(ErrorId::config_invalid, fmt::format("auth {}: {}", name, what.error().detail));
    return Wanted{std::move(*what), whole ? Wanted::As::credential : Wanted::As::value, {"auth " + name}};
}

Result<secrets::Scope> scope_of(const exporter::Config& config) {
    auto scope = secrets::parse_scope(config.store.scope);
    if (!scope.ok()) return Error(ErrorId::config_invalid, "secrets: scope: " + scope.error().detail);
    return scope;
}

// Each look finds the lists as they are then.
void connect(exporter::Config& config, const secrets::Scope& scope,
             const std::shared_ptr<SharedStore>& store) {
    if (!config.discovery) return;
    config.discovery->connectors = [paths = config.discovery->inventory, scope, store] {
        return connector_inventories(
            paths, scope, [&store](const secrets::Identity& which) { return store->hosts_of(which); });
    };
}

}  // namespace

Result<void> check_stored_auths(const exporter::Config& config) {
    MULLION_ASSIGN(const auto scope, scope_of(config));
    for (const auto& [name, auth] : config.auths)
        if (auth.is_stored()) MULLION_TRY(wanted_of(name, auth, scope));
    if (!config.discovery) return {};
    for (const auto& path : config.discovery->inventory) {
        if (!inventory::names_connector(path)) continue;
        const auto which = connector_of(path, scope);
        if (!which.ok())
            return Error(ErrorId::config_invalid,
                         fmt::format("discovery: inventory: {}: {}", path, which.error().detail));
    }
    return {};
}

Result<void> connect_discovery(exporter::Config& config, Logger& log) {
    MULLION_ASSIGN(const auto scope, scope_of(config));
    connect(config, scope, std::make_shared<SharedStore>(config.store, scope, log));
    return {};
}

Result<void> open_stored_auths(exporter::Config& config, Logger& log, const Clock& clock) {
    MULLION_ASSIGN(const auto scope, scope_of(config));
    const auto store = std::make_shared<SharedStore>(config.store, scope, log);
    connect(config, scope, store);
    std::vector<std::shared_ptr<StoredLogOn>> all;
    std::vector<Wanted> wanted;
    for (auto& [name, auth] : config.auths) {
        if (!auth.is_stored()) continue;
        MULLION_ASSIGN(auto one, wanted_of(name, auth, scope));
        wanted.push_back(one);
        all.push_back(std::make_shared<StoredLogOn>(store, std::move(one), name, auth.options, log, clock));
        auth.stored = all.back();
    }
    if (all.empty()) return {};
    std::vector<std::string> editions;
    for (const auto& one : wanted) {
        auto edition = store->edition_of(one);
        editions.push_back(edition.ok() ? std::move(*edition) : std::string());
    }
    auto given = store->look_up(wanted);
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (given.ok())
            all[i]->take(std::move(editions[i]), std::move((*given)[i]));
        else
            all[i]->take(std::move(editions[i]), given.error());
    }
    return {};
}

}  // namespace mullion::cli
