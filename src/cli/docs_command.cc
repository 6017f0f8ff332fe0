// `mullion docs errors|options|config|secrets-schema`: the reference pages, made from the same tables that
// the program runs on. tools/generate-docs writes them to docs/.
#include <fmt/core.h>

#include <memory>
#include <string>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/programs.h"
#include "core/error.h"
#include "target/credential_rows.h"
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

// The variable, and below it its other names with what they mean beside it.
std::string variable_cell(std::string_view main, const std::vector<target::VariableName>& others) {
    auto text = code(main);
    for (const auto& other : others) {
        const char* const rank = other.rank == target::VariableName::Rank::higher       ? "wins over it"
                                 : other.rank == target::VariableName::Rank::deprecated ? "deprecated"
                                                                                        : "yields to it";
        text += fmt::format("<br>{} {}", code(other.name), rank);
    }
    return text;
}

void print_row(std::string_view flag, std::string_view variable, std::string_view type,
               std::string_view fallback, std::string_view help) {
    fmt::print("| {} | {} | {} | {} | {} |\n", flag, variable, code(type), code(fallback), help);
}

void print_options() {
    fmt::print(
        "# Connection options\n\nMade by `mullion docs options` from `src/target/option_table.cc`. Every "
        "command with a TARGET takes the options; an inventory, or `-e`, sets the variables. A variable is "
        "Ansible's name for the same thing, or ours where Ansible has none. Every keyword of pywinrm's "
        "`winrm.Protocol` is there as `ansible_winrm_NAME`.\n\nThe parts of a URL win over options, options "
        "over variables (Ansible's `-u` does not), and variables over defaults. A variable whose value is "
        "null counts as not set. What is said to be *with* something counts only there. Over http, options "
        "and `mullion_` variables that name what protects TLS are refused; Ansible's are left out, as "
        "Ansible does. Variables of a transport that is not in use are checked and have no effect. An "
        "`ansible_winrm_` or `mullion_` variable that is not in this table is told once, with file, line and "
        "the nearest known name.\n\n| option | variable | value | default | meaning |\n| --- | --- | --- | "
        "--- | --- |\n");
    for (const auto& row : target::option_table()) {
        const auto flag =
            row.letter == 0 ? std::string(row.flag) : fmt::format("-{}, {}", row.letter, row.flag);
        const auto type =
            row.type.empty() ? std::string_view("yes|no") : row.type;  // A switch, as a variable.
        auto help = cell(row.help);
        if (row.only_with == "https" || row.only_with == "http")
            help += fmt::format(" (with {})", row.only_with);
        else if (row.only_with == "kerberos")
            help += " (with transport kerberos or negotiate)";
        else if (row.only_with == "credssp")
            help += " (with transport credssp)";
        else if (!row.only_with.empty())
            help += fmt::format(" (with transport {}, which this version does not have yet)", row.only_with);
        print_row(code(flag), variable_cell(row.variable, row.others), type, row.fallback, help);
    }
    for (const auto* const row :
         {&target::password_variable(), &target::credential_variable(), &target::connection_variable()})
        print_row("", variable_cell(row->name, row->others), row->type, row->fallback, cell(row->help));
    fmt::print(
        "\nThe password is never an option's value: `-k` asks for it, `--password-file FILE` reads it (`-` "
        "is standard "
        "input); both win over the inventory's `ansible_password`, as every flag does. Without them that "
        "variable counts, then the file that `MULLION_PASSWORD_FILE` names; without any "
        "of them it is asked for on the terminal.\n\nA host with `ansible_become` (or with an "
        "`ansible_become_…` "
        "variable, unless `ansible_become` is false) fails with `inventory.become`: this version cannot "
        "become another "
        "user, and does not pretend to.\n");
}

}  // namespace

void declare_docs(CLI::App& app, Action& action) {
    auto page = std::make_shared<std::string>();
    app.add_option("page", *page, "errors, options, config or secrets-schema")
        ->required()
        ->check(CLI::IsMember({"errors", "options", "config", "secrets-schema"}));
    action = [page]() -> int {
        if (*page == "errors") print_errors();
        if (*page == "options") print_options();
        if (*page == "config" || *page == "secrets-schema") {
            const char* const words[] = {"mullion", "docs", page->c_str(), nullptr};
            return become_program(service_program, words);
        }
        return exit_status::ok;
    };
}

}  // namespace mullion::cli
