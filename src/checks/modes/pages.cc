// How much of each page file is used. Win32_PageFileUsage counts in MiB.
#include <map>

#include "checks/modes/all.h"
#include "checks/modes/counted.h"
#include "checks/modes/usage.h"
#include "checks/rows.h"

namespace mullion::checks {
namespace {

std::vector<Block> table() {
    return {{.name = "files",
             .instances = true,
             .counters = usage_counters("space-usage", "page.space"),
             .all_well = "All page files are ok"}};
}

class Pages final : public CountedMode {
public:
    Pages() : CountedMode(table()) {}

private:
    Result<void> read(const Setting& setting) override {
        const auto word = setting.words.text("no-page-file");
        if (word.empty() || word == "unknown") return {};
        if (word == "ok")
            without_ = Status::ok;
        else if (word == "warning")
            without_ = Status::warning;
        else if (word == "critical")
            without_ = Status::critical;
        else
            return Error(ErrorId::usage_invalid,
                         "Unknown value '" + std::string(word) + "' for --no-page-file.");
        return {};
    }

    std::vector<Ask> questions(const Setting&) const override {
        return {Query{"Select Name,AllocatedBaseSize,CurrentUsage,PeakUsage from Win32_PageFileUsage"}};
    }

    Result<std::vector<CountedBlock>> count(const Setting& setting, std::span<const Answer> answers, Samples&,
                                            Report& report) override {
        constexpr std::uint64_t mib = 1024 * 1024;
        std::map<std::string, Counted> files;
        for (const auto& row : rows_of(answers[0])) {
            const auto name = shown(row, "Name");
            MULLION_ASSIGN(const auto total, number(row, "AllocatedBaseSize"));
            MULLION_ASSIGN(const auto used, number(row, "CurrentUsage"));
            if (total > UINT32_MAX || used > UINT32_MAX)
                return malformed("Win32_PageFileUsage: AllocatedBaseSize or CurrentUsage is no size");
            MULLION_ASSIGN(const auto usage, usage_of_used(total * mib, used * mib));
            files[name] = {.instance = name,
                           .prefix = "Page file '" + name + "' ",
                           .readings = usage_readings(usage, "space usage ")};
        }
        if (files.empty()) return none(setting, report);
        std::vector<CountedBlock> blocks(1);
        for (auto& [name, file] : files) blocks[0].push_back(std::move(file));
        return blocks;
    }

    // A host may have none, which Centreon can not be told.
    Result<std::vector<CountedBlock>> none(const Setting& setting, Report& report) const {
        if (without_)
            report.say(*without_, "There is no page file");
        else
            say_refused(setting, report, "Cannot find page files");
        return std::vector<CountedBlock>();
    }

    std::optional<Status> without_;
};

}  // namespace

ModeInfo pages_mode() {
    ModeInfo info;
    info.name = "pages";
    info.help = "How much of each page file is used.";
    info.options = counter_options(table());
    info.options.push_back({.name = "no-page-file",
                            .fallback = "unknown",
                            .type_name = "STATUS",
                            .help = "What a host without a page file is: ok, warning, critical or unknown."});
    info.make = []() -> std::unique_ptr<Mode> { return std::make_unique<Pages>(); };
    info.example = "mullion check pages HOST --warning-space-usage-prct 80 --no-page-file ok";
    return info;
}

}  // namespace mullion::checks
