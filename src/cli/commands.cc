#include "cli/commands.h"

#include <fmt/format.h>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <algorithm>
#include <cstdio>
#include <string>

#include "auth/matrix.h"
#include "cli/centreon_command.h"
#include "cli/check_command.h"
#include "cli/cim_command.h"
#include "cli/exit_status.h"
#include "cli/exporter_command.h"
#include "cli/programs.h"

namespace mullion::cli {
namespace {

void print_help() {
    fmt::print(
        "Mullion {}: Windows machines from Linux over WinRM, and a WinRM service for Linux.\n\n"
        "Usage: mullion COMMAND [OPTION…] …\n\nCommands:\n",
        MULLION_VERSION);
    for (const auto& command : all_commands()) {
        if (!command.summary.empty()) fmt::print("  {:<10} {}\n", command.name, command.summary);
    }
    fmt::print(
        "\n  mullion COMMAND --help   the options of one command, with an example\n"
        "  mullion help auth        the ways to log on, and how to choose\n"
        "  mullion --version        the version\n\n"
        "Example: mullion run https://admin@web01 -k -- ipconfig /all\n");
}

int wrong_usage(std::string_view text, std::string_view help) {
    fmt::print(stderr, "mullion: {}\nSee {} --help.\n", text, help);
    return exit_status::usage;
}

const Command* find(const std::vector<Command>& commands, std::string_view name) {
    const auto found = std::find_if(commands.begin(), commands.end(),
                                    [&](const Command& command) { return command.name == name; });
    return found == commands.end() ? nullptr : &*found;
}

int run_one(const Command& command, int count, const char* const* words) {
    const auto full_name = fmt::format("mullion {}", command.name);
    CLI::App app{std::string(command.summary), full_name};
    app.option_defaults()->always_capture_default(false);
    Action action;
    command.declare(app, action);
    try {
        app.parse(count, words);  // words[0] is the command's name, as argv[0] is a program's.
    } catch (const CLI::Success& help) {
        return app.exit(help);
    } catch (const CLI::ExtrasError&) {
        auto extras = app.remaining(true);
        extras.erase(std::remove(extras.begin(), extras.end(), "--"), extras.end());
        return wrong_usage(fmt::format("not an option of this command: {}", fmt::join(extras, " ")),
                           full_name);
    } catch (const CLI::ParseError& error) {
        return wrong_usage(error.what(), full_name);
    }
    return action();
}

// For words that nobody may overwrite.
int run_copy(const Command& command, int count, const char* const* words) {
    std::vector<std::string> copies(words, words + count);
    std::vector<char*> pointers;
    for (auto& copy : copies) pointers.push_back(copy.data());
    return command.words(pointers);
}

// `mullion help TOPIC`: a command's own help, or a page of ours.
int help_about(const std::vector<Command>& commands, const std::string& topic) {
    if (topic == "auth") {
        fmt::print("{}", auth::matrix_text());
        return exit_status::ok;
    }
    if (find(commands, topic) == nullptr)
        return wrong_usage(fmt::format("there is no help about '{}'", topic), "mullion");
    const char* const words[] = {"mullion", topic.c_str(), "--help", nullptr};
    return run_command_line(commands, 3, words);
}

}  // namespace

const std::vector<Command>& all_commands() {
    static const std::vector<Command> commands{
        {"run", "run a command on Windows hosts", declare_run},
        {"ping", "reach hosts, log on, and ask who they are", declare_ping},
        {"config", "the WinRM configuration of hosts: get, set, list, export, apply, delete", declare_config},
        {"cim", "CIM (WMI) of hosts: query, list, get, associators, set, create, delete, invoke",
         declare_cim},
        {"check", "check one host, for Centreon, Nagios and their like", nullptr, nullptr, run_check_command},
        {"exporter", "metrics of Windows hosts for Prometheus, without an agent", declare_exporter},
        {"prepare",
         "what has to be set up before anything works: host, monitoring-user, domain; kerberos here",
         declare_prepare},
        {"doctor", "look at a host layer by layer: what is wrong, why, what to do", declare_doctor},
        {"inventory", "what an Ansible inventory says: hosts, groups, variables", declare_inventory_command},
        {"ticket", "the Kerberos tickets of a cache: list, destroy", declare_ticket},
        {"serve", "answer WinRM on this machine", nullptr, service_program},
        {"simulate", "play a fleet of WinRM hosts, for tests", nullptr, service_program},
        {"user", "the accounts of the service", nullptr, service_program},
        {"cert", "certificates of clients, and whom they are mapped to", nullptr, service_program},
        {"secret",
         "text and file secrets: add, list, show, update, move, delete, and what keeps their store; none "
         "comes out",
         nullptr, service_program},
        {"credential", "WinRM credentials for hosts: add, list, show, update, move, delete, test", nullptr,
         service_program},
        {"connector",
         "secret managers (AWS KMS) and lists of hosts: add, list, show, update, move, delete, test, "
         "inventory",
         nullptr, service_program},
        {"apply", "secrets, credentials and connectors from YAML", nullptr, service_program},
        {"audit", "who used, changed or was refused which secret: verify, export, accept", nullptr,
         service_program},
        {"winrm", "ask a WS-Management service, as Windows' winrm does", nullptr, nullptr, run_winrm},
        {"winrs", "run a command on one host, as Windows' winrs does", nullptr, nullptr, run_winrs},
        {"mullion-centreon", "", nullptr, nullptr, run_centreon},
        {"docs", "", declare_docs},
    };
    return commands;
}

int run_program(int count, char** words) {
    const std::span<char* const> all(words, static_cast<std::size_t>(std::max(count, 0)));
    for (std::size_t named_by = 0; named_by < std::min<std::size_t>(all.size(), 2); ++named_by) {
        std::string_view name = all[named_by];
        if (named_by == 0) name = name.substr(name.rfind('/') + 1);  // npos + 1 is the beginning.
        const auto* const found = find(all_commands(), name);
        if (found != nullptr && found->words != nullptr) return found->words(all.subspan(named_by + 1));
    }
    return run_command_line(count, words);
}

int run_command_line(int count, const char* const* words) {
    return run_command_line(all_commands(), count, words);
}

int run_command_line(const std::vector<Command>& commands, int count, const char* const* words) {
    if (count < 2) {
        print_help();
        return exit_status::usage;
    }
    const std::string_view name = words[1];
    if (name == "--version") {
        fmt::print("mullion {}\n", MULLION_VERSION);
        return exit_status::ok;
    }
    if (name == "help" && count > 2) return help_about(commands, words[2]);
    if (name == "--help" || name == "-h" || name == "help") {
        print_help();
        return exit_status::ok;
    }
    const auto* const found = find(commands, name);
    if (found == nullptr) return wrong_usage(fmt::format("there is no command '{}'", name), "mullion");
    if (found->program != nullptr) return become_program(found->program, words);
    if (found->words != nullptr) return run_copy(*found, count - 2, words + 2);
    return run_one(*found, count - 1, words + 1);
}

}  // namespace mullion::cli
