#include "cli/config_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "cli/config_yaml.h"
#include "cli/masking.h"
#include "cli/printable.h"
#include "cli/report_text.h"

namespace mullion::cli {
namespace {

using Kind = client::ConfigChange::Kind;

constexpr std::size_t object_size = 4096;  // About.

std::string value_or_nothing(const std::optional<std::string>& text) {
    if (!text) return "(not set)";
    return text->empty() ? "(empty)" : printable(*text);
}

// "2 changes", "nothing to change", "would make 1 change"
std::string what_became(const client::ConfigOutcome& outcome, const ConfigShown& shown) {
    const auto count = outcome.plan.changes.size();
    if (count == 0) return "nothing to change";
    const auto made = fmt::format("{} change{}", count, count == 1 ? "" : "s");
    return shown.check_only ? "would make " + made : made;
}

std::string prefixed(const std::string& host, const std::string& lines) {
    std::string text;
    for (std::size_t at = 0; at < lines.size();) {
        const auto end = lines.find('\n', at);
        text += fmt::format("{} | {}\n", printable(host), lines.substr(at, end - at));
        at = end + 1;
    }
    return text;
}

}  // namespace

std::vector<wsman::ConfigValue> shown_values(const ConfigShown& shown, const client::ConfigRead& read) {
    std::vector<wsman::ConfigValue> found;
    const auto add = [&](const wsman::ConfigDocument& document, const client::ConfigPath* path) {
        for (const auto& value : document.values) {
            if (path != nullptr && !path->path.empty() && value.path != path->path) continue;
            wsman::ConfigValue named = value;
            named.path = client::setting_name(document, value.path);
            if (named.source.empty()) named.source = document.source;
            if (std::find(found.begin(), found.end(), named) == found.end())
                found.push_back(std::move(named));
        }
    };
    for (const auto& path : shown.paths)
        for (const auto& document : read.documents)
            if (path.selects(document)) add(document, &path);
    if (shown.paths.empty())
        for (const auto& document : read.documents) add(document, nullptr);
    return found;
}

std::string values_text(const std::vector<wsman::ConfigValue>& values) {
    std::string text;
    for (const auto& value : values) {
        text += printable(value.path);
        if (value.nil)
            text += " = null";
        else
            text += value.text.empty() ? " =" : " = " + printable(value.text);
        if (!value.source.empty()) text += fmt::format(" [Source=\"{}\"]", printable(value.source));
        text += '\n';
    }
    return text;
}

std::string changes_text(const client::ConfigPlan& plan, std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < std::min(count, plan.changes.size()); ++i) {
        const auto& change = plan.changes[i];
        const auto instance = printable(client::instance_name(change.target));
        if (change.kind == Kind::create) text += instance + ": created\n";
        if (change.kind == Kind::remove) text += instance + ": deleted\n";
        for (const auto& one : change.differences)
            text += fmt::format("{}: {} -> {}\n", printable(one.path), value_or_nothing(one.from),
                                value_or_nothing(one.to));
    }
    return text;
}

void ConfigReport::on_config(std::size_t host, client::ConfigOutcome outcome) {
    auto name = hosts_.name(host);
    mask(outcome);
    state_.ended(host, outcome.status, outcome.error);
    if (format_ == Format::text) {
        tell_text(name, outcome);
        return;
    }
    auto object = config_object(name, outcome, shown_);
    writer_.result(object_size, [document = format_ == Format::json ? document_ : nullptr,
                                 object = std::move(object)]() mutable {
        return document ? document->add(std::move(object)) : std::move(object) + "\n";
    });
}

std::string ConfigReport::lines_of(const std::string& host, const client::ConfigOutcome& outcome) const {
    if (shown_.view == ConfigView::file) {
        if (outcome.error) return {};
        return (state_.several() ? "---\n" : "") + config_yaml(host, outcome.read);
    }
    std::string lines;
    if (shown_.view == ConfigView::changes)
        lines = changes_text(outcome.plan, shown_.check_only ? outcome.plan.changes.size() : outcome.done);
    else if (!outcome.error)
        lines = values_text(shown_values(shown_, outcome.read));
    return state_.several() ? prefixed(host, lines) : lines;
}

void ConfigReport::tell_text(const std::string& host, const client::ConfigOutcome& outcome) {
    for (const auto& text : outcome.plan.warnings) writer_.note(warning(host + ": " + text));
    if (auto lines = lines_of(host, outcome); !lines.empty()) writer_.result(false, std::move(lines));
    if (outcome.done != outcome.plan.changes.size() && outcome.error)
        writer_.note(fmt::format("{}: {} of {} changes made\n", printable(host), outcome.done,
                                 outcome.plan.changes.size()));
    if (outcome.status == Status::ok) {
        if (shown_.view == ConfigView::changes)
            writer_.note(fmt::format("{}: {} in {}\n", printable(host), what_became(outcome, shown_),
                                     seconds(outcome.duration)));
    } else if (!state_.several()) {
        const auto error = outcome.error ? describe(*outcome.error) : std::string();
        writer_.note(error + brief_status(host, outcome.status, outcome.duration, outcome.reason));
    } else if (!outcome.error || closing_.add(host, *outcome.error)) {
        writer_.note(brief(host, outcome));
    }
}

void ConfigReport::finish(Duration elapsed) {
    const auto tally = state_.tally();
    if (format_ == Format::json)
        writer_.result(0, [document = document_, tally] { return document->end(tally); });
    if (format_ == Format::text && state_.several()) writer_.note(closing_.text(tally, elapsed));
}

}  // namespace mullion::cli
