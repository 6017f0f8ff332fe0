// What the hosts of a command refer to in the secret store: looked up late, once, and all of it together.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/hosts.h"
#include "cli/store_in_use.h"
#include "core/result.h"
#include "core/secret.h"
#include "kerberos/memory_keytab.h"
#include "secrets/entities/principal.h"
#include "secrets/use/use.h"

namespace mullion::cli {

// A command whose hosts refer to nothing opens no store, and pays nothing. On one thread.
class HostSecrets {
public:
    // All three must outlive it. `purpose` is for the audit log; its host stays empty. `notify` gets what is
    // worth a warning at each use.
    HostSecrets(Hosts& hosts, const SecretWords& words, secrets::Purpose purpose, Notify notify);
    // Says on standard error what the head of the audit log is by then, where the store was used.
    ~HostSecrets();
    HostSecrets(const HostSecrets&) = delete;
    HostSecrets& operator=(const HostSecrets&) = delete;

    // Before the first Hosts::plan(), which is filled in from then on. Blocks on the disk, and on a manager's
    // network. What goes wrong is said by plan() and password() of the hosts that it is about.
    void look_up();

    // Before look_up(): a value that is for every host, beside what each refers to. Errors: secrets.invalid
    // (a reference that is none)
    [[nodiscard]] Result<void> want(const std::string& reference);
    // After it: what was wanted so. Errors: as password()
    [[nodiscard]] Result<Secret> value(const std::string& reference);

    // Of a host that was planned: the credential's (empty where it logs on by keys or tickets), or the one
    // that the variable's expression names. An ordinary password is given back. Errors: secrets.…, audit.…,
    // aws.…
    [[nodiscard]] Result<Secret> password(const inventory::Reach& reach);
    // Its shells are opened without the account's profile: the credential says so.
    [[nodiscard]] bool no_profile(const inventory::Reach& reach) const;
    // Once a host's target is whole: a port that is the other scheme's is said.
    void look_at(const inventory::Reach& reach) const;

    // For the masks: all that was given out. Empty: nothing was.
    [[nodiscard]] std::vector<Secret> handed_out() const;
    // What `mullion audit verify --head` takes; empty: the store was not used.
    [[nodiscard]] std::string audit_head() const;

private:
    struct Batch;
    using GivenCredential = Result<secrets::UsableCredential>;

    void add(Batch& batch, const std::string& text, secrets::Wanted::As as, const std::string& host);
    void add_for_all(Batch& batch);
    [[nodiscard]] Result<secrets::Identity> identity_of(const std::string& text) const;
    [[nodiscard]] Result<std::vector<Result<secrets::Given>>> ask(std::span<const secrets::Wanted> wanted);
    void keep(const secrets::Wanted& wanted, Result<secrets::Given> given);
    void note(const secrets::UsableCredential& credential) const;
    [[nodiscard]] Result<const secrets::UsableCredential*> credential(const std::string& text) const;
    [[nodiscard]] Result<std::string> keytab_of(const secrets::UsableCredential& credential);
    [[nodiscard]] Result<void> fill(const std::string& text, target::Target& target);

    Hosts& hosts_;
    const SecretWords& words_;
    const secrets::Purpose purpose_;
    const Notify notify_;
    std::optional<Error> failed_;              // Nothing was handed out, and why.
    std::shared_ptr<secrets::SecretUse> use_;  // Once something of it was asked for.
    std::map<secrets::Identity, GivenCredential> credentials_;
    std::map<secrets::Identity, Result<Secret>> passwords_;
    std::vector<secrets::Identity> for_all_;
    std::map<secrets::Identity, std::unique_ptr<kerberos::MemoryKeytab>> keytabs_;
};

}  // namespace mullion::cli
