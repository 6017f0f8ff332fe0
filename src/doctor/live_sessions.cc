// Logging on, and what is done by who has: sessions of the client library, one for each transport.
#include "doctor/live_in_use.h"
#include "doctor/live_probes.h"

#include <algorithm>

namespace mullion::doctor {
namespace {

constexpr std::size_t most_output = 64 * 1024;

class Collected final : public client::OutputSink {
public:
    void on_output(client::Stream stream, std::string_view bytes) override {
        auto& into = stream == client::Stream::standard_output ? ran.output : ran.errors;
        into += bytes.substr(0, most_output - std::min(into.size(), most_output));
    }
    Ran ran;
};

Error interrupted() {
    return {ErrorId::run_interrupted, ""};
}

}  // namespace

Result<std::unique_ptr<client::Session>> LiveProbes::make_session(target::Target target) {
    {
        const std::lock_guard lock(mutex_);
        if (interrupted_) return interrupted();
    }
    return client::Session::make(runtime_, std::move(target), credential_.clone());
}

Result<LoggedOn> LiveProbes::log_on(auth::Transport transport) {
    auto alone = target_;
    alone.transports = {std::string(auth::to_string(transport))};
    MULLION_ASSIGN(auto session, make_session(std::move(alone)));
    client::PingOutcome outcome;
    {
        const InUse use(*this, *session);
        outcome = session->ping();
    }
    sessions_[transport] = std::move(session);
    if (outcome.error) return std::move(*outcome.error);
    return LoggedOn{outcome.vendor, outcome.version, outcome.how, outcome.sealed};
}

Result<Ran> LiveProbes::run(auth::Transport transport, const std::string& command) {
    auto& session = *sessions_.at(transport);
    client::RunOptions options;
    options.command = command;
    options.timeout = target_.connect_timeout + target_.read_timeout;
    Collected collected;
    client::RunOutcome outcome;
    {
        const InUse use(*this, session);
        outcome = session.run(options, collected);
    }
    // The shell is gone before the next one is asked for: it may be one too many.
    (void)session.finish();
    if (outcome.error) return std::move(*outcome.error);
    collected.ran.exit_code = outcome.exit_code.value_or(0);
    return std::move(collected.ran);
}

Result<std::vector<wsman::ConfigValue>> LiveProbes::config(auth::Transport transport) {
    auto& session = *sessions_.at(transport);
    const InUse use(*this, session);
    return client::Config(session).get("winrm/config");
}

Result<bool> LiveProbes::takes_clear(auth::Transport transport) {
    auto& session = *sessions_.at(transport);
    client::PingOptions options;
    options.in_clear = true;
    const InUse use(*this, session);
    const auto outcome = session.ping(options);
    if (!outcome.error) return true;
    if (outcome.error->id == ErrorId::run_interrupted) return *outcome.error;
    return false;  // With these words or others.
}

}  // namespace mullion::doctor
