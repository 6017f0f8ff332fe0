// The results of `mullion ping`.
#pragma once

#include <memory>
#include <string>

#include "cli/closing.h"
#include "cli/fleet_state.h"
#include "cli/format.h"
#include "cli/hosts.h"
#include "cli/report_json.h"
#include "cli/writer.h"
#include "fleet/fleet.h"

namespace mullion::cli {

class PingReport final : public fleet::PingObserver {
public:
    PingReport(const Hosts& hosts, FleetState& state, Writer& writer, Format format)
        : hosts_(hosts), state_(state), writer_(writer), format_(format) {}

    void on_ping(std::size_t host, client::PingOutcome outcome) override;
    // When all have ended: what is said once.
    void finish(Duration elapsed);

private:
    void tell_text(const std::string& host, const client::PingOutcome& outcome);

    const Hosts& hosts_;
    FleetState& state_;
    Writer& writer_;
    const Format format_;
    Closing closing_;
    // Of the writer's thread; the items that wait there hold it, since they may outlive the report.
    const std::shared_ptr<Document> document_ = std::make_shared<Document>();
};

}  // namespace mullion::cli
