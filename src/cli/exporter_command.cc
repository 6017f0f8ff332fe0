#include "cli/exporter_command.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <thread>

#include "cli/exit_status.h"
#include "cli/log_level.h"
#include "cli/ready_notice.h"
#include "cli/report_text.h"
#include "exporter/exporter.h"
#include "os/harden.h"
#include "os/terminal.h"

namespace mullion::cli {
namespace {

constexpr std::size_t descriptors = 1024 * 1024;  // As many as the hard limit gives, up to this.
constexpr unsigned most_threads = 4;

struct ExporterWords {
    std::string config;
    bool check = false;
    unsigned threads = 0;
    LogLevel log_level = LogLevel::info;
};

// Whoever reads these files can log on to the hosts.
void look_at_passwords(const exporter::Config& config, Logger& log) {
    for (const auto& [name, auth] : config.auths)
        if (!auth.password_file.empty() && os::others_may_read(auth.password_file))
            log.warning("auth {}: {}: others may read this password (chmod 600)", name, auth.password_file);
}

Result<exporter::Loaded> load(const ExporterWords& words, Logger& log) {
    auto loaded = exporter::load_config(words.config);
    if (loaded.ok()) look_at_passwords(loaded->config, log);
    return loaded;
}

Result<void> check(const ExporterWords& words, Logger& log) {
    MULLION_ASSIGN(const auto loaded, load(words, log));
    fmt::print("{}: {} auths, {} modules\n", words.config, loaded.config.auths.size(),
               loaded.config.modules.size());
    return {};
}

Result<void> serve(const ExporterWords& words, Logger& log) {
    os::raise_descriptor_limit(descriptors);
    client::RuntimeOptions options;
    options.io_threads = words.threads != 0
                             ? words.threads
                             : std::clamp(std::thread::hardware_concurrency(), 1U, most_threads);
    options.worker_threads = 4;
    client::Runtime runtime(options);
    MULLION_ASSIGN(auto endpoint, exporter::Exporter::make({runtime, log, [&] { return load(words, log); }}));
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
    app.add_option("--threads", words->threads,
                   "Threads that speak to hosts (default: one a processor, up to 4)")
        ->check(CLI::Range(1U, 64U));
    declare_log_level(app, words->log_level);
    app.footer(
        "Example: mullion exporter --config /etc/mullion/exporter.yml\n"
        "         curl 'http://127.0.0.1:9986/probe?target=web01.example.com&module=default'\n"
        "When ready it prints one line of JSON. SIGHUP reads the file again, SIGTERM ends it.\n");
    action = [words] {
        const auto log = stderr_logger(words->log_level);
        const auto outcome = words->check ? check(*words, *log) : serve(*words, *log);
        return outcome.ok() ? exit_status::ok : tell(outcome.error());
    };
}

}  // namespace mullion::cli
