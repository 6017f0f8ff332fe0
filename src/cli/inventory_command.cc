// `mullion inventory list|graph|show`: what the inventory says. No host is spoken to.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/Option.hpp>
#include <CLI/Validators.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/inventory_graph.h"
#include "cli/inventory_options.h"
#include "cli/inventory_show.h"
#include "cli/printable.h"
#include "cli/report_text.h"
#include "cli/write_all.h"
#include "inventory/patterns.h"

namespace mullion::cli {
namespace {

using inventory::Inventory;

struct InventoryWords {
    std::shared_ptr<InventoryOptions> options;
    SecretWords secrets;
    std::string pattern = "all";
    std::string group = "all";
    std::string host;
    std::string output = "text";
    bool reveal = false;
};

int print(const std::string& text) {
    if (write_all(STDOUT_FILENO, text)) return exit_status::ok;
    (void)write_all(STDERR_FILENO, "mullion: the output could not be written\n");
    return exit_status::host_failed;
}

void warn(const std::string& text) {
    (void)write_all(STDERR_FILENO, fmt::format("mullion: warning: {}\n", printable(text)));
}

Result<std::unique_ptr<Inventory>> load(const InventoryWords& words) {
    if (inventory_paths(*words.options).empty())
        return Error(ErrorId::usage_invalid, "no inventory was given: name one with -i or MULLION_INVENTORY");
    MULLION_ASSIGN(auto loaded, load_inventory(*words.options, words.secrets));
    const auto& model = loaded->model();
    for (const auto& notice : model.notices()) warn(model.text_of(notice.place) + ": " + notice.text);
    return loaded;
}

Result<int> list(const InventoryWords& words) {
    MULLION_ASSIGN(const auto loaded, load(words));
    const auto& model = loaded->model();
    MULLION_ASSIGN(const auto hosts, inventory::select_hosts(model, words.pattern));
    std::string text;
    if (words.output == "json") {
        auto names = nlohmann::json::array();
        for (const auto host : hosts) names.push_back(model.hosts()[host].name);
        text = escaped_json(names.dump(2, ' ', false, nlohmann::json::error_handler_t::replace)) + "\n";
    } else {
        for (const auto host : hosts) text += printable(model.hosts()[host].name) + "\n";
    }
    return print(text);
}

Result<int> graph(const InventoryWords& words) {
    MULLION_ASSIGN(const auto loaded, load(words));
    MULLION_ASSIGN(const auto text, graph_text(loaded->model(), words.group));
    return print(text);
}

Result<int> show(const InventoryWords& words) {
    MULLION_ASSIGN(const auto loaded, load(words));
    const auto& model = loaded->model();
    MULLION_ASSIGN(const auto hosts, inventory::select_hosts(model, words.host));
    if (hosts.size() != 1)
        return Error(ErrorId::usage_pattern,
                     fmt::format("'{}' is {} hosts, and one can be shown", words.host, hosts.size()));
    const auto secrets = words.reveal ? Secrets::revealed : Secrets::hidden;
    if (words.output == "json") {
        MULLION_ASSIGN(const auto text, variables_json(*loaded, hosts.front(), secrets));
        return print(text);
    }
    MULLION_ASSIGN(const auto text, host_text(*loaded, hosts.front(), secrets, warn));
    return print(text);
}

CLI::App* declare(CLI::App& app, const char* name, const char* help,
                  const std::shared_ptr<InventoryWords>& words) {
    auto* const command = app.add_subcommand(name, help);
    declare_inventory(*command, words->options);
    declare_secret_words(*command, words->secrets);
    return command;
}

void declare_output(CLI::App& command, InventoryWords& words, const char* help) {
    command.add_option("--output", words.output, help)
        ->check(CLI::IsMember({"text", "json"}))
        ->type_name("text|json");
}

int tell_result(const Result<int>& result) {
    return result.ok() ? *result : tell(result.error());
}

}  // namespace

void declare_inventory_command(CLI::App& app, Action& action) {
    auto words = std::make_shared<InventoryWords>();
    words->options = std::make_shared<InventoryOptions>();
    app.require_subcommand(1);
    app.footer(
        "Examples:\n"
        "  mullion inventory list -i hosts.ini 'web*:!web03'\n"
        "  mullion inventory graph -i inventory/\n"
        "  mullion inventory show -i inventory/ web01");

    auto* const listing = declare(app, "list", "The hosts that a pattern means, in order", words);
    listing->add_option("PATTERN", words->pattern, "An Ansible host pattern (default all)")->type_name("");
    declare_output(*listing, *words, "text: a name a line; json: a list");

    auto* const graphing = declare(app, "graph", "Groups and hosts as a tree", words);
    graphing->add_option("GROUP", words->group, "The group to begin with (default all)")->type_name("");

    auto* const showing = declare(app, "show", "A host's variables, and how it would be reached", words);
    showing->add_option("HOST", words->host, "The inventory's name of the host")->required()->type_name("");
    declare_output(*showing, *words, "json: the variables alone, with their types");
    showing->add_flag("--reveal", words->reveal, "Show secrets, and open vaulted texts, instead of (hidden)");
    showing->footer(
        "Hidden are vaulted texts, private keys, passwords in URLs, and what has a name with pass, pwd, "
        "secret, token,\n"
        "credential or private in it, or one that ends in key.");

    action = [words, listing, graphing] {
        if (listing->parsed()) return tell_result(list(*words));
        if (graphing->parsed()) return tell_result(graph(*words));
        return tell_result(show(*words));
    };
}

}  // namespace mullion::cli
