#include "cli/connection_options.h"

#include <fmt/core.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "secrets/use/expression.h"
#include "target/credential_rows.h"

namespace mullion::cli {
namespace {

// A wrong value is told while the command line is read, with the flag's name.
void give(const target::OptionRow& row, target::GivenOptions& given, const std::string& value) {
    target::Target scratch;
    const auto result = row.set(scratch, value);
    if (!result.ok()) {
        const auto& error = result.error();
        throw CLI::ValidationError(std::string(row.flag),
                                   fmt::format("{} [{}]", error.detail, error.info().id));
    }
    given.flags.emplace_back(&row, value);
}

void declare_row(CLI::App& app, const target::OptionRow& row, const std::string& flag,
                 target::GivenOptions& given) {
    const auto names = row.letter == 0 ? flag : fmt::format("-{},{}", row.letter, flag);
    const auto help = row.fallback.empty() || row.type.empty()
                          ? std::string(row.help)
                          : fmt::format("{} (default {})", row.help, row.fallback);
    CLI::Option* option = nullptr;
    if (row.type.empty()) {
        option = app.add_flag_callback(
            names, [&row, &given] { give(row, given, "yes"); }, help);
    } else {
        option = app.add_option_function<std::string>(
            names, [&row, &given](const std::string& value) { give(row, given, value); }, help);
        option->type_name(std::string(row.type));
        if (row.flag == "--kdc") option->join(',');  // May be given several times.
    }
    option->group("Connection");
}

void declare_password(CLI::App& app, PasswordSource& password) {
    auto* const ask = app.add_flag("-k,--ask-pass", password.ask, "Ask for the password on the terminal");
    auto* const file = app.add_option("--password-file", password.file,
                                      "The password is the first line of this file; - is standard input. "
                                      "It wins over ansible_password. Default: that variable, then the "
                                      "file that MULLION_PASSWORD_FILE names, then the terminal");
    ask->group("Connection")->excludes(file);
    file->group("Connection")->type_name("FILE|-");
}

void declare_secrets(CLI::App& app, ConnectionOptions& options) {
    app.add_option(
           "--credential", options.credential,
           "Log on with this credential of the secret store (id, org.id, account.id) in the place of a "
           "user and password; it also says transport, scheme, certificate check and Kerberos' "
           "settings. --port and --transport win over it")
        ->type_name("REF")
        ->group("Secrets");
    declare_secret_words(app, options.secrets);
}

// Before anything is looked up.
Result<void> check_credential(const ConnectionOptions& options) {
    MULLION_ASSIGN(const auto scope, secrets::parse_scope(options.secrets.scope));
    if (options.credential.empty()) return {};
    MULLION_TRY(secrets::named_secret(options.credential, scope));
    return target::check_beside_credential(options.credential, options.given, options.password.given());
}

// What is on the command line, every user of this machine can read. In any form that -e takes.
Result<void> check_no_password(const std::vector<std::string>& variables) {
    for (const auto& text : variables) {
        if (text.starts_with('@')) continue;
        for (const auto& [name, rank] : target::names_of(target::password_variable())) {
            const auto at = text.find(name);
            if (at == std::string::npos) continue;
            const auto after = text.find_first_not_of("\"' ", at + name.size());
            if (after == std::string::npos || (text[after] != '=' && text[after] != ':')) continue;
            Error error(ErrorId::usage_invalid,
                        fmt::format("-e {}: a password does not belong on the command line, where every user "
                                    "can read it",
                                    name));
            error.advice.emplace_back(
                "Put it into a file and name that with -e @FILE, or use --password-file.");
            return error;
        }
    }
    return {};
}

// An option that would do nothing must not be taken in silence.
Result<void> check_no_inventory_flags(const ConnectionOptions& options) {
    const auto& inventory = *options.inventory;
    const auto wrong = [](const char* flag, const char* why) {
        return Error(ErrorId::usage_invalid, fmt::format("{} {}", flag, why));
    };
    if (!inventory.inventories.empty()) return wrong("-i", "is for a host pattern, but TARGET is a URL");
    if (!inventory.vault_password_files.empty())
        return wrong("--vault-password-file", "needs an inventory: give it with -i PATH");
    if (!inventory.vault_ids.empty()) return wrong("--vault-id", "needs an inventory: give it with -i PATH");
    return {};
}

void declare_flags(CLI::App& app, ConnectionOptions& options, std::initializer_list<std::string_view> taken) {
    options.inventory = declare_inventory(app);
    for (const auto& row : target::option_table()) {
        if (row.flag.empty()) continue;
        const bool is_taken = std::find(taken.begin(), taken.end(), row.flag) != taken.end();
        const auto flag = is_taken ? fmt::format("--via-{}", row.flag.substr(2)) : std::string(row.flag);
        declare_row(app, row, flag, options.given);
    }
    declare_password(app, options.password);
    declare_secrets(app, options);
}

}  // namespace

std::shared_ptr<ConnectionOptions> declare_connection(CLI::App& app) {
    auto options = std::make_shared<ConnectionOptions>();
    app.add_option("TARGET", options->text,
                   "With an inventory a host pattern, as web*:!web03; else a host[:port], a URL, "
                   "https://user@host:5986/wsman, or several of them with commas between")
        ->required()
        ->type_name("");
    declare_flags(app, *options, {});
    return options;
}

std::shared_ptr<ConnectionOptions> declare_way(CLI::App& app, std::initializer_list<std::string_view> taken) {
    auto options = std::make_shared<ConnectionOptions>();
    declare_flags(app, *options, taken);
    return options;
}

Result<std::unique_ptr<Hosts>> find_hosts(const ConnectionOptions& options, Notify notify) {
    MULLION_TRY(check_no_password(options.inventory->extra_variables));
    MULLION_TRY(check_credential(options));
    std::unique_ptr<Hosts> hosts;
    if (is_pattern(options.text, *options.inventory)) {
        MULLION_ASSIGN(hosts,
                       select_from_inventory(options.text, options.given, *options.inventory, options.secrets,
                                             std::move(notify), !options.password.given()));
    } else {
        MULLION_TRY(check_no_inventory_flags(options));
        MULLION_ASSIGN(hosts, make_host_list(options.text, options.given, *options.inventory));
    }
    if (!options.credential.empty()) MULLION_TRY(hosts->use_credential(options.credential));
    return hosts;
}

}  // namespace mullion::cli
