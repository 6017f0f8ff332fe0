// `mullion secret backup|restore|rotate|rewrap`: what keeps a store whole and its keys young. Says what was
// done on standard error.
#pragma once

#include <CLI/App.hpp>

#include <string>

#include "cli/secret_store.h"
#include "core/result.h"

namespace mullion::cli {

struct KeepingWords {
    std::string path;  // Of the backup.
    bool replace = false;
    std::string passphrase_file;
    bool no_passphrase = false;
};

void declare_backup(CLI::App& command, KeepingWords& words);
void declare_restore(CLI::App& command, KeepingWords& words);
void declare_rewrap(CLI::App& command, KeepingWords& words);

// Errors of all: those of the store
[[nodiscard]] Result<void> back_up(const StoreWords& store, const KeepingWords& words);
// Needs no key: the store is not opened.
[[nodiscard]] Result<void> restore(const StoreWords& store, const KeepingWords& words);
// New keys for all scopes, and every value sealed again.
[[nodiscard]] Result<void> rotate_keys(const StoreWords& store);
// One more key of this machine, unless it is systemd's, and every scope's key wrapped by its manager's
// present one.
[[nodiscard]] Result<void> rewrap_keys(const StoreWords& store, const KeepingWords& words);

}  // namespace mullion::cli
