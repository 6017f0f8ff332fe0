// Each mode of `mullion check`, with its own questions and its own judgement: whether it works for this
// account, and what is missing where it does not.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <span>

#include "checks/mode.h"
#include "checks/rows.h"
#include "core/printable.h"
#include "doctor/checks.h"
#include "doctor/monitoring/layers.h"

namespace mullion::doctor {
namespace {

using checks::Answer;
using checks::Ask;

constexpr std::size_t most_questions =
    2000;  // As checks/look.cc has it: a mode that asks without end is a bug.

std::string told_of(const Error& error) {
    return error.detail.empty() ? std::string(error.info().text) : error.detail;
}

class Look {
public:
    Look(Chart& chart, const Variant& variant)
        : chart_(chart),
          variant_(variant),
          setting_{variant.words, chart.subject.target.host, chart.subject.target.port,
                   chart.questions.clock(), false} {
        row_.mode = variant.name;
    }

    ModeRow row() {
        const auto* info = checks::find_mode(variant_.mode);
        mode_ = info->make();
        if (const auto prepared = mode_->prepare(setting_); !prepared.ok())
            return without_answer("has to be asked with options of its own: " + prepared.error().detail);
        if (!ask_all()) return without_answer(told_of(*chart_.questions.lost()));
        judge();
        add_hidden_services();
        if (!row_.lacks.empty() && row_.seen.empty()) row_.seen = row_.lacks.front().seen;
        return std::move(row_);
    }

private:
    ModeRow without_answer(std::string why) {
        row_.works = Works::unknown;
        row_.seen = one_line(why);
        row_.lacks.clear();
        return std::move(row_);
    }

    // False: the conversation has ended.
    bool ask_all() {
        for (;;) {
            const auto questions = mode_->ask(setting_, answers_);
            if (questions.empty() || answers_.size() + questions.size() > most_questions) return true;
            for (const auto& question : questions) {
                const auto& told = chart_.questions.ask(chart_.probes, *chart_.way_in, question);
                if (chart_.questions.lost() != nullptr) return false;
                take(question, told);
            }
            if (failed_ && !mode_->takes_errors()) return true;
        }
    }

    void take(const Ask& question, const Told& told) {
        answers_.push_back(told.answer);
        if (const auto* error = told.answer.error(); error != nullptr && !failed_) failed_ = *error;
        auto lack = lack_of(chart_, question, told);
        if (!lack) return;
        const bool known = std::any_of(row_.lacks.begin(), row_.lacks.end(), [&](const auto& other) {
            return other.layer == lack->layer && !other.causes.empty() && !lack->causes.empty() &&
                   other.causes.front().grant == lack->causes.front().grant;
        });
        if (!known) row_.lacks.push_back(std::move(*lack));
    }

    void judge() {
        if (failed_ && !mode_->takes_errors()) return fail(one_line(told_of(*failed_)));
        checks::Samples samples;
        checks::Report report;
        const auto judged = mode_->judge(setting_, answers_, samples, report);
        const auto unknown = std::find_if(report.texts.begin(), report.texts.end(), [](const auto& text) {
            return text.status == checks::Status::unknown;
        });
        if (!judged.ok() || unknown != report.texts.end()) {
            fail(one_line(judged.ok() ? unknown->text : told_of(judged.error())));
        } else if (!row_.lacks.empty()) {
            // It says something, and not all: of an empty answer that is not what is there.
            row_.works = is_nothing() ? Works::no : Works::partly;
        } else {
            row_.seen = seen_by_others();
        }
    }

    // What takes too long is no right that is missing.
    void fail(std::string seen) {
        const bool late = failed_ && failed_->id == ErrorId::run_timeout;
        if (late) row_.lacks.clear();
        row_.works = late ? Works::unknown : Works::no;
        row_.seen = std::move(seen);
    }

    // Not one row came.
    [[nodiscard]] bool is_nothing() const {
        return std::all_of(answers_.begin(), answers_.end(), [](const Answer& answer) {
            const auto* rows = std::get_if<checks::Rows>(&answer.of);
            return answer.error() != nullptr || (rows != nullptr && rows->empty());
        });
    }

