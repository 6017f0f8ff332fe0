// Our service, in memory, in the place of the Windows host that was recorded. Its commands do what the
// recorded ones did: their output and exit codes are taken from what Windows answered.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "recordings/answerer.h"
#include "service/config/settings_holder.h"
#include "service/requests/dispatcher.h"
#include "service/shells/shells.h"
#include "service/tests/scripted_backend.h"
#include "wsman/config.h"
#include "wsman/fault.h"
#include "wsman/shell.h"
#include "wsman/uris.h"

namespace mullion::recordings {
namespace {

using service::testing::ScriptedBackend;

// A conversation's service; made anew for each file.
struct Host {
    Host()
        : backend(io.get_executor()),
          shells(io.get_executor(), backend, system_random(), system_clock(), null_logger(), "host"),
          dispatcher({shells, settings, system_random(), null_logger(), "host", {"6.1.0"}}) {}

    channel::Outgoing handle(std::string body) {
        channel::Incoming request;
        request.identity.emplace("vagrant", auth::Transport::ntlm, true, "vagrant");
        request.content_type = std::string(wsman::content_type_utf8);
        request.body = std::move(body);
        request.client_ip = "192.168.56.1";
        std::optional<channel::Outgoing> answer;
        auto task = dispatcher.handle(std::move(request));
        boost::asio::co_spawn(io, std::move(task),
                              [&](std::exception_ptr, channel::Outgoing out) { answer = std::move(out); });
        io.restart();
        while (!answer) io.run_one();
        return std::move(*answer);
    }

    boost::asio::io_context io;
    ScriptedBackend backend;
    service::SettingsHolder settings{state::Settings{}};
    service::Shells shells;
    service::Dispatcher dispatcher;
};

std::optional<wsman::Message> read(std::string_view text) {
    auto message = wsman::read_message(text, wsman::wire_limits(text.size() + 1));
    if (!message.ok()) return std::nullopt;
    return std::move(*message);
}

class ServiceAnswerer final : public Answerer {
public:
    void begin() override { host_ = std::make_unique<Host>(); }

    std::optional<std::string> answer(const Exchange& exchange) override {
        const auto request = read(exchange.request);
        const auto recorded = read(exchange.windows_answer);
        if (!request || !recorded) return std::nullopt;
        if (auto config = config_answer(*request)) return config;
        if (!served(*request, *recorded)) return std::nullopt;
        if (request->header.action == wsman::action::receive) script(*recorded);
        return host_->handle(std::string(exchange.request)).body;
    }

private:
    // Command shells, and whoever asks for a shell that is not there. The shells of PowerShell are not ours
    // yet.
    static bool served(const wsman::Message& request, const wsman::Message& recorded) {
        if (request.header.resource_uri == wsman::resource::command_shell) return true;
        return request.header.resource_uri == wsman::resource::shells && wsman::is_fault(recorded);
    }

    // The service does not serve winrm/config yet: names, order and namespaces are those of the table, the
    // values its presets.
    static std::optional<std::string> config_answer(const wsman::Message& request) {
        const auto target = wsman::read_config_target(request);
        if (!target || request.header.action != wsman::action::get) return std::nullopt;
        auto document = wsman::new_config_document(*target->resource);
        for (const auto& row : target->resource->rows)
            document.values.push_back({std::string(row.path), std::string(row.preset), {}, false});
        return wsman::write_config_answer(wsman::action::get, "uuid:00000000-0000-4000-8000-000000000000",
                                          request.header.message_id, document);
    }

    // The last command does what the recorded one is seen to have done.
    void script(const wsman::Message& recorded) {
        if (host_->backend.scripts.empty()) return;
        auto& command = *host_->backend.scripts.back();
        state::Settings settings;
        if (wsman::is_fault(recorded)) {
            settings.max_timeout_ms = 1;  // Should it be the fault of a Receive that waited in vain.
        } else if (const auto output = wsman::read_receive_response(recorded); output.ok()) {
            for (const auto& chunk : output->chunks) {
                if (chunk.bytes.empty()) continue;
                if (chunk.stream == "stderr")
                    command.put_error(chunk.bytes);
                else
                    command.put(chunk.bytes);
            }
            if (output->exit_code) command.end(*output->exit_code);
        }
        host_->settings.set(settings);
    }

    std::unique_ptr<Host> host_;
};

}  // namespace

std::unique_ptr<Answerer> make_answerer() {
    return std::make_unique<ServiceAnswerer>();
}

}  // namespace mullion::recordings
