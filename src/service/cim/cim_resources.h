// CIM over the wire: whose question it is and what it may take; who answers is behind CimBackend. The service
// itself reads no more of a question than how much is wanted at a time. [MS-WSMV] 3.1.4.2 - 3.1.4.8, DSP0227
#pragma once

#include <string>

#include "core/log.h"
#include "service/cim/cim_backend.h"
#include "service/cim/cim_items.h"
#include "service/cim/cim_log.h"
#include "service/requests/item_source.h"
#include "service/requests/operations.h"
#include "service/requests/resource_handler.h"

namespace mullion::service {

class CimResources final : public ResourceHandler {
public:
    struct Parts {
        net::Executor executor;  // The backend's.
        CimBackend& backend;
        Operations& operations;  // Of the accounts, with those of shells.
        Logger& log;
        CimLog* refusals = nullptr;  // Of methods. Null: they are not written down.
        Duration patience = CimItems::patience;
    };
    explicit CimResources(Parts parts) : parts_(std::move(parts)) {}

    [[nodiscard]] std::optional<Traits> serves(const wsman::Header& header) const override;
    [[nodiscard]] Answer answer(const Call& call) override;

private:
    Answer enumerate(const Call& call);
    Answer release(const Call& call);
    Answer once(const Call& call);
    // On the executor.
    [[nodiscard]] net::Task<Outcome<std::string>> ask(CimQuestion question, Waiting waiting);
    void tell_end(const Call& call, bool begun, const Outcome<std::string>& answered);

    Parts parts_;
};

// Of a method, each in one line, and never long. Before it is done, behind it, and where it was not done:
// "alice from 10.0.0.5: calls StopService of …/Win32_Service (Name=cron)"
// "alice from 10.0.0.5: called StopService of …/Win32_Service (Name=cron): returned 0"
// "alice from 10.0.0.5: did not call StopService of …/Win32_Service (Name=cron): fault 0x803381A6: …"
enum class MethodStage { calls, called, refused };
[[nodiscard]] std::string method_line(const Call& call, MethodStage stage,
                                      const Outcome<std::string>* answered = nullptr);

}  // namespace mullion::service
