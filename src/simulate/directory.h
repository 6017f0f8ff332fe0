// All hosts of a fleet: found by the address that was spoken to, made when somebody first does. Used by the
// accepting thread only, but for what each thread does with its own hosts.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "service/io_threads.h"
#include "simulate/host.h"

namespace mullion::simulate {

class Directory {
public:
    Directory(const Fleet& fleet, service::IoThreads& threads, Logger& log);

    // Null: nobody has that address.
    [[nodiscard]] Host* at(const std::string& address);
    [[nodiscard]] Host& host(std::size_t index);
    [[nodiscard]] std::size_t thread_of(std::size_t index) const { return index % threads_.count(); }
    [[nodiscard]] std::size_t index_of(const Host& host) const;
    // Those that somebody has spoken to, in the order of the file.
    [[nodiscard]] std::vector<Host*> awake() const;
    [[nodiscard]] std::vector<Host*> awake_on(std::size_t thread) const;

private:
    const Fleet& fleet_;
    service::IoThreads& threads_;
    Logger& log_;
    std::unordered_map<std::string, std::size_t> by_address_;
    std::unordered_map<const std::vector<Account>*, std::unique_ptr<FleetAccounts>> accounts_;
    std::vector<std::unique_ptr<Host>> hosts_;  // Null: asleep.
};

}  // namespace mullion::simulate
