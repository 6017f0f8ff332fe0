// Commands as processes of this machine, started by the monitor. Lives on the executor of shells.
#pragma once

#include "service/shells/command_backend.h"
#include "service/shells/monitor_link.h"

namespace mullion::service {

class ProcessBackend final : public CommandBackend {
public:
    // The link must outlive the backend and every process.
    ProcessBackend(net::Executor executor, MonitorLink& link) : executor_(std::move(executor)), link_(link) {}

    [[nodiscard]] bool takes_variable(std::string_view name) const override;
    [[nodiscard]] net::Task<Started> start(CommandStart what) override;

private:
    net::Executor executor_;
    MonitorLink& link_;
};

}  // namespace mullion::service
