// How many events there were lately. Win32_NTLogEvent.
#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>

#include "checks/counters/counters.h"
#include "checks/modes/all.h"
#include "checks/rows.h"
#include "checks/when.h"
#include "checks/wql_text.h"
#include "wsman/cim/moment.h"
#include "wsman/values.h"

namespace mullion::checks {
namespace {

constexpr std::int64_t second = 1'000'000;
constexpr double longest_timeframe = 24 * 366 * 10;  // Hours.

struct Kind {
    std::string_view word;
    int number;  // Win32_NTLogEvent.EventType
};
// Type is a word in the host's language, so the number is asked for. The class knows five; what Windows since
// Vista calls critical or verbose is none of them, and has 0 if it is there at all.
constexpr std::array<Kind, 7> kinds = {{{"information", 3},
                                        {"error", 1},
                                        {"critical", 0},
                                        {"warning", 2},
                                        {"verbose", 0},
                                        {"audit-success", 4},
                                        {"audit-failure", 5}}};

const Kind* find_kind(std::string_view word) {
    for (const auto& kind : kinds) {
        if (kind.word == word) return &kind;
    }
    return nullptr;
}

std::optional<std::uint64_t> digits(std::string_view text) {
    if (text.empty() || text.size() > 9 || text.find_first_not_of("0123456789") != std::string_view::npos)
        return {};
    std::uint64_t number = 0;
    for (const char c : text) number = number * 10 + static_cast<unsigned>(c - '0');
    return number;
}

Error wrong(std::string text) {
    return Error(ErrorId::usage_invalid, std::move(text));
}

std::vector<Block> blocks() {
    return {{.name = "global",
             .counters = {{.label = "events", .metric = "events.total.count"}},
             .silent_where_missing = true}};
}

class EventLog final : public Mode {
public:
    Result<void> prepare(const Setting& setting) override {
        const auto& words = setting.words;
        MULLION_TRY(counters_.prepare(words));
        MULLION_TRY(read_timeframe(words));
        MULLION_TRY(read_ids(words.text("filter-eventid")));
        if (const auto source = words.text("filter-source"); !source.empty())
            where_ += fmt::format(" And SourceName = '{}'", wql_text(source));
        MULLION_TRY(read_type(words.text("filter-type"), setting.compat));
        logfile_ = words.text("filter-logfile");
        if (!logfile_.empty()) {
            where_ += fmt::format(" And Logfile = '{}'", wql_text(logfile_));
            where_file_ = fmt::format(" where LogfileName = '{}'", wql_text(logfile_));
        }
        return {};
    }

    std::vector<Ask> ask(const Setting& setting, std::span<const Answer> so_far) override {
        if (counters_.only_listed()) return {};
        if (so_far.empty())
            return {
                Query{fmt::format("SELECT EventCode, SourceName, Type, Logfile, TimeGenerated, Message FROM "
                                  "Win32_NTLogEvent where TimeGenerated > '{}'{}",
                                  since(setting), where_)}};
        const bool none = so_far[0].error() == nullptr && rows_of(so_far[0]).empty();
        if (so_far.size() > 1 || !none || setting.compat) return {};
        return {Query{"Select LogfileName,NumberOfRecords from Win32_NTEventlogFile" + where_file_}};
    }

    // The second question is about rights only, and hosts that do not know it are believed without.
    [[nodiscard]] bool takes_errors() const override { return true; }

    Result<void> judge(const Setting& setting, std::span<const Answer> answers, Samples&,
                       Report& report) override {
        if (counters_.only_listed()) {
            counters_.list(report);
            return {};
        }
        if (const auto* const error = answers[0].error(); error != nullptr)
            return Error(*error).on_host(setting.host);
        if (answers.size() > 1) {
            MULLION_ASSIGN(const bool seen, is_seen(setting, answers[1]));
            if (!seen) {
                say_unseen(report);
                return {};
            }
        }
        const auto& rows = rows_of(answers[0]);
        for (const auto& row : rows) MULLION_TRY(tell(row, report));
        Counted counted;
        counted.readings = {{.is = Reading::Is::value,
                             .number = static_cast<double>(rows.size()),
                             .text = fmt::format("Number of event(s): {}", rows.size()),
                             .metrics = {{.value = std::to_string(rows.size()), .min = "0"}}}};
        return counters_.judge({{std::move(counted)}}, report);
    }

private:
    // Without the right to read a log there is no event in it, and no such log among the host's: that is how
    // "none" is told from "not for you". False: the account does not see the log, or any log.
    static Result<bool> is_seen(const Setting& setting, const Answer& files) {
        if (const auto* const error = files.error(); error != nullptr) {
            if (error->id == ErrorId::wsman_access_denied) return false;
            if (error->id == ErrorId::wsman_fault)
                return true;  // Linux has no such class: it cannot be told.
            return Error(*error).on_host(setting.host);
        }
        for (const auto& file : rows_of(files)) {
            MULLION_ASSIGN(const auto records, number_or_null(file, "NumberOfRecords"));
            if (records) return true;
        }
        return false;
    }

