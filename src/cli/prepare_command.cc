// `mullion prepare host|monitoring-user|domain`: prints a script, or runs it on hosts. `kerberos` is this
// machine's.
#include <fmt/format.h>
#include <unistd.h>
#include <CLI/Option.hpp>
#include <CLI/Validators.hpp>

#include <memory>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/prepare_kerberos_command.h"
#include "cli/prepare_words.h"
#include "cli/report_text.h"
#include "cli/seconds.h"
#include "cli/write_all.h"
#include "prepare/values.h"

namespace mullion::cli {
namespace {

using Shared = std::shared_ptr<PrepareWords>;

struct Verb {
    const char* name;
    const char* help;
    void (*declare)(CLI::App& app, PrepareWords& words);
    Result<prepare::Plan> (*plan)(const PrepareWords& words);
    bool makes_account;
    const char* example;
};

void declare_host(CLI::App& app, PrepareWords& words) {
    auto& host = words.host;
    app.add_option("--transport", host.transport, "The listeners that are made (default https)")
        ->check(CLI::IsMember({"http", "https", "both", "none"}))
        ->type_name("http|https|both|none");
    app.add_option("--cert", host.certificate, "The HTTPS listener's certificate (default self-signed)")
        ->type_name("self-signed|THUMBPRINT|template:NAME");
    app.add_option("--cert-days", host.days, "How long a self-signed one is valid (default 1825)")
        ->type_name("DAYS");
    app.add_option("--port", host.port, "The listener's port (default 5985 and 5986)")->type_name("PORT");
    app.add_option("--remove-listeners", host.remove_listeners, "Removes those that are not made here")
        ->check(CLI::IsMember({"http", "https", "all"}))
        ->type_name("http|https|all");
    app.add_option("--allow-from", host.allow_from, "Who gets through the firewall (default any)")
        ->type_name("any|LocalSubnet|CIDR,…");
    app.add_option("--profiles", host.profiles,
                   "Networks for which the firewall's rule counts (default domain,private)")
        ->type_name("LIST|any");
    app.add_flag("--no-firewall", host.no_firewall, "Leaves the firewall as it is");
    app.add_option("--auth", host.auth,
                   "Ways to log on that are switched on, or off with no-: basic,no-negotiate,…")
        ->type_name("LIST");
    app.add_option("--credssp-cert", host.credssp_certificate, "The certificate that CredSSP shows")
        ->type_name("listener|THUMBPRINT");
    app.add_flag("--tls12", host.tls12,
                 "Enables TLS 1.2 in the registry: for Windows Server 2008 R2 and Windows 7");
    app.add_option("--set", host.settings,
                   "A setting of WinRM's, as Winrs/MaxMemoryPerShellMB=1024; may be repeated")
        ->allow_extra_args(false)
        ->type_name("PATH=VALUE");
}

Result<prepare::Plan> plan_host(const PrepareWords& words) {
    return prepare::plan_host(words.host);
}

void declare_user(CLI::App& app, PrepareWords& words) {
    app.add_option("--user", words.user.user, "A local account, made where it is missing; or one of a domain")
        ->required()
        ->type_name("NAME|DOMAIN\\NAME");
}

Result<prepare::Plan> plan_user(const PrepareWords& words) {
    return prepare::plan_monitoring_user(words.user);
}

void declare_domain(CLI::App& app, PrepareWords& words) {
    auto& domain = words.domain;
    app.add_option("--domain", domain.domain, "The domain's DNS name")->required()->type_name("D");
    app.add_option("--user", domain.user, "The account that monitors, made where it is missing")
        ->required()
        ->type_name("U");
    app.add_option("--gpo", domain.gpo, "The policy for WinRM (default Enable WinRM)")->type_name("NAME");
    app.add_option("--template", domain.certificate_template, "The certificate template (default WinRM)")
        ->type_name("NAME");
    app.add_option("--enrollment-gpo", domain.enrollment_gpo,
                   "The policy for certificates (default Auto-Enrollment)")
        ->type_name("NAME");
    app.add_flag("--no-auto-enrollment", domain.no_auto_enrollment,
                 "The domain has a policy for automatic enrolment");
    app.add_option("--allow-from", domain.allow_from, "Who gets through the hosts' firewalls (default any)")
        ->type_name("any|LocalSubnet|CIDR,…");
    app.add_option("--profiles", domain.profiles,
                   "Networks for which the firewall's rule counts (default domain,private)")
        ->type_name("LIST|any");
}

Result<prepare::Plan> plan_domain(const PrepareWords& words) {
    return prepare::plan_domain(words.domain);
}

constexpr Verb verbs[] = {
    {"host", "WinRM's service, listeners, certificate, firewall, ways to log on and settings", declare_host,
     plan_host, false,
     "  mullion prepare host --allow-from 10.1.0.0/16 > prepare-host.ps1    # and run it on the host\n"
     "  mullion prepare host --auth credssp,no-basic --credssp-cert listener --apply 'web*' -i hosts.yml\n"
     "  mullion prepare host --cert template:WinRM --check --apply web01 -u 'CORP\\admin' -k"},
    {"monitoring-user", "An account that may monitor, and nothing more", declare_user, plan_user, true,
     "  mullion prepare monitoring-user --user monitor > prepare-user.ps1   # asks for its password on the "
     "host\n"
     "  mullion prepare monitoring-user --user monitor --user-password-file pw --apply web01 -u admin -k"},
    {"domain", "A domain's policies, certificate template and account, for all its hosts at once",
     declare_domain, plan_domain, true,
     "  mullion prepare domain --domain corp.example.com --user svc-monitor > prepare-domain.ps1    # on a "
     "domain controller\n"
     "  mullion prepare domain --domain corp.example.com --user svc-monitor --check --apply dc01 -u "
     "'CORP\\admin' -k"},
};

// What is for --apply alone would be taken in silence.
Result<void> check_words(const PrepareWords& words, const prepare::Plan& plan) {
    const auto& way = *words.connection;
    if (words.new_password.given() && plan.new_account.empty())
        return Error(ErrorId::usage_invalid,
                     "--user-password-file is of an account that is made: --user NAME");
    if (!way.text.empty()) {
        if (words.new_password.file == "-" && way.password.file == "-")
            return Error(ErrorId::usage_invalid,
                         "standard input cannot be both --password-file and --user-password-file");
        if (words.new_password.file == "-" && way.secrets.store.passphrase_file == "-")
            return Error(ErrorId::usage_invalid,
                         "standard input cannot be both --store-passphrase-file and --user-password-file");
        return {};
    }
    const auto& inventory = *way.inventory;
    const bool reaches = !way.given.flags.empty() || way.password.given() || !way.credential.empty() ||
                         !inventory.inventories.empty() || !inventory.extra_variables.empty() ||
                         words.new_password.given() || words.timeout || words.format != Format::text;
    if (!reaches) return {};
    return Error(ErrorId::usage_invalid,
                 "options of a connection, passwords, --timeout and --output are for --apply TARGET");
}

int carry_out(PrepareWords& words, const Verb& verb) {
    const auto plan = verb.plan(words);
    if (!plan.ok()) return tell(plan.error());
    if (const auto checked = check_words(words, *plan); !checked.ok()) return tell(checked.error());
    if (!words.connection->text.empty()) return apply_plan(words, *plan);
    const bool written = write_all(STDOUT_FILENO, prepare::powershell_script(*plan, words.mode()));
    return written ? exit_status::ok : exit_status::host_failed;
}

void declare_verb(CLI::App& app, const Verb& verb, PrepareWords& words) {
    auto* const command = app.add_subcommand(verb.name, verb.help);
    verb.declare(*command, words);
    words.connection = declare_way(*command, {"--transport", "--port", "--user"});
    command
        ->add_option(
            "--apply", words.connection->text,
            "Runs it over WinRM instead of printing it: a host pattern of an inventory, or hosts and URLs")
        ->type_name("TARGET");
    auto* const check = command->add_flag(
        "--check", words.check, "Changes nothing: says what would be changed, and exits with 2 then");
    command->add_flag("--undo", words.undo, "Puts back what it changed, and nothing else")->excludes(check);
    if (verb.makes_account) {
        auto* const file = command->add_option(
            "--user-password-file", words.new_password.file,
            "Password of the new account: the first line of this file; - is standard input");
        file->type_name("FILE|-");
        command->add_flag("--ask-user-password", words.new_password.ask, "Ask for it on the terminal")
            ->excludes(file);
    }
    declare_fleet(*command, words.fleet);
    declare_seconds(*command, "--timeout", words.timeout, "Wall clock for each host (default: none)");
    declare_format(*command, words.format);
    command->footer(fmt::format("Examples:\n{}", verb.example));
}

}  // namespace

void declare_prepare(CLI::App& app, Action& action) {
    app.require_subcommand(1);
    auto declared = std::make_shared<std::vector<std::pair<const Verb*, Shared>>>();
    for (const auto& verb : verbs) {
        declared->emplace_back(&verb, std::make_shared<PrepareWords>());
        declare_verb(app, verb, *declared->back().second);
    }
    declare_prepare_kerberos(app, action);  // Where it is asked for, it has its own action.
    app.footer(
        "Each prints one script with its steps: it looks before it changes, keeps what was there, and can "
        "put it back.\n"
        "With --apply TARGET it runs on hosts that are reached already; kerberos is for this machine, where "
        "--apply,\n--check and --undo run it at once.\n\n"
        "Exit status: 0 all is as it should be; 2 a step failed, or with --check something would change; 4 a "
        "host was "
        "not\n"
        "reached, refused, or is unknown; 5 wrong usage; 130 interrupted.\n\n"
        "Example:\n"
        "  mullion prepare host --allow-from 10.1.0.0/16 > prepare-host.ps1");
    action = [&app, declared] {
        for (const auto& [verb, words] : *declared)
            if (app.got_subcommand(verb->name)) return carry_out(*words, *verb);
        return exit_status::usage;
    };
}

}  // namespace mullion::cli
