#include "cli/winrm_cuts.h"

#include <algorithm>
#include <utility>

#include "client/config_cuts.h"
#include "client/config_path.h"
#include "winrm/letters.h"
#include "wsman/config.h"

namespace mullion::cli {
namespace {

// As the service will spell it: "False" is false.
std::string spelt(const wsman::ConfigResource& resource, const wsman::ConfigValue& value) {
    const auto* row = wsman::find_config_row(resource, value.path);
    if (row == nullptr) return value.text;
    auto text = wsman::config_text(*row, value.text);
    return text.ok() ? std::move(text).value() : value.text;
}

// Keys as the table names them; those that are not there are left out.
wsman::ConfigTarget target_of(const wsman::ConfigResource& resource, const winrm::Request& request) {
    wsman::ConfigTarget target{&resource, {}};
    for (const auto& key : resource.keys)
        for (const auto& one : request.resource.selectors)
            if (winrm::same_letters(one.name, key)) target.keys.push_back({std::string(key), one.value});
    return target;
}

bool is_meant(const wsman::ConfigDocument& document, const wsman::ConfigTarget& target) {
    if (document.resource != target.resource) return false;
    return std::all_of(target.keys.begin(), target.keys.end(), [&](const auto& key) {
        const auto* value = document.find(key.name);
        return value != nullptr && winrm::same_letters(value->text, key.value);
    });
}

// As it was got, or as the visit read it.
std::optional<wsman::ConfigDocument> before_of(const wsman::ConfigTarget& target,
                                               const std::optional<std::string>& current,
                                               const client::ConfigRead& now) {
    if (current) {
        auto document = wsman::read_config_item(*current, *target.resource);
        if (!document.ok()) return std::nullopt;
        return std::move(document).value();
    }
    for (const auto& document : now.documents)
        if (is_meant(document, target)) {
            wsman::ConfigDocument copy;
            copy.resource = document.resource;
            copy.values = document.values;
            return copy;
        }
    return std::nullopt;
}

}  // namespace

std::vector<std::string> cuts_between(const wsman::ConfigTarget& target, const wsman::ConfigDocument& before,
                                      std::string_view wanted, const client::ConfigRead& now) {
    auto after = wsman::read_config_item(wanted, *target.resource);
    if (!after.ok()) return {};
    client::ConfigChange change;
    change.target = target;
    change.document.resource = target.resource;
    for (auto& value : after->values) {
        value.text = spelt(*target.resource, value);
        const auto* was = before.find(value.path);
        if (was == nullptr || was->text != value.text) change.document.values.push_back(std::move(value));
    }
    std::vector<std::string> told;
    for (auto& cut : client::cuts_of(change, &before, now)) told.push_back(std::move(cut.what));
    return told;
}

Result<std::vector<std::string>> cuts_of_put(client::Session& session, const winrm::Request& request,
                                             const std::optional<std::string>& current,
                                             std::string_view wanted) {
    const auto* resource = wsman::find_config_resource(request.resource.uri);
    // A mapping's document has a password, which is not copied about for this.
    const bool has_password = resource != nullptr && wsman::find_config_row(*resource, "Password") != nullptr;
    if (resource == nullptr || has_password) return std::vector<std::string>();
    const auto target = target_of(*resource, request);
    client::ConfigVisit visit;
    if (!current) visit.resources = {resource};
    visit.check_only = true;
    visit.plan = [&](const client::ConfigRead& now) {
        client::ConfigPlan plan;
        if (const auto before = before_of(target, current, now))
            plan.warnings = cuts_between(target, *before, wanted, now);
        return Result<client::ConfigPlan>(std::move(plan));
    };
    auto outcome = session.configure(visit);
    // Whoever pressed Ctrl-C here does not want it done.
    if (outcome.error && outcome.error->id == ErrorId::run_interrupted) return std::move(*outcome.error);
    return std::move(outcome.plan.warnings);
}

}  // namespace mullion::cli
