// Services that are not in the state they should be in. Win32_Service.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "checks/counters/counters.h"
#include "checks/filter.h"
#include "checks/modes/all.h"
#include "checks/modes/registry.h"
#include "checks/nothing.h"
#include "checks/rows.h"
#include "checks/wql_text.h"
#include "wsman/values.h"

namespace mullion::checks {
namespace {

constexpr std::array<std::string_view, 8> states = {"stopped", "start pending",    "stop pending",
                                                    "running", "continue pending", "pause pending",
                                                    "paused",  "unknown"};

// WinError.h: a service that ended by itself and well, and one that nobody has started since the boot.
constexpr std::uint64_t ended_well = 0, never_started = 1077, own_code = 1066;
constexpr std::size_t most_asked = 500;
// WMI itself. It answers what is asked here, so on Windows it is there and runs, and starts by itself as
// installed. Its descriptor is that of most services: an account that is not told of it is not told of them.
constexpr std::string_view answering = "Winmgmt";

struct Service {
    std::string name, state;
    std::optional<std::uint64_t> exit_code = {}, specific = {};

    [[nodiscard]] bool stopped() const { return wsman::lower(state) == "stopped"; }
};
using Found = std::map<std::string, Service>;

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

// "services.start.pending.count"
std::vector<Block> table() {
    Block block{.name = "counts"};
    const auto add = [&block](std::string name) {
        auto dotted = name;
        std::replace(dotted.begin(), dotted.end(), ' ', '.');
        std::replace(name.begin(), name.end(), ' ', '-');
        block.counters.push_back(
            {.label = std::move(name), .metric = fmt::format("services.{}.count", dotted), .shown = false});
    };
    add("total");
    for (const auto state : states) add(std::string(state));
    return {std::move(block)};
}

// The thresholds alone: --filter-counters and its like are of modes that are counters and nothing else.
std::vector<OptionSpec> count_thresholds() {
    auto options = counter_options(table());
    std::erase_if(options, [](const OptionSpec& option) {
        return !option.name.starts_with("warning-") && !option.name.starts_with("critical-") &&
               !option.name.starts_with("unknown-");
    });
    return options;
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
        exit_code_only_ = words.has("exit-code-only");
        no_triggers_ = words.has("exclude-trigger-start");
        seen_are_all_ = !auto_ || setting.compat || words.has("only-visible");
        counted_ = words.has("add-counts");
        for (const auto& option : count_thresholds()) counted_ = counted_ || words.has(option.name);
        return counters_.prepare(words);
    }

    std::vector<Ask> ask(const Setting& setting, std::span<const Answer> so_far) override {
        if (so_far.empty())
            return {Query{fmt::format("Select Name, State{} From Win32_Service Where {}",
                                      exit_code_only_ ? ", ExitCode, ServiceSpecificExitCode" : "",
                                      auto_ ? "StartMode = 'Auto'" : where_)}};
        const auto& rows = rows_of(so_far[0]);
        if (so_far.size() == 1) {
            auto questions = no_triggers_ ? trigger_questions(setting, rows) : std::vector<Ask>();
            if (may_hide(rows)) questions.emplace_back(Identification{});
            return questions;
        }
        // It may be there, and not start by itself.
        if (!is_windows(so_far.back())) return {};
        return {Query{fmt::format("Select Name, StartMode From Win32_Service Where Name = '{}'", answering)}};
    }

