// How many processes of a name there are. Win32_Process.
#include <fmt/format.h>

#include "checks/filter.h"
#include "checks/levels.h"
#include "checks/modes/all.h"
#include "checks/modes/process_rows.h"
#include "checks/modes/process_use.h"
#include "checks/nothing.h"
#include "checks/rows.h"
#include "checks/wql_text.h"

namespace mullion::checks {
namespace {

class Processes final : public Mode {
public:
    Result<void> prepare(const Setting& setting) override {
        const auto& words = setting.words;
        MULLION_ASSIGN(levels_, Levels::of(words, "warning", "critical"));
        // Centreon reads this option and does nothing with it.
        if (!setting.compat) MULLION_TRY(read_status(words));
        MULLION_TRY(use_.prepare(words));
        const auto name = words.text("process-name");
        if (name.empty()) return {};
        where_ =
            fmt::format(" where Name {} \"{}\"", words.has("regexp-name") ? "like" : "=", wql_text(name));
        return {};
    }

    std::vector<Ask> ask(const Setting&, std::span<const Answer> so_far) override {
        if (!so_far.empty()) return {};
        std::vector<Ask> asks{
            Query{fmt::format("select {}{} from Win32_Process{}", process_columns, use_.columns(), where_)}};
        if (auto clock = use_.clock_question()) asks.push_back(std::move(*clock));
        return asks;
    }

    Result<void> judge(const Setting& setting, std::span<const Answer> answers, Samples& samples,
                       Report& report) override {
        const auto& rows = rows_of(answers[0]);
        if (rows.empty() && where_.empty() && !setting.compat) {
            say_no_rows(report, "Win32_Process", rights::cim);
            return {};
        }
        std::uint64_t detected = 0;
        for (const auto& row : rows) {
            MULLION_ASSIGN(const auto process, process_row(row, setting.compat));
            MULLION_ASSIGN(const bool taken, status_.takes(process.status));
            if (!taken) continue;
            report.line(fmt::format("Process {} [status: {}] [name: {}]", process.handle, process.status,
                                    process.name));
            if (use_.asked()) MULLION_TRY(use_.add(row, process.handle, process.name));
            ++detected;
        }
        report.say(levels_.status_of(static_cast<double>(detected)),
                   fmt::format("Number of current processes: {}", detected));
        Perfdatum count;
        count.name = "processes.detected.count";
        count.value = std::to_string(detected);
        count.min = "0";
        levels_.show(count);
        report.add(std::move(count));
        if (!use_.asked()) return {};
        return use_.judge(setting, answers.size() > 1 ? &answers[1] : nullptr, samples, report);
    }

private:
    Result<void> read_status(const Words& words) {
        MULLION_ASSIGN(status_, Filter::of(words, "process-status"));
        return {};
    }

    Levels levels_;
    Filter status_;
    ProcessUse use_;
    std::string where_;
};

}  // namespace

ModeInfo processes_mode() {
    using Kind = OptionSpec::Kind;
    ModeInfo info;
    info.name = "processes";
    info.help = "How many processes of a name there are, and what they use.";
    info.options = {
        {.name = "process-name",
         .type_name = "NAME",
         .help = "Count the processes of this name only, as sqlservr.exe."},
        {.name = "regexp-name",
         .kind = Kind::flag,
         .help = "--process-name is a pattern of WQL's LIKE: % is any text, _ one character."},
        {.name = "process-status",
         .type_name = "REGEX",
         .help = "Count processes in these states only: running, ready, blocked and the others of CIM. "
                 "Windows tells no state, which counts as running."},
        {.name = "warning", .type_name = "RANGE", .help = "Of the number of processes."},
        {.name = "critical", .type_name = "RANGE", .help = "Of the number of processes."},
    };
    const auto use = ProcessUse::options();
    info.options.insert(info.options.end(), use.begin(), use.end());
    info.make = []() -> std::unique_ptr<Mode> { return std::make_unique<Processes>(); };
    info.two_samples = true;
    info.example = "mullion check processes HOST --process-name sqlservr.exe --critical 1:";
    return info;
}

}  // namespace mullion::checks
