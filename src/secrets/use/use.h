// Secrets in use: what a run needs of the store, looked up late and in one batch.
//
// A run gathers what its hosts refer to, opens the store when there is anything (never before: a run without
// references touches no file), and asks once: one audit commit, one question to each manager's key.
//
//   auto use = SecretUse::open(place);
//   auto given = (*use)->look_up({"run", {}, "ipconfig /all"}, wanted);   // one result for each
//   Masker masks((*use)->handed_out());
//   … at the end: say((*use)->audit_head());
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "core/result.h"
#include "core/secret.h"
#include "secrets/entities/entity.h"
#include "secrets/entities/principal.h"
#include "secrets/managers/delegate.h"
#include "secrets/store/store.h"

namespace mullion::secrets {

// Where the secrets are, and as which delegate this process uses them.
struct StorePlace {
    std::string file;                                // Empty: default_store_file().
    std::function<Result<Secret>()> ask_passphrase;  // Of a key that is under one. Null: secrets.key
    Delegate delegate;                               // Without a name: this machine's.
    Scope scope;                                     // Of references that name none ("id").
};

// One thing that is looked up.
struct Wanted {
    Identity what;
    enum class As { value, credential } as = As::value;
    std::vector<std::string> hosts = {};  // For whom; each is named in the audit log, none is dropped.
};

// A WinRM credential with what it refers to opened. Copied by clone() alone.
struct UsableCredential {
    Identity identity;
    WinRmCredential saved;
    Secret password;  // NTLM, Kerberos by password; one line's end at its end is gone. Else empty.
    Secret keytab;    // The bytes of a file secret. Else empty.

    [[nodiscard]] UsableCredential clone() const;
    // "CORP\svc", "svc" (an account of the host's own), "svc@CORP.EXAMPLE".
    [[nodiscard]] std::string user() const;
    // "credential win_prod of account", for messages.
    [[nodiscard]] std::string name() const;
    // What is to be said at each use: the certificate is not checked, the port is the other scheme's. A line
    // for each.
    [[nodiscard]] std::vector<std::string> notes() const;
};

using Given = std::variant<Secret, UsableCredential>;

// From any thread, one look-up at a time. Every call may block (the disk, a manager's network): before the
// loop starts or on the worker pool, never on an I/O thread.
class SecretUse {
public:
    // Errors: secrets.store (also: there is none), secrets.key, audit.failed, audit.broken
    [[nodiscard]] static Result<std::unique_ptr<SecretUse>> open(const StorePlace& place);
    ~SecretUse();

    // In the order asked, one result for each. What is asked for twice is opened once. Said in the audit log,
    // in one commit, before the first is opened; the credentials themselves, too, with what is noted at their
    // use. The outer error: nothing was opened at all (audit.…, secrets.store). Inner errors:
    // secrets.missing, secrets.kind, secrets.invalid, secrets.tampered, secrets.key, aws.…
    [[nodiscard]] Result<std::vector<Result<Given>>> look_up(const Purpose& purpose,
                                                             std::span<const Wanted> wanted);
    // The same, of one kind, for purpose.host.
    [[nodiscard]] Result<std::vector<Result<Secret>>> values(const Purpose& purpose,
                                                             std::span<const Identity> what);
    [[nodiscard]] Result<std::vector<Result<UsableCredential>>> credentials(const Purpose& purpose,
                                                                            std::span<const Identity> what);

    // Every value that was given out until now, each once: for the masks. Copies.
    [[nodiscard]] std::vector<Secret> handed_out() const;
    // Of each value that is given out from now on, before its look-up returns; on the thread that looks up.
    void on_hand_out(std::function<void(const Secret&)> tell);

    // A connector's hosts, with its credential; nothing of it is secret, and nothing is opened. Errors:
    // secrets.missing, secrets.kind, usage.unsupported (this delegate lacks a selector), secrets.tampered
    [[nodiscard]] Result<PdcConnector> hosts_of(const Identity& connector);

    // What tells one state of it from another, its credential's secrets with it: who logs on again and again
    // asks for it before he looks it up again. Is in no audit log: nothing is opened. Errors:
    // secrets.missing, …
    [[nodiscard]] Result<std::string> edition_of(const Wanted& wanted);

    // What `mullion audit verify --head` takes. Moves with each look-up, and with other processes'.
    [[nodiscard]] std::string audit_head() const;

    [[nodiscard]] const Scope& scope() const;
    [[nodiscard]] const std::string& file() const;
    [[nodiscard]] const Principal& principal() const;
    [[nodiscard]] const Delegate& delegate() const;
    // For what is kept with an entity (Store::set_test) and for lists; not while somebody looks up.
    [[nodiscard]] Store& store();

private:
    struct State;
    explicit SecretUse(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace mullion::secrets
