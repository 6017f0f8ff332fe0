#include "cli/winrm_quickconfig.h"

#include <fmt/core.h>

#include <charconv>
#include <memory>

#include "cli/quickconfig.h"
#include "cli/quickconfig_parts.h"
#include "cli/winrm_operations.h"
#include "cli/winrm_report.h"
#include "client/client.h"
#include "client/config.h"
#include "target/target.h"

namespace mullion::cli {
namespace {

// This machine's service by its socket. It may be started by quickconfig itself, so it is looked for only
// when it is asked something.
class LocalService {
public:
    LocalService(client::Runtime& runtime, std::string state) : runtime_(runtime), state_(std::move(state)) {}

    Result<std::vector<ListenerRow>> listeners() {
        MULLION_ASSIGN(auto* const session, reach());
        MULLION_ASSIGN(const auto documents, client::Config(*session).all());
        std::vector<ListenerRow> rows;
        for (const auto& document : documents)
            if (document.resource->path == "listener") rows.push_back(row_of(document));
        return rows;
    }

    Result<void> create(const ListenerRow& row) {
        MULLION_ASSIGN(auto* const session, reach());
        const auto path =
            fmt::format("Listener?Address={}+Transport={}/", row.address, row.https ? "HTTPS" : "HTTP");
        client::ConfigSettings settings{{path + "Enabled", "true"}};
        if (row.port != 0) settings.emplace_back(path + "Port", std::to_string(row.port));
        if (!row.host_name.empty()) settings.emplace_back(path + "Hostname", row.host_name);
        if (!row.thumbprint.empty()) settings.emplace_back(path + "CertificateThumbprint", row.thumbprint);
        const auto outcome = client::Config(*session).set(settings);
        if (outcome.error) return *outcome.error;
        return {};
    }

private:
    Result<client::Session*> reach() {
        if (!session_) {
            MULLION_ASSIGN(auto target, target::settle(target::local_target(state_)));
            MULLION_ASSIGN(session_, client::Session::make(runtime_, std::move(target), {}));
        }
        return session_.get();
    }

    static ListenerRow row_of(const wsman::ConfigDocument& document) {
        const auto text = [&](std::string_view path) {
            const auto* value = document.find(path);
            return value == nullptr ? std::string() : value->text;
        };
        ListenerRow row;
        row.address = text("Address");
        row.https = text("Transport") == "HTTPS";
        const auto port = text("Port");
        std::from_chars(port.data(), port.data() + port.size(), row.port);
        row.enabled = text("Enabled") == "true";
        row.host_name = text("Hostname");
        row.thumbprint = text("CertificateThumbprint");
        return row;
    }

    client::Runtime& runtime_;
    std::string state_;
    std::unique_ptr<client::Session> session_;
};

int tell(const Error& error, winrm::Format format, WinrmOutput& output) {
    output.complain(failure_text(error, nullptr, format));
    return winrm_status::failed;
}

}  // namespace

int quickconfig(const winrm::Request& request, const OwnOptions& own, WinrmOutput& output) {
    if (request.connection.remote)
        return tell(
            Error(ErrorId::usage_unsupported, "winrm quickconfig -remote: it sets up this machine alone"),
            request.format, output);
    QuickconfigOptions options;
    options.https = request.https;
    options.quiet = request.quiet;
    options.force = request.force;
    options.state = own.state;
    ThisMachine machine;
    // Never deleted: the process ends without waiting for what was given up (process.cc).
    auto* const runtime = new client::Runtime();
    LocalService service(*runtime, own.state);
    auto parts = usual_quickconfig_parts(machine, options);
    parts.listeners = [&] { return service.listeners(); };
    parts.create_listener = [&](const ListenerRow& row) { return service.create(row); };
    const auto done = quickconfig(options, parts);
    return done.ok() ? *done : tell(done.error(), request.format, output);
}

}  // namespace mullion::cli
