// All hosts of a fleet: found by the address that was spoken to, made when somebody first does. Used by the
// accepting thread only, but for what each thread does with its own hosts.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "service/access/principals.h"
#include "service/doors/io_threads.h"
#include "simulate/host.h"

namespace mullion::simulate {

class Directory {
public:
    // `keys` are those of all hosts.
    Directory(const Fleet& fleet, service::SharedKeys keys, service::IoThreads& threads, Logger& log);

    // Null: nobody has that address.
    [[nodiscard]] Host* at(const std::string& address);
    [[nodiscard]] Host& host(std::size_t index);
    [[nodiscard]] std::size_t thread_of(std::size_t index) const { return index % threads_.count(); }
    [[nodiscard]] std::size_t index_of(const Host& host) const;
    // Those that somebody has spoken to, in the order of the file.
    [[nodiscard]] std::vector<Host*> awake() const;
    [[nodiscard]] std::vector<Host*> awake_on(std::size_t thread) const;

private:
    // Who may log on to the hosts that share a list of accounts.
    struct LetIn {
        LetIn(const std::shared_ptr<const std::vector<Account>>& list, const service::SharedKeys& keys);
        FleetAccounts accounts;
        std::optional<service::KerberosSide> kerberos;
    };

    const Fleet& fleet_;
    const service::SharedKeys keys_;
    service::IoThreads& threads_;
    Logger& log_;
    std::unordered_map<std::string, std::size_t> by_address_;
    std::unordered_map<const std::vector<Account>*, std::unique_ptr<LetIn>> let_in_;
    std::vector<std::unique_ptr<Host>> hosts_;  // Null: asleep.
};

}  // namespace mullion::simulate
