#include "cli/secret_keeping.h"

#include <fmt/format.h>

#include <cstdio>
#include <optional>

#include "cli/report_text.h"
#include "core/printable.h"
#include "os/terminal.h"

namespace mullion::cli {
namespace {

using secrets::Store;

secrets::Purpose purpose(const char* verb) {
    return {fmt::format("secret {}", verb), "", ""};
}

// Empty: under none any more. Nothing: as it is.
Result<std::optional<Secret>> new_passphrase(const KeepingWords& words) {
    if (words.no_passphrase) return std::optional(Secret());
    if (words.passphrase_file.empty()) return std::optional<Secret>();
    MULLION_ASSIGN(auto passphrase, os::read_secret_file(words.passphrase_file));
    if (passphrase.empty())
        return Error(ErrorId::secrets_key, fmt::format("{} has no passphrase", words.passphrase_file));
    return std::optional(std::move(passphrase));
}

}  // namespace

void declare_backup(CLI::App& command, KeepingWords& words) {
    command.add_option("--to", words.path, "The copy, which must not be there yet")
        ->required()
        ->type_name("FILE");
}

void declare_restore(CLI::App& command, KeepingWords& words) {
    command.add_option("--from", words.path, "The copy that mullion secret backup made")
        ->required()
        ->type_name("FILE");
    command.add_flag("--replace", words.replace, "In the place of the store that is there");
}

void declare_rewrap(CLI::App& command, KeepingWords& words) {
    auto* const file = command.add_option("--new-passphrase-file", words.passphrase_file,
                                          "Put this machine's key under the passphrase in this file");
    file->type_name("FILE");
    command.add_flag("--no-passphrase", words.no_passphrase, "Put this machine's key under none")
        ->excludes(file);
}

Result<void> back_up(const StoreWords& store, const KeepingWords& words) {
    MULLION_ASSIGN(const auto opened, SecretStore::open(store, Store::Mode::existing));
    MULLION_TRY(opened->store().backup(opened->principal(), purpose("backup"), words.path));
    fmt::print(stderr, "backed up to {}; the key that opens it is not in it\n", one_line(words.path));
    return {};
}

Result<void> restore(const StoreWords& store, const KeepingWords& words) {
    MULLION_ASSIGN(const auto opened, SecretStore::open_log(store));
    MULLION_TRY(Store::restore(opened->principal(), purpose("restore"), words.path, opened->file(),
                               words.replace, opened->audit()));
    fmt::print(stderr, "restored {} to {}; the key that it was kept with belongs beside it\n",
               one_line(words.path), one_line(opened->file()));
    return {};
}

Result<void> rotate_keys(const StoreWords& store) {
    MULLION_ASSIGN(const auto opened, SecretStore::open(store, Store::Mode::existing));
    MULLION_ASSIGN(const auto done, opened->store().rotate(opened->principal(), purpose("rotate")));
    fmt::print(stderr, "{} keys made anew, {} values and {} records sealed again\n", done.keys, done.values,
               done.records);
    return {};
}

Result<void> rewrap_keys(const StoreWords& store, const KeepingWords& words) {
    MULLION_TRY(check_standard_input(store, words.passphrase_file == "-" ? "--new-passphrase-file" : ""));
    MULLION_ASSIGN(const auto passphrase, new_passphrase(words));
    MULLION_ASSIGN(const auto opened, SecretStore::open(store, Store::Mode::existing));
    MULLION_ASSIGN(const auto machine, opened->machine());
    if (machine->is_credential()) {
        if (passphrase)
            return Error(ErrorId::secrets_key,
                         "the key is systemd's credential: a passphrase belongs to a key file");
        fmt::print(stderr, "{}", warning("this machine's key is systemd's credential and stays as it is"));
    } else {
        // First the passphrase: who knows the old one is not to have the new key.
        if (passphrase) MULLION_TRY(machine->protect(*passphrase));
        MULLION_TRY(machine->add_key());
    }
    MULLION_ASSIGN(const auto done, opened->store().rewrap(opened->principal(), purpose("rewrap")));
    if (!machine->is_credential()) MULLION_TRY(opened->store().drop_old_keys(*machine));
    fmt::print(stderr, "{} keys of scopes wrapped anew\n", done.keys);
    return {};
}

}  // namespace mullion::cli
