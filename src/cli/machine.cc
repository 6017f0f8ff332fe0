#include "cli/machine.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "cli/printable.h"
#include "os/program.h"

namespace mullion::cli {
namespace {

constexpr Duration look{10'000};
constexpr Duration change_patience{120'000};  // Starting waits until the service is ready.

// What a line of `systemctl show` says; empty where it is not there.
std::string value_of(const std::string& text, const std::string& name) {
    const std::string key = "\n" + name + "=";
    const auto found = ("\n" + text).find(key);
    if (found == std::string::npos) return {};
    const auto begin = found + key.size() - 1;
    return text.substr(begin, text.find('\n', begin) - begin);
}

}  // namespace

UnitState unit_shown(const std::string& text) {
    UnitState unit;
    unit.systemd = true;
    const auto load = value_of(text, "LoadState");
    unit.known = !load.empty() && load != "not-found";
    const auto active = value_of(text, "ActiveState");
    unit.active = active == "active" || active == "reloading";
    unit.start_type = load == "masked" ? load : value_of(text, "UnitFileState");
    const auto result = value_of(text, "Result");
    const bool failed = !result.empty() && result != "success";
    unit.state =
        fmt::format("{} ({}{})", active, value_of(text, "SubState"), failed ? ", Result: " + result : "");
    return unit;
}

Result<UnitState> ThisMachine::unit() {
    const auto end = os::run_program(
        {"systemctl", "show", unit_name, "--property=LoadState,ActiveState,SubState,UnitFileState,Result"},
        look);
    // Not installed, or not in charge (a container): "System has not been booted with systemd".
    if (!end.ok() || end->exit_code != 0) return UnitState{};
    return unit_shown(end->output);
}

Result<FirewallState> ThisMachine::firewall(std::uint16_t port) {
    return look_at_firewall(port);
}

Result<void> ThisMachine::change(const CommandWords& words) {
    const auto failed = [&](const std::string& why) {
        Error error(ErrorId::usage_unsupported, fmt::format("`{}`: {}", command_text(words), why));
        error.advice.emplace_back(::geteuid() == 0
                                      ? "Mend what it names, then say it again: what was done stays."
                                      : "Changes of the machine need root: say it with sudo.");
        return error;
    };
    const auto end = os::run_program(words, change_patience);
    if (!end.ok()) return failed(end.error().detail);
    if (end->exit_code == 0) return {};
    std::string said = end->errors.empty() ? end->output : end->errors;
    said.erase(said.find_last_not_of(" \t\r\n") + 1);
    said = printable(said);
    return failed(said.empty() ? fmt::format("exit status {}", end->exit_code) : said);
}

std::string ThisMachine::host_name() {
    std::array<char, 256> name{};
    ::gethostname(name.data(), name.size() - 1);
    return name[0] == '\0' ? "localhost" : name.data();
}

std::string command_text(const CommandWords& words) {
    std::string out;
    for (const auto& word : words) {
        const bool plain = !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                   std::string_view("-_./:=,@+").find(c) != std::string_view::npos;
        });
        if (!out.empty()) out += ' ';
        out += plain ? word : "'" + word + "'";
    }
    return out;
}

}  // namespace mullion::cli
