// Requests of an administrator, byte by byte: whatever they are, each has an answer that can be read, within
// the envelope that the service allows. One shell with one command stands ready, so that the verbs find
// something.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <cstdlib>
#include <optional>

#include "service/config/settings_holder.h"
#include "service/requests/dispatcher.h"
#include "service/shells/shells.h"
#include "service/tests/scripted_backend.h"
#include "wsman/shell.h"
#include "wsman/uris.h"

namespace {

using namespace mullion;

constexpr const char* ready_id = "AAAAAAAA-0000-4000-8000-00000000000A";  // As in the seeds.

state::Settings limits() {
    state::Settings settings;
    settings.max_timeout_ms = 1;
    settings.max_envelope_size_kb = 64;
    return settings;
}

struct Host {
    Host()
        : backend(io.get_executor()),
          settings(limits()),
          shells(io.get_executor(), backend, system_random(), system_clock(), null_logger(), "host"),
          dispatcher({shells, settings, system_random(), null_logger(), "host", {"6.1.0"}}) {
        wsman::RequestSettings request;
        request.to = "http://host:5985/wsman";
        wsman::CreateShell create;
        create.shell_id = ready_id;
        (void)handle(wsman::write_create(request, wsman::new_message_id(system_random()), create));
        wsman::RunCommand command;
        command.command = "cat";
        command.command_id = ready_id;
        (void)handle(
            wsman::write_command(request, wsman::new_message_id(system_random()), ready_id, command));
        if (!backend.scripts.empty()) backend.scripts.front()->put("output");
    }

    channel::Outgoing handle(std::string body) {
        channel::Incoming request;
        request.identity.emplace("alice", auth::Transport::ntlm, true, "alice");
        request.content_type = std::string(wsman::content_type_utf8);
        request.body = std::move(body);
        request.client_ip = "127.0.0.1";
        std::optional<channel::Outgoing> answer;
        auto task = dispatcher.handle(std::move(request));
        boost::asio::co_spawn(io, std::move(task), [&](std::exception_ptr bug, channel::Outgoing out) {
            if (bug) std::abort();
            answer = std::move(out);
        });
        io.restart();
        while (!answer) io.run_one();
        return std::move(*answer);
    }

    boost::asio::io_context io;
    service::testing::ScriptedBackend backend;
    service::SettingsHolder settings;
    service::Shells shells;
    service::Dispatcher dispatcher;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Host host;
    const auto out = host.handle({reinterpret_cast<const char*>(data), size});
    if (out.status != 200 && out.status != 500) std::abort();
    if (out.body.size() > 64 * 1024) std::abort();
    if (!wsman::read_message(out.body, wsman::wire_limits(64 * 1024)).ok()) std::abort();
    return 0;
}
