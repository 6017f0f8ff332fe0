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
#include "state/account_admin.h"

namespace mullion::cli {
namespace {

struct UserWords {
    std::string state;
    std::string name;
    std::string unix_user;
    std::vector<std::string> groups;
    std::vector<std::string> leave;
    std::string output = "text";
    bool password_stdin = false;
    bool no_password = false;
    bool pam = false;
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
    const auto membership = state::membership_of(words.administrator, words.groups);
    if (!membership.ok()) return tell(membership.error());
    if (auto name = state::check_account_name(words.name); !name.ok()) return tell(name.error());
    auto unix_user = state::choose_unix_user(words.name, words.unix_user, words.allow_root);
    if (!unix_user.ok()) return tell(unix_user.error());
    if (!words.password_stdin && !words.no_password && !words.pam)
        return tell(
            {ErrorId::usage_password_missing,
             "give it on standard input, with --password-stdin; an account for Kerberos alone needs none "
             "(--no-password), and one whose password PAM knows none either (--pam)"});
    auto password =
        words.no_password || words.pam ? random_password() : os::read_secret(STDIN_FILENO, "standard input");
    if (!password.ok()) return tell(password.error());
    const state::NewAccount account{words.name,   std::move(*password), words.administrator,
                                    words.groups, *unix_user,           words.pam};
    if (auto added = state::add_account(words.state, account); !added.ok()) return tell(added.error());
    fmt::print(stderr, "{} may log on; its shells run as {}{}\n", words.name, *unix_user,
               membership->administrator
                   ? ""
                   : ", once Service/RootSDDL gives it or a group of its own Execute (docs/rights.md)");
    return exit_status::ok;
}

nlohmann::ordered_json account_json(const rights::Sid& machine, const storage::AccountRow& row) {
    auto sids = nlohmann::ordered_json::array();
    for (const auto& sid : state::group_sids({row.administrator, row.groups})) sids.push_back(sid.text());
    return {{"name", row.name},
            {"administrator", row.administrator},
            {"unix_user", row.unix_user},
            {"groups", row.groups},
            {"password", row.argon2 == state::password_by_pam ? "pam" : "own"},
            {"sid", machine.with_rid(row.rid)->text()},
            {"group_sids", std::move(sids)}};
}

int list(const UserWords& words) {
    const auto list = state::list_accounts(words.state);
    if (!list.ok()) return tell(list.error());
    if (words.output == "json") {
        auto accounts = nlohmann::ordered_json::array();
        for (const auto& row : list->rows) accounts.push_back(account_json(list->machine, row));
        fmt::print("{}\n", nlohmann::ordered_json{{"schema", 1}, {"accounts", accounts}}.dump(2));
        return exit_status::ok;
    }
    for (const auto& row : list->rows)
        fmt::print("{}  {}  as {}  {}{}{}{}\n", row.name, row.administrator ? "administrator" : "user",
                   row.unix_user, list->machine.with_rid(row.rid)->text(), row.groups.empty() ? "" : "  in ",
                   fmt::join(row.groups, ", "),
                   row.argon2 == state::password_by_pam ? "  password by PAM" : "");
    return exit_status::ok;
}

int modify(const UserWords& words) {
    const auto now = state::change_groups(words.state, words.name, words.groups, words.leave);
    if (!now.ok()) return tell(now.error());
    auto groups = now->groups;
    if (now->administrator) groups.insert(groups.begin(), "Administrators");
    fmt::print(stderr, "{} is in {}\n", words.name,
               groups.empty() ? "no group" : fmt::to_string(fmt::join(groups, ", ")));
    return exit_status::ok;
}

int remove(const UserWords& words) {
    if (auto deleted = state::delete_account(words.state, words.name); !deleted.ok())
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
    adding
        ->add_flag(
            "--pam", words->pam,
            "Its password is that of its Linux user: PAM is asked (Basic only, and mullion serve --pam)")
        ->excludes("--password-stdin")
        ->excludes("--no-password");
    adding->add_flag("--admin", words->administrator,
                     "Into Administrators, who may everything; others what Service/RootSDDL grants them");
    adding
        ->add_option("--as", words->unix_user,
                     "The Linux user its shells run as (default: the one of the same name)")
        ->type_name("UNIXUSER");
    adding->add_flag("--allow-root", words->allow_root, "Let --as name a user with uid 0");
    adding
        ->add_option(
            "--group", words->groups,
            "A group of Windows it is in, as \"Remote Management Users\": by name, letters (RM) or SID "
            "(repeatable)")
        ->type_name("NAME");
    adding->footer(
        "Example: mullion user add alice --admin --state /var/lib/mullion --password-stdin < password\n");

    auto* listing = declare(app, "list", "Show the accounts; never their hashes", words);
    listing->add_option("--output", words->output, "text or json")->check(CLI::IsMember({"text", "json"}));

    auto* modifying = declare(app, "modify", "Change the groups of an account, at once", words);
    modifying->add_option("name", words->name, "Its name")->required()->type_name("NAME");
    modifying->add_option("--add-group", words->groups, "A group it is in from now on (repeatable)")
        ->type_name("NAME");
    modifying->add_option("--remove-group", words->leave, "A group it is in no more (repeatable)")
        ->type_name("NAME");
    modifying->footer(
        "Example: mullion user modify alice --add-group \"Remote Management Users\" --state "
        "/var/lib/mullion\n");

    auto* deleting = declare(app, "delete", "Delete an account", words);
    deleting->add_option("name", words->name, "Its name")->required()->type_name("NAME");

    action = [words, adding, listing, modifying] {
        if (adding->parsed()) return add(*words);
        if (listing->parsed()) return list(*words);
        if (modifying->parsed()) return modify(*words);
        return remove(*words);
    };
}

}  // namespace mullion::cli
