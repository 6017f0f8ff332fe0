#include "cli/serve_command.h"

#include <dlfcn.h>
#include <fmt/core.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>

#include "cli/confinement.h"
#include "cli/exit_status.h"
#include "cli/log_level.h"
#include "cli/monitor_start.h"
#include "cli/passed_sockets.h"
#include "cli/programs.h"
#include "cli/ready_notice.h"
#include "cli/report_text.h"
#include "cli/serve_status.h"
#include "os/harden.h"
#include "os/pam_service.h"
#include "os/spawn_messages.h"
#include "os/user.h"
#include "secrets/yaml/schema.h"
#include "service/server.h"
#include "state/config_store.h"
#include "state/settings_table.h"

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
    CLI::Option* pam_given = nullptr;
    std::string pam = "mullion";
    unsigned pam_timeout = 20;  // Seconds.
    bool no_sandbox = false;
    LogLevel log_level = LogLevel::info;
    unsigned threads = 0;
    std::string output = "text";  // Of `status`.
};

// What the command line says of the configuration.
Result<state::ConfigLayer> said(const ServeWords& words) {
    state::ConfigLayer layer;
    for (const auto& one : words.set) MULLION_TRY(state::set_text(layer, one));
    for (const auto& url : words.listen) MULLION_TRY(state::listen_text(layer, url));
    return layer;
}

