// The volumes of a host, for discovery. Win32_Volume.
#include <array>
#include <map>

#include "checks/modes/all.h"
#include "checks/modes/list_report.h"
#include "checks/nothing.h"
#include "checks/regex.h"
#include "checks/rows.h"

namespace mullion::checks {
namespace {

// DriveType; null is 0, and what Windows has no number for is nothing.
std::string type_of(const Row& row) {
    constexpr std::array<std::string_view, 7> words = {
        "unknown", "noRootDirectory", "removableDisk", "localDisk", "networkDrive", "compactDisc", "ramDisk"};
    const auto type = number_or_null(row, "DriveType");
    if (!type.ok() || type->value_or(0) >= words.size()) return {};
    return std::string(words.at(type->value_or(0)));
}

class ListStorages final : public Mode {
public:
    Result<void> prepare(const Setting& setting) override {
        const auto& words = setting.words;
        if (words.text("display-transform-src").empty()) return {};
        auto source = Regex::compile(words.text("display-transform-src"), "display-transform-src");
        if (!source.ok() && setting.compat) return {};  // As Centreon: nothing is replaced then.
        MULLION_ASSIGN(source_, std::move(source));
        destination_ = words.text("display-transform-dst");
        return {};
    }

    std::vector<Ask> ask(const Setting&, std::span<const Answer> so_far) override {
        if (!so_far.empty()) return {};
        return {
            Query{"Select Capacity,DeviceID,DriveLetter,DriveType,FileSystem,FreeSpace,Label,Name from "
                  "Win32_Volume"}};
    }

    Result<void> judge(const Setting& setting, std::span<const Answer> answers, Samples&,
                       Report& report) override {
        const auto& rows = rows_of(answers[0]);
        start_list(report, "List storages:", {"size", "name", "label", "type"});
        if (rows.empty() && !setting.compat) say_no_rows(report, "Win32_Volume", rights::cim);
        std::map<std::string, const Row*> by_id;
        for (const auto& row : rows) by_id.insert_or_assign(shown(row, "DeviceID"), &row);
        for (const auto& [id, row] : by_id) {
            MULLION_ASSIGN(auto name, shown_name(*row));
            add_to_list(report,
                        {shown(*row, "Capacity"), std::move(name), shown(*row, "Label"), type_of(*row)});
        }
        return {};
    }

private:
    [[nodiscard]] Result<std::string> shown_name(const Row& row) const {
        auto name = shown(row, "Name");
        if (!source_) return name;
        return source_->replace(name, destination_);
    }

    std::optional<Regex> source_;
    std::string destination_;
};

}  // namespace

ModeInfo list_storages_mode() {
    ModeInfo info;
    info.name = "list-storages";
    info.help = "The volumes of a host, for discovery.";
    info.options = {
        {.name = "display-transform-src",
         .type_name = "REGEX",
         .help = "Replace the first place in a volume's name that matches."},
        {.name = "display-transform-dst",
         .type_name = "TEXT",
         .help = "What to put there; $1 and its like are the groups of the expression."},
    };
    info.make = []() -> std::unique_ptr<Mode> { return std::make_unique<ListStorages>(); };
    info.example = "mullion check list-storages HOST --disco-show";
    return info;
}

}  // namespace mullion::checks
