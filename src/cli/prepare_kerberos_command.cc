#include "cli/prepare_kerberos_command.h"

#include <fmt/core.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include "cli/exit_status.h"
#include "cli/report_text.h"
#include "cli/shell_script.h"
#include "prepare/kerberos/plan.h"
#include "prepare/kerberos/script.h"

namespace mullion::cli {
namespace {

struct Asked {
    prepare::KerberosWords plan;
    bool apply = false, check = false, undo = false;
};

void declare_what(CLI::App& command, prepare::KerberosWords& words) {
    command
        .add_option("--realm", words.realm, "The realm, in capitals: the domain's full DNS name, EXAMPLE.COM")
        ->type_name("REALM")
        ->required();
    command.add_option("--kdc", words.kdcs, "Its KDCs, the domain controllers; repeatable, or with commas")
        ->type_name("HOST[:PORT][,…]")
        ->allow_extra_args(false);
    command
        .add_option("--admin-server", words.admin_server,
                    "Where passwords are changed (default: the first KDC)")
        ->type_name("HOST[:PORT]");
    command
        .add_option("--domain", words.domain,
                    "The DNS domain whose hosts belong to the realm (default: the realm's)")
        ->type_name("DOMAIN");
    command
        .add_option("--host", words.hosts,
                    "A name that DNS does not know, for /etc/hosts, the full one first; repeatable")
        ->type_name("ADDRESS=NAME[,ALIAS…]")
        ->allow_extra_args(false);
}

void declare_who(CLI::App& command, prepare::KerberosWords& words) {
    command.add_option("--keytab", words.keytab, "A keytab, to be installed for one account of this machine")
        ->type_name("FILE");
    command
        .add_option("--keytab-to", words.keytab_to,
                    "Where the keytab goes (default: /etc/mullion/REALM.keytab)")
        ->type_name("FILE");
    command
        .add_option("--keytab-owner", words.keytab_owner, "Who may read it, and nobody else (default: root)")
        ->type_name("USER");
    command
        .add_option("--principal", words.principal,
                    "Whose test ticket is asked for: by the keytab, or by a password, for which kinit asks "
                    "(default: the keytab's first)")
        ->type_name("NAME[@REALM]");
    command
        .add_option("--target", words.target,
                    "A host that mullion doctor looks at in the end, with the test ticket")
        ->type_name("TARGET");
}

// An operator's file is named from where the operator stands.
void make_absolute(std::string& path) {
    std::error_code problem;
    if (path.empty()) return;
    auto whole = std::filesystem::absolute(path, problem).lexically_normal().string();
    if (!problem) path = std::move(whole);
}

const char* mode_of(const Asked& words) {
    if (words.check) return "--check";
    return words.undo ? "--undo" : "--apply";
}

int prepare_kerberos(Asked& words) {
    make_absolute(words.plan.keytab);
    make_absolute(words.plan.keytab_to);
    words.plan.only_undo = words.undo;
    const auto plan = prepare::plan_kerberos(words.plan);
    if (!plan.ok()) return tell(plan.error());
    const auto script = prepare::kerberos_script(*plan);
    if (!script.ok()) return tell(script.error());
    if (words.apply || words.check || words.undo) return become_shell_script(*script, mode_of(words));
    const bool written = std::fwrite(script->data(), 1, script->size(), stdout) == script->size();
    if (std::fflush(stdout) == 0 && written) return exit_status::ok;
    return tell({ErrorId::usage_file, "standard output could not be written"});
}

}  // namespace

CLI::App* declare_prepare_kerberos(CLI::App& parent, Action& action) {
    auto* const command = parent.add_subcommand(
        "kerberos",
        "This machine: packages, krb5.conf, /etc/hosts, a keytab; then a test ticket. Prints a shell script "
        "that does it, checks it and takes it back, or runs it");
    const auto words = std::make_shared<Asked>();
    declare_what(*command, words->plan);
    declare_who(*command, words->plan);
    auto* const check =
        command->add_flag("--check", words->check,
                          "Run it here, and change nothing: exit status 2 where something would be changed");
    auto* const undo = command->add_flag(
        "--undo", words->undo, "Run it here as root, and take back what it changed, and nothing else");
    auto* const apply = command->add_flag("--apply", words->apply, "Run it here, as root");
    apply->excludes(check)->excludes(undo);
    check->excludes(undo);
    command->footer(
        "Exit status: 0 all is as it should be, or the script was printed; 1 a step failed; 2 with --check "
        "something would be\nchanged; 5 wrong usage.\n\n"
        "Example: mullion prepare kerberos --realm EXAMPLE.COM --kdc dc1.example.com,dc2.example.com "
        "--principal monitor --apply\n");
    command->callback([words, &action] { action = [words] { return prepare_kerberos(*words); }; });
    return command;
}

}  // namespace mullion::cli
