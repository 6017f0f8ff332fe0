#include "cli/check_run.h"

#include <fmt/format.h>
#include <strings.h>
#include <unistd.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string_view>

#include "checks/asking.h"
#include "checks/keeps.h"
#include "checks/limit.h"
#include "checks/look.h"
#include "checks/state_file.h"
#include "checks/state_options.h"
#include "checks/threshold.h"
#include "checks/time_servers.h"
#include "cli/masking.h"
#include "cli/report_text.h"
#include "cli/result_file.h"
#include "cli/write_all.h"
#include "client/client.h"
#include "os/input_file.h"

namespace mullion::cli {
namespace {

using checks::ModeInfo;
using checks::Words;

constexpr int unknown = 3;

checks::Setting setting_of(const Words& words, const target::Target& target, bool compat) {
    return {words, target.host, target.port, system_clock(), compat};
}

bool is_threshold(std::string_view name) {
    for (const std::string_view kind : {"warning", "critical", "unknown"})
        if (name.starts_with(kind)) return true;
    return false;
}

// All that is asked for beside thresholds: who asks for other processors has other last values.
std::string what_is_asked(const ModeInfo& mode, const Words& words, const target::Target& target) {
    std::string text = fmt::format("{}\n{}\n{}", target.name, target.url(), target.proxy);
    if (!mode.series.empty()) text += fmt::format("\n{}:{}", mode.series.size(), mode.series);
    for (const auto& option : mode.options) {
        if (is_threshold(option.name) || !words.has(option.name)) continue;
        text += fmt::format("\n--{}", option.name);
        for (const auto& value : words.all(option.name)) text += fmt::format("={}:{}", value.size(), value);
    }
    return text;
}

Result<std::optional<checks::StateFile>> open_state(const CheckRun& run) {
    if (!checks::keeps_sample(*run.mode, run.words) || run.interval)
        return std::optional<checks::StateFile>();
    MULLION_ASSIGN(auto folder, checks::state_folder(run.words));
    checks::Series series{std::string(run.mode->name), run.target.host, run.target.port,
                          what_is_asked(*run.mode, run.words, run.target),
                          std::string(run.words.text("statefile-suffix"))};
    auto opened = checks::StateFile::open(std::move(folder), std::move(series));
    if (opened.ok()) return std::optional(std::move(opened).value());
    auto error = std::move(opened).error();
    error.advice.emplace_back("--statefile-dir DIR names another folder for the last values.");
    return error;
}

Result<std::unique_ptr<checks::Mode>> make_mode(const CheckRun& run, const checks::Setting& setting) {
    auto mode = run.mode->make();
    MULLION_TRY(mode->prepare(setting));
    return mode;
}

// A wait that ends when somebody wants the process to.
class Pause {
public:
    void end() {
        const std::lock_guard lock(mutex_);
        over_ = true;
        changed_.notify_all();
    }
    // False: it was ended.
    [[nodiscard]] bool wait(Duration time) {
        std::unique_lock lock(mutex_);
        return !changed_.wait_for(lock, time, [this] { return over_; });
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool over_ = false;
};

class Work {
public:
    Work(const CheckRun& run, client::Runtime& runtime, client::Session& session, Interrupts& interrupts)
        : run_(run),
          setting_(setting_of(run.words, run.target, run.compat)),
          session_(session),
          interrupts_(interrupts),
          time_servers_(runtime, system_random(), system_clock()),
          asking_(session, system_clock(), limit_of(run), {}, &time_servers_) {
        interrupts_.on_first([this] {
            pause_.end();
            session_.interrupt();
        });
    }
    ~Work() { interrupts_.on_first({}); }
    Work(const Work&) = delete;
    Work& operator=(const Work&) = delete;

    Result<checks::Report> look() {
        if (run_.interval) return look_twice();
        MULLION_ASSIGN(auto file, open_state(run_));
        checks::Samples samples;
        if (file) samples.before = file->read();
        MULLION_ASSIGN(auto report, look_once(samples));
        if (!file) return report;
        if (const auto complaint = file->complaint(); !complaint.empty()) tell_unused(complaint, report);
        // A look that has seen nothing leaves the last one: an hour without rights is no new start.
        if (samples.now.values.empty() && file->complaint().empty()) return report;
        if (auto kept = file->write(samples.now); !kept.ok()) {
            auto error = std::move(kept).error();
            error.advice.emplace_back("--statefile-dir DIR names another folder for the last values.");
            return error;
        }
        return report;
    }

private:
    // Not well, as a first look is: with a file that is never believed there would never be a rate, nor a
    // word.
    void tell_unused(const std::string& complaint, checks::Report& report) const {
        auto text = fmt::format("the last values are not used: {}", complaint);
        if (run_.compat)
            report.line(std::move(text));
        else
            report.say(checks::Status::unknown, std::move(text));
    }

    Result<checks::Report> look_once(checks::Samples& samples) {
        MULLION_ASSIGN(const auto mode, make_mode(run_, setting_));
        return checks::look(*mode, setting_, asking_, samples);
    }

    Result<checks::Report> look_twice() {
        checks::Samples samples;
        MULLION_TRY(look_once(samples));
        if (!pause_.wait(*run_.interval)) return Error(ErrorId::run_interrupted, "").on_host(setting_.host);
        checks::Samples later;
        later.before = std::move(samples.now);
        return look_once(later);
    }

