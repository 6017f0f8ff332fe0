// The probes that ask the real world.
#pragma once

#include <map>
#include <memory>
#include <mutex>

#include "client/channel_link.h"
#include "client/cim.h"
#include "client/client.h"
#include "client/runtime.h"
#include "doctor/probes.h"
#include "doctor/waiting.h"
#include "net/threads_on_demand.h"
#include "tickets/kdc_lookup.h"
#include "tickets/office.h"

namespace mullion::doctor {

// For one host, on one thread. What it has begun on the runtime's threads may go on when it is gone, until
// the deadline of each.
class LiveProbes final : public Probes {
public:
    LiveProbes(client::Runtime& runtime, target::Target settled, auth::Credential credential);
    ~LiveProbes() override;

    // From any thread: whatever is asked, now or later, ends with run.interrupted.
    void interrupt();

    [[nodiscard]] Result<std::vector<std::string>> addresses(const std::string& host) override;
    [[nodiscard]] Result<std::string> reverse_name(const std::string& address) override;
    [[nodiscard]] Result<std::string> connect(std::optional<std::uint16_t> other_port) override;
    [[nodiscard]] Result<TlsSeen> tls() override;
    [[nodiscard]] Result<TlsSeen> tls_unchecked() override;
    [[nodiscard]] Result<HttpSeen> http() override;
    [[nodiscard]] Result<KdcSeen> kdc() override;
    [[nodiscard]] Result<std::string> ticket(const std::string& service) override;
    [[nodiscard]] Result<LoggedOn> log_on(auth::Transport transport) override;
    [[nodiscard]] Result<Ran> run(auth::Transport transport, const std::string& command) override;
    [[nodiscard]] Result<std::vector<wsman::ConfigValue>> config(auth::Transport transport) override;
    [[nodiscard]] Told ask(auth::Transport transport, const checks::Ask& question) override;
    [[nodiscard]] Result<bool> takes_clear(auth::Transport transport) override;

private:
    template <class T>
    [[nodiscard]] Result<T> ask(net::Task<Result<T>> task) {
        return wait_for<T>(patience_, executor_, std::move(task));
    }
    [[nodiscard]] MonotonicTime connected_by() const;
    [[nodiscard]] Result<TlsSeen> shake_hands(net::Endpoint endpoint);
    [[nodiscard]] Told ask_cim(client::Session& session, client::CimVisit visit, std::size_t most_rows);
    // The session that is in use, which Ctrl-C is for.
    class InUse;
    [[nodiscard]] Result<std::unique_ptr<client::Session>> make_session(target::Target target);

    client::Runtime& runtime_;
    client::LoopPlace place_;
    net::Executor executor_;
    const target::Target target_;
    const auth::Credential credential_;
    const tickets::Wanted wanted_;
    std::shared_ptr<Patience> patience_ = std::make_shared<Patience>();
    std::shared_ptr<tickets::KdcLookup> lookup_;
    net::ThreadsOnDemand names_{4};
    std::map<auth::Transport, std::unique_ptr<client::Session>> sessions_;
    std::mutex mutex_;
    client::Session* in_use_ = nullptr;
    bool interrupted_ = false;
};

}  // namespace mullion::doctor
