#include "cli/fleet_run.h"

#include <fmt/core.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <CLI/Option.hpp>
#include <CLI/Validators.hpp>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <system_error>
#include <thread>

#include "cli/exit_status.h"
#include "cli/write_all.h"

namespace mullion::cli {
namespace {

constexpr unsigned most_forks = 100'000;

// One host says itself where it is.
bool shows_progress(const std::string& choice, std::size_t hosts) {
    if (choice == "always") return true;
    return choice == "auto" && hosts > 1 && ::isatty(STDERR_FILENO) == 1;
}

Writer::Options writer_options(const FleetOptions& options, const FleetState& state, std::size_t hosts) {
    Writer::Options writer;
    if (shows_progress(options.progress, hosts)) writer.progress = [&state] { return state.progress(); };
    return writer;
}

// Up to a thread for each core, but no further one for a few connections: what two cores share costs more
// than the second one gives (ADR 0015).
client::RuntimeOptions runtime_options(unsigned at_a_time) {
    constexpr unsigned hosts_of_a_thread = 64;
    client::RuntimeOptions runtime;
    const auto cores = std::max(1U, std::thread::hardware_concurrency());
    runtime.io_threads = std::min(cores, (at_a_time + hosts_of_a_thread - 1) / hosts_of_a_thread);
    return runtime;
}

unsigned forks_for(std::size_t hosts, unsigned wanted, Notices& notices) {
    const auto useful = static_cast<unsigned>(std::min<std::size_t>(hosts, wanted));
    if (useful == 1) return 1;
    const auto fit = fleet::forks_that_fit(useful);
    if (fit < useful)
        notices.tell(fmt::format(
            "--forks {}: only {} hosts at a time, since so few files may be open (ulimit -Hn)", wanted, fit));
    return fit;
}

}  // namespace

void declare_fleet(CLI::App& app, FleetOptions& options) {
    app.add_option("--forks", options.forks, "So many hosts at a time (default 64)")
        ->check(CLI::Range(1U, most_forks))
        ->type_name("N");
    app.add_option("--progress", options.progress,
                   "One line on standard error while it runs; auto: on a terminal, with several hosts")
        ->check(CLI::IsMember({"auto", "always", "never"}))
        ->type_name("auto|always|never");
}

FleetRun::FleetRun(Hosts& hosts, Preparation& preparation, Notices& notices, const FleetOptions& options)
    : notices_(notices),
      preparation_(preparation),
      state_(hosts.count()),
      started_(system_clock().now()),
      writer_(writer_options(options, state_, hosts.count())),
      interrupted_(::eventfd(0, EFD_CLOEXEC)) {
    if (interrupted_ < 0) throw std::system_error(errno, std::generic_category(), "interruptions");
    notices.speak_through(&writer_);
    state_.read_head_by([&secrets = preparation.secrets()] { return secrets.audit_head(); });
    preparation.speak_through({[this] { return writer_.hush(); }, [this] { interrupt(); }, interrupted_});
    // Never deleted: the process ends when every host's clean-up has, and does not wait for a name look-up or
    // a connection that was given up (process.cc).
    const auto forks = forks_for(hosts.count(), options.forks, notices);
    auto* const runtime = new client::Runtime(runtime_options(forks));
    fleet_.emplace(*runtime, fleet::Options{forks});
    writer_.on_broken([this] { interrupt(); });
    interrupts_.on_first([this] { interrupt(); });
    interrupts_.on_second([this] { writer_.leave_terminal(); });
}

FleetRun::~FleetRun() {
    interrupts_.on_first({});
    interrupts_.on_second({});
    notices_.speak_through(nullptr);
    preparation_.speak_through({});
    writer_.finish();
    ::close(interrupted_);
}

void FleetRun::interrupt() {
    const std::uint64_t one = 1;
    (void)!::write(interrupted_, &one, sizeof one);
    writer_.release();
    fleet_->interrupt();
}

fleet::Prepare FleetRun::prepare() {
    return [this](std::size_t host) {
        writer_.wait_for_room();
        auto prepared = preparation_.prepare(host);
        state_.prepared(host, prepared);
        return prepared;
    };
}

Duration FleetRun::elapsed() const {
    return std::chrono::duration_cast<Duration>(system_clock().now() - started_);
}

int FleetRun::end() {
    notices_.speak_through(nullptr);
    writer_.finish();
    const int problem = writer_.problem();
    if (problem == EPIPE) return exit_status::interrupted;  // `… | head` has what it wanted.
    const int status = state_.tally().exit_status();
    if (problem == 0) return status;
    (void)write_all(STDERR_FILENO,
                    fmt::format("mullion: the output could not be written: {}\n", std::strerror(problem)));
    return exit_status::host_failed;  // A result that nobody got is none.
}

}  // namespace mullion::cli