// A socket that is passed on is as good as a --listen.
void add_passed(state::ConfigLayer& layer, const std::vector<service::PassedSocket>& sockets) {
    if (sockets.empty()) return;
    if (!layer.listeners) layer.listeners.emplace();
    for (const auto& passed : sockets) {
        state::ListenerSettings listener;
        listener.address = passed.address;
        listener.https = passed.https;
        listener.port = passed.port;
        layer.listeners->push_back(std::move(listener));
    }
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

// What --pam says. Errors: serve.pam, with what to do
Result<std::optional<os::PamService>> pam_service(const ServeWords& words) {
    if (words.pam_given->count() == 0) return std::optional<os::PamService>();
    if (!os::is_root())
        return Error{ErrorId::serve_pam,
                     "--pam: only root can ask PAM about others, and open sessions for them"};
    // Of an option that may stand alone the command line's reader makes one of these.
    const bool alone = words.pam.empty() || words.pam == "{}" || words.pam == "true";
    const std::string name = alone ? "mullion" : words.pam;
    if (!os::is_pam_service_name(name))
        return Error{ErrorId::serve_pam, fmt::format("--pam={}: that is no name of a PAM service", name)};
    os::PamService service{name, std::chrono::seconds(words.pam_timeout)};
    MULLION_TRY(os::check_pam_service(service));
    // The monitor's children load it; that it is there is looked at while an operator can be told.
    void* const library = ::dlopen(os::pam_library, RTLD_LAZY | RTLD_LOCAL);
    if (library == nullptr)
        return Error{ErrorId::serve_pam, fmt::format("{} cannot be loaded", os::pam_library)};
    ::dlclose(library);
    return std::optional<os::PamService>(std::move(service));
}

struct Prepared {
    std::optional<state::StateDirectory> state;
    std::optional<state::ConfigStore> store;
    state::ConfigTree tree;
    StartedMonitor monitor;
    std::vector<service::PassedSocket> sockets;
    bool root_alone = false;  // Who started it was root: the socket of the machine is for root.
    std::string cim_host;
};

// Empty where it is missing: everything else is served.
std::string cim_host(Logger& log) {
    auto found = find_program(cim_host_program);
    if (found.ok()) return std::move(*found);
    log.error("CIM is not answered: {}", found.error().detail);
    return {};
}

// A list that `mullion user` is writing at this moment must stay root's.
Result<void> hand_over(state::StateDirectory& state, state::Owner owner) {
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
    MULLION_ASSIGN(out.sockets, take_passed_sockets());
    MULLION_ASSIGN(const os::User user, network_user(words, log));
    MULLION_ASSIGN(const auto pam, pam_service(words));
    MULLION_ASSIGN(auto state, state::StateDirectory::open(words.state));
    MULLION_TRY(state.lock());
    MULLION_ASSIGN(auto layer, said(words));
    add_passed(layer, out.sockets);
    out.store.emplace(state.path(), std::move(layer));
    if (os::is_root()) MULLION_TRY(hand_over(state, {user.uid, user.gid}));
    {
        // As whoever the files belong to: a link among them leads root nowhere.
        MULLION_ASSIGN(const auto acting, state::ActAsOwner::begin(state.owner()));
        MULLION_ASSIGN(out.tree, out.store->read());
    }
    out.root_alone = os::is_root();
    out.cim_host = cim_host(log);
    const auto most = out.tree.config().settings.max_connections;
    MULLION_ASSIGN(out.monitor, start_monitor(state.path(), pam));
    // After the monitor is started: what runs in shells keeps the usual limit.
    const std::size_t wanted = most + 3 * os::spawn_processes_limit + service::own_descriptors;
    if (os::raise_descriptor_limit(wanted) < most + service::own_descriptors)
        log.warning("the limit of open files is too low for MaxConnections ({})", most);
    Confinement confinement(!words.no_sandbox, log);
    confinement.take_files(state.path(), words.keytab);
    MULLION_TRY(state.open_again());
    MULLION_TRY(os::drop_to_user(user));
    if (!state.config_text().ok() || !os::file_exists(state.certificates()))
        return Error{ErrorId::state_directory,
                     fmt::format("{} cannot be entered by {}: a folder above it shuts others out",
                                 state.path(), user.name)};
    MULLION_TRY(confinement.take_system_calls());
    out.state.emplace(std::move(state));
    return out;
}

Result<void> serve(const ServeWords& words, Logger& log) {
    MULLION_ASSIGN(Prepared prepared, prepare(words, log));
    const unsigned threads = words.threads != 0 ? words.threads : std::thread::hardware_concurrency();
    const char* const notify = std::getenv("NOTIFY_SOCKET");
    const auto tell_reload = [notify](bool ready) {
        (void)notify_systemd(notify, ready ? "READY=1" : reloading_state());
    };
    auto server = service::Server::make(
        {*prepared.store, std::move(prepared.tree), *prepared.state, std::move(prepared.monitor.socket),
         threads, log, words.keytab, words.winbind, words.pam_given->count() != 0,
         std::move(prepared.sockets), tell_reload, prepared.root_alone, std::move(prepared.cim_host)});
    if (!server.ok()) {
        wait_for_monitor(prepared.monitor.pid, monitor_patience);
        return std::move(server).error();
    }
    fmt::print("{}\n", ready_line((*server)->urls(), (*server)->ca_file()));
    std::fflush(stdout);
    if (!notify_systemd(notify, "READY=1")) log.warning("systemd could not be told (NOTIFY_SOCKET)");
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
        ->type_name("DIR");
    auto* status = app.add_subcommand("status", "Whether this machine's service runs, and how it is");
    status->fallthrough();  // --state is the same one.
    status->add_option("--output", words->output, "text or json")->check(CLI::IsMember({"text", "json"}));
    status->footer(
        "Exit status: 0 it runs, 3 it does not, 4 it runs and does not answer.\n"
        "Example: mullion serve status --state /var/lib/mullion\n");
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
    words->pam_given =
        app.add_option(
               "--pam", words->pam,
               "Let Linux users log on by Basic, whose passwords PAM checks, and open a PAM session for "
               "each command; the service's file in /etc/pam.d (default: mullion). Root only")
            ->type_name("SERVICE")
            ->expected(0, 1);
    app.add_option("--pam-timeout", words->pam_timeout,
                   "How long PAM's modules may take for a password or a session (default: 20)")
        ->type_name("SECONDS")
        ->check(CLI::Range(1u, 3600u));
    app.add_flag("--no-sandbox", words->no_sandbox,
                 "Leave the process that faces the network every system call (for kernels without seccomp)");
    app.add_option("--threads", words->threads, "Threads for connections (default: one a processor)")
        ->check(CLI::Range(1u, 1024u));
    declare_log_level(app, words->log_level);
    app.footer(
        "Example: mullion serve --state /var/lib/mullion --listen https://*:5986 --run-as mullion\n"
        "When ready it prints one line of JSON. SIGTERM ends it, SIGHUP reads winrm.yaml again.\n");
    action = [words, status] {
        if (status->parsed())
            return serve_status(words->state.empty() ? usual_state : words->state, words->output);
        if (words->state.empty()) {
            fmt::print(stderr, "mullion: --state is required\nSee mullion serve --help.\n");
            return exit_status::usage;
        }
        const auto log = stderr_logger(words->log_level);
        const auto outcome = serve(*words, *log);
        return outcome.ok() ? exit_status::ok : tell(outcome.error());
    };
}

void declare_service_docs(CLI::App& app, Action& action) {
    auto page = std::make_shared<std::string>();
    app.add_option("page", *page, "config or secrets-schema")
        ->required()
        ->check(CLI::IsMember({"config", "secrets-schema"}));
    action = [page] {
        if (*page == "secrets-schema")
            fmt::print("{}\n", secrets::forms_schema().dump(1));
        else
            fmt::print("{}", state::config_markdown());
        return exit_status::ok;
    };
}

}  // namespace mullion::cli
