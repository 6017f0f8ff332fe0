// Which secret store is meant, and as which delegate it is used.
#pragma once

#include <CLI/App.hpp>

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/secret.h"

namespace mullion::cli {

struct StoreWords {
    std::string file;             // --store; empty: $XDG_DATA_HOME/mullion/secrets.db
    std::string passphrase_file;  // --store-passphrase-file; "-" is standard input.
    std::string delegate;         // --delegate-name; empty: this machine's.
    std::vector<std::string> delegate_tags;
};
// `group` is the heading in --help; empty: that of all options.
void declare_store(CLI::App& command, StoreWords& words, const std::string& group = {});

// Of the store's key: the file's, or typed on the terminal. Errors: usage.password_missing, usage.file
[[nodiscard]] Result<Secret> store_passphrase(const StoreWords& words);

// `other` is an option that takes standard input as well; empty: none does. What was read for the one would
// be missing for the other, or be taken for it. Errors: usage.invalid
[[nodiscard]] Result<void> check_standard_input(const StoreWords& words, std::string_view other);

}  // namespace mullion::cli
