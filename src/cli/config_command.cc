// `mullion config get|list|set|delete|export|apply TARGET`: the WinRM configuration of a fleet.
#include <fmt/format.h>
#include <CLI/Option.hpp>

#include <memory>

#include "cli/commands.h"
#include "cli/config_report.h"
#include "cli/config_rights.h"
#include "cli/config_yaml.h"
#include "cli/connection_options.h"
#include "cli/fleet_run.h"
#include "cli/password.h"
#include "cli/report_text.h"
#include "cli/seconds.h"
#include "cli/verbs.h"
#include "client/config_plan.h"
#include "os/input_file.h"

namespace mullion::cli {
namespace {

constexpr std::size_t largest_file = 1024 * 1024;

struct ConfigWords {
    std::shared_ptr<ConnectionOptions> connection;
    FleetOptions fleet;
    Format format = Format::text;
    std::vector<std::string> paths;  // PATH or PATH=VALUE.
    std::string file;
    PasswordSource mapping_password;
    bool force = false;
    client::ConfigVisit visit;
    ConfigShown shown;
};
using SharedWords = std::shared_ptr<ConfigWords>;

Result<void> check_standard_input(const ConfigWords& words) {
    const int users =
        (words.connection->password.file == "-") + (words.mapping_password.file == "-") + (words.file == "-");
    if (users > 1) return Error(ErrorId::usage_invalid, "standard input can be only one of the files");
    return {};
}

Result<std::vector<client::ConfigPath>> parse_paths(const ConfigWords& words) {
    std::vector<client::ConfigPath> paths;
    for (const auto& text : words.paths) {
        MULLION_ASSIGN(auto path, client::parse_config_path(text));
        paths.push_back(std::move(path));
    }
    return paths;
}

// The root, listeners and mappings: everything there is.
std::vector<const wsman::ConfigResource*> everything() {
    std::vector<const wsman::ConfigResource*> all;
    for (const auto& resource : wsman::config_resources())
        if (resource.path.empty() || !resource.keys.empty()) all.push_back(&resource);
    return all;
}

Result<client::ConfigPlanOptions> plan_options(const ConfigWords& words) {
    client::ConfigPlanOptions options;
    options.force = words.force;
    if (words.mapping_password.given()) {
        MULLION_ASSIGN(auto password,
                       read_password(words.mapping_password, "Password of the mapped account: "));
        options.password = std::make_shared<const Secret>(std::move(password));
    }
    return options;
}

// It is of the account that a mapping names.
Result<void> check_mapping_password(const ConfigWords& words,
                                    const std::vector<client::ConfigAssignment>& wanted) {
    if (!words.mapping_password.given()) return {};
    for (const auto& one : wanted)
        if (find_config_row(*one.path.resource, "Password") != nullptr) return {};
    return Error(ErrorId::usage_invalid,
                 "--mapping-password-file and --ask-mapping-password are of a CertMapping, and none is set "
                 "here");
}

Result<void> plan_assignments(ConfigWords& words, std::vector<client::ConfigAssignment> wanted) {
    MULLION_TRY(keeps_somebody_in(wanted, words.force));
    MULLION_TRY(check_mapping_password(words, wanted));
    MULLION_ASSIGN(auto options, plan_options(words));
    std::vector<client::ConfigPath> paths;
    for (const auto& one : wanted) paths.push_back(one.path);
    words.visit.resources = client::resources_to_change(paths);
    words.visit.plan = [wanted = std::move(wanted), options](const client::ConfigRead& now) {
        return client::plan_set(wanted, now, options);
    };
    words.shown.view = ConfigView::changes;
    return {};
}

Result<void> prepare_get(ConfigWords& words) {
    MULLION_ASSIGN(words.shown.paths, parse_paths(words));
    words.visit.resources = words.paths.empty() ? everything() : client::resources_to_read(words.shown.paths);
    return {};
}

Result<void> prepare_export(ConfigWords& words) {
    words.visit.resources = everything();
    words.shown.view = ConfigView::file;
    return {};
}

Result<void> prepare_set(ConfigWords& words) {
    std::vector<client::ConfigAssignment> wanted;
    for (const auto& text : words.paths) {
        MULLION_ASSIGN(auto one, client::parse_config_assignment(text));
        MULLION_TRY(client::check_assignment(one));
        wanted.push_back(std::move(one));
    }
    return plan_assignments(words, std::move(wanted));
}

Result<void> prepare_apply(ConfigWords& words) {
    const std::string path = words.file == "-" ? "/dev/stdin" : words.file;
    MULLION_ASSIGN(const auto text, os::read_input(path, largest_file));
    MULLION_ASSIGN(auto wanted, read_config_yaml(text, words.file));
    return plan_assignments(words, std::move(wanted));
}

Result<void> prepare_delete(ConfigWords& words) {
    MULLION_ASSIGN(auto paths, parse_paths(words));
    for (const auto& path : paths)
        if (!path.instances || !path.path.empty())
            return Error(ErrorId::usage_invalid,
                         "only listeners and mappings can be deleted: a setting is set to another value");
    MULLION_ASSIGN(auto options, plan_options(words));
    words.visit.resources = client::resources_to_read(paths);
    words.visit.plan = [paths = std::move(paths), options](const client::ConfigRead& now) {
        return client::plan_remove(paths, now, options);
    };
    words.shown.view = ConfigView::changes;
    return {};
}

int carry_out(ConfigWords& words, Result<void> (*prepare)(ConfigWords&)) {
    if (const auto checked = check_standard_input(words); !checked.ok()) return tell(checked.error());
    if (const auto prepared = prepare(words); !prepared.ok()) return tell(prepared.error());
    words.visit.check_only = words.shown.check_only;
    Notices notices;
    const auto hosts =
        find_hosts(*words.connection, [&notices](const std::string& text) { notices.tell(text); });
    if (!hosts.ok()) return tell(hosts.error());
    HostSecrets secrets(**hosts, words.connection->secrets, {"config", {}, {}},
                        [&notices](const std::string& text) { notices.tell(text); });
    Preparation preparation(**hosts, secrets, words.connection->password,
                            [&notices](const std::string& text) { notices.tell(text); });
    if (const auto checked = preparation.check(); !checked.ok()) return tell(checked.error());
    FleetRun run(**hosts, preparation, notices, words.fleet);
    ConfigReport report(**hosts, run.state(), run.writer(), words.format, words.shown);
    run.fleet().configure((*hosts)->count(), run.prepare(), words.visit, report);
    report.finish(run.elapsed());
    return run.end();
}

struct Verb {
    const char* name;
    const char* help;
    Result<void> (*prepare)(ConfigWords&);
    const char* paths;  // What the words after TARGET are; null: none.
    bool needs_paths;
    bool changes;
    bool makes;  // Mappings, which have a password.
    const char* example;
};

constexpr Verb verbs[] = {
    {"get", "What settings, sections, listeners or mappings are set to", prepare_get, "PATH", true, false,
     false,
     "  mullion config get web01 -u admin -k Service/Auth 'WSMan:\\localhost\\Shell\\MaxShellRunTime'"},
    {"list", "The same of everything, or of what PATH means", prepare_get, "PATH", false, false, false,
     "  mullion config list 'windows:!web03' -i hosts.yml --output jsonl"},
    {"set", "Set settings; a listener or mapping that is not there is created", prepare_set, "PATH=VALUE",
     true, true, true,
     "  mullion config set web01 -u admin -k Service/Auth/Basic=true --check\n"
     "  mullion config set web01 -u admin -k 'Listener?Address=*+Transport=HTTPS/CertificateThumbprint=HEX'"},
    {"delete", "Delete listeners or mappings", prepare_delete, "PATH", true, true, false,
     "  mullion config delete web01 -u admin -k 'WSMan:\\localhost\\Listener\\Transport=HTTP'"},
    {"export", "All of it as a file that apply takes", prepare_export, nullptr, false, false, false,
     "  mullion config export web01 -u admin -k > winrm.yaml"},
    {"apply", "Set what differs from a file", prepare_apply, nullptr, false, true, true,
     "  mullion config apply 'web*' -i hosts.yml -f winrm.yaml --check"},
};

void declare_changes(CLI::App& app, ConfigWords& words, bool makes) {
    app.add_flag("--check", words.shown.check_only, "Only show what would be changed");
    app.add_flag("--force", words.force,
                 "Also what leaves no listener, or is certain to cut the way by which the host is reached");
    if (!makes) return;
    auto* const file =
        app.add_option("--mapping-password-file", words.mapping_password.file,
                       "Password of the account that a certificate is mapped to: the first line of "
                       "this file; - is standard input");
    file->type_name("FILE|-");
    app.add_flag("--ask-mapping-password", words.mapping_password.ask, "Ask for it on the terminal")
        ->excludes(file);
}

CLI::App* declare_verb(CLI::App& app, const Verb& verb, const SharedWords& words) {
    auto* const command = app.add_subcommand(verb.name, verb.help);
    words->connection = declare_connection(*command);
    if (verb.paths != nullptr) {
        auto* const paths = command->add_option(verb.paths, words->paths,
                                                "As Service/Auth/Basic, winrm/config/service/auth, "
                                                "WSMan:\\localhost\\Service\\Auth\\Basic or "
                                                "Listener?Address=*+Transport=HTTPS");
        paths->type_name("…");
        if (verb.needs_paths) paths->required();
    }
    if (verb.changes) declare_changes(*command, *words, verb.makes);
    if (verb.prepare == prepare_apply)
        command
            ->add_option("-f,--file", words->file, "The file, in the form of winrm.yaml; - is standard input")
            ->required()
            ->type_name("FILE|-");
    declare_fleet(*command, words->fleet);
    declare_seconds(*command, "--timeout", words->visit.timeout, "Wall clock for each host (default: none)");
    declare_format(*command, words->format);
    command->footer(fmt::format("Example:\n{}", verb.example));
    return command;
}

}  // namespace

void declare_config(CLI::App& app, Action& action) {
    app.footer(
        "Exit status: 0 all is as wished; 4 a host was not reached, refused, or is unknown; 5 wrong usage; "
        "130 "
        "interrupted.\n\n"
        "Examples:\n"
        "  mullion config get web01 -u admin -k Service/Auth/Basic\n"
        "  mullion config set 'web*' -i hosts.yml "
        "'WSMan:\\localhost\\Service\\Auth\\CbtHardeningLevel=Strict'\n"
        "  mullion config export web01 -u admin -k > winrm.yaml\n"
        "  mullion config apply 'web*' -i hosts.yml -f winrm.yaml --check");
    declare_verbs(app, action, verbs, declare_verb, carry_out);
}

}  // namespace mullion::cli
