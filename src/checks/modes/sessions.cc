// Sessions of users: how many are active and disconnected by the host's counters, and, where an option asks
// for what only the command qwinsta tells, by its text as Centreon does.
#include <fmt/format.h>

#include <array>

#include "checks/counters/counters.h"
#include "checks/filter.h"
#include "checks/limit.h"
#include "checks/modes/all.h"
#include "checks/modes/qwinsta.h"
#include "checks/modes/scripted.h"
#include "checks/nothing.h"
#include "checks/rows.h"
#include "checks/when.h"
#include "core/printable.h"

namespace mullion::checks {
namespace {

constexpr std::string_view class_name = "Win32_PerfRawData_LocalSessionManager_TerminalServices";
constexpr std::size_t longest_config = 256 * 1024;  // Bytes.

std::vector<Block> blocks() {
    return {{.name = "global",
             .counters = {{.label = "sessions-created", .metric = "sessions.created.total.count"},
                          {.label = "sessions-disconnected", .metric = "sessions.disconnected.total.count"},
                          {.label = "sessions-reconnected", .metric = "sessions.reconnected.total.count"},
                          {.label = "sessions-active", .metric = "sessions.active.current.count"},
                          {.label = "sessions-disconnected-current",
                           .metric = "sessions.disconnected.current.count"}}}};
}

// Of thresholds that only the text of qwinsta can be held against.
bool has_threshold_of_totals(const Words& words) {
    for (const std::string kind : {"unknown", "warning", "critical"}) {
        for (const std::string what : {"created", "disconnected", "reconnected"}) {
            if (!words.text(kind + "-sessions-" + what).empty()) return true;
            if (!words.text(kind + "-sessions-" + what + "-total-count").empty()) return true;
        }
    }
    return false;
}

bool needs_text(const Setting& setting) {
    constexpr std::array options = {"command", "command-path", "command-options",
                                    "config",  "language",     "filter-sessionname"};
    for (const auto* option : options) {
        if (setting.words.has(option)) return true;
    }
    return setting.compat || has_threshold_of_totals(setting.words);
}

Reading reading_of(std::string_view text, std::uint64_t count) {
    return {.is = Reading::Is::value,
            .number = static_cast<double>(count),
            .text = fmt::format("{}: {}", text, count),
            .metrics = {{.value = std::to_string(count), .min = "0"}}};
}

std::optional<std::uint64_t> count_of(const std::string* digits) {
    if (digits == nullptr || digits->empty() || digits->size() > 18) return {};
    if (digits->find_first_not_of("0123456789") != std::string::npos) return {};
    return std::stoull(*digits);
}

// Since the last look. A count that went down began again with the host's boot.
Reading since_before(std::string_view text, const std::string& key, const std::optional<std::string>& count,
                     Samples& samples) {
    const auto now = count_of(count ? &*count : nullptr);
    if (!now) return Reading::missing();
    samples.now.values.insert_or_assign(key, *count);
    const auto before = samples.before ? count_of(samples.before->find(key)) : std::nullopt;
    if (!before) return Reading::first_look();
    return reading_of(text, *now >= *before ? *now - *before : *now);
}

class Sessions final : public Mode {
public:
    Result<void> prepare(const Setting& setting) override {
        MULLION_TRY(counters_.prepare(setting.words));
        if (!needs_text(setting)) return {};
        return prepare_text(setting);
    }

    std::vector<Ask> ask(const Setting&, std::span<const Answer> so_far) override {
        if (!so_far.empty() || counters_.only_listed()) return {};
        if (qwinsta_) return {Command{.text = command_}};
        return {Query{fmt::format("Select ActiveSessions, InactiveSessions From {}", class_name)}};
    }

    [[nodiscard]] bool takes_errors() const override { return true; }

    Result<void> judge(const Setting& setting, std::span<const Answer> answers, Samples& samples,
                       Report& report) override {
        if (counters_.only_listed()) {
            counters_.list(report);
            return {};
        }
        if (qwinsta_) return judge_text(setting, answers[0], samples, report);
        if (const auto* error = answers[0].error()) return with_other_way(*error);
        return judge_counters(answers[0], report);
    }

private:
    Result<void> prepare_text(const Setting& setting) {
        const auto& words = setting.words;
        const auto given = [&](std::string_view name, std::string_view fallback) {
            return std::string(words.has(name) ? words.text(name) : fallback);
        };
        const auto path = words.text("command-path");
        // Centreon puts no blank between a command with a path and its options.
        const auto* between = setting.compat && !path.empty() ? "" : " ";
        command_ = fmt::format("{}{}{}{}", path, given("command", "qwinsta"), between,
                               given("command-options", "/COUNTER"));
        // The file's text: the command line reads it (OptionSpec::file).
        MULLION_ASSIGN(const auto localised,
                       words_of_language(words.text("config"), given("language", "en")));
        MULLION_ASSIGN(qwinsta_, Qwinsta::with(localised));
        MULLION_ASSIGN(filter_, Filter::of(words, "filter-sessionname"));
        return {};
    }

    static Result<QwinstaWords> words_of_language(std::string_view xml, const std::string& language) {
        if (!xml.empty()) return read_qwinsta_words(xml, language);
        auto words = qwinsta_words(language);
        if (!words)
            return Error(ErrorId::usage_invalid,
                         fmt::format("Cannot find language '{}' in config file", language));
        return std::move(*words);
    }

