#include "cli/exporter_command.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <system_error>
#include <thread>

#include "cli/exit_status.h"
#include "cli/exporter_secrets.h"
#include "cli/log_level.h"
#include "cli/masking.h"
#include "cli/ready_notice.h"
#include "cli/report_text.h"
#include "cli/write_all.h"
#include "exporter/exporter.h"
#include "exporter/text_format.h"
#include "os/file.h"
#include "os/harden.h"
#include "os/terminal.h"

namespace mullion::cli {
namespace {

constexpr std::size_t descriptors = 1024 * 1024;  // As many as the hard limit gives, up to this.
constexpr unsigned most_threads = 4;

struct ExporterWords {
    std::string config;
    bool check = false;
    std::string targets;
    unsigned threads = 0;
    LogLevel log_level = LogLevel::info;
};

// Whoever reads these files can log on to the hosts. They are read for each session, so that one that is not
// there yet is no error.
void look_at_passwords(const exporter::Config& config, Logger& log) {
    for (const auto& [name, auth] : config.auths) {
        if (auth.password_file.empty()) continue;
        if (::access(auth.password_file.c_str(), R_OK) != 0)
            log.warning("auth {}: {}: {}", name, auth.password_file, std::generic_category().message(errno));
        else if (os::others_may_read(auth.password_file))
            log.warning("auth {}: {}: others may read this password (chmod 600)", name, auth.password_file);
    }
}

Result<exporter::Loaded> load(const ExporterWords& words, Logger& log) {
    auto loaded = exporter::load_config(words.config);
    if (!loaded.ok()) return loaded;
    MULLION_TRY(check_stored_auths(loaded->config));
    look_at_passwords(loaded->config, log);
    if (!loaded->config.web_users.empty() && !loaded->tls)
        log.warning("basic_auth_users without tls_server_config: their passwords travel in clear");
    return loaded;
}

Result<void> check(const ExporterWords& words, Logger& log) {
    MULLION_ASSIGN(const auto loaded, load(words, log));
    fmt::print("{}: {} auths, {} modules\n", words.config, loaded.config.auths.size(),
               loaded.config.modules.size());
    return {};
}

// Prometheus reads the file when it has changed, so one that says the same stays as it is.
Result<void> write_file(const std::string& file, const std::string& text) {
    constexpr mode_t for_all = 0644;
    const auto before = os::read_file(file, text.size() + 1);
    if (before.ok() && *before == text) return {};
    auto written = os::write_file_atomic(file, text, for_all);
    if (!written.ok()) return Error(ErrorId::usage_file, written.error().detail);
    return {};
}

// What file_sd_configs takes.
Result<void> write_targets(const ExporterWords& words, Logger& log) {
    MULLION_ASSIGN(auto loaded, load(words, log));
    if (!loaded.config.discovery)
        return Error(ErrorId::config_invalid,
                     fmt::format("{} has no discovery: with an inventory", words.config));
    MULLION_TRY(connect_discovery(loaded.config, log));
    MULLION_ASSIGN(const auto found, exporter::discover(*loaded.config.discovery, loaded.config.allow));
    for (const auto& notice : found.notices) log.warning("{}", notice);
    if (words.targets != "-") return write_file(words.targets, found.json);
    if (write_all(STDOUT_FILENO, found.json)) return {};
    return Error(ErrorId::usage_file, "standard output could not be written");
}

// For scrapes: at the start, and for each reload.
Result<exporter::Loaded> load_and_open(const ExporterWords& words, Logger& log) {
    auto loaded = load(words, log);
    if (loaded.ok()) MULLION_TRY(open_stored_auths(loaded->config, log));
    return loaded;
}

std::string mask(std::string text, bool metrics) {
    if (!metrics || !masks().any()) return masked(std::move(text));
    return exporter::with_label_values(text, [](std::string label) { return masked(std::move(label)); });
}

Result<void> serve(const ExporterWords& words, Logger& log) {
    os::raise_descriptor_limit(descriptors);
    client::RuntimeOptions options;
    options.io_threads = words.threads != 0
                             ? words.threads
                             : std::clamp(std::thread::hardware_concurrency(), 1U, most_threads);
    options.worker_threads = 4;
    client::Runtime runtime(options);
    MULLION_ASSIGN(auto endpoint,
                   exporter::Exporter::make({runtime, log, [&] { return load_and_open(words, log); }, mask}));
    fmt::print("{}\n", ready_line(endpoint->urls(), std::nullopt));
    std::fflush(stdout);
    if (!notify_systemd(std::getenv("NOTIFY_SOCKET"), "READY=1"))
        log.warning("systemd could not be told (NOTIFY_SOCKET)");
    endpoint->run();
    return {};
}

}  // namespace

void declare_exporter(CLI::App& app, Action& action) {
    auto words = std::make_shared<ExporterWords>();
    app.add_option("--config", words->config,
                   "Which hosts may be asked, as whom, and for what (docs/exporter.md)")
        ->required()
        ->type_name("FILE");
    app.add_flag("--check", words->check, "Only read the file, and say whether it is right");
    app.add_option("--targets", words->targets,
                   "Only write the inventory's hosts, as file_sd_configs reads them; - is standard output")
        ->type_name("FILE|-");
    app.add_option("--threads", words->threads,
                   "Threads that speak to hosts (default: one a processor, up to 4)")
        ->check(CLI::Range(1U, 64U));
    declare_log_level(app, words->log_level);
    app.footer(
        "Example: mullion exporter --config /etc/mullion/exporter.yml\n"
        "         curl 'http://127.0.0.1:9986/probe?target=web01.example.com&module=default'\n"
        "When ready it prints one line of JSON. SIGHUP reads the file again, SIGTERM ends it.\n");
    action = [words] {
        const auto log = masked(stderr_logger(words->log_level));
        auto act = words->check ? check : words->targets.empty() ? serve : write_targets;
        const auto outcome = act(*words, *log);
        return outcome.ok() ? exit_status::ok : tell(outcome.error());
    };
}

}  // namespace mullion::cli
