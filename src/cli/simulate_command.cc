#include "cli/simulate_command.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <thread>

#include "cli/exit_status.h"
#include "cli/log_level.h"
#include "cli/ready_notice.h"
#include "cli/report_text.h"
#include "os/file.h"
#include "os/harden.h"
#include "os/temporary_file.h"
#include "simulate/fleet_file.h"
#include "simulate/simulation.h"
#include "state/listen_url.h"

namespace mullion::cli {
namespace {

constexpr std::size_t largest_file = 64 * 1024 * 1024;
constexpr std::size_t descriptors = 1024 * 1024;  // As many as the hard limit gives, up to this.
constexpr std::size_t few_descriptors = 4'096;

struct SimulateWords {
    std::string fleet;
    std::vector<std::string> listen;
    std::string counts;
    std::string authority;
    bool check = false;
    LogLevel log_level = LogLevel::warning;
    unsigned threads = 0;
};

// Files are named relative to FLEET.yml.
Result<simulate::Fleet> load(const SimulateWords& words) {
    MULLION_ASSIGN(const std::string text, os::read_file(words.fleet, largest_file));
    const auto folder = std::filesystem::path(words.fleet).parent_path();
    const simulate::ReadFile files = [&](const std::string& path) {
        return os::read_file((folder / path).string(), largest_file);
    };
    auto fleet = simulate::read_fleet(text, files);
    if (!fleet.ok() && fleet.error().id == ErrorId::fleet_file_invalid)
        return Error{fleet.error().id, fmt::format("{}: {}", words.fleet, fleet.error().detail)};
    if (fleet.ok() && !fleet->keytab.empty()) fleet->keytab = (folder / fleet->keytab).string();
    return fleet;
}

// --listen in the place of the file's listeners, with the certificate of the first HTTPS one.
Result<void> listen_elsewhere(simulate::Fleet& fleet, const std::vector<std::string>& urls) {
    if (urls.empty() && fleet.listeners.empty()) {
        fleet.listeners.emplace_back();
        fleet.listeners.back().port = 5985;
    }
    if (urls.empty()) return {};
    const auto secure = std::find_if(fleet.listeners.begin(), fleet.listeners.end(),
                                     [](const auto& spec) { return !spec.certificate_pem.empty(); });
    std::vector<simulate::ListenerSpec> listeners;
    for (const auto& url : urls) {
        MULLION_ASSIGN(const auto parsed, state::parse_listen_url(url));
        simulate::ListenerSpec spec;
        spec.address = parsed.address;
        spec.https = parsed.https;
        spec.port = parsed.port.value_or(parsed.https ? 5986 : 5985);
        if (parsed.https && secure != fleet.listeners.end()) {
            spec.certificate_pem = secure->certificate_pem;
            spec.key_pem = secure->key_pem.clone();
        }
        listeners.push_back(std::move(spec));
    }
    fleet.listeners = std::move(listeners);
    return {};
}

// The file that clients trust; a temporary one is removed at the end, and by the next simulation where this
// one is killed.
class AuthorityFile {
public:
    Result<void> write(const std::string& pem, const std::string& wanted) {
        if (wanted.empty()) {
            std::error_code problem;
            const auto folder = std::filesystem::temp_directory_path(problem);
            MULLION_ASSIGN(auto made, os::TemporaryFile::make(problem ? "/tmp" : folder.string(),
                                                              "mullion-simulate-", pem, 0644));
            temporary_.emplace(std::move(made));
            path_ = temporary_->path();
            return {};
        }
        path_ = wanted;
        auto written = os::write_file_atomic(path_, pem, 0644);
        if (!written.ok()) return Error{ErrorId::usage_file, written.error().detail};
        return {};
    }
    [[nodiscard]] const std::string& path() const { return path_; }

private:
    std::string path_;
    std::optional<os::TemporaryFile> temporary_;
};

void tell_counts(const SimulateWords& words, Logger& log, const std::string& json, bool at_the_end) {
    if (!at_the_end) {
        fmt::print("{}\n", json);
        std::fflush(stdout);
    }
    if (words.counts.empty()) return;
    const auto written = os::write_file_atomic(words.counts, json + "\n", 0644);
    if (!written.ok()) log.error("--counts {}: {}", words.counts, written.error().detail);
}

Result<void> simulate_fleet(const SimulateWords& words, Logger& log) {
    MULLION_ASSIGN(simulate::Fleet fleet, load(words));
    MULLION_TRY(listen_elsewhere(fleet, words.listen));
    const std::size_t hosts = fleet.hosts.size();
    if (words.check) {
        fmt::print("{}: {} hosts, {} listeners, {} faults\n", words.fleet, hosts, fleet.listeners.size(),
                   fleet.faults.size());
        return {};
    }
    const std::size_t limit = os::raise_descriptor_limit(descriptors);
    if (limit < few_descriptors) log.warning("only {} connections fit the limit of open files", limit);
    const unsigned threads = words.threads != 0 ? words.threads : std::thread::hardware_concurrency();
    MULLION_ASSIGN(auto simulation,
                   simulate::Simulation::make(
                       {std::move(fleet), threads, log, [&](const std::string& json, bool at_the_end) {
                            tell_counts(words, log, json, at_the_end);
                        }}));
    AuthorityFile authority;
    if (const auto pem = simulation->authority_pem()) MULLION_TRY(authority.write(*pem, words.authority));
    const bool has_file = !authority.path().empty();
    fmt::print("{}\n",
               ready_line(simulation->urls(),
                          has_file ? std::optional<std::string>(authority.path()) : std::nullopt, hosts));
    std::fflush(stdout);
    if (!notify_systemd(std::getenv("NOTIFY_SOCKET"), "READY=1"))
        log.warning("systemd could not be told (NOTIFY_SOCKET)");
    return simulation->run();
}

}  // namespace

void declare_simulate(CLI::App& app, Action& action) {
    auto words = std::make_shared<SimulateWords>();
    app.add_option("fleet", words->fleet, "The fleet: hosts, what they answer, what goes wrong")
        ->required()
        ->type_name("FLEET.yml");
    app.add_option("--listen", words->listen,
                   "http://ADDRESS:PORT or https://… in the place of the file's listeners; 0.0.0.0 is every "
                   "host's address, port 0 is chosen (repeatable)")
        ->type_name("URL");
    app.add_flag("--check", words->check, "Only read the file, and say whether it is right");
    app.add_option("--counts", words->counts,
                   "Where the counts are written at the end, and on SIGUSR1, as JSON")
        ->type_name("FILE");
    app.add_option("--ca", words->authority,
                   "Where to write the certificate that clients are to trust (default: a temporary file, "
                   "named in the ready line)")
        ->type_name("FILE");
    app.add_option("--threads", words->threads, "Threads (default: one a processor)")
        ->check(CLI::Range(1u, 1024u));
    declare_log_level(app, words->log_level);
    app.footer(
        "Example: mullion simulate examples/fleets/windows.yml --listen http://0.0.0.0:5985\n"
        "When ready it prints one line of JSON. SIGUSR1 prints the counts, SIGTERM ends it.\n");
    action = [words] {
        const auto log = stderr_logger(words->log_level);
        const auto outcome = simulate_fleet(*words, *log);
        return outcome.ok() ? exit_status::ok : tell(outcome.error());
    };
}

}  // namespace mullion::cli
