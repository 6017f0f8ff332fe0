// The commands of `mullion`. Each has a file of its own, <name>_command.cc, and a row in the list of
// commands.cc.
#pragma once

#include <CLI/App.hpp>

#include <functional>
#include <string_view>
#include <vector>

#include "cli/namesakes.h"

namespace mullion::cli {

// What the chosen command does; gives the process's exit status.
using Action = std::function<int()>;

// Declares the command's flags on `app` (one App per process, named after the command) and sets `action` to
// what is to be done when the command line was right. `action` lives as long as `app`.
using Declare = void (*)(CLI::App& app, Action& action);

struct Command {
    std::string_view name;
    std::string_view summary;  // One line of `mullion --help`; empty: not shown there.
    Declare declare;
    const char* program = nullptr;  // Another executable of Mullion that has this command; then no `declare`.
    int (*words)(Words) = nullptr;  // Reads its words itself; then no `declare`.
};
[[nodiscard]] const std::vector<Command>& all_commands();

void declare_run(CLI::App& app, Action& action);
void declare_ping(CLI::App& app, Action& action);
void declare_config(CLI::App& app, Action& action);
void declare_doctor(CLI::App& app, Action& action);
void declare_prepare(CLI::App& app, Action& action);
void declare_inventory_command(CLI::App& app, Action& action);
void declare_ticket(CLI::App& app, Action& action);
void declare_docs(CLI::App& app, Action& action);

// All of a process's words, which may be overwritten. Started under the name of a command that reads its
// words itself (a symbolic link `winrm`), it is that one.
[[nodiscard]] int run_program(int count, char** words);
// Parses the words after the command's name and acts. Wrong usage is told on standard error and gives 5.
[[nodiscard]] int run_command_line(int count, const char* const* words);
[[nodiscard]] int run_command_line(const std::vector<Command>& commands, int count, const char* const* words);

}  // namespace mullion::cli
