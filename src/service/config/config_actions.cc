// What is invoked on winrm/config: restore, and what `winrm quickconfig` asks a service.
#include "http/message.h"
#include "service/config/config_faults.h"
#include "service/config/config_resources.h"
#include "service/config/remoting.h"
#include "service/config/security_edits.h"
#include "wsman/quickconfig.h"

namespace mullion::service {
namespace {

// Windows' words, which scripts look for.
constexpr const char* runs = "WinRM service is already running on this machine.";
constexpr const char* is_set_up = "WinRM is already set up for remote management on this computer.";

}  // namespace

// An action's URI is that of its resource and its name; both are asked, in either case.
ConfigResources::Action ConfigResources::action_of(const wsman::Header& header) {
    struct Row {
        std::string_view path, name;
        Action action;
    };
    using C = ConfigResources;
    static constexpr std::array rows{
        Row{"", "/restore", &C::restore},
        Row{"/plugin", "/restore", &C::restore_plugins},
        Row{"/service", "/AnalyzeService", &C::analyze_service},
        Row{"/service", "/EnableService", &C::enable_service},
        Row{"/service", "/Analyze", &C::analyze},
        Row{"/service", "/EnableRemoting", &C::enable_remoting},
    };
    for (const Row& row : rows) {
        const auto resource = std::string(wsman::resource::config).append(row.path);
        if (http::same_without_case(header.resource_uri, resource) &&
            http::same_without_case(header.action, resource + std::string(row.name)))
            return row.action;
    }
    return nullptr;
}

// `winrm invoke restore winrm/config @{}`
ResourceHandler::Answer ConfigResources::restore(const Call& call) {
    auto restoring = restored(call, restore_values);
    co_return co_await std::move(restoring);
}

// `winrm invoke restore winrm/config/plugin @{}`
ResourceHandler::Answer ConfigResources::restore_plugins(const Call& call) {
    auto restoring = restored(call, service::restore_plugins);
    co_return co_await std::move(restoring);
}

ResourceHandler::Answer ConfigResources::restored(const Call& call, Edit edit) {
    auto changing = change(call, std::move(edit));
    const auto tree = co_await std::move(changing);
    if (!tree.ok()) co_return fault_of(tree.error());
    co_return wsman::write_config_invoked(call.message.header.action, call.answer_id,
                                          call.message.header.message_id);
}

// It answers, so it runs; whether it starts by itself is the machine's to say.
ResourceHandler::Answer ConfigResources::analyze_service(const Call& call) {
    const auto& header = call.message.header;
    const auto read = wsman::read_quickconfig_empty(call.message, "AnalyzeService");
    if (!read.ok()) co_return fault_of(read.error());
    co_return wsman::write_quickconfig_analysis(header.action, call.answer_id, header.message_id,
                                                {true, {}, runs, std::nullopt}, "EnableService");
}

ResourceHandler::Answer ConfigResources::enable_service(const Call& call) {
    const auto& header = call.message.header;
    const auto read = wsman::read_quickconfig_empty(call.message, "EnableService");
    if (!read.ok()) co_return fault_of(read.error());
    co_return wsman::write_quickconfig_done(header.action, call.answer_id, header.message_id, runs);
}

// Certificates are looked for on disk.
net::Task<Result<RemotingPlan>> ConfigResources::planned(bool https) const {
    const auto tree = parts_.keeper.tree();
    auto job = [&] { return plan_remoting(*tree, https, parts_.places); };
    auto working = parts_.keeper.workers().run(job);
    co_return co_await std::move(working);
}

ResourceHandler::Answer ConfigResources::analyze(const Call& call) {
    const auto& header = call.message.header;
    const auto input = wsman::read_quickconfig_input(call.message, "Analyze");
    if (!input.ok()) co_return fault_of(input.error());
    auto planning = planned(input->https);
    const auto plan = co_await std::move(planning);
    if (!plan.ok()) co_return fault_of(plan.error());
    wsman::QuickconfigAnalysis analysis{true, {}, is_set_up, std::nullopt};
    if (!plan->by_policy.empty())
        analysis = {false, std::string(wsman::policy_source), plan->by_policy, std::nullopt};
    else if (!plan->steps.empty())
        analysis = {false, {}, wanted_lines(*plan), *input};
    co_return wsman::write_quickconfig_analysis(header.action, call.answer_id, header.message_id, analysis,
                                                "EnableRemoting");
}

// Whatever was changed since the analysis: it is made so that the answer is true.
ResourceHandler::Answer ConfigResources::enable_remoting(const Call& call) {
    const auto& header = call.message.header;
    const auto input = wsman::read_quickconfig_input(call.message, "EnableRemoting");
    if (!input.ok()) co_return fault_of(input.error());
    std::string results;
    Edit edit = [this, &results,
                 https = input->https](const state::ConfigTree& tree) -> Result<state::ConfigLayer> {
        MULLION_ASSIGN(auto plan, plan_remoting(tree, https, parts_.places));
        if (!plan.by_policy.empty()) return refused(wsman::code::policy_controlled, plan.by_policy);
        results = plan.steps.empty() ? is_set_up : done_lines(plan);
        return std::move(plan.layer);
    };
    auto changing = change(call, std::move(edit));
    const auto tree = co_await std::move(changing);
    if (!tree.ok()) co_return fault_of(tree.error());
    co_return wsman::write_quickconfig_done(header.action, call.answer_id, header.message_id, results);
}

}  // namespace mullion::service
