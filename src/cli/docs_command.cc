// `mullion docs errors|options`: the reference pages, made from the same tables that the program runs on.
// tools/generate-docs writes them to docs/.
#include <fmt/core.h>

#include <memory>
#include <string>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "core/error.h"

namespace mullion::cli {
namespace {

void print_list(std::string_view title, const std::vector<std::string_view>& lines) {
    if (lines.empty()) return;
    fmt::print("\n{}\n\n", title);
    for (const auto line : lines) fmt::print("- {}\n", line);
}

void print_errors() {
    fmt::print(
        "# Errors\n\nMade by `mullion docs errors` from `src/core/errors.def`. An id is never renamed: "
        "scripts and dashboards may "
        "match on it.\n\n*Effect* says what the failure means for the work: `nothing_sent` and `refused` "
        "mean that nothing was done; "
        "after `unknown` look at the host before you repeat it.\n");
    for (const auto& error : all_errors()) {
        fmt::print(
            "\n## {}\n\n{}.\n\n| phase | effect | status | exit status |\n| --- | --- | --- | --- |\n| {} | "
            "{} | {} | {} |\n",
            error.id, error.text, to_string(error.phase), to_string(error.effect), to_string(error.status),
            error.exit_code);
        print_list("Likely causes:", error.causes);
        print_list("What to do:", error.advice);
    }
}

}  // namespace

void declare_docs(CLI::App& app, Action& action) {
    auto page = std::make_shared<std::string>();
    app.add_option("page", *page, "errors")->required()->check(CLI::IsMember({"errors"}));
    action = [page] {
        print_errors();
        return exit_status::ok;
    };
}

}  // namespace mullion::cli
