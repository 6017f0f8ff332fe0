#include "service/config/remoting.h"

#include <fmt/core.h>

#include <algorithm>

#include "service/config/config_faults.h"
#include "state/settings_table.h"

namespace mullion::service {
namespace {

using state::ConfigTree;
using state::Origin;

class Planner {
public:
    Planner(const ConfigTree& tree, bool https, const CertificatePlaces& places)
        : tree_(tree), https_(https), places_(places) {}

    Result<RemotingPlan> plan() {
        MULLION_TRY(set("Service/AllowRemoteAccess", "false", "true",
                        {"Allow requests of other machines.", "Allowed requests of other machines."}));
        // A filter that leaves one family of addresses is somebody's choice; none at all is no service.
        if (value("Service/IPv4Filter").text.empty() && value("Service/IPv6Filter").text.empty())
            MULLION_TRY(set("Service/IPv4Filter", "", "*",
                            {"Let listeners use every address of version 4 (IPv4Filter).",
                             "Let listeners use every address of version 4 (IPv4Filter)."}));
        MULLION_TRY(add_listener());
        out_.layer = tree_.file;
        return std::move(out_);
    }

private:
    ConfigTree::Value value(std::string_view path) const {
        return tree_.value(*state::find_setting(path)->row);
    }

    Result<void> set(std::string_view path, std::string_view bad, const char* good, RemotingPlan::Step step) {
        const auto now = value(path);
        if (now.text != bad) return {};
        if (now.origin == Origin::policy) return by_policy(fmt::format("{} is \"{}\"", path, now.text));
        if (now.origin == Origin::command_line)
            return refused(wsman::code::policy_controlled,
                           fmt::format("{} is given on the command line that the service was started with: "
                                       "change it there",
                                       path));
        tree_.file.values.insert_or_assign(std::string(path), good);
        out_.steps.push_back(std::move(step));
        return {};
    }

    Result<void> by_policy(std::string what) {
        if (out_.by_policy.empty()) out_.by_policy = "Policy says that " + std::move(what) + ".";
        return {};
    }

    Result<void> add_listener() {
        const std::string transport = https_ ? "HTTPS" : "HTTP";
        const auto what = fmt::format(
            "WinRM listener on {}://* to accept WS-Man requests to any IP on this machine.", transport);
        const auto all = tree_.listeners();
        const auto found = std::find_if(all.begin(), all.end(), [&](const ConfigTree::Listener& one) {
            return one.settings.https == https_ && one.settings.address == "*";
        });
        if (found != all.end() && found->settings.enabled) return {};
        const wsman::ConfigTarget target{&listener_resource(), {{"Address", "*"}, {"Transport", transport}}};
        wsman::ConfigDocument asked{&listener_resource(), {}, {}, {{"Enabled", "true", {}, false}}, {}};
        if (found == all.end()) {
            MULLION_ASSIGN(tree_.file, create_listener(tree_, target, asked, places_));
            out_.steps.push_back({"Create a " + what, "Created a " + what});
            return {};
        }
        if (found->origin == Origin::policy)
            return by_policy(fmt::format("the listener on {}://* is not enabled", transport));
        MULLION_ASSIGN(tree_.file, put_listener(tree_, target, asked, ListenerFacts{}, places_));
        out_.steps.push_back({"Enable the " + what, "Enabled the " + what});
        return {};
    }

    ConfigTree tree_;  // With what was planned so far.
    bool https_;
    const CertificatePlaces& places_;
    RemotingPlan out_;
};

std::string lines(const RemotingPlan& plan, std::string RemotingPlan::Step::*which) {
    std::string out;
    for (const auto& step : plan.steps) {
        if (!out.empty()) out += "\n";
        out += step.*which;
    }
    return out;
}

}  // namespace

Result<RemotingPlan> plan_remoting(const state::ConfigTree& tree, bool https,
                                   const CertificatePlaces& places) {
    return Planner(tree, https, places).plan();
}

std::string wanted_lines(const RemotingPlan& plan) {
    return lines(plan, &RemotingPlan::Step::wanted);
}

std::string done_lines(const RemotingPlan& plan) {
    return lines(plan, &RemotingPlan::Step::done);
}

}  // namespace mullion::service
