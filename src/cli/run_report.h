// The results of `mullion run`: as text while they come, or as JSON when a host has ended.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <unordered_map>

#include "cli/closing.h"
#include "cli/fleet_state.h"
#include "cli/format.h"
#include "cli/host_inputs.h"
#include "cli/host_output.h"
#include "cli/hosts.h"
#include "cli/report_json.h"
#include "cli/writer.h"
#include "fleet/fleet.h"

namespace mullion::cli {

class RunReport final : public fleet::Observer {
public:
    struct Options {
        Format format = Format::text;
        std::size_t output_limit = 16 * 1024 * 1024;  // Of each stream, in JSON.
        HostInputs* inputs = nullptr;                 // Null: commands have no input.
        bool raw = false;  // Hosts may steer the terminal: their text is not changed there either.
    };
    RunReport(const Hosts& hosts, FleetState& state, Writer& writer, Options options);

    client::OutputSink& start(std::size_t host) override;
    client::InputSource* input(std::size_t host) override;
    void on_result(std::size_t host, client::RunOutcome outcome) override;
    void on_late(std::size_t host, Error warning) override;

    // When all have ended: what is said once.
    void finish(Duration elapsed);

private:
    // What a host in progress has.
    struct Place {
        std::unique_ptr<LiveOutput> live;
        std::shared_ptr<CapturedOutput> captured;
        std::unique_ptr<client::InputSource> input;
    };

    [[nodiscard]] Place take(std::size_t host);
    void tell_warning(const std::string& host, const Error& warning);
    void tell_text(const std::string& host, const client::RunOutcome& outcome);
    void tell_object(std::string host, client::RunOutcome outcome, std::shared_ptr<CapturedOutput> captured);

    const Hosts& hosts_;
    FleetState& state_;
    Writer& writer_;
    const Options options_;
    const LiveOutput::Shown shown_;
    std::unordered_map<std::size_t, Place> places_;
    Closing closing_;
    // Of the writer's thread; the items that wait there hold it, since they may outlive the report.
    const std::shared_ptr<Document> document_ = std::make_shared<Document>();
};

}  // namespace mullion::cli
