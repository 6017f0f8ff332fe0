#include "cim/classes/service_codes.h"

#include <algorithm>
#include <array>

namespace mullion::cim {
namespace {

constexpr std::string_view suffix = ".service";

template <class Table>
auto look_up(const Table& table, std::string_view name) {
    const auto at =
        std::find_if(table.begin(), table.end(), [&](const auto& row) { return row.first == name; });
    return at == table.end() ? nullptr : &at->second;
}

using Row = std::pair<std::string_view, std::string_view>;
using CodeRow = std::pair<std::string_view, std::uint32_t>;

}  // namespace

std::optional<std::string> service_name(std::string_view unit) {
    if (!unit.ends_with(suffix)) return std::nullopt;
    unit.remove_suffix(suffix.size());
    if (unit.empty() || unit.ends_with('@')) return std::nullopt;
    return std::string(unit);
}

// org.freedesktop.systemd1(5), ActiveState. "active" is a service that has done its work and ended, too.
std::string_view state_name(std::string_view active_state) {
    constexpr std::array<Row, 8> names = {{{"active", "Running"},
                                           {"reloading", "Running"},
                                           {"refreshing", "Running"},
                                           {"activating", "Start Pending"},
                                           {"deactivating", "Stop Pending"},
                                           {"inactive", "Stopped"},
                                           {"failed", "Stopped"},
                                           {"maintenance", "Stopped"}}};
    const auto* name = look_up(names, active_state);
    return name ? *name : "Unknown";
}

std::optional<std::string_view> start_mode(std::string_view file_state) {
    constexpr std::array<Row, 4> names = {{{"enabled", "Auto"},
                                           {"enabled-runtime", "Auto"},
                                           {"masked", "Disabled"},
                                           {"masked-runtime", "Disabled"}}};
    if (const auto* name = look_up(names, file_state)) return *name;
    if (file_state == "bad") return std::nullopt;
    // "disabled", "static", "indirect", "linked", "generated", "transient": all of them can be started.
    return "Manual";
}

std::optional<std::uint32_t> exit_code(const UnitDetails& details) {
    constexpr std::uint32_t never_started = 1077, process_aborted = 1067;
    constexpr std::int32_t exited = 1, killed = 2, dumped = 3;  // CLD_EXITED and its like, waitid(2).
    constexpr std::uint32_t signal_base = 128;                  // As shells have it.
    if (state_name(details.active_state) != "Stopped") return 0;
    if (details.result != "success" && !details.result.empty()) {
        const auto status = static_cast<std::uint32_t>(std::max(details.exit_status.value_or(0), 0));
        if (status == 0) return process_aborted;
        if (details.exit_code == exited) return status;
        if (details.exit_code == killed || details.exit_code == dumped) return signal_base + status;
        return process_aborted;
    }
    if (!details.started) return std::nullopt;
    return *details.started == 0 ? never_started : 0;
}

std::string path_name(const UnitDetails& details) {
    std::string line;
    for (const auto& word : details.command) {
        if (!line.empty()) line += ' ';
        const bool quoted = word.empty() || word.find_first_of(" \t") != std::string::npos;
        line += quoted ? '"' + word + '"' : word;
    }
    return line;
}

std::uint32_t code_of(const BusError& error) {
    using namespace service_code;
    constexpr std::array<CodeRow, 13> codes = {
        {{"org.freedesktop.DBus.Error.AccessDenied", access_denied},
         {"org.freedesktop.DBus.Error.InteractiveAuthorizationRequired", access_denied},
         {"org.freedesktop.DBus.Error.AuthFailed", access_denied},
         {bus_error::timeout, timed_out},
         {bus_error::no_reply, timed_out},
         {"org.freedesktop.DBus.Error.TimedOut", timed_out},
         {"org.freedesktop.DBus.Error.NotSupported", not_supported},
         {"org.freedesktop.systemd1.UnitMasked", disabled},
         {"org.freedesktop.systemd1.OnlyByDependency", cannot_accept},
         {"org.freedesktop.systemd1.JobTypeNotApplicable", cannot_accept},
         {"org.freedesktop.systemd1.ShuttingDown", cannot_accept},
         {"org.freedesktop.systemd1.TransactionOrderIsCyclic", circular},
         {"org.freedesktop.systemd1.NoSuchUnit", dependency_failed}}};
    const auto* code = look_up(codes, error.name);
    return code ? *code : unknown_failure;
}

std::uint32_t code_of_job(std::string_view result, const std::optional<UnitDetails>& details) {
    using namespace service_code;
    // systemd.exec(5), "Process Exit Codes": why the process could not become what it was to be.
    constexpr std::int32_t no_folder = 200, no_program = 203, no_group = 216, no_user = 217;
    // "skipped": what was asked for is so already.
    if (result == "done" || result == "skipped") return success;
    if (result == "timeout") return timed_out;
    if (result == "dependency") return dependency_failed;
    if (!details) return unknown_failure;
    if (details->result == "timeout") return timed_out;
    const auto status = details->exit_status.value_or(0);
    if (status == no_program || status == no_folder) return path_not_found;
    if (status == no_user || status == no_group) return logon_failed;
    return unknown_failure;
}

}  // namespace mullion::cim
