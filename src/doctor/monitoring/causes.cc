#include "doctor/monitoring/causes.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "auth/policy.h"
#include "doctor/monitoring/grants.h"
#include "doctor/monitoring/layers.h"
#include "wsman/values.h"

namespace mullion::doctor {
namespace {

using Causes = std::vector<Cause>;

constexpr std::string_view main_namespace = "root/cimv2";

bool starts_with(std::string_view text, std::string_view start) {
    return wsman::same_ignoring_case(text.substr(0, start.size()), start);
}

std::string namespace_of(const checks::Ask& question) {
    if (const auto* query = std::get_if<checks::Query>(&question)) return query->cim_namespace;
    const auto* call = std::get_if<checks::Call>(&question);
    return call == nullptr ? std::string() : call->of.of.cim_namespace;
}

// "HKLM\…", as the modes ask for.
std::string key_of(const checks::Ask& question) {
    const auto* call = std::get_if<checks::Call>(&question);
    if (call == nullptr) return {};
    for (const auto& argument : call->arguments)
        if (argument.name == "sSubKeyName" && !argument.values.empty()) return argument.values.front().text;
    return {};
}

bool is_open(Chart& chart, Layer layer) {
    const auto question = control_of(chart, layer);
    return sign_of(chart.questions.ask(chart.probes, *chart.way_in, question)) == Sign::answered;
}

// A page file or an update there may be none of. What is not listed here is empty nowhere.
bool may_be_empty(const checks::Ask& question) {
    constexpr std::array<std::string_view, 4> some = {"Win32_PageFileUsage", "Win32_NetworkAdapter",
                                                      "CCM_ClientUtilities", "Win32_Volume"};
    const auto name = class_of(question);
    return std::any_of(some.begin(), some.end(),
                       [&](auto one) { return wsman::same_ignoring_case(one, name); });
}

// WMI reads Security for those with a privilege alone.
Cause right_at_log(const std::string& user, const checks::Ask& question) {
    const auto* query = std::get_if<checks::Query>(&question);
    const bool security = query != nullptr && query->wql.find("'Security'") != std::string::npos;
    return security ? grant::security_privilege() : grant::event_log_readers(user);
}

// By WMI. Of a namespace that lets other classes be read, it is what the class itself asks for.
Causes denied(Chart& chart, const checks::Ask& question) {
    const auto& user = chart.subject.user;
    const auto name = namespace_of(question);
    const bool invokes = std::holds_alternative<checks::Call>(question);
    if (name != main_namespace || !is_open(chart, Layer::cim)) return {grant::cim_namespace(name, invokes)};
    switch (layer_of(question)) {
        case Layer::counters:
            return {grant::performance_monitor_users(user)};
        case Layer::eventlog:
            return {right_at_log(user, question)};
        case Layer::services:
            return {grant::service_manager(user)};
        default:
            return {};
    }
}

// WinRM's own gate, in front of all classes: nothing in such a fault says that WMI was reached, and nothing
// that it was not, so that the namespace's rights come last.
Causes not_let_in(Chart& chart, const checks::Ask& question) {
    const auto& user = chart.subject.user;
    const bool invokes = std::holds_alternative<checks::Call>(question);
    Causes causes;
    if (is_open(chart, Layer::cim)) {  // Queries pass it.
        if (!invokes) return denied(chart, question);
        causes = {grant::root_sddl_invoke()};
    } else {
        causes = {grant::remote_management_users(user), grant::root_sddl()};
        if (!auth::is_domain_account(user, chart.subject.target.host)) causes.push_back(grant::full_token());
    }
    causes.push_back(grant::cim_namespace(namespace_of(question), invokes));
    return causes;
}

// How many processes the account sees.
std::size_t processes_of(Chart& chart) {
    const auto asks = questions_of("processes", {}, chart.questions.clock());
    if (asks.empty()) return 0;
    const auto& told = chart.questions.ask(chart.probes, *chart.way_in, asks.front());
    const auto* rows = std::get_if<checks::Rows>(&told.answer.of);
    return rows == nullptr ? 0 : rows->size();
}

Causes nothing(Chart& chart, const checks::Ask& question) {
    const auto& user = chart.subject.user;
    switch (layer_of(question)) {
        case Layer::counters:
            // The group is for all of them: where one class is answered, another lacks something else.
            if (class_of(control_of(chart, Layer::counters)) != class_of(question) &&
                is_open(chart, Layer::counters))
                return {grant::broken_counters()};
            return {grant::performance_monitor_users(user), grant::broken_counters()};
        case Layer::eventlog:
            return {right_at_log(user, question), grant::quiet_log()};
        case Layer::services:
            // Where not even processes are seen, it may be all of the namespace.
            if (processes_of(chart) > 0) return {grant::service_manager(user)};
            return {grant::service_manager(user), grant::cim_namespace(namespace_of(question), false)};
        case Layer::files:
            return {grant::folder(chart.subject.monitoring->folder, user),
                    grant::folder_empty(chart.subject.monitoring->folder)};
        default:
            // The namespace is open where another class of it is answered.
            if (is_open(chart, Layer::cim)) return {};
            return {grant::cim_namespace(namespace_of(question), false)};
    }
}

// Of counters that others of are there, it may be that Windows has this one no more, or not yet.
Causes no_class(Chart& chart, const checks::Ask& question) {
    if (layer_of(question) != Layer::counters) return {grant::no_such_class()};
    if (is_open(chart, Layer::counters)) return {grant::broken_counters(), grant::no_such_class()};
    return {grant::broken_counters()};
}

Causes of_sign(Chart& chart, Sign sign, const checks::Ask& question) {
    switch (sign) {
        case Sign::not_let_in:
            return not_let_in(chart, question);
        case Sign::denied:
            return denied(chart, question);
        case Sign::nothing:
            return nothing(chart, question);
        case Sign::no_class:
            return no_class(chart, question);
        case Sign::key_denied:
            return {grant::registry_key(key_of(question))};
        case Sign::quota:
            return {grant::operations()};
        default:
            return {};
    }
}

ErrorId id_of(Sign sign, const Told& told) {
    switch (sign) {
        case Sign::nothing:
        case Sign::not_let_in:
        case Sign::denied:
        case Sign::key_denied:
            return ErrorId::wsman_access_denied;
        case Sign::quota:
            return ErrorId::wsman_quota;
        default:
            return told.answer.error() == nullptr ? ErrorId::wsman_fault : told.answer.error()->id;
    }
}

// Of a command's output, the codes that stand there in every language.
std::optional<Lack> lack_of_output(Chart& chart, const checks::Ask& question,
                                   const checks::CommandOutput& output) {
    const auto says = [&](std::string_view mark) {
        return output.out.find(mark) != std::string::npos || output.err.find(mark) != std::string::npos;
    };
    Lack lack{.layer = std::string(name_of(Layer::shell)), .seen = {}, .causes = {}};
    if (says("0x80070005")) {
        lack.seen = name_of(question) + " said 0x80070005, access denied";
        lack.causes = {grant::administrators(chart.subject.user)};
        return lack;
    }
    if (output.exit_code != 0 && says("[5]:")) {
        lack.seen = name_of(question) + " said error 5, access denied";
        lack.causes = {grant::remote_desktop_query()};
        return lack;
    }
    return {};
}

std::optional<Lack> lack_of_command(Chart& chart, const checks::Ask& question, const Told& told) {
    if (const auto* output = std::get_if<checks::CommandOutput>(&told.answer.of))
        return lack_of_output(chart, question, *output);
    const auto& error = *told.answer.error();
    Lack lack{.layer = std::string(name_of(Layer::shell)), .id = error.id, .seen = {}, .causes = {}};
    lack.seen = fmt::format("{}: {}", name_of(question),
                            error.detail.empty() ? std::string(error.info().text) : error.detail);
    const auto& user = chart.subject.user;
    if (error.wsman_code == wsman::code::shells_not_allowed)
        lack.causes = {grant::remote_shells()};
    else if (error.id == ErrorId::wsman_access_denied)
        lack.causes = {grant::remote_management_users(user), grant::root_sddl_invoke()};
    else if (error.id == ErrorId::wsman_quota)
        lack.causes = {grant::operations()};
    return lack;
}

}  // namespace

Layer layer_of(const checks::Ask& question) {
    if (std::holds_alternative<checks::Command>(question)) return Layer::shell;
    if (std::holds_alternative<checks::Identification>(question)) return Layer::none;
    const auto name = class_of(question);
    if (starts_with(name, "Win32_PerfRawData_") || starts_with(name, "Win32_PerfFormattedData_"))
        return Layer::counters;
    struct Row {
        std::string_view name;
        Layer layer;
    };
    constexpr std::array<Row, 5> rows = {{{"Win32_NTLogEvent", Layer::eventlog},
                                          {"Win32_Service", Layer::services},
                                          {"CIM_DataFile", Layer::files},
                                          {"StdRegProv", Layer::registry},
                                          // Of Configuration Manager's client, which most hosts have not.
                                          {"CCM_ClientUtilities", Layer::none}}};
    for (const auto& row : rows)
        if (wsman::same_ignoring_case(row.name, name)) return row.layer;
    return Layer::cim;
}

std::string_view name_of(Layer layer) {
    switch (layer) {
        case Layer::cim:
            return "cim";
        case Layer::counters:
            return "counters";
        case Layer::eventlog:
            return "eventlog";
        case Layer::services:
            return "services";
        case Layer::files:
            return "files";
        case Layer::registry:
            return "registry";
        case Layer::shell:
            return "shell";
        case Layer::none:
            break;
    }
    return "";
}

std::optional<Lack> lack_of(Chart& chart, const checks::Ask& question, const Told& told) {
    const auto layer = layer_of(question);
    if (layer == Layer::none) return {};
    if (layer == Layer::shell) return lack_of_command(chart, question, told);
    const auto sign = sign_of(told);
    if (sign == Sign::answered || (sign == Sign::nothing && may_be_empty(question))) return {};
    Lack lack;
    // What stands before all classes is what `cim` is about.
    const bool gate = sign == Sign::not_let_in && !is_open(chart, Layer::cim);
    lack.layer = name_of(sign == Sign::quota ? Layer::none : gate ? Layer::cim : layer);
    if (sign == Sign::quota) lack.layer = "quota";
    lack.id = id_of(sign, told);
    lack.seen = evidence_of(question, told);
    if (layer == Layer::services && sign == Sign::nothing)
        lack.seen += fmt::format("; Win32_Process has {}", processes_of(chart));
    lack.causes = of_sign(chart, sign, question);
    return lack;
}

}  // namespace mullion::doctor
