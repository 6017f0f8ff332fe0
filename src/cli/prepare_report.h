// The results of `mullion prepare … --apply`: each step as it is told, and what became of each host.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>

#include "cli/closing.h"
#include "cli/fleet_state.h"
#include "cli/format.h"
#include "cli/hosts.h"
#include "cli/report_json.h"
#include "cli/writer.h"
#include "fleet/fleet.h"
#include "prepare/report.h"
#include "prepare/step.h"

namespace mullion::cli {

class PrepareReport final : public fleet::Observer {
public:
    // What a host's PowerShell reads.
    using MakeInput = std::function<std::unique_ptr<client::InputSource>(std::size_t host)>;

    PrepareReport(const Hosts& hosts, FleetState& state, Writer& writer, Format format, prepare::Mode mode,
                  MakeInput make_input);
    ~PrepareReport() override;
    PrepareReport(const PrepareReport&) = delete;
    PrepareReport& operator=(const PrepareReport&) = delete;

    client::OutputSink& start(std::size_t host) override;
    client::InputSource* input(std::size_t host) override;
    void on_result(std::size_t host, client::RunOutcome outcome) override;
    void on_late(std::size_t host, Error warning) override;

    // When all have ended: what is said once.
    void finish(Duration elapsed);

private:
    class Sink;
    // What a host in progress has.
    struct Place {
        std::unique_ptr<Sink> sink;
        std::unique_ptr<client::InputSource> input;
    };
    void tell_text(const std::string& host, const client::RunOutcome& outcome, const prepare::Report& report);

    const Hosts& hosts_;
    FleetState& state_;
    Writer& writer_;
    const Format format_;
    const prepare::Mode mode_;
    const MakeInput make_input_;
    std::unordered_map<std::size_t, Place> places_;
    Closing closing_;
    // Of the writer's thread; the items that wait there hold it, since they may outlive the report.
    const std::shared_ptr<Document> document_ = std::make_shared<Document>();
};

// The run's outcome by what the script told: a step that failed, a report that is not whole. `errors` is the
// beginning of standard error.
void judge(client::RunOutcome& outcome, const prepare::Report& report, prepare::Mode mode,
           const std::string& errors);
// "changed       service: automatic, running"
[[nodiscard]] std::string step_line(const prepare::StepReport& step, prepare::Mode mode);
// "3 changed, 14 ok"
[[nodiscard]] std::string counts_text(const prepare::Report& report, prepare::Mode mode);
// One line without its end, schema 1.
[[nodiscard]] std::string prepare_object(const std::string& host, const client::RunOutcome& outcome,
                                         const prepare::Report& report, prepare::Mode mode);

}  // namespace mullion::cli
