// The easy way to ask: paths in, values and plans out, each a visit of the session.
#include "client/config.h"

#include <future>

#include "client/client.h"
#include "client/config_path.h"
#include "client/config_plan.h"

namespace mullion::client {
namespace {

using wsman::ConfigValue;

Result<ConfigVisit> visit_to_set(const ConfigSettings& settings) {
    std::vector<ConfigAssignment> wanted;
    std::vector<ConfigPath> paths;
    for (const auto& [path, value] : settings) {
        ConfigAssignment one;
        MULLION_ASSIGN(one.path, parse_config_path(path));
        one.value = value;
        MULLION_TRY(check_assignment(one));
        paths.push_back(one.path);
        wanted.push_back(std::move(one));
    }
    ConfigVisit visit;
    visit.resources = resources_to_change(paths);
    visit.plan = [wanted = std::move(wanted)](const ConfigRead& now) { return plan_set(wanted, now); };
    return visit;
}

Result<ConfigVisit> visit_to_remove(std::string_view text) {
    MULLION_ASSIGN(auto path, parse_config_path(text));
    ConfigVisit visit;
    visit.resources = {path.resource};
    visit.plan = [path = std::move(path)](const ConfigRead& now) { return plan_remove({path}, now); };
    return visit;
}

std::vector<ConfigValue> values_of(const ConfigPath& path, const ConfigRead& read) {
    std::vector<ConfigValue> values;
    for (const auto& document : read.documents) {
        if (path.instances && !path.selects(document)) continue;
        for (const auto& value : document.values) {
            if (!path.path.empty() && value.path != path.path) continue;
            values.push_back({setting_name(document, value.path), value.text, value.source, value.nil});
        }
    }
    return values;
}

ConfigOutcome refused(Error error) {
    ConfigOutcome outcome;
    outcome.status = error.info().status;
    outcome.error = std::move(error);
    return outcome;
}

void begin(Session& session, Result<ConfigVisit> visit, std::function<void(ConfigOutcome)> done) {
    if (!visit.ok()) return done(refused(std::move(visit).error()));
    session.configure_async(std::move(visit).value(), std::move(done));
}

template <class T, class Start>
T wait_for(Start start) {
    std::promise<T> promise;
    auto result = promise.get_future();
    start([&promise](T got) { promise.set_value(std::move(got)); });
    return result.get();
}

}  // namespace

void Config::get_async(std::string_view text, std::function<void(Result<std::vector<ConfigValue>>)> done) {
    auto path = parse_config_path(text);
    if (!path.ok()) return done(std::move(path).error());
    ConfigVisit visit;
    visit.resources = {path->resource};
    session_.configure_async(std::move(visit),
                             [path = std::move(path).value(), done = std::move(done)](ConfigOutcome outcome) {
                                 if (outcome.error) return done(std::move(*outcome.error));
                                 done(values_of(path, outcome.read));
                             });
}

Result<std::vector<ConfigValue>> Config::get(std::string_view path) {
    return wait_for<Result<std::vector<ConfigValue>>>([&](auto done) { get_async(path, done); });
}

void Config::set_async(const ConfigSettings& settings, std::function<void(ConfigOutcome)> done) {
    begin(session_, visit_to_set(settings), std::move(done));
}

ConfigOutcome Config::set(const ConfigSettings& settings) {
    return wait_for<ConfigOutcome>([&](auto done) { set_async(settings, done); });
}

void Config::remove_async(std::string_view path, std::function<void(ConfigOutcome)> done) {
    begin(session_, visit_to_remove(path), std::move(done));
}

ConfigOutcome Config::remove(std::string_view path) {
    return wait_for<ConfigOutcome>([&](auto done) { remove_async(path, done); });
}

Result<std::vector<wsman::ConfigDocument>> Config::all() {
    ConfigVisit visit;
    for (const auto& resource : wsman::config_resources())
        if (resource.path.empty() || !resource.keys.empty()) visit.resources.push_back(&resource);
    auto outcome = session_.configure(visit);
    if (outcome.error) return std::move(*outcome.error);
    return std::move(outcome.read.documents);
}

}  // namespace mullion::client
