// What is asked for at once: each thing is looked at, opened and named in the audit log one time, whoever
// wants it. Internal to the folder.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "secrets/audit/audit.h"
#include "secrets/store/store.h"
#include "secrets/use/use.h"

namespace mullion::secrets {

class Batch {
public:
    // Credentials are read here, without what is secret in them. Errors: audit.… alone; what is wrong with
    // one is its result.
    [[nodiscard]] Result<void> add(const Wanted& wanted, Store& store);

    // What the store has to open, each once.
    [[nodiscard]] const std::vector<Identity>& values() const { return values_; }
    // For the audit log: whom the values are for, and the credentials themselves.
    [[nodiscard]] std::map<Identity, std::vector<std::string>> hosts() const;
    [[nodiscard]] std::vector<AuditEntry> entries() const;

    // `opened` belongs to values().
    [[nodiscard]] std::vector<Result<Given>> results(std::span<const Wanted> wanted,
                                                     const std::vector<Result<Secret>>& opened) const;

private:
    // A credential that is wanted, and where its secrets are among the values.
    struct Credential {
        std::optional<WinRmCredential> saved;
        std::optional<Error> error;
        std::optional<std::size_t> password, keytab;
        std::vector<std::string> hosts;
    };
    [[nodiscard]] std::size_t add_value(const Identity& what, const std::vector<std::string>& hosts);
    [[nodiscard]] Result<void> add_credential(const Identity& what, Credential& into, Store& store);
    [[nodiscard]] Result<Given> value_of(const Identity& what,
                                         const std::vector<Result<Secret>>& opened) const;
    [[nodiscard]] Result<Given> credential_of(const Identity& what,
                                              const std::vector<Result<Secret>>& opened) const;

    std::vector<Identity> values_;
    std::map<Identity, std::size_t> places_;  // Of values_.
    std::map<Identity, std::vector<std::string>> hosts_;
    std::map<Identity, Credential> credentials_;
};

// What changes with each change of it, and with each new version of its value.
[[nodiscard]] std::string edition_text(const Stored& stored);

// Without the one line's end that an editor or `echo` leaves behind a password.
[[nodiscard]] Secret without_line_end(const Secret& value);

}  // namespace mullion::secrets