    const CheckRun& run_;
    const checks::Setting setting_;
    client::Session& session_;
    Interrupts& interrupts_;
    checks::SntpServers time_servers_;
    checks::Asking asking_;
    Pause pause_;
};

// Whoever gave no limit met one all the same.
bool has_default_limit(const CheckRun& run) {
    return !run.timeout && !run.whole && !run.without_end;
}

void explain_default_limit(const CheckRun& run, Error& error) {
    error.detail += fmt::format("{}without --timeout it is {} s", error.detail.empty() ? "" : "; ",
                                static_cast<double>(limit_of(run)->count()) / 1000);
    error.advice.emplace_back(
        "Schedulers kill a check after 60 s as a rule, so it ends before. Where it needs longer, raise "
        "--timeout and the scheduler's own limit for it.");
}

int tell_error(Error error, const CheckRun& run) {
    if (error.id == ErrorId::run_timeout) {
        // As an option that is wrong: Centreon ends itself then.
        if (run.whole && limit_of(run) == run.whole)
            return refuse_check(Error(ErrorId::usage_invalid, "script global timeout"), run.words);
        if (has_default_limit(run)) explain_default_limit(run, error);
    }
    if (run.advise != nullptr) error = run.advise(std::move(error), run.target);
    return error.info().phase == Phase::usage ? refuse_check(error, run.words) : fail_check(error, run.words);
}

// Where the file cannot be written, the result is told all the same, and that is part of it.
int tell_without_file(checks::Report report, const CheckRun& run, const std::string& why) {
    auto words = run.words;
    report.say(checks::Status::unknown,
               fmt::format("cannot open file  '{}': {}", words.text("output-file"), why));
    words.set("output-file", "");
    const auto printed = checks::print(report, *run.mode, words);
    if (!printed.ok()) return refuse_check(printed.error(), words);
    return tell_check(*printed);
}

int tell_result(const Result<checks::Report>& report, const CheckRun& run) {
    if (!report.ok()) return tell_error(report.error(), run);
    const auto printed = checks::print(*report, *run.mode, run.words);
    if (!printed.ok()) return refuse_check(printed.error(), run.words);
    if (printed->file.empty()) return tell_check(*printed);
    if (const auto why = write_result(printed->file, masked(printed->text)))
        return tell_without_file(*report, run, *why);
    return printed->exit_code;
}

Result<void> check_errors_exit(const Words& words) {
    const auto said = words.get("wsman-errors-exit");
    if (!said) return {};
    for (const std::string_view word : {"ok", "warning", "critical", "unknown", "pending"})
        if (said->size() == word.size() && ::strncasecmp(said->data(), word.data(), word.size()) == 0)
            return {};
    return Error(ErrorId::usage_invalid, fmt::format("Unknown value '{}' for --wsman-errors-exit.", *said));
}

}  // namespace

Result<void> read_option_files(const ModeInfo& mode, Words& words) {
    for (const auto& option : mode.options) {
        const std::string name(option.file == 0 ? "" : words.text(option.name));
        if (name.empty()) continue;
        auto text = os::read_input(name, option.file);
        // An empty text would be an option that was not given.
        if (text.ok() && text->empty())
            return Error(ErrorId::usage_invalid, fmt::format("--{}: {} is empty", option.name, name));
        if (text.ok()) {
            words.set(option.name, std::move(text).value());
            continue;
        }
        auto why = text.error().detail;
        if (why.starts_with(name + ": ")) why.erase(0, name.size() + 2);
        return Error(ErrorId::usage_invalid, fmt::format("Could not open file {} : {}", name, why));
    }
    return {};
}

int tell_check(const checks::Printed& printed) {
    if (write_all(STDOUT_FILENO, masked(printed.text))) return printed.exit_code;
    return unknown;  // A result that nobody got is none.
}

int refuse_check(const Error& error, const checks::Words& words) {
    return tell_check(checks::print_refusal(error, words));
}

int fail_check(const Error& error, const checks::Words& words) {
    auto exit = words.text("wsman-errors-exit");
    return tell_check(checks::print_refusal(error, words, exit.empty() ? "unknown" : exit));
}

Result<void> check_words(const ModeInfo& mode, const Words& words, const target::Target& target,
                         bool compat) {
    const auto setting = setting_of(words, target, compat);
    MULLION_TRY(mode.make()->prepare(setting));
    if (checks::keeps_sample(mode, words)) MULLION_TRY(checks::state_folder(words));
    return check_errors_exit(words);
}

std::optional<Duration> limit_of(const CheckRun& run) {
    auto limit = run.timeout;
    if (has_default_limit(run)) limit = checks::default_limit(run.target);
    if (limit && run.interval) *limit += *run.interval;
    if (run.whole && (!limit || *run.whole < *limit)) limit = run.whole;
    return limit;
}

int run_check(CheckRun run, Interrupts& interrupts) {
    auto* const runtime = new client::Runtime();  // Never deleted: see process.cc.
    interrupts.on_first([runtime] { runtime->stop_waiting(); });
    auto session = client::Session::make(*runtime, run.target, std::move(run.credential));
    interrupts.on_first({});
    if (!session.ok()) return tell_error(session.error(), run);
    const int status = tell_result(Work(run, *runtime, **session, interrupts).look(), run);
    // Behind the result: what was left of an enumeration is released, and a shell is deleted.
    for (const auto& late : (*session)->finish())
        (void)write_all(STDERR_FILENO, "mullion: warning: " + describe(late));
    return status;
}

}  // namespace mullion::cli
