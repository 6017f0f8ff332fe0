// The results of `mullion config`.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/closing.h"
#include "cli/fleet_state.h"
#include "cli/format.h"
#include "cli/hosts.h"
#include "cli/report_json.h"
#include "cli/writer.h"
#include "client/config_path.h"
#include "fleet/fleet.h"

namespace mullion::cli {

// What is told of a host: what it is set to, all of it as a file, or what was changed.
enum class ConfigView { values, file, changes };

struct ConfigShown {
    ConfigView view = ConfigView::values;
    std::vector<client::ConfigPath> paths;  // Of values; none: all that was read.
    bool check_only = false;                // Nothing was changed: it would be.
};

class ConfigReport final : public fleet::ConfigObserver {
public:
    ConfigReport(const Hosts& hosts, FleetState& state, Writer& writer, Format format, ConfigShown shown)
        : hosts_(hosts), state_(state), writer_(writer), format_(format), shown_(std::move(shown)) {}

    void on_config(std::size_t host, client::ConfigOutcome outcome) override;
    // When all have ended: what is said once.
    void finish(Duration elapsed);

private:
    void tell_text(const std::string& host, const client::ConfigOutcome& outcome);
    [[nodiscard]] std::string lines_of(const std::string& host, const client::ConfigOutcome& outcome) const;

    const Hosts& hosts_;
    FleetState& state_;
    Writer& writer_;
    const Format format_;
    const ConfigShown shown_;
    Closing closing_;
    // Of the writer's thread; the items that wait there hold it, since they may outlive the report.
    const std::shared_ptr<Document> document_ = std::make_shared<Document>();
};

// What the paths mean of what was read, each value once; no paths: all. Named as on the command line.
[[nodiscard]] std::vector<wsman::ConfigValue> shown_values(const ConfigShown& shown,
                                                           const client::ConfigRead& read);
// "Service/Auth/Basic = false [Source="GPO"]", a line each.
[[nodiscard]] std::string values_text(const std::vector<wsman::ConfigValue>& values);
// "Service/Auth/Basic: false -> true", "Listener?… created", a line each, of the first `count` changes.
[[nodiscard]] std::string changes_text(const client::ConfigPlan& plan, std::size_t count);
// One line without its end, schema 1.
[[nodiscard]] std::string config_object(const std::string& host, const client::ConfigOutcome& outcome,
                                        const ConfigShown& shown);

}  // namespace mullion::cli
