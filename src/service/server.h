// The running service: listeners, threads, connections, shells; from bound sockets to an orderly end.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/log.h"
#include "core/result.h"
#include "os/file.h"
#include "service/doors/passed_socket.h"
#include "state/config_store.h"
#include "state/state_directory.h"

namespace mullion::service {

// Of libraries, listeners, the database, threads.
inline constexpr std::size_t own_descriptors = 256;

class Server {
public:
    struct Parts {
        state::ConfigStore store;
        state::ConfigTree tree;  // As the store was read at the start.
        const state::StateDirectory& state;
        os::UniqueFd monitor;  // The network process's end of the socket to the monitor.
        unsigned threads = 1;
        Logger& log;
        std::string keytab;    // Empty: the state directory's, where there is one.
        bool winbind = false;  // It is asked about NTLM of domain accounts.
        bool pam = false;      // The monitor asks it about Basic, and for sessions.
        std::vector<PassedSocket> sockets{};
        // RELOADING=1 and READY=1 around a reload, for systemd; may be empty.
        std::function<void(bool ready)> tell_reload{};
        // Root started it, and shells may run as the process's own user too: by the machine's own socket
        // comes root and nobody else.
        bool root_alone = false;
        std::string cim_host{};  // mullion-cim-host, with its path; empty: it is not installed.
    };
    // Opens accounts and certificates and binds. Errors: serve.listen, tls.files, state.database …
    [[nodiscard]] static Result<std::unique_ptr<Server>> make(Parts parts);
    ~Server();

    // "http://127.0.0.1:5985/wsman" of each listener, with the real port.
    [[nodiscard]] std::vector<std::string> urls() const;
    // The certificate of the first HTTPS listener, for a client's --ca-file.
    [[nodiscard]] std::optional<std::string> ca_file() const;

    // Until SIGTERM or SIGINT (orderly: nothing), or until it cannot go on (serve.monitor, serve.listen).
    [[nodiscard]] Result<void> run();

    struct State;

private:
    explicit Server(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace mullion::service
