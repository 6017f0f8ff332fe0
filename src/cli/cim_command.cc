// `mullion cim query|list|get|associators|set|create|delete|invoke TARGET`: CIM (WMI) of a fleet.
#include "cli/cim_command.h"

#include <fmt/format.h>
#include <CLI/Option.hpp>
#include <CLI/TypeTools.hpp>
#include <CLI/Validators.hpp>

#include <map>
#include <memory>

#include "cli/cim_report.h"
#include "cli/cim_words.h"
#include "cli/connection_options.h"
#include "cli/fleet_run.h"
#include "cli/report_text.h"
#include "cli/seconds.h"
#include "cli/verbs.h"

namespace mullion::cli {
namespace {

struct CimWords {
    std::shared_ptr<ConnectionOptions> connection;
    FleetOptions fleet;
    std::string cim_namespace = std::string(client::default_cim_namespace);
    std::string subject;             // Query, class or object.
    std::string method;              // Of invoke.
    std::vector<std::string> pairs;  // KEY=VALUE or NAME=VALUE.
    wsman::cim::AssociationFilter filter;
    client::CimVisit visit;
    CimShown shown;
};
using SharedWords = std::shared_ptr<CimWords>;

Result<wsman::cim::Target> object_of(const CimWords& words, const std::vector<std::string>& more = {}) {
    return parse_cim_object(words.subject, more, words.cim_namespace);
}

Result<wsman::cim::Target> class_of(const CimWords& words) {
    MULLION_ASSIGN(auto target, object_of(words));
    if (!target.keys.empty())
        return Error(ErrorId::usage_invalid,
                     fmt::format("'{}': a class is wanted here, without keys", words.subject));
    return target;
}

Result<void> prepare_query(CimWords& words) {
    MULLION_TRY(check_wql(words.subject));
    // The namespace by the rules of names.
    MULLION_ASSIGN(const auto space, parse_cim_object("__NAMESPACE", {}, words.cim_namespace));
    words.visit.question = client::cim_query(words.subject, space.of.cim_namespace);
    words.shown.columns = wql_columns(words.subject);
    return {};
}

Result<void> prepare_list(CimWords& words) {
    wsman::cim::Enumeration enumeration;
    MULLION_ASSIGN(enumeration.of, class_of(words));
    words.visit.question = std::move(enumeration);
    return {};
}

Result<void> prepare_get(CimWords& words) {
    MULLION_ASSIGN(auto target, object_of(words, words.pairs));
    words.visit.question = client::CimGet{std::move(target)};
    return {};
}

Result<void> prepare_associators(CimWords& words) {
    MULLION_ASSIGN(const auto target, object_of(words, words.pairs));
    if (words.filter.associations &&
        !(words.filter.result_role.empty() && words.filter.association_class.empty()))
        return Error(
            ErrorId::usage_invalid,
            "--references narrows down by --role and --result-class (that of the association) alone");
    words.visit.question = client::cim_associators(target, words.filter);
    return {};
}

Result<void> prepare_set(CimWords& words) {
    MULLION_ASSIGN(auto target, object_of(words));
    MULLION_ASSIGN(auto values, parse_cim_values(words.pairs));
    words.visit.question = client::CimSet{std::move(target), std::move(values)};
    words.shown.done = "set";
    return {};
}

Result<void> prepare_create(CimWords& words) {
    MULLION_ASSIGN(auto target, class_of(words));
    MULLION_ASSIGN(auto values, parse_cim_values(words.pairs));
    words.visit.question = client::CimCreate{std::move(target), std::move(values)};
    words.shown.done = "created";
    return {};
}

// Of a class without keys it would be the class itself.
Result<void> prepare_delete(CimWords& words) {
    MULLION_ASSIGN(auto target, object_of(words, words.pairs));
    if (target.keys.empty())
        return Error(ErrorId::usage_invalid,
                     fmt::format("'{}': name the instance by its keys, as CLASS?KEY=VALUE", words.subject));
    words.visit.question = client::CimRemove{std::move(target)};
    words.shown.done = "deleted";
    return {};
}

Result<void> prepare_invoke(CimWords& words) {
    MULLION_ASSIGN(auto target, object_of(words));
    MULLION_ASSIGN(auto arguments, parse_cim_values(words.pairs));
    if (!wsman::cim::is_cim_name(words.method))
        return Error(ErrorId::usage_invalid, fmt::format("'{}' is no name of a method", words.method));
    words.visit.question = client::CimInvoke{std::move(target), words.method, std::move(arguments)};
    return {};
}

int carry_out(CimWords& words, Result<void> (*prepare)(CimWords&)) {
    if (const auto prepared = prepare(words); !prepared.ok()) return tell(prepared.error());
    if (words.shown.format == CimFormat::table && words.shown.columns.empty())
        return tell(Error(ErrorId::usage_invalid, "--output table wants a query that names its columns"));
    Notices notices;
    const auto hosts =
        find_hosts(*words.connection, [&notices](const std::string& text) { notices.tell(text); });
    if (!hosts.ok()) return tell(hosts.error());
    HostSecrets secrets(**hosts, words.connection->secrets, {"cim", {}, words.subject},
                        [&notices](const std::string& text) { notices.tell(text); });
    Preparation preparation(**hosts, secrets, words.connection->password,
                            [&notices](const std::string& text) { notices.tell(text); });
    if (const auto checked = preparation.check(); !checked.ok()) return tell(checked.error());
    FleetRun run(**hosts, preparation, notices, words.fleet);
    CimReport report(**hosts, run.state(), run.writer(), words.visit, words.shown);
    run.fleet().visit((*hosts)->count(), run.prepare(), report);
    report.finish(run.elapsed());
    return run.end();
}

struct Verb {
    const char* name;
    const char* help;
    Result<void> (*prepare)(CimWords&);
    const char* subject;
    const char* pairs;  // What follows it; null: nothing.
    bool needs_pairs;
    bool has_rows;
    const char* example;
};

constexpr Verb verbs[] = {
    {"query", "What a query in WQL finds", prepare_query, "WQL", nullptr, false, true,
     "  mullion cim query web01 -u admin -k \"SELECT Name, State FROM Win32_Service WHERE StartMode = "
     "'Auto'\"\n"
     "  mullion cim query 'web*' -i hosts.yml 'SELECT * FROM Win32_OperatingSystem' --output jsonl"},
    {"list", "All instances of a class", prepare_list, "CLASS", nullptr, false, true,
     "  mullion cim list web01 -u admin -k Win32_LogicalDisk\n"
     "  mullion cim list idrac01 -u root -k "
     "http://schemas.dell.com/wbem/wscim/1/cim-schema/2/DCIM_PowerSupplyView"},
    {"get", "One instance, by its keys", prepare_get, "OBJECT", "KEY=VALUE", false, false,
     "  mullion cim get web01 -u admin -k Win32_Service Name=spooler\n"
     "  mullion cim get web01 -u admin -k 'Win32_LogicalDisk.DeviceID=\"C:\"'"},
    {"associators", "What belongs to an instance", prepare_associators, "OBJECT", "KEY=VALUE", false, true,
     "  mullion cim associators web01 -u admin -k 'Win32_Service?Name=spooler' --assoc-class "
     "Win32_DependentService"},
    {"set", "Change properties of an instance", prepare_set, "OBJECT", "NAME=VALUE", true, false,
     "  mullion cim set web01 -u admin -k 'Win32_LogicalDisk?DeviceID=D:' VolumeName=data"},
    {"create", "Create an instance", prepare_create, "CLASS", "NAME=VALUE", true, false,
     "  mullion cim create web01 -u admin -k Win32_Environment Name=TIER UserName='<SYSTEM>' "
     "VariableValue=web"},
    {"delete", "Delete an instance", prepare_delete, "OBJECT", "KEY=VALUE", false, false,
     "  mullion cim delete web01 -u admin -k 'Win32_Environment?Name=TIER+UserName=<SYSTEM>'"},
    {"invoke", "Call a method of an instance, or of a class", prepare_invoke, "OBJECT", "NAME=VALUE", false,
     false,
     "  mullion cim invoke web01 -u admin -k 'Win32_Service?Name=spooler' StartService\n"
     "  mullion cim invoke web01 -u admin -k Win32_Process Create CommandLine=notepad.exe"},
};

void declare_output(CLI::App& app, CimWords& words, bool rows) {
    std::map<std::string, CimFormat> names{
        {"list", CimFormat::list}, {"json", CimFormat::json}, {"jsonl", CimFormat::jsonl}};
    if (rows) names.emplace("table", CimFormat::table);
    app.add_option_function<std::string>(
           "--output", [names, &words](const std::string& name) { words.shown.format = names.at(name); },
           rows ? "table (where the query names its columns), list; json: one document; jsonl: one line for "
                  "each row as it comes, and one for each host as it ends"
                : "list; json: one document; jsonl: one line per host, as it ends")
        ->check(CLI::IsMember(names))
        ->type_name(rows ? "table|list|json|jsonl" : "list|json|jsonl");
    if (!rows) return;
    app.add_option("--max-rows", words.shown.max_rows, "So many rows of each host at most (default: all)")
        ->check(CLI::Range(1U, 1'000'000'000U))
        ->type_name("N");
    app.add_option("--output-limit", words.shown.output_limit,
                   "Bytes of a host's rows that json keeps (default 16 MiB)")
        ->transform(CLI::AsSizeValue(false))
        ->type_name("SIZE");
}

void declare_filter(CLI::App& app, CimWords& words) {
    app.add_flag("--references", words.filter.associations, "The associations themselves");
    app.add_option("--assoc-class", words.filter.association_class, "By associations of this class")
        ->type_name("CLASS");
    app.add_option("--result-class", words.filter.result_class, "Results of this class")->type_name("CLASS");
    app.add_option("--role", words.filter.role, "Where OBJECT plays this part")->type_name("NAME");
    app.add_option("--result-role", words.filter.result_role, "Where the result plays this part")
        ->type_name("NAME");
}

CLI::App* declare_verb(CLI::App& app, const Verb& verb, const SharedWords& words) {
    auto* const command = app.add_subcommand(verb.name, verb.help);
    words->connection = declare_connection(*command);
    command
        ->add_option(verb.subject, words->subject,
                     verb.prepare == prepare_query
                         ? "The query, as one word"
                         : "CLASS, CLASS?KEY=VALUE+KEY=VALUE, CLASS.KEY=\"VALUE\", or a resource URI")
        ->required();
    if (verb.prepare == prepare_invoke)
        command->add_option("METHOD", words->method, "The method's name")->required();
    if (verb.pairs != nullptr) {
        auto* const pairs =
            command->add_option(verb.pairs, words->pairs,
                                verb.prepare == prepare_get || verb.prepare == prepare_delete ||
                                        verb.prepare == prepare_associators
                                    ? "Keys of the instance"
                                    : "$null is null; a name that comes again is an array's next value");
        pairs->type_name("…");
        if (verb.needs_pairs) pairs->required();
    }
    command->add_option("--namespace", words->cim_namespace, "Where the classes are (default root/cimv2)")
        ->type_name("NAME");
    if (verb.prepare == prepare_associators) declare_filter(*command, *words);
    declare_fleet(*command, words->fleet);
    declare_seconds(*command, "--timeout", words->visit.timeout, "Wall clock for each host (default: none)");
    declare_output(*command, *words, verb.has_rows);
    command->footer(fmt::format("Example:\n{}", verb.example));
    return command;
}

}  // namespace

void declare_cim(CLI::App& app, Action& action) {
    app.footer(
        "Exit status: 0 all is well; 2 a method returned another number than 0; 4 a host was not reached, "
        "refused, "
        "or is unknown, or its rows are not all; 6 both; 5 wrong usage; 130 interrupted.\n\n"
        "Examples:\n"
        "  mullion cim query web01 -u admin -k \"SELECT Name, State FROM Win32_Service\"\n"
        "  mullion cim get web01 -u admin -k Win32_Service Name=spooler\n"
        "  mullion cim invoke 'web*' -i hosts.yml 'Win32_Service?Name=spooler' StopService");
    declare_verbs(app, action, verbs, declare_verb, carry_out);
}

}  // namespace mullion::cli
