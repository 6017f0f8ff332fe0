#include <nlohmann/json.hpp>

#include "checks/output/forms.h"

namespace mullion::checks {
namespace {

using Json = nlohmann::ordered_json;

// Text that is no UTF-8 is no reason to print nothing.
std::string dump(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json metric_as_json(const ShownMetric& metric, const std::string& mode) {
    Json json = {{"label", metric.label},       {"value", metric.value},
                 {"unit", metric.unit},         {"warning", metric.warning},
                 {"critical", metric.critical}, {"min", metric.min},
                 {"max", metric.max},           {"mode", mode}};
    if (!metric.name.empty()) json["nlabel"] = metric.name;
    if (metric.instances.size() == 1)
        json["instances"] = metric.instances.front();
    else if (!metric.instances.empty())
        json["instances"] = metric.instances;
    return json;
}

}  // namespace

std::string as_json(const Sheet& sheet) {
    auto outputs = Json::array();
    for (const auto& [status, text] : sheet.texts)
        outputs.push_back(
            {{"type", 1}, {"exit", status}, {"msg", (sheet.labelled ? status + ": " : "") + text}});
    for (const auto& line : sheet.lines) outputs.push_back({{"type", 2}, {"msg", line}});
    auto metrics = Json::array();
    for (const auto& metric : sheet.metrics) metrics.push_back(metric_as_json(metric, sheet.mode));
    return dump({{"plugin",
                  {{"name", sheet.plugin},
                   {"mode", sheet.mode},
                   {"exit", sheet.exit},
                   {"outputs", std::move(outputs)},
                   {"perfdatas", std::move(metrics)}}}});
}

std::string found_as_json(const std::vector<Discovered>& found) {
    auto data = Json::array();
    for (const auto& thing : found) {
        auto json = Json::object();
        for (const auto& [name, value] : thing) json[name] = value;
        data.push_back(std::move(json));
    }
    return dump({{"data", std::move(data)}});
}

std::string attributes_as_json(const std::vector<std::string>& attributes) {
    return dump({{"data", attributes}});
}

}  // namespace mullion::checks