    // A host that is not reached has no other way.
    static Error with_other_way(Error error) {
        if (error.id != ErrorId::wsman_fault && error.id != ErrorId::wsman_access_denied) return error;
        error.advice.push_back(
            "--command qwinsta reads the sessions from that command's text, in English or in the "
            "language that --language names.");
        return error;
    }

    [[nodiscard]] Result<void> judge_counters(const Answer& answer, Report& report) const {
        const auto& rows = rows_of(answer);
        if (rows.empty()) {
            say_no_rows(report, class_name, rights::counters);
            return {};
        }
        MULLION_ASSIGN(const auto active, number(rows.front(), "ActiveSessions"));
        MULLION_ASSIGN(const auto inactive, number(rows.front(), "InactiveSessions"));
        Counted counted{.prefix = "Sessions "};
        counted.readings = {Reading::off(), Reading::off(), Reading::off(),
                            reading_of("current active ", active),
                            reading_of("current disconnected ", inactive)};
        return counters_.judge({{std::move(counted)}}, report);
    }

    Result<void> judge_text(const Setting& setting, const Answer& answer, Samples& samples,
                            Report& report) const {
        if (const auto* error = answer.error()) return *error;
        const auto& output = output_of(answer);
        report.debug(without_returns(output.out));
        MULLION_ASSIGN(const auto said, qwinsta_->sort_out(output.out));
        if (!said) {
            // What was known stays known: this look is none.
            if (samples.before) samples.now = *samples.before;
            report.say(Status::unknown,
                       "Cannot find information in command output" + complaint(setting, output));
            return {};
        }
        std::uint64_t active = 0, disconnected = 0;
        for (const auto& session : said->sessions) MULLION_TRY(count(session, active, disconnected, report));
        samples.now.at = unix_now(setting.clock);
        Counted counted{.prefix = "Sessions "};
        counted.readings = {
            since_before("created", "sessions_created", said->created, samples),
            since_before("disconnected", "sessions_disconnected", said->disconnected, samples),
            since_before("reconnected ", "sessions_reconnected", said->reconnected, samples),
            reading_of("current active ", active), reading_of("current disconnected ", disconnected)};
        return counters_.judge({{std::move(counted)}}, report);
    }

    static std::string without_returns(std::string text) {
        std::erase(text, '\r');
        return text;
    }

    static std::string complaint(const Setting& setting, const CommandOutput& output) {
        if (setting.compat) return {};
        const auto& text = output.err.empty() ? output.out : output.err;
        const auto end = std::min({text.find_first_of("\r\n"), text.size(), std::size_t(200)});
        return end == 0 ? std::string() : ": " + one_line(std::string_view(text).substr(0, end));
    }

    Result<void> count(const QwinstaSession& session, std::uint64_t& active, std::uint64_t& disconnected,
                       Report& report) const {
        if (filter_.given()) {
            const auto name = session.find(std::string(qwinsta_->session_column()));
            if (name == session.end()) return {};
            MULLION_ASSIGN(const bool taken, filter_.takes(name->second));
            if (!taken) report.debug(fmt::format("skipping '{}': no matching filter.", name->second));
            if (!taken) return {};
        }
        MULLION_ASSIGN(const bool is_active, qwinsta_->is_active(session));
        MULLION_ASSIGN(const bool is_gone, qwinsta_->is_disconnected(session));
        if (!is_active && !is_gone) return {};
        active += is_active ? 1 : 0;
        disconnected += is_gone ? 1 : 0;
        std::string line;
        for (const auto& [column, value] : session) line += fmt::format(" [{} => {}]", column, value);
        report.line(std::move(line));
        return {};
    }

    Counters counters_{blocks(), false};
    std::optional<Qwinsta> qwinsta_;
    std::string command_;
    Filter filter_;
};

std::vector<OptionSpec> own_options() {
    return {
        {.name = "command",
         .fallback = "qwinsta",
         .type_name = "COMMAND",
         .help = "Read the sessions from the text of this command, and not from the host's counters. Any "
                 "other option "
                 "here but thresholds of what is current does so too."},
        {.name = "command-path",
         .type_name = "PATH",
         .help = "In front of the command, with its last backslash."},
        {.name = "command-options", .fallback = "/COUNTER", .type_name = "TEXT", .help = "Of the command."},
        {.name = "timeout", .type_name = "SECONDS", .help = timeout_help()},
        {.name = "filter-sessionname", .type_name = "REGEX", .help = "Sessions of these names only."},
        {.name = "config",
         .type_name = "FILE",
         .help = "What the host's language calls things, as Centreon's XML file has it.",
         .file = longest_config},
        {.name = "language",
         .fallback = "en",
         .type_name = "LANGUAGE",
         .help = "Of the host: en, fr, it, de, or one of --config."},
    };
}

}  // namespace

ModeInfo sessions_mode() {
    ModeInfo info;
    info.name = "sessions";
    info.help = "Sessions of users: active and disconnected ones.";
    info.options = own_options();
    const auto all = blocks();
    const auto thresholds = counter_options(all, false);
    info.options.insert(info.options.end(), thresholds.begin(), thresholds.end());
    info.make = []() -> std::unique_ptr<Mode> { return std::make_unique<Sessions>(); };
    info.two_samples = true;
    info.new_names = false;
    info.example = "mullion check sessions HOST --warning-sessions-active 20";
    return info;
}

}  // namespace mullion::checks
