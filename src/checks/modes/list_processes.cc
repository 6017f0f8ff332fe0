// The processes of a host, for discovery. Win32_Process.
#include <fmt/format.h>

#include "checks/modes/all.h"
#include "checks/modes/list_report.h"
#include "checks/modes/process_rows.h"
#include "checks/nothing.h"
#include "checks/rows.h"

namespace mullion::checks {
namespace {

class ListProcesses final : public Mode {
public:
    Result<void> prepare(const Setting&) override { return {}; }

    std::vector<Ask> ask(const Setting&, std::span<const Answer> so_far) override {
        if (!so_far.empty()) return {};
        return {Query{process_query}};
    }

    Result<void> judge(const Setting& setting, std::span<const Answer> answers, Samples&,
                       Report& report) override {
        const auto& rows = rows_of(answers[0]);
        start_list(report, "List processes:", {"name", "pid", "status"});
        if (rows.empty() && !setting.compat) say_no_rows(report, "Win32_Process", rights::cim);
        for (const auto& row : rows) {
            MULLION_ASSIGN(const auto process, process_row(row, setting.compat));
            add_to_list(report, {process.name, process.handle, process.status});
        }
        return {};
    }
};

}  // namespace

ModeInfo list_processes_mode() {
    ModeInfo info;
    info.name = "list-processes";
    info.help = "The processes of a host, for discovery.";
    info.make = []() -> std::unique_ptr<Mode> { return std::make_unique<ListProcesses>(); };
    info.example = "mullion check list-processes HOST --disco-show";
    return info;
}

}  // namespace mullion::checks
