// How full each volume is. Win32_Volume.
#include <fmt/format.h>

#include <array>
#include <map>

#include "checks/bytes.h"
#include "checks/filter.h"
#include "checks/modes/all.h"
#include "checks/modes/counted.h"
#include "checks/modes/usage.h"
#include "checks/nothing.h"
#include "checks/rows.h"

namespace mullion::checks {
namespace {

std::vector<Block> table() {
    return {{.name = "global",
             .counters = {{.label = "detected", .metric = "storages.detected.count", .shown = false}}},
            {.name = "storages",
             .instances = true,
             .counters = usage_counters("space-usage", "storage.space"),
             .all_well = "All storages are ok",
             .silent_where_missing = true}};
}

// Win32_Volume.DriveType.
std::string type_of(const Row& row) {
    static constexpr std::array<std::string_view, 7> types = {
        "unknown", "noRootDirectory", "removableDisk", "localDisk", "networkDrive", "compactDisc", "ramDisk"};
    const auto text = shown(row, "DriveType");
    if (text.size() != 1 || text[0] < '0' || text[0] > '6') return {};
    return std::string(types[static_cast<std::size_t>(text[0] - '0')]);
}

class Storages final : public CountedMode {
public:
    Storages() : CountedMode(table()) {}

private:
    Result<void> read(const Setting& setting) override {
        const auto& words = setting.words;
        MULLION_ASSIGN(names_, Filter::of(words, "filter-name"));
        auto with_type = words;
        if (!words.has("filter-type")) with_type.set("filter-type", "localDisk");
        MULLION_ASSIGN(types_, Filter::of(with_type, "filter-type"));
        // Who has set thresholds for how many there are, is asked to say what none means.
        for (const auto* kind : {"unknown-", "warning-", "critical-"})
            for (const auto* name : {"storages-detected-count", "detected"})
                number_limited_ = number_limited_ || !words.text(kind + std::string(name)).empty();
        return {};
    }

    std::vector<Ask> questions(const Setting&) const override {
        return {
            Query{"Select Capacity,DeviceID,DriveLetter,DriveType,FileSystem,FreeSpace,Label,Name from "
                  "Win32_Volume"}};
    }

    Result<std::vector<CountedBlock>> count(const Setting& setting, std::span<const Answer> answers, Samples&,
                                            Report& report) override {
        const auto& rows = rows_of(answers[0]);
        std::map<std::string, Counted> volumes;
        std::uint64_t detected = 0;
        for (const auto& row : rows) {
            MULLION_ASSIGN(const bool taken, takes(row));
            if (!taken) continue;
            MULLION_ASSIGN(auto volume, counted(row));
            ++detected;
            // Nobody knows how full it is, which is not the same as that it is well.
            if (volume.readings[0].is == Reading::Is::missing && !setting.compat)
                report.say(Status::unknown, volume.prefix + "FreeSpace is null");
            volumes[volume.instance] = std::move(volume);
        }
        if (rows.empty() && !setting.compat)
            say_no_rows(report, "Win32_Volume", rights::cim);
        else if (detected == 0 && !setting.compat && !number_limited_)
            report.say(Status::unknown, "No storage found: none is of that name and type");
        std::vector<CountedBlock> blocks(2);
        blocks[0].push_back({.readings = {detected_reading(detected)}});
        for (auto& [name, volume] : volumes) blocks[1].push_back(std::move(volume));
        return blocks;
    }

    [[nodiscard]] Result<bool> takes(const Row& row) const {
        MULLION_ASSIGN(const bool name, names_.takes(shown(row, "Name")));
        if (!name) return false;
        MULLION_ASSIGN(const bool type, types_.takes(type_of(row)));
        if (!type) return false;
        // A drive without a disc, or one that is locked, has no size.
        MULLION_ASSIGN(const auto capacity, number_or_null(row, "Capacity"));
        return capacity.value_or(0) != 0;
    }

    [[nodiscard]] static Result<Counted> counted(const Row& row) {
        const auto name = shown(row, "Name");
        Counted volume{.instance = name,
                       .prefix = fmt::format("Storage '{}' [type: {}] ", name, type_of(row))};
        MULLION_ASSIGN(const auto total, number(row, "Capacity"));
        MULLION_ASSIGN(const auto free, number_or_null(row, "FreeSpace"));
        if (!free) {
            volume.readings = {3, Reading::missing()};
            return volume;
        }
        MULLION_ASSIGN(const auto usage, usage_of_free(total, *free));
        volume.readings = usage_readings(usage, "space usage ");
        return volume;
    }

    static Reading detected_reading(std::uint64_t detected) {
        Reading reading;
        reading.number = static_cast<double>(detected);
        reading.text = fmt::format("Storages detected: {}", detected);
        reading.metrics = {{.value = std::to_string(detected), .min = "0"}};
        return reading;
    }

    Filter names_, types_;
    bool number_limited_ = false;
};

}  // namespace

ModeInfo storages_mode() {
    ModeInfo info;
    info.name = "storages";
    info.help = "How full each volume is.";
    info.options = counter_options(table());
    info.options.push_back(
        {.name = "filter-name", .type_name = "REGEX", .help = "Only the volumes whose name matches."});
    info.options.push_back(
        {.name = "filter-type",
         .fallback = "localDisk",
         .type_name = "REGEX",
         .help = "Only the volumes whose type matches: unknown, noRootDirectory, removableDisk, "
                 "localDisk, networkDrive, compactDisc, ramDisk."});
    info.make = []() -> std::unique_ptr<Mode> { return std::make_unique<Storages>(); };
    info.example = "mullion check storages HOST --filter-name '^C:' --critical-space-usage-prct 90";
    return info;
}

}  // namespace mullion::checks
