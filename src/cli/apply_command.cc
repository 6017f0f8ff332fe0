#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "cli/exit_status.h"
#include "cli/printable.h"
#include "cli/report_text.h"
#include "cli/secret_store.h"
#include "cli/secret_value.h"
#include "cli/secrets_command.h"
#include "os/harden.h"
#include "os/input_file.h"
#include "secrets/apply/plan.h"
#include "secrets/entities/references.h"
#include "secrets/entities/validate.h"
#include "secrets/yaml/form.h"

namespace mullion::cli {
namespace {

using secrets::Change;
using secrets::Identity;
using Values = std::map<Identity, Secret>;

constexpr std::size_t largest_file = 4 * 1024 * 1024;

struct ApplyWords {
    StoreWords store;
    std::string file;
    std::vector<std::string> values;  // REF=FILE
    std::string output = "text";
    bool check = false;
};

Result<std::string> read_file(const std::string& name) {
    if (name != "-") return os::read_input(name, largest_file);
    return os::read_input("/dev/stdin", largest_file);
}

// ---- values of what is new ----

bool is_file(const secrets::Entity& entity) {
    return std::holds_alternative<secrets::FileSecret>(entity.spec);
}

Result<std::map<Identity, std::string>> value_files(const ApplyWords& words) {
    std::map<Identity, std::string> files;
    for (const auto& word : words.values) {
        const auto equals = word.find('=');
        if (equals == std::string::npos || equals + 1 == word.size())
            return Error(ErrorId::usage_invalid, fmt::format("--value {}: it is REF=FILE", word));
        // Of a project it is named with its scope: project:O/P/ID.
        const auto name = word.substr(0, equals);
        const auto slash = name.rfind('/');
        const bool scoped = name.find(':') != std::string::npos;
        Identity identity;
        if (!scoped) {
            MULLION_ASSIGN(const auto reference, secrets::parse_reference(name));
            MULLION_ASSIGN(identity, secrets::resolve(reference, {}, secrets::Space::secret));
        } else if (slash != std::string::npos) {
            MULLION_ASSIGN(identity.scope, secrets::parse_scope(name.substr(0, slash)));
            identity.id = name.substr(slash + 1);
        }
        if (identity.id.empty() || !files.emplace(identity, word.substr(equals + 1)).second)
            return Error(
                ErrorId::usage_invalid,
                fmt::format("--value {}: it is account.ID=FILE, org:O/ID=FILE or project:O/P/ID=FILE, "
                            "each secret once",
                            word));
    }
    return files;
}

// All values are there before anything is changed.
Result<Values> read_values(const std::vector<Change>& changes, std::map<Identity, std::string> files) {
    Values values;
    for (const auto& change : changes) {
        const auto named = files.find(change.entity.identity);
        const bool given = named != files.end();
        if (!given && !change.needs_value()) continue;
        const ValueWords source{false, given ? named->second : std::string()};
        auto value = read_value(source, is_file(change.entity) ? ValueForm::bytes : ValueForm::text,
                                secrets::in_words(change.entity.identity));
        if (!value.ok()) {
            value.error().advice.emplace_back("Its value is in no YAML: --value account.ID=FILE gives it.");
            return std::move(value).error();
        }
        values.emplace(change.entity.identity, std::move(*value));
        if (given) files.erase(named);
    }
    if (files.empty()) return values;
    return Error(ErrorId::usage_invalid,
                 fmt::format("--value: the file has no text or file secret that is {}",
                             secrets::in_words(files.begin()->first)));
}

// ---- what is told ----

const char* in_words(Change::Kind kind, bool check) {
    switch (kind) {
        case Change::Kind::create:
            return check ? "would be created" : "created";
        case Change::Kind::update:
            return check ? "would be updated" : "updated";
        case Change::Kind::unchanged:
            break;
    }
    return "unchanged";
}

void tell_change(const Change& change, bool with_value, bool check) {
    auto fields = change.fields;
    if (with_value && change.kind != Change::Kind::create) fields.emplace_back("value");
    const auto kind =
        with_value && change.kind == Change::Kind::unchanged ? Change::Kind::update : change.kind;
    fmt::print("{}: {}{}\n", secrets::in_words(change.entity.identity), in_words(kind, check),
               fields.empty() ? std::string() : fmt::format(" ({})", fmt::join(fields, ", ")));
    for (const auto& note : secrets::notes_of(change.entity))
        fmt::print(stderr, "{}", warning(fmt::format("{}: {}", change.entity.identity.id, note)));
}

nlohmann::ordered_json change_json(const Change& change, bool with_value) {
    const char* const kinds[] = {"created", "updated", "unchanged"};
    const bool updated = with_value && change.kind == Change::Kind::unchanged;
    return {{"kind", secrets::kind_of(change.entity.spec)},
            {"scope", secrets::scope_text(change.entity.identity.scope)},
            {"identifier", change.entity.identity.id},
            {"result", updated ? "updated" : kinds[static_cast<int>(change.kind)]},
            {"fields", change.fields},
            {"value", with_value},
            {"notes", secrets::notes_of(change.entity)}};
}

// ---- what is done ----

// What is to be done, in its order, before anything is: also before a value is asked for.
void tell_plan(const std::vector<Change>& changes) {
    const auto count = [&](Change::Kind kind) {
        return std::count_if(changes.begin(), changes.end(),
                             [&](const Change& change) { return change.kind == kind; });
    };
    for (const auto& change : changes) {
        if (change.kind == Change::Kind::unchanged) continue;
        fmt::print(
            stderr, "plan: {} {}{}\n", change.kind == Change::Kind::create ? "create" : "update",
            secrets::in_words(change.entity.identity),
            change.fields.empty() ? std::string() : fmt::format(" ({})", fmt::join(change.fields, ", ")));
    }
    fmt::print(stderr, "plan: {} to create, {} to update, {} unchanged; all of it or nothing\n",
               count(Change::Kind::create), count(Change::Kind::update), count(Change::Kind::unchanged));
}

// All of it in one transaction.
Result<void> save(SecretStore& opened, const std::vector<Change>& changes, Values& values) {
    using secrets::Saving;
    std::vector<Saving> all;
    for (const auto& change : changes) {
        auto value = values.extract(change.entity.identity);
        const bool has_value = !value.empty();
        if (change.kind == Change::Kind::unchanged && !has_value) continue;
        all.push_back({change.kind == Change::Kind::create ? Saving::As::created : Saving::As::updated,
                       change.entity, has_value ? std::optional(std::move(value.mapped())) : std::nullopt});
    }
    if (all.empty()) return {};
    auto saved = opened.store().save(opened.principal(), {"apply", "", ""}, all);
    if (!saved.ok()) return std::move(saved).error();
    return {};
}

void tell_changes(const ApplyWords& words, const std::vector<Change>& changes,
                  const std::set<Identity>& with_value) {
    auto rows = nlohmann::ordered_json::array();
    for (const auto& change : changes) {
        const bool has_value = with_value.contains(change.entity.identity);
        if (words.output == "json")
            rows.push_back(change_json(change, has_value));
        else
            tell_change(change, has_value, words.check);
    }
    if (words.output != "json") return;
    const nlohmann::ordered_json page{{"schema", 1}, {"check", words.check}, {"changes", rows}};
    fmt::print("{}\n", escaped_json(page.dump(2)));
}

// Who takes it, where somebody does: it can be read once.
Result<void> check_inputs(const ApplyWords& words) {
    const char* other = words.file == "-" ? "--file" : "";
    for (const auto& word : words.values) {
        if (!word.ends_with("=-")) continue;
        if (*other != '\0')
            return Error(ErrorId::usage_invalid,
                         fmt::format("standard input cannot be both {} and --value {}", other, word));
        other = "--value";
    }
    return check_standard_input(words.store, other);
}

Result<void> apply(const ApplyWords& words) {
    MULLION_TRY(check_inputs(words));
    MULLION_ASSIGN(const auto text, read_file(words.file));
    MULLION_ASSIGN(const auto wanted, secrets::read_entities(text, words.file));
    MULLION_ASSIGN(auto files, value_files(words));
    // One that is not there has nothing in it, and is made when all else is known to be right.
    MULLION_ASSIGN(auto opened, SecretStore::open_if_there(words.store));
    const auto find = [&](const Identity& identity) -> Result<std::optional<secrets::Entity>> {
        if (!opened) return std::optional<secrets::Entity>();
        auto stored = opened->store().get(identity);
        if (stored.ok()) return std::optional(std::move(stored->entity));
        if (stored.error().id == ErrorId::secrets_missing) return std::optional<secrets::Entity>();
        return std::move(stored).error();
    };
    const auto find_default = [&](const secrets::Scope& scope) -> Result<std::optional<Identity>> {
        if (!opened) return std::optional<Identity>();
        return opened->store().default_manager(scope);
    };
    MULLION_ASSIGN(const auto changes, secrets::plan(wanted, words.file, find, find_default));
    std::set<Identity> with_value;
    if (!words.check) {
        if (words.output != "json") tell_plan(changes);
        MULLION_ASSIGN(auto values, read_values(changes, std::move(files)));
        for (const auto& [what, value] : values) with_value.insert(what);
        if (!opened) {
            MULLION_ASSIGN(opened, SecretStore::open(words.store, secrets::Store::Mode::create));
        }
        MULLION_TRY(save(*opened, changes, values));
    }
    tell_changes(words, changes, with_value);
    return {};
}

}  // namespace

void declare_apply(CLI::App& app, Action& action) {
    auto words = std::make_shared<ApplyWords>();
    app.footer("Example: mullion apply -f secrets.yaml --value account.win_pw=password\n");
    app.add_option("-f,--file", words->file,
                   "YAML with secrets, credentials and connectors; - is standard input")
        ->required()
        ->type_name("FILE");
    app.add_option(
           "--value", words->values,
           "The value of a text or file secret in it, from a file (repeatable). New ones that none is "
           "given for are asked for")
        ->type_name("REF=FILE")
        ->allow_extra_args(false);
    app.add_flag("--check", words->check, "Change nothing; say what would be");
    app.add_option("--output", words->output, "text or json")->check(CLI::IsMember({"text", "json"}));
    declare_store(app, words->store);
    action = [words] {
        os::forbid_core_dumps();
        if (auto done = apply(*words); !done.ok()) return tell(done.error());
        return exit_status::ok;
    };
}

}  // namespace mullion::cli
