// One simulated host in memory: no sockets. Requests are written by wsman, as a client would.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <memory>
#include <optional>
#include <string>

#include "core/ids.h"
#include "simulate/fleet_file.h"
#include "simulate/host.h"
#include "wsman/fault.h"
#include "wsman/shell.h"
#include "wsman/uris.h"

namespace mullion::simulate::testing {

class HostFixture : public ::testing::Test {
protected:
    // The only host, "web01" at 127.1.0.1, with what the lines below say of the fleet.
    void use(const std::string& lines);

    using Pending = std::shared_ptr<std::optional<channel::Outgoing>>;
    Pending begin(std::string body);
    channel::Outgoing finish(const Pending& pending);
    channel::Outgoing say(std::string body) { return finish(begin(std::move(body))); }
    // Runs whatever can run without waiting for time to pass.
    void settle();

    std::string open_shell(wsman::CreateShell what = {});
    wsman::RunCommand line(std::string command) {
        wsman::RunCommand what;
        what.command = std::move(command);
        return what;
    }
    channel::Outgoing try_run(const std::string& shell, wsman::RunCommand what);
    std::string run(const std::string& shell, std::string command);
    channel::Outgoing try_receive(const std::string& shell, const std::string& command);
    wsman::ReceivedOutput receive(const std::string& shell, const std::string& command);
    void send(const std::string& shell, const std::string& command, std::string bytes, bool end);
    // All of it, and how many Receives that took.
    struct Whole {
        std::string out;
        std::string err;
        std::uint32_t exit_code = 0;
        unsigned receives = 0;
    };
    Whole all_of(const std::string& shell, const std::string& command);
    Whole ask(const std::string& command) {
        const auto shell = open_shell();
        return all_of(shell, run(shell, command));
    }
    static std::uint32_t code_of(const channel::Outgoing& outgoing);
    std::string id() { return wsman::new_message_id(system_random()); }

    boost::asio::io_context io;
    std::optional<Fleet> fleet;
    std::unique_ptr<FleetAccounts> accounts;
    std::unique_ptr<Host> host;
    wsman::RequestSettings request;
};

}  // namespace mullion::simulate::testing
