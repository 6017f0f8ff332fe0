#include "cli/serve_command.h"

#include <fmt/core.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <thread>

#include "cli/exit_status.h"
#include "cli/log_level.h"
#include "cli/monitor_start.h"
#include "cli/ready_notice.h"
#include "cli/report_text.h"
#include "os/harden.h"
#include "os/spawn_messages.h"
#include "os/user.h"
#include "service/config_file.h"
#include "service/listen_url.h"
#include "service/server.h"
#include "service/settings_table.h"

namespace mullion::cli {
namespace {

constexpr Duration monitor_patience{1'000};

struct ServeWords {
    std::string state;
    std::vector<std::string> listen;
    std::vector<std::string> set;
    std::string run_as;
    std::string keytab;
    bool winbind = false;
    LogLevel log_level = LogLevel::info;
    unsigned threads = 0;
};

// The file, and over it what the command line says.
Result<service::Config> configuration(const service::StateDirectory& state, const ServeWords& words) {
    MULLION_ASSIGN(const std::string text, state.config_text());
    auto config = service::read_config(text);
    if (!config.ok())
        return Error{config.error().id,
                     fmt::format("{}/winrm.yaml: {}", state.path(), config.error().detail)};
    for (const auto& one : words.set) MULLION_TRY(service::assign_text(config->settings, one));
    if (words.listen.empty()) return config;
    config->listeners.clear();
    for (const auto& url : words.listen) {
        MULLION_ASSIGN(auto listener, service::parse_listen_url(url));
        config->listeners.push_back(std::move(listener));
    }
    return config;
}

// Whom the network process runs as: --run-as for root, and nobody else but oneself otherwise.
Result<os::User> network_user(const ServeWords& words, Logger& log) {
    if (!os::is_root()) {
        MULLION_ASSIGN(os::User self, os::current_user());
        if (words.run_as.empty() || words.run_as == self.name) return self;
        return Error{ErrorId::serve_rights,
                     fmt::format("--run-as {}: only root can become another user", words.run_as)};
    }
    const std::string name = words.run_as.empty() ? "nobody" : words.run_as;
    MULLION_ASSIGN(const auto user, os::find_user(name));
    if (!user) return Error{ErrorId::serve_rights, fmt::format("--run-as {}: there is no such user", name)};
    if (user->uid == 0) return Error{ErrorId::serve_rights, fmt::format("--run-as {}: that is root", name)};
    if (name == "nobody")
        log.warning(
            "the network process runs as nobody, as other programs may too: make an account for it, and say "
            "--run-as");
    return *user;
}

struct Prepared {
    std::optional<service::StateDirectory> state;
    service::Config config;
    StartedMonitor monitor;
};

// A list that `mullion user` is writing at this moment must stay root's.
Result<void> hand_over(service::StateDirectory& state, service::Owner owner) {
    MULLION_ASSIGN(const auto change, state.change());
    return state.give_to(owner);
}

// While there are rights: state, descriptors, monitor. Then they are given up, before any byte of the
// network.
Result<Prepared> prepare(const ServeWords& words, Logger& log) {
    Prepared out;
    MULLION_TRY(os::harden_process());
    if (os::is_root() && !os::leave_session_keyring())
        return os::system_error(ErrorId::serve_rights, "leave the session's keyring", errno);
    MULLION_ASSIGN(const os::User user, network_user(words, log));
    MULLION_ASSIGN(auto state, service::StateDirectory::open(words.state));
    MULLION_TRY(state.lock());
    MULLION_ASSIGN(out.config, configuration(state, words));
    if (os::is_root()) MULLION_TRY(hand_over(state, {user.uid, user.gid}));
    MULLION_ASSIGN(out.monitor, start_monitor(state.path()));
    // After the monitor is started: what runs in shells keeps the usual limit.
    const std::size_t wanted =
        out.config.settings.max_connections + 3 * os::spawn_processes_limit + service::own_descriptors;
    if (os::raise_descriptor_limit(wanted) < out.config.settings.max_connections + service::own_descriptors)
        log.warning("the limit of open files is too low for MaxConnections ({})",
                    out.config.settings.max_connections);
    MULLION_TRY(os::drop_to_user(user));
    if (!state.config_text().ok() || !os::file_exists(state.certificates()))
        return Error{ErrorId::state_directory,
                     fmt::format("{} cannot be entered by {}: a folder above it shuts others out",
                                 state.path(), user.name)};
    out.state.emplace(std::move(state));
    return out;
}

Result<void> serve(const ServeWords& words, Logger& log) {
    MULLION_ASSIGN(Prepared prepared, prepare(words, log));
    const auto reload = [&] { return configuration(*prepared.state, words); };
    const unsigned threads = words.threads != 0 ? words.threads : std::thread::hardware_concurrency();
    auto server = service::Server::make({prepared.config, *prepared.state, std::move(prepared.monitor.socket),
                                         threads, log, words.keytab, reload, words.winbind});
    if (!server.ok()) {
        wait_for_monitor(prepared.monitor.pid, monitor_patience);
        return std::move(server).error();
    }
    fmt::print("{}\n", ready_line((*server)->urls(), (*server)->ca_file()));
    std::fflush(stdout);
    if (!notify_systemd(std::getenv("NOTIFY_SOCKET"), "READY=1"))
        log.warning("systemd could not be told (NOTIFY_SOCKET)");
    auto outcome = (*server)->run();
    *server = nullptr;  // Closes the socket: the monitor ends what is left, and itself.
    wait_for_monitor(prepared.monitor.pid, monitor_patience);
    return outcome;
}

}  // namespace

void declare_serve(CLI::App& app, Action& action) {
    auto words = std::make_shared<ServeWords>();
    app.add_option("--state", words->state,
                   "Where accounts, certificates and winrm.yaml are; made when missing")
        ->required()
        ->type_name("DIR");
    app.add_option("--listen", words->listen,
                   "http://ADDRESS:PORT or https://…; * is every address, port 0 is chosen (repeatable)")
        ->type_name("URL");
    app.add_option("--set", words->set,
                   "A setting over winrm.yaml's, as docs/config.md names it (repeatable)")
        ->type_name("PATH=VALUE");
    app.add_option("--run-as", words->run_as,
                   "Started as root: the user of the process that faces the network (default: nobody)")
        ->type_name("USER");
    app.add_option(
           "--keytab", words->keytab,
           "Kerberos keys of HTTP/NAME, host/NAME or WSMAN/NAME (default: krb5.keytab in DIR, if there)")
        ->type_name("FILE");
    app.add_flag("--winbind", words->winbind,
                 "Let accounts of this machine's domain log on by NTLM: winbind is asked about them");
    app.add_option("--threads", words->threads, "Threads for connections (default: one a processor)")
        ->check(CLI::Range(1u, 1024u));
    declare_log_level(app, words->log_level);
    app.footer(
        "Example: mullion serve --state /var/lib/mullion --listen https://*:5986 --run-as mullion\n"
        "When ready it prints one line of JSON. SIGTERM ends it, SIGHUP reads winrm.yaml again.\n");
    action = [words] {
        const auto log = stderr_logger(words->log_level);
        const auto outcome = serve(*words, *log);
        return outcome.ok() ? exit_status::ok : tell(outcome.error());
    };
}

void declare_service_docs(CLI::App& app, Action& action) {
    auto page = std::make_shared<std::string>();
    app.add_option("page", *page, "config")->required()->check(CLI::IsMember({"config"}));
    action = [page] {
        fmt::print("{}", service::config_markdown());
        return exit_status::ok;
    };
}

}  // namespace mullion::cli
