// The network adapters of a host, for discovery. Win32_NetworkAdapter.
#include <map>

#include "checks/modes/all.h"
#include "checks/modes/link_status.h"
#include "checks/modes/list_report.h"
#include "checks/nothing.h"
#include "checks/rows.h"

namespace mullion::checks {
namespace {

// One of Centreon's words had a wrong letter until later.
std::string status_of(const Row& row, bool compat) {
    const auto status = number_or_null(row, "NetConnectionStatus");
    if (!status.ok()) return {};
    const auto at = status->value_or(0);
    if (compat && at == 10) return "\u00c1uthFailed";
    const auto word = connection_status(at);
    if (!word.empty()) return std::string(word);
    return compat ? "" : "unknown";
}

std::string or_else(std::string text, const char* other) {
    return text.empty() ? other : std::move(text);
}

class ListInterfaces final : public Mode {
public:
    Result<void> prepare(const Setting&) override { return {}; }

    std::vector<Ask> ask(const Setting&, std::span<const Answer> so_far) override {
        if (!so_far.empty()) return {};
        return {
            Query{"Select DeviceID, Name, MaxSpeed, NetConnectionStatus, NetEnabled from "
                  "Win32_NetworkAdapter"}};
    }

    Result<void> judge(const Setting& setting, std::span<const Answer> answers, Samples&,
                       Report& report) override {
        const auto& rows = rows_of(answers[0]);
        start_list(report, "List interfaces:", {"name", "status", "speed", "enabled"});
        if (rows.empty() && !setting.compat) say_no_rows(report, "Win32_NetworkAdapter", rights::cim);
        std::map<std::string, const Row*> by_id;
        for (const auto& row : rows) by_id.insert_or_assign(shown(row, "DeviceID"), &row);
        for (const auto& [id, row] : by_id) {
            add_to_list(report,
                        {shown(*row, "Name"), status_of(*row, setting.compat),
                         or_else(shown(*row, "MaxSpeed"), "0"), or_else(shown(*row, "NetEnabled"), "false")});
        }
        return {};
    }
};

}  // namespace

ModeInfo list_interfaces_mode() {
    ModeInfo info;
    info.name = "list-interfaces";
    info.help = "The network adapters of a host, for discovery.";
    info.make = []() -> std::unique_ptr<Mode> { return std::make_unique<ListInterfaces>(); };
    info.example = "mullion check list-interfaces HOST --disco-show";
    return info;
}

}  // namespace mullion::checks