    void add_hidden_services() {
        const bool lists = std::any_of(answers_.begin(), answers_.end(), [](const Answer& answer) {
            const auto* rows = std::get_if<checks::Rows>(&answer.of);
            return rows != nullptr && !rows->empty();
        });
        // What the mode itself says of it is less than what is known here.
        if (!lists || row_.works == Works::unknown || !variant_.mode.ends_with("services")) return;
        auto lack = hidden_services(chart_);
        if (!lack) return;
        row_.works = Works::partly;
        row_.seen = lack->seen;
        row_.lacks.push_back(std::move(*lack));
    }

    // What others' processes are started with is for administrators; to count them it is not needed.
    [[nodiscard]] std::string seen_by_others() const {
        if (!variant_.mode.ends_with("processes") || answers_.empty()) return {};
        const auto& rows = checks::rows_of(answers_.front());
        const auto hidden = std::count_if(rows.begin(), rows.end(),
                                          [](const auto& row) { return !checks::text(row, "CommandLine"); });
        if (hidden == 0) return {};
        return fmt::format(
            "the command lines of {} of {} processes are null: those of others are for administrators "
            "(SeDebugPrivilege)",
            hidden, rows.size());
    }

    Chart& chart_;
    const Variant& variant_;
    const checks::Setting setting_;
    std::unique_ptr<checks::Mode> mode_;
    std::vector<Answer> answers_;
    std::optional<Error> failed_;
    ModeRow row_;
};

std::string names_of(const std::vector<const ModeRow*>& rows) {
    std::vector<std::string_view> names;
    for (const auto* row : rows) names.push_back(row->mode);
    return fmt::format("{}", fmt::join(names, ", "));
}

Finding no_way_in(const Chart& chart) {
    for (const auto& route : chart.subject.routes)
        if (const auto trouble = chart.trouble_of(name_of(route)); !trouble.empty())
            return skipped_because(trouble);
    return not_checked("nothing logged on");
}

// The failed layer that explains what is missing for a mode; empty: none does.
std::string explained_by(const Chart& chart, const ModeRow& row) {
    for (const auto& lack : row.lacks)
        if (const auto trouble = chart.trouble_of(lack.layer); !trouble.empty()) return trouble;
    return {};
}

Finding unexplained(const ModeRow& row, std::string seen) {
    const auto id = row.lacks.empty() ? ErrorId::wsman_fault : row.lacks.front().id;
    auto finding = failed(Error(id, seen));
    finding.seen = std::move(seen);
    finding.own_likely.emplace();
    finding.own_next = {"See the table: what is missing for which mode."};
    return finding;
}

Finding summary(const Chart& chart, std::size_t asked, const std::vector<const ModeRow*>& bad) {
    if (bad.empty()) return fine(fmt::format("{} of {} work with this account", asked, asked));
    const auto seen =
        fmt::format("{} of {} do not work, or not in full: {}", bad.size(), asked, names_of(bad));
    std::vector<std::string> troubles;
    for (const auto* row : bad) {
        auto by = explained_by(chart, *row);
        if (by.empty()) return unexplained(*row, seen);
        if (std::find(troubles.begin(), troubles.end(), by) == troubles.end())
            troubles.push_back(std::move(by));
    }
    auto finding = skipped_because(troubles.front());
    finding.seen = fmt::format("because of {}: {}", fmt::join(troubles, ", "), seen);
    return finding;
}

}  // namespace

std::string_view to_string(Works works) {
    switch (works) {
        case Works::yes:
            return "yes";
        case Works::partly:
            return "partly";
        case Works::no:
            return "no";
        case Works::unknown:
            return "unknown";
    }
    return {};
}

Finding check_modes(Chart& chart) {
    if (!chart.way_in) return no_way_in(chart);
    if (!chart.lost_at.empty()) return skipped_because(chart.lost_at);
    const auto variants = variants_of(*chart.subject.monitoring);
    chart.modes.reserve(variants.size());
    std::vector<const ModeRow*> bad;
    std::size_t asked = 0;
    for (const auto& variant : variants) {
        chart.modes.push_back(Look(chart, variant).row());
        if (const auto* lost = chart.questions.lost()) return failed(*lost);
        if (variant.extra || chart.modes.back().works == Works::unknown) continue;
        ++asked;
        if (chart.modes.back().works != Works::yes) bad.push_back(&chart.modes.back());
    }
    return summary(chart, asked, bad);
}

}  // namespace mullion::doctor
