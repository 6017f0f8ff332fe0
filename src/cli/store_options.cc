#include "cli/store_options.h"

#include <fmt/format.h>

#include <optional>

#include "cli/password.h"
#include "os/terminal.h"

namespace mullion::cli {
namespace {

// It can be read once, and a new store's key is made with it and then opened.
Result<Secret> passphrase_of_standard_input() {
    static std::optional<Secret> read;
    if (!read) {
        MULLION_ASSIGN(read, os::read_secret_file("-"));
    }
    return read->clone();
}

}  // namespace

void declare_store(CLI::App& command, StoreWords& words, const std::string& group) {
    const auto add = [&](const char* name, auto& into, const char* type, const char* help) {
        auto* const option = command.add_option(name, into, help)->type_name(type)->allow_extra_args(false);
        if (!group.empty()) option->group(group);
    };
    add("--store", words.file, "FILE",
        "The secret store (default: mullion/secrets.db below $XDG_DATA_HOME or ~/.local/share)");
    add("--store-passphrase-file", words.passphrase_file, "FILE",
        "The passphrase of the store's key, or of a new one; - is standard input");
    add("--delegate-name", words.delegate, "NAME",
        "Who this process is among delegates, which connectors select (default: the host's name)");
    add("--delegate-tag", words.delegate_tags, "TAG", "A tag that it has as a delegate (repeatable)");
}

Result<Secret> store_passphrase(const StoreWords& words) {
    if (words.passphrase_file == "-") return passphrase_of_standard_input();
    if (!words.passphrase_file.empty()) return os::read_secret_file(words.passphrase_file);
    const PasswordSource terminal{true, {}};
    auto typed = read_password(terminal, "Passphrase of the secret store's key: ");
    if (!typed.ok() && typed.error().id == ErrorId::usage_password_missing)
        typed.error().advice.emplace_back("Give the passphrase with --store-passphrase-file FILE.");
    return typed;
}

Result<void> check_standard_input(const StoreWords& words, std::string_view other) {
    if (words.passphrase_file != "-" || other.empty()) return {};
    return Error(ErrorId::usage_invalid,
                 fmt::format("standard input cannot be both --store-passphrase-file and {}", other));
}

}  // namespace mullion::cli
