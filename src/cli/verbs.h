// Commands that are several, `mullion cim query|list|…`: a table of verbs, each with words of its own.
#pragma once

#include <CLI/App.hpp>

#include <memory>
#include <vector>

#include "cli/commands.h"
#include "core/result.h"

namespace mullion::cli {

// `declare` puts one verb on the command line, and its `prepare` reads the words once that was parsed;
// `carry_out` does the one that was given. `verbs` live as long as the program.
template <class Words, class Verb, std::size_t count>
void declare_verbs(CLI::App& app, Action& action, const Verb (&verbs)[count],
                   CLI::App* (*declare)(CLI::App&, const Verb&, const std::shared_ptr<Words>&),
                   int (*carry_out)(Words&, Result<void> (*prepare)(Words&))) {
    struct Declared {
        CLI::App* app;
        const Verb* verb;
        std::shared_ptr<Words> words;
    };
    app.require_subcommand(1);
    auto declared = std::make_shared<std::vector<Declared>>();
    for (const auto& verb : verbs) {
        auto words = std::make_shared<Words>();
        declared->push_back({declare(app, verb, words), &verb, words});
    }
    action = [declared, carry_out] {
        for (const auto& [command, verb, words] : *declared)
            if (command->parsed()) return carry_out(*words, verb->prepare);
        return 0;
    };
}

}  // namespace mullion::cli
