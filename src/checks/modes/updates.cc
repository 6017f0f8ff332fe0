// How many updates the host has found and not installed. Only Windows Update's own objects know, so by
// PowerShell.
#include <fmt/format.h>

#include <algorithm>

#include "checks/counters/counters.h"
#include "checks/filter.h"
#include "checks/modes/all.h"
#include "checks/modes/scripted.h"
#include "wsman/values.h"

namespace mullion::checks {
namespace {

// The rest of a json_script(): a list of objects.
constexpr std::string_view updates_script = R"PS(try {
    $session = New-Object -ComObject Microsoft.Update.Session
    $found = $session.CreateUpdateSearcher().Search('IsHidden=0 and IsInstalled=0').Updates
    $all = @($found | ForEach-Object {
        $mandatory = 'false'
        if ($_.IsMandatory) { $mandatory = 'true' }
        '{"isMandatory":' + $mandatory + ',"title":' + (Quoted $_.Title) + '}'
    })
    '[' + ($all -join ',') + ']'
} catch {
    "$($_.Exception)"
    exit 1
}
)PS";

std::vector<Block> blocks() {
    return {{.name = "global",
             .counters = {{.label = "pending-updates", .metric = "windows.pending.updates.count"}}}};
}

struct Update {
    std::string title;
    std::string mandatory;  // "yes" or "no".
};

Update update_of(const JsonObject& object) {
    const auto member = [&](std::string_view name) {
        const auto found = object.find(name);
        return found == object.end() ? std::string() : found->second.value_or("");
    };
    const auto mandatory = wsman::lower(member("isMandatory"));
    return {member("title"), mandatory == "true" || mandatory == "1" ? "yes" : "no"};
}

class Updates final : public Mode {
public:
    Result<void> prepare(const Setting& setting) override {
        MULLION_TRY(counters_.prepare(setting.words));
        MULLION_ASSIGN(title_, Filter::of(setting.words, "filter-title"));
        MULLION_ASSIGN(not_title_, Filter::of(setting.words, "exclude-title"));
        MULLION_ASSIGN(mandatory_, Filter::of(setting.words, "filter-mandatory"));
        return {};
    }

    std::vector<Ask> ask(const Setting& setting, std::span<const Answer> so_far) override {
        if (!so_far.empty() || counters_.only_listed() || only_shown(setting)) return {};
        return {script(json_script(updates_script))};
    }

    Result<void> judge(const Setting& setting, std::span<const Answer> answers, Samples&,
                       Report& report) override {
        if (counters_.only_listed()) {
            counters_.list(report);
        } else if (only_shown(setting)) {
            show_text(report, json_script(updates_script));
        } else if (only_run(setting)) {
            show_text(report, output_of(answers[0]).out);
        } else if (const auto found = read_script(setting, answers[0], report)) {
            return count(setting, *found, report);
        }
        return {};
    }

private:
    [[nodiscard]] Result<bool> takes(const Update& update) const {
        MULLION_ASSIGN(const bool titled, title_.takes(update.title));
        MULLION_ASSIGN(const bool dropped, not_title_.drops(update.title));
        MULLION_ASSIGN(const bool mandatory, mandatory_.takes(update.mandatory));
        return titled && !dropped && mandatory;
    }

    [[nodiscard]] Result<void> count(const Setting& setting, const std::vector<JsonObject>& found,
                                     Report& report) const {
        std::size_t number = 0;
        for (const auto& object : found) {
            auto update = update_of(object);
            MULLION_ASSIGN(const bool taken, takes(update));
            if (!taken) continue;
            ++number;
            if (!setting.words.has("display-updates")) continue;
            std::replace(update.title.begin(), update.title.end(), '|', ' ');
            report.line(fmt::format("update: {} [mandatory: {}]", update.title, update.mandatory));
        }
        // Debian's Centreon says it in the words of before December 2023.
        const auto* told = setting.compat ? "windows pending updates" : "pending Windows updates";
        Counted counted;
        counted.readings = {
            {.is = Reading::Is::value,
             .number = static_cast<double>(number),
             .text = fmt::format("{}: {}", told, number),
             .metrics = {{.value = std::to_string(number), .min = "0", .legacy = "pending-updates"}}}};
        return counters_.judge({{std::move(counted)}}, report);
    }

    Counters counters_{blocks(), false};
    Filter title_, not_title_, mandatory_;
};

}  // namespace

ModeInfo updates_mode() {
    using Kind = OptionSpec::Kind;
    ModeInfo info;
    info.name = "updates";
    info.help =
        "How many updates the host has found and not installed. Needs a local administrator as a rule, and "
        "often longer than others (--timeout 300): Windows Update searches anew each time.";
    info.options = {
        {.name = "filter-title", .type_name = "REGEX", .help = "Updates of these titles only."},
        {.name = "exclude-title", .type_name = "REGEX", .help = "Not updates of these titles."},
        {.name = "filter-mandatory",
         .type_name = "REGEX",
         .help = "Only those that are mandatory (yes) or are not (no)."},
        {.name = "display-updates", .kind = Kind::flag, .help = "List them in the long output."},
    };
    const auto more = script_options();
    info.options.insert(info.options.end(), more.begin(), more.end());
    const auto all = blocks();
    const auto thresholds = counter_options(all, false);
    info.options.insert(info.options.end(), thresholds.begin(), thresholds.end());
    info.make = []() -> std::unique_ptr<Mode> { return std::make_unique<Updates>(); };
    info.new_names = false;
    info.example = "mullion check updates HOST --filter-title Cumulative --warning-pending-updates 0";
    return info;
}

}  // namespace mullion::checks
