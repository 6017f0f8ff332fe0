#include "doctor/monitoring/layers.h"

#include <fmt/core.h>

#include <algorithm>

#include "checks/mode.h"
#include "checks/rows.h"
#include "doctor/checks.h"

namespace mullion::doctor {
namespace {

using checks::Ask;
using checks::Words;

constexpr const char* two_days = "48";  // Hours: in less, nothing may have happened on a quiet host.

Words words_of(const Monitoring& monitoring, std::string_view mode) {
    Words words;
    if (mode == "services") words.set("auto", "1");
    if (mode.starts_with("files-")) words.set("folder", monitoring.folder);
    if (mode == "eventlog") {
        words.set("filter-logfile", "System");
        words.set("timeframe", two_days);
    }
    return words;
}

Words with(Words words, std::string_view name, std::string value) {
    words.set(name, std::move(value));
    return words;
}

template <class Wanted>
Ask first_of(const std::vector<Ask>& asks, Wanted wanted) {
    const auto found = std::find_if(asks.begin(), asks.end(), wanted);
    return found == asks.end() ? Ask(checks::Identification{}) : *found;
}

bool is_query(const Ask& ask) {
    return std::holds_alternative<checks::Query>(ask);
}

// Of a value that everybody on the host may read: what it takes is the right to call methods.
bool reads_the_hosts_name(const Ask& ask) {
    const auto* call = std::get_if<checks::Call>(&ask);
    return call != nullptr && call->method == "GetStringValue";
}

std::string_view control_mode(Layer layer) {
    switch (layer) {
        case Layer::counters:
            return "uptime";
        case Layer::eventlog:
            return "eventlog";
        case Layer::services:
            return "list-services";
        case Layer::files:
            return "files-size";
        case Layer::registry:
            return "pending-reboot";
        case Layer::shell:
            return "updates";
        default:
            return "connect";
    }
}

bool is_needed(Chart& chart, Layer layer) {
    for (const auto& variant : variants_of(*chart.subject.monitoring)) {
        if (variant.extra) continue;
        for (const auto& ask : questions_of(variant.mode, variant.words, chart.questions.clock()))
            if (layer_of(ask) == layer) return true;
    }
    return layer == Layer::cim;
}

std::string seen_of(const Ask& question, const Told& told) {
    const auto* rows = std::get_if<checks::Rows>(&told.answer.of);
    if (rows == nullptr) return name_of(question) + " is answered";
    if (const auto caption = checks::text(rows->front(), "Caption"); caption && rows->size() == 1)
        return fmt::format("{}: {}", name_of(question), *caption);
    return fmt::format("{}: {}{} instance{}", name_of(question), told.more ? "more than " : "", rows->size(),
                       rows->size() == 1 ? "" : "s");
}

Finding finding_of(const Lack& lack) {
    auto finding = failed(Error(lack.id, lack.seen));
    // An answer that is empty is evidence of a denial, and none: only what was seen is said.
    finding.seen = lack.seen;
    finding.own_likely.emplace();
    for (const auto& cause : lack.causes) {
        finding.own_likely->push_back((finding.own_likely->empty() ? "missing: " : "or: ") + cause.grant);
        finding.on_host.insert(finding.on_host.end(), cause.how.begin(), cause.how.end());
    }
    if (!lack.causes.empty())
        finding.own_next = {"A right counts from the next log-on: give it, and run this again."};
    return finding;
}

Finding check_shells(Chart& chart) {
    if (!is_needed(chart, Layer::shell)) return not_checked("no mode that was asked for needs a shell");
    return check_shell(chart);
}

}  // namespace

std::vector<Variant> variants_of(const Monitoring& monitoring) {
    std::vector<Variant> all;
    for (const auto& mode : checks::modes()) {
        const bool asked_for =
            std::find(monitoring.modes.begin(), monitoring.modes.end(), mode.name) != monitoring.modes.end();
        if (!monitoring.modes.empty() && !asked_for) continue;
        auto words = words_of(monitoring, mode.name);
        if (monitoring.modes.empty() && questions_of(mode.name, words, system_clock()).empty()) continue;
        all.push_back({mode.name, std::string(mode.name), words});
        if (mode.name == "eventlog")
            all.push_back({mode.name, "eventlog --filter-logfile=Security",
                           with(words, "filter-logfile", "Security"), true});
        if (mode.name == "sessions")
            all.push_back({mode.name, "sessions --command=qwinsta", with(words, "command", "qwinsta"), true});
    }
    return all;
}

Ask control_of(Chart& chart, Layer layer) {
    const auto mode = control_mode(layer);
    const auto asks = questions_of(mode, words_of(*chart.subject.monitoring, mode), chart.questions.clock());
    if (layer == Layer::registry) return first_of(asks, reads_the_hosts_name);
    return first_of(asks, is_query);
}

Finding check_layer(Chart& chart, Layer layer) {
    if (!chart.way_in) return not_checked("nothing logged on");
    if (!chart.lost_at.empty()) return skipped_because(chart.lost_at);
    if (layer == Layer::shell) return check_shells(chart);
    if (!is_needed(chart, layer)) return not_checked("no mode that was asked for needs it");
    const auto question = control_of(chart, layer);
    const auto& told = chart.questions.ask(chart.probes, *chart.way_in, question);
    if (const auto* lost = chart.questions.lost()) {
        chart.lost_at = name_of(layer);
        return failed(*lost);
    }
    auto lack = lack_of(chart, question, told);
    if (!lack && layer == Layer::services) lack = hidden_services(chart);
    if (!lack) return fine(seen_of(question, told));
    if (lack->layer != "quota") return finding_of(*lack);
    chart.quota = *told.answer.error();
    return skipped_because("quota");
}

}  // namespace mullion::doctor
