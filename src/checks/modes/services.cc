// Services that are not in the state they should be in. Win32_Service.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "checks/filter.h"
#include "checks/modes/all.h"
#include "checks/nothing.h"
#include "checks/rows.h"
#include "checks/wql_text.h"
#include "wsman/values.h"

namespace mullion::checks {
namespace {

constexpr std::array<std::string_view, 8> states = {"stopped", "start pending",    "stop pending",
                                                    "running", "continue pending", "pause pending",
                                                    "paused",  "unknown"};

struct Rule {
    std::string name;
    bool alert_if_equal = false;  // "=": alerts in that state; "!=": in any other.
    std::string state = "running";
};

Error wrong(std::string text) {
    return Error(ErrorId::usage_invalid, std::move(text));
}

// "name", "name=state", "name!=state"; the state may be empty.
Result<Rule> parse_rule(std::string_view text) {
    Rule rule;
    const auto end = std::min(text.find_first_of("!="), text.size());
    rule.name = text.substr(0, end);
    if (rule.name.empty()) return wrong(fmt::format("Need service name for rule: {}", text));
    auto rest = text.substr(end);
    if (rest.starts_with("!=")) {
        rest.remove_prefix(2);
    } else if (rest.starts_with('=')) {
        rule.alert_if_equal = true;
        rest.remove_prefix(1);
    }
    if (!rest.empty()) rule.state = wsman::lower(rest);
    if (std::find(states.begin(), states.end(), rule.state) == states.end())
        return wrong(fmt::format("Wrong state for rule: {}. See help for available state.", text));
    return rule;
}

// As Perl's split: nothing of empty parts at the end.
std::vector<std::string_view> parts_of(std::string_view list) {
    while (list.ends_with(',')) list.remove_suffix(1);
    std::vector<std::string_view> parts;
    while (!list.empty()) {
        const auto comma = std::min(list.find(','), list.size());
        parts.push_back(list.substr(0, comma));
        list.remove_prefix(std::min(comma + 1, list.size()));
    }
    return parts;
}

class Services final : public Mode {
public:
    Result<void> prepare(const Setting& setting) override {
        const auto& words = setting.words;
        auto_ = words.has("auto");
        if (!auto_ && !words.has("services"))
            return wrong("Need to specify at least '--services' or '--auto' option.");
        if (words.has("services")) MULLION_TRY(read_rules(words.text("services")));
        MULLION_ASSIGN(exclude_, Filter::of(words, "exclude"));
        if (words.has("warning")) alert_ = Status::warning;
        if (words.has("critical")) alert_ = Status::critical;
        return {};
    }

    std::vector<Ask> ask(const Setting&, std::span<const Answer> so_far) override {
        if (!so_far.empty()) return {};
        return {
            Query{"Select Name, State From Win32_Service Where " + (auto_ ? "StartMode = 'Auto'" : where_)}};
    }

    Result<void> judge(const Setting& setting, std::span<const Answer> answers, Samples&,
                       Report& report) override {
        const auto& rows = rows_of(answers[0]);
        report.say(Status::ok, "All service states are ok");
        if (!auto_) return judge_rules(setting, rows, report);
        if (rows.empty() && !setting.compat) {
            say_no_rows(report, "Win32_Service with StartMode Auto", rights::service_manager);
            return {};
        }
        return judge_auto(rows, report);
    }

private:
    Result<void> read_rules(std::string_view list) {
        for (const auto part : parts_of(list)) {
            MULLION_ASSIGN(const auto rule, parse_rule(part));
            where_ += fmt::format("{}Name = '{}'", where_.empty() ? "" : " Or ", wql_text(rule.name));
            rules_.insert_or_assign(rule.name, rule);
        }
        if (rules_.empty()) return wrong("Need to specify one rule for --services option.");
        return {};
    }

    // By name, the last row of a name as Centreon's hash has it.
    static Result<std::map<std::string, std::string>> states_of(const Rows& rows) {
        std::map<std::string, std::string> found;
        for (const auto& row : rows) {
            const auto name = text(row, "Name");
            const auto state = seen_text(row, "State");
            if (!name || !state) return malformed("a row of Win32_Service has no Name or no State");
            found.insert_or_assign(*name, *state);
        }
        return found;
    }

    Result<void> judge_auto(const Rows& rows, Report& report) const {
        MULLION_ASSIGN(const auto found, states_of(rows));
        for (const auto& [name, state] : found) {
            MULLION_ASSIGN(const bool dropped, exclude_.drops(name));
            if (dropped) {
                report.line(fmt::format("Skipping Service '{}'", name));
                continue;
            }
            report.line(fmt::format("Service '{}' state: {}", name, state));
            if (wsman::lower(state) != "running")
                report.say(alert_, fmt::format("Service '{}' is {}", name, state));
        }
        return {};
    }

    Result<void> judge_rules(const Setting& setting, const Rows& rows, Report& report) const {
        MULLION_ASSIGN(const auto found, states_of(rows));
        for (const auto& [name, rule] : rules_) {
            const auto service = find(found, name, setting.compat);
            if (service == found.end()) {
                report.say(Status::unknown, fmt::format("Service '{}' not found", name));
                continue;
            }
            report.line(fmt::format("Service '{}' state: {}", name, service->second));
            if ((wsman::lower(service->second) == rule.state) == rule.alert_if_equal)
                report.say(alert_, fmt::format("Service '{}' is {}", service->first, service->second));
        }
        return {};
    }

    // WQL compares names in any case and Windows answers with its own spelling, which Centreon does not find.
    static std::map<std::string, std::string>::const_iterator find(
        const std::map<std::string, std::string>& found, const std::string& name, bool exact) {
        const auto same = found.find(name);
        if (same != found.end() || exact) return same;
        return std::find_if(found.begin(), found.end(),
                            [&](const auto& one) { return wsman::same_ignoring_case(one.first, name); });
    }

    bool auto_ = false;
    Status alert_ = Status::critical;
    std::map<std::string, Rule> rules_;
    std::string where_;
    Filter exclude_;
};

}  // namespace

ModeInfo services_mode() {
    using Kind = OptionSpec::Kind;
    ModeInfo info;
    info.name = "services";
    info.help = "Services that are not in the state they should be in.";
    info.options = {
        {.name = "services",
         .type_name = "NAME[[=|!=]STATE],…",
         .help = "These services. A rule says in which state to alert (=) or in which not to (!=, the "
                 "default, with "
                 "running). States: stopped, start pending, stop pending, running, continue pending, pause "
                 "pending, "
                 "paused, unknown."},
        {.name = "auto",
         .kind = Kind::flag,
         .help = "All services that start by themselves; alert where one does not run."},
        {.name = "exclude", .type_name = "REGEX", .help = "With --auto: leave out services of these names."},
        {.name = "warning", .kind = Kind::flag, .help = "Alert with WARNING."},
        {.name = "critical", .kind = Kind::flag, .help = "Alert with CRITICAL, which is the default."},
    };
    info.make = []() -> std::unique_ptr<Mode> { return std::make_unique<Services>(); };
    info.example = "mullion check services HOST --auto --exclude '^(edgeupdate|gpsvc)$'";
    return info;
}

}  // namespace mullion::checks
