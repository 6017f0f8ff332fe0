#include "secrets/use/batch.h"

#include <fmt/format.h>

#include <string_view>
#include <unordered_set>

#include "secrets/entities/credential.h"
#include "secrets/entities/references.h"

namespace mullion::secrets {
namespace {

bool is_of_the_log(const Error& error) {
    return error.id == ErrorId::audit_failed || error.id == ErrorId::audit_broken;
}

// The entity, when it is a credential.
Result<WinRmCredential> read_credential(const Identity& what, Store& store) {
    MULLION_ASSIGN(auto found, store.get(what));
    auto* const credential = std::get_if<WinRmCredential>(&found.entity.spec);
    if (credential == nullptr)
        return Error(ErrorId::secrets_kind, fmt::format("{} is a {}, and no WinRM credential", in_words(what),
                                                        kind_of(found.entity.spec)));
    return std::move(*credential);
}

const Reference* password_of(const WinRmCredential& credential) {
    if (const auto* ntlm = std::get_if<NtlmLogOn>(&credential.log_on)) return &ntlm->password;
    const auto& ticket = std::get<KerberosLogOn>(credential.log_on).ticket;
    const auto* const by_password = std::get_if<TicketByPassword>(&ticket);
    return by_password == nullptr ? nullptr : &by_password->password;
}

const Reference* keytab_of(const WinRmCredential& credential) {
    const auto* const kerberos = std::get_if<KerberosLogOn>(&credential.log_on);
    const auto* const keytab = kerberos == nullptr ? nullptr : std::get_if<KeytabSecret>(&kerberos->ticket);
    return keytab == nullptr ? nullptr : &keytab->file;
}

// Whose secret could not be opened, in front of why.
Error of_credential(const Identity& what, const char* part, Error error) {
    error.detail =
        fmt::format("credential {} of {}: its {}: {}", what.id, scope_text(what.scope), part, error.detail);
    return error;
}

}  // namespace

std::string edition_text(const Stored& stored) {
    const auto changed =
        std::chrono::duration_cast<std::chrono::milliseconds>(stored.changed.time_since_epoch());
    return fmt::format("{}:{}", changed.count(), stored.version);
}

Secret without_line_end(const Secret& value) {
    auto text = value.expose();
    if (text.ends_with('\n')) text.remove_suffix(1);
    if (text.size() + 1 == value.expose().size() && text.ends_with('\r')) text.remove_suffix(1);
    return Secret(text);
}

std::size_t Batch::add_value(const Identity& what, const std::vector<std::string>& hosts) {
    const auto [place, is_new] = places_.emplace(what, values_.size());
    if (is_new) values_.push_back(what);
    auto& known = hosts_[what];
    known.insert(known.end(), hosts.begin(), hosts.end());
    return place->second;
}

Result<void> Batch::add_credential(const Identity& what, Credential& into, Store& store) {
    auto read = read_credential(what, store);
    if (!read.ok()) return std::move(read).error();
    into.saved = std::move(*read);
    const auto place_of = [&](const Reference* reference, std::optional<std::size_t>& place) -> Result<void> {
        if (reference == nullptr) return {};
        MULLION_ASSIGN(const auto value, resolve(*reference, what.scope, Space::secret));
        place = add_value(value, {});
        return {};
    };
    MULLION_TRY(place_of(password_of(*into.saved), into.password));
    return place_of(keytab_of(*into.saved), into.keytab);
}

Result<void> Batch::add(const Wanted& wanted, Store& store) {
    if (wanted.as == Wanted::As::value) {
        (void)add_value(wanted.what, wanted.hosts);
        return {};
    }
    const auto [place, is_new] = credentials_.try_emplace(wanted.what);
    auto& credential = place->second;
    if (is_new) {
        auto added = add_credential(wanted.what, credential, store);
        if (!added.ok() && is_of_the_log(added.error())) return added;
        if (!added.ok()) credential.error = std::move(added).error();
    }
    credential.hosts.insert(credential.hosts.end(), wanted.hosts.begin(), wanted.hosts.end());
    for (const auto& secret : {credential.password, credential.keytab}) {
        if (!secret) continue;
        auto& hosts = hosts_[values_[*secret]];
        hosts.insert(hosts.end(), wanted.hosts.begin(), wanted.hosts.end());
    }
    return {};
}

// One that a host wants twice, as its password and in a variable, is of one host.
std::map<Identity, std::vector<std::string>> Batch::hosts() const {
    auto all = hosts_;
    for (auto& [what, names] : all) {
        std::unordered_set<std::string_view> seen;
        std::vector<std::string> once;
        for (const auto& name : names)
            if (seen.insert(name).second) once.push_back(name);
        names = std::move(once);
    }
    return all;
}

std::vector<AuditEntry> Batch::entries() const {
    std::vector<AuditEntry> entries;
    for (const auto& [what, credential] : credentials_) {
        if (credential.error) {
            entries.push_back({AuditEntry::Kind::refused, what, 0, std::string(credential.error->info().id),
                               credential.hosts});
            continue;
        }
        const bool unchecked = credential.saved->skip_cert_check && credential.saved->use_ssl;
        entries.push_back({AuditEntry::Kind::used, what, 0,
                           unchecked ? "the host's certificate is not checked" : "", credential.hosts});
    }
    return entries;
}

Result<Given> Batch::value_of(const Identity& what, const std::vector<Result<Secret>>& opened) const {
    const auto& value = opened[places_.at(what)];
    if (!value.ok()) return value.error();
    return Given(value->clone());
}

Result<Given> Batch::credential_of(const Identity& what, const std::vector<Result<Secret>>& opened) const {
    const auto& credential = credentials_.at(what);
    if (credential.error) return *credential.error;
    UsableCredential usable{what, *credential.saved, {}, {}};
    if (credential.password) {
        const auto& password = opened[*credential.password];
        if (!password.ok()) return of_credential(what, "password", password.error());
        usable.password = without_line_end(*password);
        if (usable.password.empty())
            return of_credential(what, "password", Error(ErrorId::secrets_invalid, "it is empty"));
    }
    if (credential.keytab) {
        const auto& keytab = opened[*credential.keytab];
        if (!keytab.ok()) return of_credential(what, "keytab", keytab.error());
        usable.keytab = keytab->clone();
    }
    return Given(std::move(usable));
}

std::vector<Result<Given>> Batch::results(std::span<const Wanted> wanted,
                                          const std::vector<Result<Secret>>& opened) const {
    std::vector<Result<Given>> results;
    results.reserve(wanted.size());
    for (const auto& one : wanted)
        results.push_back(one.as == Wanted::As::value ? value_of(one.what, opened)
                                                      : credential_of(one.what, opened));
    return results;
}

}  // namespace mullion::secrets
