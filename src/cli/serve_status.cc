#include "cli/serve_status.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/exit_status.h"
#include "cli/printable.h"
#include "cli/report_text.h"
#include "client/client.h"
#include "os/lock.h"
#include "os/program.h"
#include "state/config_store.h"
#include "state/listen_url.h"
#include "target/target.h"
#include "wsman/config.h"
#include "wsman/uris.h"

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

StatusListener listener_of(const wsman::ConfigDocument& document) {
    const auto text = [&](std::string_view name) {
        const auto* value = document.find(name);
        return value == nullptr ? std::string() : value->text;
    };
    std::string address = text("Address");
    if (address.starts_with("IP:")) address.erase(0, 3);
    StatusListener out;
    out.source = document.source;
    out.url = state::listener_url(text("Transport") == "HTTPS", address,
                                  state::parse_port(text("Port")).value_or(0), text("URLPrefix"));
    for (const auto& value : document.values)
        if (value.path == "ListeningOn" && !value.nil) out.at.push_back(value.text);
    return out;
}

bool is_enabled(const wsman::ConfigDocument& document) {
    const auto* value = document.find("Enabled");
    return value == nullptr || value->text == "true";
}

void ask_for_listeners(ServeStatus& status, client::Session& session) {
    client::ConfigVisit visit;
    visit.resources = {wsman::find_config_resource(fmt::format("{}/listener", wsman::resource::config))};
    visit.timeout = look;
    const auto outcome = session.configure(visit);
    if (outcome.error) {
        status.problem = "it does not say where it listens: " + outcome.error->message();
        return;
    }
    status.asked = true;
    for (const auto& document : outcome.read.documents)
        if (is_enabled(document)) status.listeners.push_back(listener_of(document));
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
    if (outcome.error) {
        status.problem = outcome.error->message();
        return;
    }
    status.version = fmt::format("{} ({})", outcome.version, outcome.vendor);
    ask_for_listeners(status, **session);
}

// What the files say; what a command line said of it is not known.
Result<void> look_at_configuration(ServeStatus& status) {
    MULLION_ASSIGN(const auto tree, state::ConfigStore(status.state, {}).read());
    if (status.asked) return {};
    const auto settings = tree.config().settings;
    for (const auto& listener : tree.listeners()) {
        const auto& one = listener.settings;
        if (!one.enabled) continue;
        status.listeners.push_back(
            {state::listener_url(one.https, one.address, state::effective_port(one, settings),
                                 one.url_prefix),
             {},
             listener.origin == state::Origin::policy ? std::string(wsman::policy_source) : std::string()});
    }
    return {};
}

std::string listener_text(const ServeStatus& status, const StatusListener& one) {
    std::string out = one.url;
    if (status.asked && one.at.empty())
        out += ", at no address that this machine has and the filters let through";
    if (!one.at.empty()) out += fmt::format(", at {}", fmt::join(one.at, ", "));
    if (!one.source.empty()) out += fmt::format(" [Source=\"{}\"]", one.source);
    return out;
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
    const std::string_view from = status.asked ? "as the service says" : "as winrm.yaml and policy.d say";
    if (status.listeners.empty())
        line("listeners", fmt::format("none ({}): nobody can reach it over the network. `winrm quickconfig` "
                                      "here makes one",
                                      from));
    for (const auto& one : status.listeners)
        line("listeners", fmt::format("{} ({})", listener_text(status, one), from));
    if (!status.version.empty() && !status.problem.empty()) line("problem", status.problem);
    if (!status.unit.systemd)
        line("errors", "not known (no systemd): the service's standard error has them");
    else if (!status.journal)
        line("errors", "not known (the journal cannot be read): the service's standard error has them");
    else if (status.errors.empty())
        line("errors", "none in the journal");
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
    out["listeners"] = nlohmann::ordered_json::array();
    out["listeners_from"] = status.asked ? "service" : "files";
    out["listening_on"] = nlohmann::ordered_json::object();
    for (const auto& one : status.listeners) {
        out["listeners"].push_back(one.url);
        if (status.asked) out["listening_on"][one.url] = one.at;
    }
    // Null: it is not known whether there are any.
    out["errors"] = status.journal ? nlohmann::ordered_json(status.errors) : nlohmann::ordered_json(nullptr);
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
        if (status.problem.empty()) status.problem = read.error().message();
        if (!status.pid) fmt::print(stderr, "mullion: {}\n", printable(status.problem));
    }
    if (status.unit.systemd) look_at_journal(status);  // Else it has nothing, which is no answer.
    if (output == "json")
        fmt::print("{}\n", status_json(status));
    else
        fmt::print("{}", status_text(status));
    return exit_status_of(status);
}

}  // namespace mullion::cli
