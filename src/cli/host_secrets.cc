#include "cli/host_secrets.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include "cli/masking.h"
#include "cli/printable.h"
#include "cli/write_all.h"
#include "secrets/use/batch.h"
#include "secrets/use/expression.h"
#include "secrets/use/on_target.h"
#include "secrets/use/surroundings.h"

namespace mullion::cli {

using secrets::Identity;
using secrets::UsableCredential;
using secrets::Wanted;

// Texts are few, hosts are many: a text is read once, and a secret is asked for once, for all its hosts.
struct HostSecrets::Batch {
    using Written = std::pair<Wanted::As, std::string>;
    std::map<Written, std::optional<std::size_t>> texts;  // Nothing: it names nothing.
    std::map<std::pair<Wanted::As, Identity>, std::size_t> places;
    std::vector<Wanted> wanted;
};

HostSecrets::HostSecrets(Hosts& hosts, const SecretWords& words, secrets::Purpose purpose, Notify notify)
    : hosts_(hosts), words_(words), purpose_(std::move(purpose)), notify_(std::move(notify)) {}
HostSecrets::~HostSecrets() {
    if (!use_) return;
    (void)write_all(STDERR_FILENO,
                    fmt::format("mullion: audit log {}: head {}\n",
                                printable(secrets::audit_file_of(use_->file())), use_->audit_head()));
}

Result<Identity> HostSecrets::identity_of(const std::string& text) const {
    MULLION_ASSIGN(const auto scope, secrets::parse_scope(words_.scope));
    return secrets::named_secret(text, scope);
}

// What names nothing is told by plan() and password(), which read it again.
void HostSecrets::add(Batch& batch, const std::string& text, Wanted::As as, const std::string& host) {
    if (text.empty()) return;
    if (as == Wanted::As::value) {
        const auto expression = secrets::parse_expression(text);
        if (!expression.ok() || !*expression) return;
    }
    const auto [known, is_new] = batch.texts.try_emplace({as, text});
    if (is_new) {
        const auto identity = identity_of(text);
        if (!identity.ok()) return;
        const auto [place, first] = batch.places.try_emplace({as, *identity}, batch.wanted.size());
        if (first) batch.wanted.push_back({*identity, as});
        known->second = place->second;
    }
    if (known->second) batch.wanted[*known->second].hosts.push_back(host);
}

void HostSecrets::add_for_all(Batch& batch) {
    std::vector<std::string> names;
    for (std::size_t host = 0; !for_all_.empty() && host < hosts_.count(); ++host)
        names.push_back(hosts_.name(host));
    for (const auto& identity : for_all_) {
        const auto [place, first] =
            batch.places.try_emplace({Wanted::As::value, identity}, batch.wanted.size());
        if (first) batch.wanted.push_back({identity, Wanted::As::value});
        batch.wanted[place->second].hosts = names;
    }
}

Result<void> HostSecrets::want(const std::string& reference) {
    MULLION_ASSIGN(auto identity, identity_of(reference));
    for_all_.push_back(std::move(identity));
    return {};
}

Result<Secret> HostSecrets::value(const std::string& reference) {
    MULLION_ASSIGN(const auto identity, identity_of(reference));
    if (failed_) return *failed_;
    const auto found = passwords_.find(identity);
    if (found == passwords_.end())
        return Error(ErrorId::internal_failure, fmt::format("{} was not looked up", reference));
    if (!found->second.ok()) return found->second.error();
    return found->second->clone();
}

void HostSecrets::look_up() {
    Batch batch;
    for (std::size_t host = 0; host < hosts_.count(); ++host) {
        const auto references = hosts_.references(host);
        if (references.empty()) continue;
        const auto name = hosts_.name(host);
        add(batch, references.credential, Wanted::As::credential, name);
        add(batch, references.password, Wanted::As::value, name);
    }
    add_for_all(batch);
    hosts_.fill_credentials(
        [this](const std::string& text, target::Target& target) { return fill(text, target); });
    if (batch.wanted.empty()) return;
    auto given = ask(batch.wanted);
    if (!given.ok()) {
        failed_ = std::move(given).error();
        return;
    }
    for (std::size_t i = 0; i < batch.wanted.size(); ++i) keep(batch.wanted[i], std::move((*given)[i]));
}

Result<std::vector<Result<secrets::Given>>> HostSecrets::ask(std::span<const Wanted> wanted) {
    if (!use_) {
        MULLION_ASSIGN(use_, open_store(words_));
    }
    auto given = use_->look_up(purpose_, wanted);
    // Here, and not with the first output: making masks of thousands takes a moment.
    for (const auto& notice : masks().notices())
        if (notify_) notify_(notice);
    return given;
}

void HostSecrets::keep(const Wanted& wanted, Result<secrets::Given> given) {
    if (wanted.as == Wanted::As::value) {
        if (given.ok())
            passwords_.emplace(wanted.what, std::get<Secret>(std::move(given).value()));
        else
            passwords_.emplace(wanted.what, std::move(given).error());
        return;
    }
    if (!given.ok()) {
        credentials_.emplace(wanted.what, std::move(given).error());
        return;
    }
    auto credential = std::get<UsableCredential>(std::move(given).value());
    note(credential);
    credentials_.emplace(wanted.what, std::move(credential));
}

void HostSecrets::note(const UsableCredential& credential) const {
    if (!notify_) return;
    for (const auto& text : credential.notes()) notify_(printable(text));
    const auto unknown = secrets::unknown_parameters(credential);
    if (!unknown.empty())
        notify_(printable(
            fmt::format("{}: {} {} not used: a parameter sets a connection variable "
                        "(docs/options.md) or nothing",
                        credential.name(), fmt::join(unknown, ", "), unknown.size() == 1 ? "is" : "are")));
}

Result<const UsableCredential*> HostSecrets::credential(const std::string& text) const {
    MULLION_ASSIGN(const auto identity, identity_of(text));
    if (failed_) return *failed_;
    const auto found = credentials_.find(identity);
    if (found == credentials_.end())
        return Error(ErrorId::internal_failure, fmt::format("{} was not looked up", text));
    if (!found->second.ok()) return found->second.error();
    return &found->second.value();
}

// In memory, under a name that the library finds; the same for all its hosts.
Result<std::string> HostSecrets::keytab_of(const UsableCredential& credential) {
    if (credential.keytab.empty()) return std::string();
    const auto [place, is_new] = keytabs_.try_emplace(credential.identity);
    if (is_new) {
        auto made = kerberos::MemoryKeytab::make(credential.keytab, credential.identity.id);
        if (!made.ok()) {
            keytabs_.erase(place);
            if (made.error().id != ErrorId::kerberos_keytab) return std::move(made).error();
            return Error(ErrorId::secrets_invalid,
                         fmt::format("{}: {}", credential.name(), made.error().detail));
        }
        place->second = std::move(*made);
    }
    return place->second->name();
}

Result<void> HostSecrets::fill(const std::string& text, target::Target& target) {
    MULLION_ASSIGN(const auto* const found, credential(text));
    MULLION_ASSIGN(const auto keytab, keytab_of(*found));
    return secrets::set_target(*found, keytab, target);
}

Result<Secret> HostSecrets::password(const inventory::Reach& reach) {
    if (!reach.credential.empty()) {
        MULLION_ASSIGN(const auto* const found, credential(reach.credential));
        return found->password.clone();
    }
    const auto& written = *reach.password;
    MULLION_ASSIGN(const auto expression, secrets::parse_expression(written.expose()));
    if (!expression) return written.clone();
    if (failed_) return *failed_;
    MULLION_ASSIGN(const auto identity, identity_of(std::string(written.expose())));
    auto known = passwords_.find(identity);
    if (known == passwords_.end()) {
        // It stood in a vaulted text, which is opened when the host's turn has come.
        const Wanted wanted{identity, Wanted::As::value, {reach.target.name}};
        MULLION_ASSIGN(auto given, ask(std::span(&wanted, 1)));
        keep(wanted, std::move(given.front()));
        known = passwords_.find(identity);
    }
    if (!known->second.ok()) return known->second.error();
    auto password = secrets::without_line_end(known->second.value());
    if (password.empty())
        return Error(ErrorId::secrets_invalid, fmt::format("the password {} is empty", identity.id));
    return password;
}

bool HostSecrets::no_profile(const inventory::Reach& reach) const {
    if (reach.credential.empty()) return false;
    const auto found = credential(reach.credential);
    return found.ok() && (*found)->saved.no_profile;
}

void HostSecrets::look_at(const inventory::Reach& reach) const {
    if (reach.credential.empty() || !notify_) return;
    const auto text = secrets::port_note(reach.target);
    if (!text.empty()) notify_(printable(fmt::format("{}: {}", reach.target.name, text)));
}

std::vector<Secret> HostSecrets::handed_out() const {
    if (!use_) return {};
    return use_->handed_out();
}

std::string HostSecrets::audit_head() const {
    return use_ ? use_->audit_head() : std::string();
}

}  // namespace mullion::cli
