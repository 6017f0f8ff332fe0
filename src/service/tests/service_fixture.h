// A whole service in memory: no sockets, no processes. Requests are written by wsman, as a client would.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <optional>
#include <string>

#include "core/clock.h"
#include "core/ids.h"
#include "service/config/settings_holder.h"
#include "service/requests/dispatcher.h"
#include "service/shells/shells.h"
#include "service/tests/scripted_backend.h"
#include "wsman/enumeration.h"
#include "wsman/fault.h"
#include "wsman/shell.h"
#include "wsman/uris.h"

namespace mullion::service::testing {

class ServiceFixture : public ::testing::Test {
protected:
    ServiceFixture();

    // Starts a request; its answer is in *answer when the coroutine is done.
    using Pending = std::shared_ptr<std::optional<channel::Outgoing>>;
    Pending begin(std::string body, const std::string& user = "alice", bool administrator = true);
    Pending begin(channel::Incoming incoming);
    // Runs whatever can run without waiting for time to pass.
    void settle();
    // Until it is answered.
    channel::Outgoing finish(const Pending& pending);
    channel::Outgoing say(std::string body, const std::string& user = "alice", bool administrator = true);
    channel::Outgoing handle(channel::Incoming incoming);

    // The answer of a request, as a message; fails the test for a fault.
    wsman::Message understood(const channel::Outgoing& outgoing);
    wsman::Fault fault_of(const channel::Outgoing& outgoing);
    std::uint32_t code_of(const channel::Outgoing& outgoing) { return fault_of(outgoing).code; }

    std::string open_shell(wsman::CreateShell what = {}, const std::string& user = "alice");
    std::string run(const std::string& shell_id, const std::string& line, const std::string& user = "alice");
    wsman::ReceivedOutput receive(const std::string& shell_id, const std::string& command_id);
    std::string receive_body(const std::string& shell_id, const std::string& command_id);
    std::string message_id() { return wsman::new_message_id(random); }
    Script& script(std::size_t index = 0) { return *backend.scripts.at(index); }
    void sweep() { shells.sweep(*settings.get()); }
    void change(const std::function<void(state::Settings&)>& how);

    static channel::Incoming incoming(std::string body, const std::string& user, bool administrator);

    boost::asio::io_context io;
    ManualClock clock;
    Random& random = system_random();  // CountingRandom begins anew after 16 ids.
    ScriptedBackend backend;
    SettingsHolder settings{state::Settings{}};
    Shells shells;
    Dispatcher dispatcher;
    wsman::RequestSettings request;
};

}  // namespace mullion::service::testing
