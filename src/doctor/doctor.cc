#include "doctor/doctor.h"

#include <string>
#include <utility>

#include "doctor/checks.h"
#include "doctor/monitoring/layers.h"

namespace mullion::doctor {
namespace {

struct Step {
    std::string name;
    std::vector<std::string> needs;
    std::function<std::vector<Finding>(Chart&)> check;
};

Step step(std::string name, std::vector<std::string> needs, Finding (*check)(Chart&)) {
    return {std::move(name), std::move(needs),
            [check](Chart& chart) { return std::vector<Finding>{check(chart)}; }};
}

Step logon(const Route& route) {
    std::vector<std::string> needs{"schemes"};
    if (route.transport == auth::Transport::kerberos) needs.emplace_back("ticket");
    return {name_of(route), std::move(needs),
            [&route](Chart& chart) { return std::vector<Finding>{check_logon(chart, route)}; }};
}

Step layer_step(Layer layer, std::vector<std::string> needs) {
    return {std::string(name_of(layer)), std::move(needs),
            [layer](Chart& chart) { return std::vector<Finding>{check_layer(chart, layer)}; }};
}

// A shell is one layer among others here: most modes need none.
void add_monitoring(std::vector<Step>& steps) {
    steps.push_back(layer_step(Layer::cim, {"schemes"}));
    for (const auto layer : {Layer::counters, Layer::eventlog, Layer::services, Layer::files})
        steps.push_back(layer_step(layer, {"cim"}));
    steps.push_back(layer_step(Layer::registry, {"schemes"}));
    steps.push_back(layer_step(Layer::shell, {"schemes"}));
    steps.push_back(step("quota", {}, check_quota));
    steps.push_back(step("modes", {"schemes"}, check_modes));
    steps.push_back(step("config", {"schemes", "quota"}, check_config));
    steps.push_back({"safety", {"schemes", "quota"}, check_safety});
}

// The order of docs/doctor-setups.md.
std::vector<Step> plan(const Subject& subject) {
    std::vector<Step> steps{
        step("name", {}, check_name),
        step("reverse", {"name"}, check_reverse),
        step("tcp", {"name"}, check_tcp),
        step("tls", {"tcp"}, check_tls),
        step("http", {"tls"}, check_http),
        step("schemes", {"http"}, check_schemes),
        step("clock", {"schemes"}, check_clock),
        step("kdc", {"clock"}, check_kdc),
        step("ticket", {"kdc"}, check_ticket),
    };
    for (const auto& route : subject.routes) steps.push_back(logon(route));
    if (subject.monitoring) {
        add_monitoring(steps);
        return steps;
    }
    steps.push_back(step("shell", {"schemes"}, check_shell));
    steps.push_back(step("cim", {"shell"}, check_cim));
    // A shell may fail because of a quota: then that is what failed.
    steps.push_back(step("quota", {}, check_quota));
    steps.push_back(step("config", {"shell", "quota"}, check_config));
    steps.push_back({"safety", {"shell", "quota"}, check_safety});
    return steps;
}

std::string trouble_above(const Chart& chart, const Step& step) {
    for (const auto& needed : step.needs) {
        if (auto trouble = chart.trouble_of(needed); !trouble.empty()) return trouble;
    }
    return {};
}

std::vector<Finding> make(Chart& chart, const Step& step) {
    if (const auto trouble = trouble_above(chart, step); !trouble.empty()) return {skipped_because(trouble)};
    return step.check(chart);
}

bool was_interrupted(const Finding& finding) {
    return finding.error && finding.error->id == ErrorId::run_interrupted;
}

}  // namespace

const Error* Diagnosis::failure() const {
    for (const auto& finding : findings) {
        if (finding.state == State::failed) return &*finding.error;
    }
    return nullptr;
}

Diagnosis examine(const Subject& subject, Probes& probes, const std::function<void(const Finding&)>& tell) {
    Chart chart(subject, probes);
    Diagnosis diagnosis;
    for (const auto& one : plan(subject)) {
        auto findings =
            diagnosis.interrupted ? std::vector<Finding>{not_checked("interrupted")} : make(chart, one);
        for (auto& finding : findings) {
            if (was_interrupted(finding)) {
                diagnosis.interrupted = true;
                finding = not_checked("interrupted");
            }
            finding.check = one.name;
            if (finding.state == State::failed) chart.troubles[one.name] = one.name;
            if (!finding.because.empty()) chart.troubles[one.name] = finding.because;
            tell(finding);
            diagnosis.findings.push_back(std::move(finding));
        }
    }
    diagnosis.modes = std::move(chart.modes);
    return diagnosis;
}

}  // namespace mullion::doctor
