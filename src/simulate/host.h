// One simulated host that somebody has spoken to. Its shells live on one thread; its connections may live on
// several.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "core/ids.h"
#include "core/log.h"
#include "service/access/principals.h"
#include "service/cim/cim_resources.h"
#include "service/config/settings_holder.h"
#include "service/requests/dispatcher.h"
#include "service/shells/shells.h"
#include "simulate/accounts.h"
#include "simulate/backend.h"
#include "simulate/cim_answers.h"
#include "simulate/faults.h"
#include "simulate/ledger.h"

namespace mullion::simulate {

class Host final : public service::RequestHook {
public:
    struct Parts {
        const Fleet& fleet;
        std::size_t index;
        net::Executor executor;  // Of its shells.
        FleetAccounts& accounts;
        Logger& log;
        service::KerberosSide* kerberos = nullptr;  // Null: the fleet has no keytab.
    };
    explicit Host(const Parts& parts);

    [[nodiscard]] const HostSpec& spec() const { return spec_; }
    [[nodiscard]] FleetAccounts& accounts() { return accounts_; }
    [[nodiscard]] service::KerberosSide* kerberos() { return kerberos_; }
    [[nodiscard]] service::Dispatcher& dispatcher() { return dispatcher_; }
    [[nodiscard]] service::Shells& shells() { return shells_; }
    [[nodiscard]] Ledger& ledger() { return ledger_; }
    [[nodiscard]] Faults& faults() { return faults_; }

    // Over MaxConnections there is no place.
    [[nodiscard]] bool has_place() const {
        return ledger_.open_connections() < spec_.kind->settings.max_connections;
    }
    [[nodiscard]] net::Task<channel::Outgoing> answer(const channel::Incoming& request,
                                                      const wsman::Message& message, GoOn go_on) override;

private:
    [[nodiscard]] service::Dispatcher::Parts dispatcher_parts(const Parts& parts);
    [[nodiscard]] net::Task<channel::Outgoing> counted(const wsman::Message& message, Step step, GoOn go_on,
                                                       std::optional<wsman::Fault> instead);
    void forget(const wsman::Message& message);
    [[nodiscard]] std::optional<wsman::Fault> used_up(const wsman::Message& message, Step step);

    const HostSpec& spec_;
    FleetAccounts& accounts_;
    service::KerberosSide* const kerberos_;
    Ledger ledger_;
    Faults faults_;
    service::SettingsHolder settings_;
    Backend backend_;
    CimAnswers cim_answers_;  // Outlives what the operations of the shells below keep of it.
    service::Shells shells_;
    service::CimResources cim_resources_;
    service::Dispatcher dispatcher_;
    std::mutex operations_mutex_;
    std::map<std::string, std::uint32_t> operations_;  // Commands that each shell was given, as Windows
                                                       // counts them: they are never given back.
};

}  // namespace mullion::simulate
