// A running fleet: from its description to an orderly end.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/log.h"
#include "core/result.h"
#include "simulate/fleet.h"

namespace mullion::simulate {

class Simulation {
public:
    struct Parts {
        Fleet fleet;
        unsigned threads = 1;
        Logger& log;
        // On SIGUSR1, and once at the end: the counts, one line of JSON without its line end.
        std::function<void(const std::string& json, bool at_the_end)> tell;
    };
    // Reads the keytab, makes certificates and binds. Errors: kerberos.keytab, serve.listen, tls.files
    [[nodiscard]] static Result<std::unique_ptr<Simulation>> make(Parts parts);
    ~Simulation();

    // "http://127.0.0.1:5985/wsman" of each listener, with the real port; for 0.0.0.0 the first host's
    // address.
    [[nodiscard]] std::vector<std::string> urls() const;
    // What signed the certificates that were made; nothing when none was.
    [[nodiscard]] std::optional<std::string> authority_pem() const;
    [[nodiscard]] std::size_t host_count() const;

    // Until SIGTERM or SIGINT (orderly: nothing), or until a listener fails (serve.listen).
    [[nodiscard]] Result<void> run();

    struct State;

private:
    explicit Simulation(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace mullion::simulate
