#include "cli/user_command.h"

#include <fmt/core.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/exit_status.h"
#include "cli/report_text.h"
#include "core/ids.h"
#include "encoding/hex.h"
#include "os/terminal.h"
#include "service/account_admin.h"

namespace mullion::cli {
namespace {

struct UserWords {
    std::string state;
    std::string name;
    std::string unix_user;
    std::vector<std::string> groups;
    std::string output = "text";
    bool password_stdin = false;
    bool no_password = false;
    bool administrator = false;
    bool allow_root = false;
};

// That nobody knows: what is stored of it lets nobody in.
Result<Secret> random_password() {
    std::array<std::uint8_t, 32> bytes{};
    system_random().fill(bytes);
    std::string text = encoding::to_hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    Secret password(text);
    wipe(text);
    wipe_memory(bytes.data(), bytes.size());
    return password;
}

int add(const UserWords& words) {
    // Before the password is read: what is wrong already should be said at once.
    if (auto name = service::check_account_name(words.name); !name.ok()) return tell(name.error());
    auto unix_user = service::choose_unix_user(words.name, words.unix_user, words.allow_root);
    if (!unix_user.ok()) return tell(unix_user.error());
    if (!words.password_stdin && !words.no_password)
        return tell(
            {ErrorId::usage_password_missing,
             "give it on standard input, with --password-stdin; an account for Kerberos alone needs none "
             "(--no-password)"});
    auto password = words.no_password ? random_password() : os::read_secret(STDIN_FILENO, "standard input");
    if (!password.ok()) return tell(password.error());
    const service::NewAccount account{words.name, std::move(*password), words.administrator, words.groups,
                                      *unix_user};
    if (auto added = service::add_account(words.state, account); !added.ok()) return tell(added.error());
    fmt::print(stderr, "{} may log on; its shells run as {}{}\n", words.name, *unix_user,
               words.administrator ? "" : ", once it is an administrator (--admin)");
    return exit_status::ok;
}

int list(const UserWords& words) {
    const auto rows = service::list_accounts(words.state);
    if (!rows.ok()) return tell(rows.error());
    if (words.output == "json") {
        auto accounts = nlohmann::ordered_json::array();
        for (const auto& row : *rows)
            accounts.push_back({{"name", row.name},
                                {"administrator", row.administrator},
                                {"unix_user", row.unix_user},
                                {"groups", row.groups}});
        fmt::print("{}\n", nlohmann::ordered_json{{"schema", 1}, {"accounts", accounts}}.dump(2));
        return exit_status::ok;
    }
    for (const auto& row : *rows)
        fmt::print("{}  {}  as {}{}{}\n", row.name, row.administrator ? "administrator" : "user",
                   row.unix_user, row.groups.empty() ? "" : "  in ", fmt::join(row.groups, ", "));
    return exit_status::ok;
}

int remove(const UserWords& words) {
    if (auto deleted = service::delete_account(words.state, words.name); !deleted.ok())
        return tell(deleted.error());
    return exit_status::ok;
}

CLI::App* declare(CLI::App& app, const char* name, const char* text,
                  const std::shared_ptr<UserWords>& words) {
    auto* command = app.add_subcommand(name, text);
    command->add_option("--state", words->state, "The service's state directory")
        ->required()
        ->type_name("DIR");
    return command;
}

}  // namespace

void declare_user(CLI::App& app, Action& action) {
    auto words = std::make_shared<UserWords>();
    app.footer(
        "Example: mullion user add alice --admin --as alice --state /var/lib/mullion --password-stdin < "
        "password\n");
    app.require_subcommand(1);

    auto* adding = declare(app, "add", "Make an account; its password comes by standard input", words);
    adding->add_option("name", words->name, "Its name")->required()->type_name("NAME");
    adding->add_flag("--password-stdin", words->password_stdin, "Read the password from standard input");
    adding
        ->add_flag("--no-password", words->no_password,
                   "For Kerberos alone, as NAME@REALM: no password lets anybody in")
        ->excludes("--password-stdin");
    adding->add_flag("--admin", words->administrator,
                     "An administrator: only those may use shells, as on Windows");
    adding
        ->add_option("--as", words->unix_user,
                     "The Linux user its shells run as (default: the one of the same name)")
        ->type_name("UNIXUSER");
    adding->add_flag("--allow-root", words->allow_root, "Let --as name a user with uid 0");
    adding->add_option("--group", words->groups, "A group it is in (repeatable)")->type_name("NAME");
    adding->footer(
        "Example: mullion user add alice --admin --state /var/lib/mullion --password-stdin < password\n");

    auto* listing = declare(app, "list", "Show the accounts; never their hashes", words);
    listing->add_option("--output", words->output, "text or json")->check(CLI::IsMember({"text", "json"}));

    auto* deleting = declare(app, "delete", "Delete an account", words);
    deleting->add_option("name", words->name, "Its name")->required()->type_name("NAME");

    action = [words, adding, listing] {
        if (adding->parsed()) return add(*words);
        if (listing->parsed()) return list(*words);
        return remove(*words);
    };
}

}  // namespace mullion::cli
