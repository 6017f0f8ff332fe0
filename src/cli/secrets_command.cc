#include "cli/secrets_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/connector_inventory.h"
#include "cli/credential_test.h"
#include "cli/exit_status.h"
#include "cli/printable.h"
#include "cli/report_text.h"
#include "cli/seconds.h"
#include "cli/secret_keeping.h"
#include "cli/secret_report.h"
#include "cli/secret_versions.h"
#include "cli/secret_words.h"
#include "cli/verbs.h"
#include "os/harden.h"
#include "secrets/apply/default_manager.h"
#include "secrets/entities/references.h"
#include "secrets/entities/validate.h"
#include "secrets/use/use.h"
#include "secrets/yaml/entities_yaml.h"
#include "secrets/yaml/form.h"

namespace mullion::cli {
namespace {

using secrets::Entity;
using secrets::Store;
using secrets::Stored;

// ---- what all verbs do ----

secrets::Purpose purpose(const NounWords& words, std::string_view verb) {
    return {fmt::format("{} {}", words.noun->name, verb), "", ""};
}

void tell_notes(const Entity& entity) {
    for (const auto& note : secrets::notes_of(entity))
        fmt::print(stderr, "{}", warning(fmt::format("{}: {}", entity.identity.id, note)));
}

void tell_done(std::string_view what, const secrets::Identity& identity, std::uint32_t version) {
    fmt::print(stderr, "{} {}{}\n", what, secrets::in_words(identity),
               version == 0 ? std::string() : fmt::format(", version {}", version));
}

Result<Secret> value_of(const NounWords& words, const Entity& entity) {
    const auto form =
        std::holds_alternative<secrets::FileSecret>(entity.spec) ? ValueForm::bytes : ValueForm::text;
    return read_value(words.value, form, secrets::in_words(entity.identity));
}

// Of this noun: a password is no credential, though both are secrets.
Result<Stored> find(const NounWords& words, Store& store) {
    MULLION_ASSIGN(const auto identity, words.identity());
    MULLION_ASSIGN(auto stored, store.get(identity));
    if (words.noun->has(stored.entity.spec)) return stored;
    return Error(ErrorId::secrets_kind,
                 fmt::format("{} is of kind {}, which is none of mullion {}'s", secrets::in_words(identity),
                             secrets::kind_of(stored.entity.spec), words.noun->name));
}

std::string dump(const nlohmann::ordered_json& json) {
    return escaped_json(json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

// ---- the verbs ----

bool names_manager(const std::vector<secrets::SetField>& fields) {
    return std::any_of(fields.begin(), fields.end(),
                       [](const auto& field) { return field.option->flag == "--manager"; });
}

Result<void> add(NounWords& words) {
    MULLION_TRY(check_input(words.value, words.store));
    MULLION_ASSIGN(const auto scope, secrets::parse_scope(words.scope));
    // Everything that can be wrong already is told before a value is typed.
    const auto fields = words.fields();
    MULLION_ASSIGN(Entity entity, secrets::made(words.type, scope, words.id, fields));
    MULLION_ASSIGN(auto opened, SecretStore::open_if_there(words.store));
    if (!opened) {
        MULLION_TRY(Store::can_be_first(entity));
    } else if (!names_manager(fields)) {
        // In the place of the built-in one, which nobody named.
        MULLION_TRY(secrets::take_default_manager(
            entity, [&](const secrets::Scope& where) { return opened->store().default_manager(where); }));
    }
    std::optional<Secret> value;
    if (has_value(entity)) {
        MULLION_ASSIGN(value, value_of(words, entity));
    }
    if (!opened) {
        MULLION_ASSIGN(opened, SecretStore::open(words.store, Store::Mode::create));
    }
    MULLION_ASSIGN(const auto version, opened->store().create(opened->principal(), purpose(words, "add"),
                                                              entity, std::move(value)));
    tell_notes(entity);
    tell_done("added", entity.identity, version);
    return {};
}

Result<void> list(NounWords& words) {
    MULLION_ASSIGN(const auto opened, SecretStore::open(words.store, Store::Mode::existing));
    secrets::Filter filter;
    filter.space = words.noun->space;
    if (words.scope_given) {
        MULLION_ASSIGN(filter.scope, secrets::parse_scope(words.scope));
    }
    MULLION_ASSIGN(auto all, opened->store().list(filter));
    std::erase_if(all, [&](const Stored& one) { return !words.noun->has(one.entity.spec); });
    if (words.output == "json") {
        auto rows = nlohmann::ordered_json::array();
        for (const auto& one : all) rows.push_back(stored_json(one));
        const nlohmann::ordered_json page{{"schema", 1}, {fmt::format("{}s", words.noun->name), rows}};
        fmt::print("{}\n", dump(page));
    } else if (words.output == "yaml") {
        std::string between;
        for (const auto& one : all)
            fmt::print("{}{}", std::exchange(between, "---\n"), secrets::entity_yaml(one.entity));
    } else {
        fmt::print("{}", secret_table(all));
    }
    return {};
}

Result<void> show(NounWords& words) {
    MULLION_ASSIGN(const auto opened, SecretStore::open(words.store, Store::Mode::existing));
    MULLION_ASSIGN(const auto stored, find(words, opened->store()));
    MULLION_ASSIGN(const auto versions, versions_of(opened->store(), stored));
    if (words.output == "json") {
        auto json = stored_json(stored);
        if (!versions.empty()) json["versions"] = versions_json(versions);
        json["schema"] = 1;
        fmt::print("{}\n", dump(json));
    } else if (words.output == "yaml") {
        fmt::print("{}", secrets::entity_yaml(stored.entity));
    } else {
        MULLION_ASSIGN(const auto referrers, opened->store().referrers(stored.entity.identity));
        fmt::print("{}{}", secret_page(stored, referrers),
                   versions.size() > 1 ? versions_text(versions) : std::string());
    }
    return {};
}

Result<void> update(NounWords& words) {
    MULLION_TRY(check_input(words.value, words.store));
    MULLION_ASSIGN(const auto opened, SecretStore::open(words.store, Store::Mode::existing));
    MULLION_ASSIGN(const auto before, find(words, opened->store()));
    const auto fields = words.fields();
    if (words.version != 0) {
        const GoBack to{words.version, fields.empty() && !words.value.given()};
        MULLION_ASSIGN(const bool went, go_back(*opened, purpose(words, "update"), before, to));
        tell_done(went ? "updated" : "unchanged", before.entity.identity, to.version);
        return {};
    }
    MULLION_ASSIGN(const Entity after, secrets::edited(before.entity, fields));
    std::optional<Secret> value;
    // Without any option it can only be about the value.
    if (has_value(after) && (words.value.given() || fields.empty())) {
        MULLION_ASSIGN(value, value_of(words, after));
    }
    const auto changed = secrets::changed_fields(before.entity, after);
    if (changed.empty() && !value) {
        fmt::print(stderr, "unchanged {}\n", secrets::in_words(after.identity));
        return {};
    }
    MULLION_ASSIGN(const auto version, opened->store().update(opened->principal(), purpose(words, "update"),
                                                              after, std::move(value)));
    tell_notes(after);
    if (!changed.empty()) fmt::print(stderr, "changed: {}\n", fmt::join(changed, ", "));
    tell_done("updated", after.identity, version);
    return {};
}

Result<void> move(NounWords& words) {
    MULLION_ASSIGN(const auto to, secrets::parse_scope(words.to));
    MULLION_ASSIGN(const auto opened, SecretStore::open(words.store, Store::Mode::existing));
    MULLION_ASSIGN(const auto stored, find(words, opened->store()));
    const auto& from = stored.entity.identity;
    MULLION_TRY(opened->store().move(opened->principal(), purpose(words, "move"), from, to));
    fmt::print(stderr, "moved {} to {}\n", secrets::in_words(from), secrets::scope_text(to));
    return {};
}

Result<void> remove(NounWords& words) {
    MULLION_ASSIGN(const auto opened, SecretStore::open(words.store, Store::Mode::existing));
    MULLION_ASSIGN(const auto what, words.identity());
    // Nobody can say any more what kind of thing a record was that somebody has changed; it goes all the
    // same.
    if (const auto stored = find(words, opened->store());
        !stored.ok() && stored.error().id != ErrorId::secrets_tampered)
        return stored.error();
    MULLION_TRY(opened->store().remove(opened->principal(), purpose(words, "delete"), what));
    tell_done("deleted", what, 0);
    return {};
}

secrets::StorePlace place_of(const NounWords& words) {
    secrets::StorePlace place;
    place.file = words.store.file;
    place.ask_passphrase = [&words] { return store_passphrase(words.store); };
    place.delegate = {words.store.delegate,
                      {words.store.delegate_tags.begin(), words.store.delegate_tags.end()}};
    return place;
}

Result<void> test_connector(NounWords& words) {
    words.test.output = words.output;
    {
        MULLION_ASSIGN(const auto opened, SecretStore::open(words.store, Store::Mode::existing));
        MULLION_ASSIGN(const auto stored, find(words, opened->store()));
        if (std::holds_alternative<secrets::AwsKmsConnector>(stored.entity.spec)) {
            MULLION_ASSIGN(words.status, test_manager(words.test, *opened, stored));
            return {};
        }
    }
    MULLION_ASSIGN(const auto use, secrets::SecretUse::open(place_of(words)));
    MULLION_ASSIGN(const auto stored, find(words, use->store()));
    MULLION_ASSIGN(words.status, test_hosts_of(words.test, *use, stored));
    return {};
}

// Which hosts there are is no secret: nothing is opened for it.
Result<void> print_inventory(NounWords& words) {
    MULLION_ASSIGN(const auto use, secrets::SecretUse::open(place_of(words)));
    MULLION_ASSIGN(const auto identity, words.identity());
    MULLION_ASSIGN(const auto list, use->hosts_of(identity));
    MULLION_TRY(secrets::may_act(use->delegate(), words.test.selectors));
    MULLION_ASSIGN(const auto from, secrets::parse_scope(words.scope));
    fmt::print("{}\n", escaped_json(inventory_of(identity, list, from)));
    return {};
}

Result<void> test_credential(NounWords& words) {
    words.test.output = words.output;
    MULLION_ASSIGN(const auto use, secrets::SecretUse::open(place_of(words)));
    MULLION_ASSIGN(const auto stored, find(words, use->store()));
    MULLION_ASSIGN(words.status, cli::test_credential(words.test, *use, stored));
    return {};
}

// ---- their words ----

void declare_scope(CLI::App& command, NounWords& words, const char* help) {
    command
        .add_option_function<std::string>(
            "--scope",
            [&words](const std::string& scope) {
                words.scope = scope;
                words.scope_given = true;
            },
            help)
        ->type_name("account|org:O|project:O/P");
}

void declare_reference(CLI::App& command, NounWords& words) {
    command
        .add_option("reference", words.reference,
                    "Which: ID of --scope, org.ID of its organisation, account.ID")
        ->required()
        ->type_name("REF");
    declare_scope(command, words, "Where the reference is read (default: account)");
}

void declare_value(CLI::App& command, NounWords& words) {
    if (words.noun != &secret_noun()) return;
    auto* const from_stdin = command.add_flag("--value-stdin", words.value.from_stdin,
                                              "Read the value from standard input (a text's last line end is "
                                              "left out)");
    command.add_option("--value-file", words.value.file, "Read the value from this file")
        ->type_name("FILE")
        ->excludes(from_stdin);
}

void declare_output(CLI::App& command, NounWords& words) {
    command.add_option("--output", words.output, "text, json or yaml (what mullion apply takes)")
        ->check(CLI::IsMember({"text", "json", "yaml"}));
}

void declare_type(CLI::App& command, NounWords& words) {
    if (words.noun == &credential_noun()) {
        words.type = "WinRmCredentials";
        return;
    }
    const bool secret = words.noun == &secret_noun();
    const std::map<std::string, std::string> types =
        secret ? std::map<std::string, std::string>{{"text", "SecretText"}, {"file", "SecretFile"}}
               : std::map<std::string, std::string>{{"aws-kms", "AwsKms"}, {"pdc", "Pdc"}};
    if (secret) words.type = "SecretText";
    auto* const type = command.add_option(
        "--type", words.type,
        secret ? "text (default) or file (up to 10 MB)" : "aws-kms (a secret manager) or pdc (hosts)");
    type->transform(CLI::CheckedTransformer(types));
    if (!secret) type->required();
}

void declare_add(CLI::App& command, NounWords& words) {
    declare_type(command, words);
    declare_scope(command, words, "Where it lives (default: account)");
    command.add_option("--id", words.id, "Its identifier, which never changes (default: made of its name)")
        ->type_name("ID");
    declare_value(command, words);
    declare_fields(command, words);
}
void declare_list(CLI::App& command, NounWords& words) {
    declare_scope(command, words, "Only those of this scope (default: all)");
    declare_output(command, words);
}
void declare_show(CLI::App& command, NounWords& words) {
    declare_reference(command, words);
    declare_output(command, words);
}
void declare_update(CLI::App& command, NounWords& words) {
    declare_reference(command, words);
    declare_value(command, words);
    if (words.noun == &secret_noun())
        command
            .add_option("--use-version", words.version,
                        "Make this version of the value the current one again; show tells which there are")
            ->check(CLI::Range(1U, 0xFFFFFFFFU))
            ->type_name("N");
    declare_fields(command, words);
}
void declare_move(CLI::App& command, NounWords& words) {
    declare_reference(command, words);
    command.add_option("--to", words.to, "Where it is to live")
        ->required()
        ->type_name("account|org:O|project:O/P");
}

void declare_selectors(CLI::App& command, NounWords& words) {
    command
        .add_option("--delegate-selector", words.test.selectors,
                    "A tag that the delegate which tries must have (repeatable)")
        ->type_name("TAG")
        ->allow_extra_args(false);
}
void declare_test_output(CLI::App& command, NounWords& words) {
    command.add_option("--output", words.output, "text or json")->check(CLI::IsMember({"text", "json"}));
}
void declare_host_tests(CLI::App& command, NounWords& words) {
    declare_seconds(command, "--timeout", words.test.timeout,
                    "Wall clock of the log-on, and of the command, for each host");
    command.add_option("--forks", words.test.forks, "So many hosts at a time (default 64)")
        ->check(CLI::Range(1U, 10'000U))
        ->type_name("N");
}
void declare_test_credential(CLI::App& command, NounWords& words) {
    declare_reference(command, words);
    command.add_option("host", words.test.hosts, "HOST or HOST:PORT; the credential says all else")
        ->required()
        ->type_name("HOST…");
    declare_selectors(command, words);
    declare_host_tests(command, words);
    declare_test_output(command, words);
    command.footer(
        "Logs on to each host and has it run `echo`, which changes nothing. Exit status: 0 it works on all "
        "of them; 4 a host was not reached or refused; 5 the credential cannot be opened, or it is another "
        "delegate's.\n");
}
void declare_test_connector(CLI::App& command, NounWords& words) {
    declare_reference(command, words);
    declare_selectors(command, words);
    declare_host_tests(command, words);
    command.add_flag("--force", words.test.force, "Also where ignoreTestConnection is true");
    declare_test_output(command, words);
    command.footer(
        "A secret manager is asked for a data key; of a list of hosts each is logged on to by its "
        "credential. Exit status: 0 it works, or is not to be tested; 4 it was not reached or refused; 5 its "
        "settings are wrong, or it is another delegate's.\n");
}

void declare_inventory_of(CLI::App& command, NounWords& words) {
    declare_reference(command, words);
    declare_selectors(command, words);
    command.footer(
        "Ansible's inventory in JSON. The hosts are in a group of the connector's identifier and in one of "
        "each "
        "attribute, KEY_VALUE; each has the connector's credential as mullion_credential. Mullion itself "
        "reads "
        "the connector as it is: -i connector:REF.\n\n"
        "Example: mullion connector inventory account.rack >rack.json; ansible-inventory -i rack.json "
        "--graph\n");
}

// ---- the store as a whole: verbs of `mullion secret` ----

Result<void> backup_all(NounWords& words) {
    return back_up(words.store, words.keeping);
}
Result<void> restore_all(NounWords& words) {
    return restore(words.store, words.keeping);
}
Result<void> rotate_all(NounWords& words) {
    return rotate_keys(words.store);
}
Result<void> rewrap_all(NounWords& words) {
    return rewrap_keys(words.store, words.keeping);
}
template <void (*declare)(CLI::App&, KeepingWords&)>
void declare_keeping(CLI::App& command, NounWords& words) {
    declare(command, words.keeping);
}
void declare_nothing(CLI::App&, NounWords&) {}

struct Verb {
    const char* name;
    const char* help;
    void (*declare)(CLI::App& command, NounWords& words);
    Result<void> (*prepare)(NounWords& words);  // Does it: nothing is left to be done after it.
};
constexpr Verb credential_verbs[] = {
    {"add", "Keep a new one", declare_add, add},
    {"list", "Show which there are", declare_list, list},
    {"show", "Show one, without its value", declare_show, show},
    {"update", "Change what is named; what is not stays", declare_update, update},
    {"move", "Into another scope, under the same identifier", declare_move, move},
    {"delete", "Delete one that nothing refers to", declare_reference, remove},
    {"test", "Whether hosts take it: what is wrong with which, and what to do", declare_test_credential,
     test_credential},
};
constexpr Verb connector_verbs[] = {
    {"add", "Keep a new one", declare_add, add},
    {"list", "Show which there are", declare_list, list},
    {"show", "Show one", declare_show, show},
    {"update", "Change what is named; what is not stays", declare_update, update},
    {"move", "Into another scope, under the same identifier", declare_move, move},
    {"delete", "Delete one that nothing refers to", declare_reference, remove},
    {"test", "Whether it works from here: each step, what is wrong, and what to do", declare_test_connector,
     test_connector},
    {"inventory", "The hosts of a list as an inventory for -i", declare_inventory_of, print_inventory},
};
constexpr Verb secret_verbs[] = {
    {"add", "Keep a new one", declare_add, add},
    {"list", "Show which there are", declare_list, list},
    {"show", "Show one, without its value", declare_show, show},
    {"update", "Change what is named; what is not stays", declare_update, update},
    {"move", "Into another scope, under the same identifier", declare_move, move},
    {"delete", "Delete one that nothing refers to", declare_reference, remove},
    {"backup", "A copy of the store, without its key", declare_keeping<declare_backup>, backup_all},
    {"restore", "The store from such a copy", declare_keeping<declare_restore>, restore_all},
    {"rotate", "New keys for all scopes, and every value sealed again", declare_nothing, rotate_all},
    {"rewrap", "The keys of scopes under their managers' present keys, and a new one of this machine",
     declare_keeping<declare_rewrap>, rewrap_all},
};

template <const Noun& (*noun)()>
CLI::App* declare_verb(CLI::App& app, const Verb& verb, const std::shared_ptr<NounWords>& words) {
    auto* const command = app.add_subcommand(verb.name, verb.help);
    words->noun = &noun();
    declare_store(*command, words->store);
    verb.declare(*command, *words);
    return command;
}

int carry_out(NounWords& words, Result<void> (*act)(NounWords&)) {
    os::forbid_core_dumps();  // Values are in memory between the pipe and the seal.
    if (auto done = act(words); !done.ok()) return tell(done.error());
    return words.status;
}

template <const Noun& (*noun)(), std::size_t count>
void declare(CLI::App& app, Action& action, const Verb (&all)[count], const char* example) {
    app.footer(example);
    declare_verbs<NounWords>(app, action, all, declare_verb<noun>, carry_out);
}

}  // namespace

void declare_secret(CLI::App& app, Action& action) {
    declare<secret_noun>(
        app, action, secret_verbs,
        "Example: mullion secret add --id win_pw --name 'Windows password' --value-stdin < password\n");
}

void declare_credential(CLI::App& app, Action& action) {
    declare<credential_noun>(
        app, action, credential_verbs,
        "Example: mullion credential add --id win_prod --auth ntlm --domain corp.example --username svc "
        "--password-ref account.win_pw\n");
}

void declare_connector(CLI::App& app, Action& action) {
    declare<connector_noun>(app, action, connector_verbs,
                            "Example: mullion connector add --type aws-kms --id kms --credential-type "
                            "iam-role --credential-selector "
                            "a --kms-arn alias/mullion --region eu-central-1\n");
}

}  // namespace mullion::cli
