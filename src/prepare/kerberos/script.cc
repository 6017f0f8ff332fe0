#include "prepare/kerberos/script.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <iterator>
#include <string_view>

#include "prepare/kerberos/script_parts.h"
#include "prepare/kerberos/shell_quote.h"
#include "prepare/kerberos/steps.h"

namespace mullion::prepare {
namespace {

constexpr std::string_view head =
    R"(#!/bin/sh
# shellcheck disable=SC2317 # Steps are called by their names.
# Prepares this Linux machine for Kerberos in the realm {realm}. Written by: mullion prepare kerberos
#
#   sh SCRIPT           prepare it, as root (the same as --apply)
#   sh SCRIPT --check   change nothing; exit status 2 where something would be changed
#   sh SCRIPT --undo    as root, take back what it changed, and nothing else
#
# Each step looks before it changes, and says ok, changed, failed or skipped: people read standard error, programs the lines
# "mullion-step<TAB>STEP<TAB>STATUS<TAB>DETAIL" of standard output where that is no terminal. A second run changes nothing.
# Exit status: 0; 1 a step failed; 2 (--check) something would be changed; 5 wrong usage.
# What --undo needs is kept in /var/lib/mullion-prepare/kerberos-{realm}, root's alone. No password is in here: kinit asks for it.
#
# What it does, and which documents it saves following:
)";

void add_header(std::string& text, const KerberosPlan& plan) {
    fmt::format_to(std::back_inserter(text), fmt::runtime(head), fmt::arg("realm", plan.realm));
    for (const auto& step : kerberos_steps()) {
        fmt::format_to(std::back_inserter(text),
                       "#   {:<10} {}\n#              changes: {}\n#              see: {}\n", step.id,
                       step.does, step.changes.empty() ? "nothing" : step.changes, step.cites);
    }
    text += "\nset -uf\n";  // No word is a pattern of file names: [2001:db8::5] would be one.
}

Result<void> add_variable(std::string& text, std::string_view name, std::string_view value) {
    MULLION_ASSIGN(const auto quoted, shell_quote(value, name));
    fmt::format_to(std::back_inserter(text), "{}={}\n", name, quoted);
    return {};
}

Result<void> add_variables(std::string& text, const KerberosPlan& plan) {
    const std::pair<std::string_view, std::string> variables[] = {
        {"REALM", plan.realm},
        {"KDCS", fmt::format("{}", fmt::join(plan.kdcs, " "))},
        {"ADMIN_SERVER", plan.admin_server},
        {"DOMAIN", plan.domain},
        {"KEYTAB", plan.keytab},
        {"KEYTAB_TO", plan.keytab_to},
        {"KEYTAB_OWNER", plan.keytab_owner},
        {"PRINCIPAL", plan.principal},
        {"TARGET", plan.target},
    };
    for (const auto& [name, value] : variables) MULLION_TRY(add_variable(text, name, value));
    return {};
}

// A function, since a variable would want line ends in it.
Result<void> add_host_entries(std::string& text, const KerberosPlan& plan) {
    text += "host_entries() {\n";
    if (plan.host_lines.empty()) text += "    :\n";
    for (const auto& line : plan.host_lines) {
        MULLION_ASSIGN(const auto quoted, shell_quote(line, "--host"));
        fmt::format_to(std::back_inserter(text), "    echo {}\n", quoted);
    }
    text += "}\n";
    return {};
}

}  // namespace

Result<std::string> kerberos_script(const KerberosPlan& plan) {
    std::string text;
    add_header(text, plan);
    MULLION_TRY(add_variables(text, plan));
    MULLION_TRY(add_host_entries(text, plan));
    text += script_parts;
    return text;
}

}  // namespace mullion::prepare
