// `mullion docs errors|options|config`: the reference pages, made from the same tables that the program runs
// on. tools/generate-docs writes them to docs/.
#include <fmt/core.h>

#include <memory>
#include <string>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/programs.h"
#include "core/error.h"
#include "target/option_table.h"

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

// '|' would end the cell.
std::string cell(std::string_view text) {
    std::string result;
    for (const char letter : text) result += letter == '|' ? std::string("\\|") : std::string(1, letter);
    return result;
}

std::string code(std::string_view text) {
    return text.empty() ? std::string() : "`" + cell(text) + "`";
}

void print_options() {
    fmt::print(
        "# Connection options\n\nMade by `mullion docs options` from `src/target/option_table.cc`. Every "
        "command with a TARGET "
        "takes them. The variable is Ansible's name for the same thing, or ours where Ansible has none. The "
        "parts of a URL "
        "win over options.\n\n| option | variable | value | default | meaning |\n| --- | --- | --- | --- | "
        "--- |\n");
    for (const auto& row : target::option_table()) {
        const auto flag =
            row.letter == 0 ? std::string(row.flag) : fmt::format("-{}, {}", row.letter, row.flag);
        fmt::print("| {} | {} | {} | {} | {} |\n", code(flag), code(row.variable), code(row.type),
                   code(row.fallback), cell(row.help));
    }
    fmt::print(
        "\nThe password is never an option's value: `-k` asks for it, `--password-file FILE` reads it (`-` "
        "is standard input), "
        "`MULLION_PASSWORD_FILE` names such a file; without any of them it is asked for on the terminal.\n");
}

}  // namespace

void declare_docs(CLI::App& app, Action& action) {
    auto page = std::make_shared<std::string>();
    app.add_option("page", *page, "errors, options or config")
        ->required()
        ->check(CLI::IsMember({"errors", "options", "config"}));
    action = [page]() -> int {
        if (*page == "errors") print_errors();
        if (*page == "options") print_options();
        if (*page == "config") {
            const char* const words[] = {"mullion", "docs", "config", nullptr};
            return become_program(service_program, words);
        }
        return exit_status::ok;
    };
}

}  // namespace mullion::cli