    void say_unseen(Report& report) const {
        const auto what =
            logfile_.empty() ? std::string("no event log") : fmt::format("no event log {}", logfile_);
        report.say(Status::unknown,
                   fmt::format("The host shows {}: the account may not be in Event Log Readers{}", what,
                               wsman::same_ignoring_case(logfile_, "Security")
                                   ? ", and lacks the right to the Security log"
                               : logfile_.empty() ? ""
                                                  : ", or there is no such log"));
    }

    // "24", "0.5": whole seconds of it count.
    Result<void> read_timeframe(const Words& words) {
        const auto text = words.text("timeframe");
        if (text.empty()) return {};
        double hours = -1;
        const auto* const end = text.data() + text.size();
        const auto read = std::from_chars(text.data(), end, hours, std::chars_format::fixed);
        if (read.ec != std::errc() || read.ptr != end || !(hours >= 0) || hours > longest_timeframe)
            return wrong(fmt::format("Wrong timeframe option '{}'. It is a number of hours.", text));
        seconds_ = static_cast<std::int64_t>(std::llround(hours * 3600));
        return {};
    }

    // "7036", or several with commas.
    Result<void> read_ids(std::string_view text) {
        if (text.empty()) return {};
        std::string ids;
        for (std::size_t at = 0; at <= text.size();) {
            const auto end = std::min(text.find(',', at), text.size());
            const auto id = digits(text.substr(at, end - at));
            if (!id)
                return wrong(fmt::format(
                    "Wrong filter-eventid option '{}'. It is a number, or several with commas.", text));
            ids += fmt::format("{}EventCode = {}", ids.empty() ? "" : " Or ", *id);
            at = end + 1;
        }
        where_ += text.find(',') == std::string_view::npos ? " And " + ids : fmt::format(" And ({})", ids);
        return {};
    }

    Result<void> read_type(std::string_view text, bool by_word) {
        if (text.empty()) return {};
        const auto* kind = find_kind(text);
        if (kind == nullptr) return wrong("Unsupported --type option.");
        where_ += by_word ? fmt::format(" And Type = '{}'", text)
                          : fmt::format(" And EventType = {}", kind->number);
        return {};
    }

    // A datetime of CIM in UTC.
    [[nodiscard]] std::string since(const Setting& setting) const {
        const auto at = wsman::cim::moment_of((unix_now(setting.clock) - seconds_) * second)
                            .value_or(wsman::cim::Moment());
        return fmt::format("{}{:02}{:02}{:02}{:02}{:02}.000000-000", at.year, at.month, at.day, at.hour,
                           at.minute, at.second);
    }

    static Result<void> tell(const Row& row, Report& report) {
        MULLION_ASSIGN(const auto generated, moment(row, "TimeGenerated"));
        MULLION_ASSIGN(const auto code, number_or_null(row, "EventCode"));
        report.line(fmt::format("[EventID: {}][Type: {}][Logfile: {}][Source: {}][Date: {}][Message: {}]",
                                code.value_or(0), shown(row, "Type"), shown(row, "Logfile"),
                                shown(row, "SourceName"), local_time(generated / second),
                                shown(row, "Message")));
        return {};
    }

    Counters counters_{blocks()};
    std::string where_, where_file_, logfile_;
    std::int64_t seconds_ = 3600;
};

}  // namespace

ModeInfo eventlog_mode() {
    ModeInfo info;
    info.name = "eventlog";
    info.help = "How many events there were lately.";
    info.options = {
        {.name = "filter-eventid",
         .type_name = "NUMBER",
         .help = "Events of this number only; several with commas."},
        {.name = "filter-source", .type_name = "NAME", .help = "Of this source only."},
        {.name = "filter-logfile",
         .type_name = "NAME",
         .help = "Of this log only: System, Application, Security."},
        {.name = "filter-type",
         .type_name = "TYPE",
         .help = "Of this type only: information, warning, error, audit-success, audit-failure; critical and "
                 "verbose, "
                 "which the class hardly ever has."},
        {.name = "timeframe", .fallback = "1", .type_name = "HOURS", .help = "Of the last hours."},
    };
    const auto all = blocks();
    const auto thresholds = counter_options(all);
    info.options.insert(info.options.end(), thresholds.begin(), thresholds.end());
    info.make = []() -> std::unique_ptr<Mode> { return std::make_unique<EventLog>(); };
    info.example =
        "mullion check eventlog HOST --filter-logfile System --filter-type error --warning-events 0";
    return info;
}

}  // namespace mullion::checks
