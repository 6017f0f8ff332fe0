// The services of a host, for discovery. Win32_Service.
#include <fmt/format.h>

#include <map>

#include "checks/filter.h"
#include "checks/modes/all.h"
#include "checks/modes/list_report.h"
#include "checks/nothing.h"
#include "checks/rows.h"

namespace mullion::checks {
namespace {

class ListServices final : public Mode {
public:
    Result<void> prepare(const Setting& setting) override {
        const auto& words = setting.words;
        if (!words.has("name")) return {};
        if (!words.has("regexp")) {
            exact_ = words.text("name");
            return {};
        }
        MULLION_ASSIGN(pattern_, Filter::of(words, "name"));
        return {};
    }

    std::vector<Ask> ask(const Setting&, std::span<const Answer> so_far) override {
        if (!so_far.empty()) return {};
        return {Query{"Select Name, DisplayName, StartMode, State From Win32_Service"}};
    }

    Result<void> judge(const Setting& setting, std::span<const Answer> answers, Samples&,
                       Report& report) override {
        const auto& rows = rows_of(answers[0]);
        start_list(report, "List services:", {"name", "display_name", "start_mode", "state"});
        if (rows.empty() && !setting.compat) say_no_rows(report, "Win32_Service", rights::service_manager);
        MULLION_ASSIGN(const auto kept, keep(rows, report));
        for (const auto& [name, row] : kept) {
            const auto display = perl_trimmed(shown(*row, "DisplayName"));  // As Centreon does.
            const auto mode = shown(*row, "StartMode");
            const auto state = shown(*row, "State");
            add_to_list(report, {name, display, mode, state},
                        fmt::format("'{}' [DisplayName = {}] [StartMode = {}] [State = {}]", name, display,
                                    mode, state));
        }
        return {};
    }

private:
    using ByName = std::map<std::string, const Row*>;

    [[nodiscard]] Result<ByName> keep(const Rows& rows, Report& report) const {
        ByName all, kept;
        for (const auto& row : rows) {
            const auto name = text(row, "Name");
            if (!name) return malformed("a row of Win32_Service has no Name");
            all.insert_or_assign(*name, &row);
        }
        for (const auto& [name, row] : all) {
            MULLION_ASSIGN(const bool taken, takes(name));
            if (taken)
                kept.emplace(name, row);
            else
                report.line(fmt::format("Skipping service '{}': no matching filter name", name));
        }
        return kept;
    }

    [[nodiscard]] Result<bool> takes(const std::string& name) const {
        if (exact_) return name == *exact_;
        return pattern_.takes(name);
    }

    std::optional<std::string> exact_;
    Filter pattern_;
};

}  // namespace

ModeInfo list_services_mode() {
    using Kind = OptionSpec::Kind;
    ModeInfo info;
    info.name = "list-services";
    info.help = "The services of a host, for discovery.";
    info.options = {
        {.name = "name", .type_name = "NAME", .help = "The service of this name only, in this case."},
        {.name = "regexp", .kind = Kind::flag, .help = "--name is a regular expression."},
    };
    info.make = []() -> std::unique_ptr<Mode> { return std::make_unique<ListServices>(); };
    info.example = "mullion check list-services HOST --name '^MSSQL' --regexp --disco-show";
    return info;
}

}  // namespace mullion::checks
