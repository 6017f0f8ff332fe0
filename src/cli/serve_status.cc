#include "cli/serve_status.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/exit_status.h"
#include "cli/printable.h"
#include "cli/report_text.h"
#include "client/client.h"
#include "os/file.h"
#include "os/lock.h"
#include "os/program.h"
#include "state/config_file.h"
#include "state/listen_url.h"
#include "target/target.h"

namespace mullion::cli {
namespace {

constexpr int not_running = 3;
constexpr int not_known = 4;
constexpr std::size_t most_errors = 5;
constexpr Duration look{10'000};

// Our own lines are "2026-11-22T03:31:00Z error …"; those of systemd name the unit.
bool tells_of_an_error(const std::string& line) {
    std::istringstream words(line);
    std::string time, level;
    words >> time >> level;
    if (level == "error" && time.size() == 20 && time.back() == 'Z') return true;
    return line.rfind(unit_name, 0) == 0 && line.find("ailed") != std::string::npos;
}

void look_at_journal(ServeStatus& status) {
    const auto end = os::run_program(
        {"journalctl", "--unit", unit_name, "--lines", "1000", "--output", "cat", "--no-pager", "--quiet"},
        look);
    status.journal = end.ok() && end->exit_code == 0;
    if (status.journal) status.errors = last_errors(end->output);
}

// By its socket, as whom the kernel says we are.
void ask_service(ServeStatus& status) {
    client::Runtime runtime;
    auto session = client::Session::make(runtime, target::local_target(status.state), {});
    if (!session.ok()) {
        status.problem = session.error().message();
        return;
    }
    client::PingOptions options;
    options.timeout = look;
    const auto outcome = (*session)->ping(options);
    if (outcome.error)
        status.problem = outcome.error->message();
    else
        status.version = fmt::format("{} ({})", outcome.version, outcome.vendor);
}

Result<void> look_at_configuration(ServeStatus& status) {
    if (!os::file_exists(status.state + "/winrm.yaml")) {
        for (const auto& one : state::effective_listeners({}))
            status.listeners.push_back(
                state::listener_url(one.https, one.address, state::effective_port(one, {})));
        return {};
    }
    MULLION_ASSIGN(const std::string text, os::read_file(status.state + "/winrm.yaml", 1024 * 1024));
    auto config = state::read_config(text);
    if (!config.ok())
        return Error{config.error().id,
                     fmt::format("{}/winrm.yaml: {}", status.state, config.error().detail)};
    for (const auto& one : state::effective_listeners(*config))
        status.listeners.push_back(
            state::listener_url(one.https, one.address, state::effective_port(one, config->settings)));
    return {};
}

std::string how_to_start(const ServeStatus& status) {
    if (status.unit.known && status.unit.start_type == "masked")
        return fmt::format("systemctl unmask {0} && systemctl start {0}", unit_name);
    if (status.unit.known) return fmt::format("systemctl start {}", unit_name);
    return fmt::format("mullion serve --state {} --listen http://*:5985", status.state);
}

std::string unit_text(const UnitState& unit) {
    if (!unit.systemd) return "this machine is not run by systemd";
    if (!unit.known) return fmt::format("there is no {}", unit_name);
    return fmt::format("{}: {}, start type {}", unit_name, unit.state,
                       unit.start_type.empty() ? "unknown" : unit.start_type);
}

}  // namespace

int exit_status_of(const ServeStatus& status) {
    if (!status.pid) return not_running;
    return status.version.empty() ? not_known : exit_status::ok;
}

std::vector<std::string> last_errors(const std::string& journal) {
    std::vector<std::string> found;
    std::istringstream lines(journal);
    for (std::string line; std::getline(lines, line);)
        if (tells_of_an_error(line)) found.push_back(printable(line));
    if (found.size() > most_errors) found.erase(found.begin(), found.end() - most_errors);
    return found;
}

std::string status_text(const ServeStatus& status) {
    std::string out;
    const auto line = [&](std::string_view name, std::string_view text) {
        out += fmt::format("{:<10} {}\n", name, text);
    };
    line("unit", unit_text(status.unit));
    line("service", status.pid ? fmt::format("running, process {}, state {}", *status.pid, status.state)
                               : fmt::format("not running, state {}", status.state));
    if (status.pid)
        line("version", status.version.empty() ? "it does not answer: " + status.problem : status.version);
    line("listeners", fmt::format("{} (as configured)", fmt::join(status.listeners, ", ")));
    if (!status.journal) line("errors", "there is no journal here: the service's standard error has them");
    if (status.journal && status.errors.empty()) line("errors", "none in the journal");
    for (const auto& one : status.errors) line("errors", one);
    if (!status.pid) line("start it", how_to_start(status));
    return out;
}

std::string status_json(const ServeStatus& status) {
    nlohmann::ordered_json out;
    out["schema"] = 1;
    out["running"] = status.pid.has_value();
    out["pid"] = status.pid ? nlohmann::ordered_json(*status.pid) : nlohmann::ordered_json(nullptr);
    out["state"] = status.state;
    out["version"] =
        status.version.empty() ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(status.version);
    out["problem"] =
        status.problem.empty() ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(status.problem);
    out["unit"] = {{"name", unit_name},          {"systemd", status.unit.systemd},
                   {"known", status.unit.known}, {"active", status.unit.active},
                   {"state", status.unit.state}, {"start_type", status.unit.start_type}};
    out["listeners"] = status.listeners;
    out["errors"] = status.errors;
    if (!status.pid) out["start"] = how_to_start(status);
    return escaped_json(out.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

int serve_status(const std::string& state, const std::string& output) {
    ServeStatus status;
    status.state = state;
    const auto holder = os::LockFile::holder(state + "/lock");
    if (!holder.ok()) return tell(holder.error());
    if (*holder) status.pid = static_cast<int>(**holder);
    ThisMachine machine;
    auto unit = machine.unit();
    if (unit.ok()) status.unit = *unit;
    if (status.pid) ask_service(status);
    if (auto read = look_at_configuration(status); !read.ok()) {
        // A broken file is why it does not start, mostly.
        status.problem = read.error().message();
        if (!status.pid) fmt::print(stderr, "mullion: {}\n", printable(status.problem));
    }
    look_at_journal(status);
    if (output == "json")
        fmt::print("{}\n", status_json(status));
    else
        fmt::print("{}", status_text(status));
    return exit_status_of(status);
}

}  // namespace mullion::cli