    Result<void> judge(const Setting& setting, std::span<const Answer> answers, Samples&,
                       Report& report) override {
        const auto& rows = rows_of(answers[0]);
        report.say(Status::ok, "All service states are ok");
        if (auto_ && rows.empty() && !setting.compat) {
            say_no_rows(report, "Win32_Service with StartMode Auto", rights::service_manager);
            return {};
        }
        if (answers.size() > 2 && is_windows(answers[answers.size() - 2]) &&
            !is_told(rows_of(answers.back())))
            say_hidden(rows.size(), report);
        MULLION_TRY(read_triggers(answers.subspan(1)));
        MULLION_ASSIGN(const auto found, services_of(rows));
        if (auto_) {
            MULLION_TRY(judge_auto(found, report));
        } else {
            judge_rules(setting, found, report);
        }
        if (!counted_) return {};
        return judge_counts(found, report);
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
    static Result<Found> services_of(const Rows& rows) {
        Found found;
        for (const auto& row : rows) {
            const auto name = text(row, "Name");
            const auto state = seen_text(row, "State");
            if (!name || !state) return malformed("a row of Win32_Service has no Name or no State");
            Service service{*name, *state};
            MULLION_ASSIGN(service.exit_code, number_or_null(row, "ExitCode"));
            MULLION_ASSIGN(service.specific, number_or_null(row, "ServiceSpecificExitCode"));
            found.insert_or_assign(*name, std::move(service));
        }
        return found;
    }

    // ---- services that are there and not told of ----

    [[nodiscard]] bool may_hide(const Rows& rows) const {
        // Of rows that are none judge() speaks.
        return !seen_are_all_ && !rows.empty() && services_of(rows).ok() &&
               std::none_of(rows.begin(), rows.end(), [](const auto& row) {
                   return wsman::same_ignoring_case(shown(row, "Name"), answering);
               });
    }

    static bool is_windows(const Answer& answer) {
        const auto* const who = std::get_if<Identified>(&answer.of);
        return who != nullptr && who->identity.product_vendor.find("Microsoft") != std::string::npos;
    }

    // How a service starts is null where the account may not ask for it, and then it is none of StartMode
    // 'Auto'.
    static bool is_told(const Rows& rows) {
        return std::any_of(rows.begin(), rows.end(),
                           [](const auto& row) { return !shown(row, "StartMode").empty(); });
    }

    static void say_hidden(std::size_t seen, Report& report) {
        report.say(
            Status::unknown,
            fmt::format("the host tells this account of {} of the services that start by themselves, and not "
                        "of {}, which has just answered: there are more (mullion doctor HOST --for "
                        "check=services says what is missing; --only-visible judges these alone)",
                        seen, answering));
    }

    // ---- what excuses a service that is stopped ----

    // What a trigger starts has a key with its triggers; no class of WMI says so.
    std::vector<Ask> trigger_questions(const Setting& setting, const Rows& rows) {
        std::vector<Ask> questions;
        const auto found = services_of(rows);
        if (!found.ok()) return questions;  // judge() says it.
        for (const auto& [name, service] : *found) {
            if (questions.size() == most_asked || !service.stopped() || excused(service)) continue;
            if (!alerts(setting, name, service)) continue;
            asked_.push_back(name);
            questions.push_back(registry::enum_key(
                fmt::format("SYSTEM\\CurrentControlSet\\Services\\{}\\TriggerInfo", name)));
        }
        return questions;
    }

    Result<void> read_triggers(std::span<const Answer> answers) {
        for (std::size_t at = 0; at < answers.size() && at < asked_.size(); ++at) {
            const auto question = registry::enum_key("SYSTEM\\CurrentControlSet\\Services\\" + asked_[at]);
            MULLION_ASSIGN(const auto said, registry::read_said(answers[at], question));
            if (said.there) triggered_.insert(asked_[at]);
        }
        return {};
    }

    [[nodiscard]] bool excused(const Service& service) const {
        if (!service.stopped()) return false;
        if (triggered_.contains(service.name)) return true;
        return exit_code_only_ && service.exit_code &&
               (*service.exit_code == ended_well || *service.exit_code == never_started);
    }

    // Whether it would alert; of those that are excluded it does not matter.
    [[nodiscard]] bool alerts(const Setting& setting, const std::string& name, const Service& service) const {
        if (auto_) {
            const auto dropped = exclude_.drops(name);
            return dropped.ok() && !*dropped;
        }
        return std::any_of(rules_.begin(), rules_.end(), [&](const auto& one) {
            const bool same = setting.compat ? one.first == name : wsman::same_ignoring_case(one.first, name);
            return same && !one.second.alert_if_equal && one.second.state != wsman::lower(service.state);
        });
    }

    [[nodiscard]] std::string told(const Service& service) const {
        auto text = fmt::format("Service '{}' is {}", service.name, service.state);
        if (!exit_code_only_ || !service.stopped() || !service.exit_code) return text;
        if (*service.exit_code == own_code && service.specific)
            return text + fmt::format(" (exit code {} of its own)", *service.specific);
        return text + fmt::format(" (exit code {})", *service.exit_code);
    }

    [[nodiscard]] std::string line_of(const std::string& name, const Service& service) const {
        return fmt::format("Service '{}' state: {}{}", name, service.state,
                           triggered_.contains(service.name) ? " (a trigger starts it)" : "");
    }

    // ---- judgement ----

    Result<void> judge_auto(const Found& found, Report& report) const {
        for (const auto& [name, service] : found) {
            MULLION_ASSIGN(const bool dropped, exclude_.drops(name));
            if (dropped) {
                report.line(fmt::format("Skipping Service '{}'", name));
                continue;
            }
            report.line(line_of(name, service));
            if (wsman::lower(service.state) != "running" && !excused(service))
                report.say(alert_, told(service));
        }
        return {};
    }

    void judge_rules(const Setting& setting, const Found& found, Report& report) const {
        for (const auto& [name, rule] : rules_) {
            const auto at = find(found, name, setting.compat);
            if (at == found.end()) {
                report.say(Status::unknown, fmt::format("Service '{}' not found", name));
                continue;
            }
            const auto& service = at->second;
            report.line(line_of(name, service));
            const bool alerting = (wsman::lower(service.state) == rule.state) == rule.alert_if_equal;
            if (alerting && (rule.alert_if_equal || !excused(service))) report.say(alert_, told(service));
        }
    }

    // Of those that were asked for and not excluded.
    Result<void> judge_counts(const Found& found, Report& report) const {
        std::array<std::uint64_t, states.size() + 1> counts{};
        for (const auto& [name, service] : found) {
            MULLION_ASSIGN(const bool dropped, exclude_.drops(name));
            if (auto_ && dropped) continue;
            const auto* const state = std::find(states.begin(), states.end(), wsman::lower(service.state));
            const auto at =
                state == states.end() ? states.size() - 1 : static_cast<std::size_t>(state - states.begin());
            ++counts.at(0);
            ++counts.at(at + 1);
        }
        Counted all;
        for (std::size_t at = 0; at < counts.size(); ++at) {
            const auto name = at == 0 ? std::string_view("total") : states.at(at - 1);
            all.readings.push_back({.number = static_cast<double>(counts.at(at)),
                                    .text = fmt::format("services {}: {}", name, counts.at(at)),
                                    .metrics = {{.value = std::to_string(counts.at(at)), .min = "0"}}});
        }
        return counters_.judge({{std::move(all)}}, report);
    }

    // WQL compares names in any case and Windows answers with its own spelling, which Centreon does not find.
    static Found::const_iterator find(const Found& found, const std::string& name, bool exact) {
        const auto same = found.find(name);
        if (same != found.end() || exact) return same;
        return std::find_if(found.begin(), found.end(),
                            [&](const auto& one) { return wsman::same_ignoring_case(one.first, name); });
    }

    bool auto_ = false, exit_code_only_ = false, no_triggers_ = false, counted_ = false, seen_are_all_ = true;
    Status alert_ = Status::critical;
    std::map<std::string, Rule> rules_;
    std::string where_;
    Filter exclude_;
    Counters counters_{table()};
    std::vector<std::string> asked_;   // Of which services the registry was asked.
    std::set<std::string> triggered_;  // Those that a trigger starts.
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
        {.name = "exit-code-only",
         .kind = Kind::flag,
         .help =
             "Of those that are stopped alert only where one ended with an error: not with exit code 0, nor "
             "with 1077, which is one that nobody has started since the boot."},
        {.name = "exclude-trigger-start",
         .kind = Kind::flag,
         .help =
             "Do not alert where a service is stopped that a trigger starts. Asks the host's registry, which "
             "takes Execute Methods on root/default."},
        {.name = "only-visible",
         .kind = Kind::flag,
         .help = "With --auto: judge what the account is told of, also where that is not all. Without it a "
                 "Windows host that does not list Winmgmt is UNKNOWN."},
        {.name = "add-counts",
         .kind = Kind::flag,
         .help = "Metrics of how many there are in each state; also with a threshold of one."},
    };
    const auto thresholds = count_thresholds();
    info.options.insert(info.options.end(), thresholds.begin(), thresholds.end());
    info.make = []() -> std::unique_ptr<Mode> { return std::make_unique<Services>(); };
    info.example = "mullion check services HOST --auto --exclude '^(edgeupdate|gpsvc)$'";
    return info;
}

}  // namespace mullion::checks
