// Configurations for programs.
#include <nlohmann/json.hpp>

#include "cli/config_report.h"
#include "cli/error_json.h"
#include "cli/printable.h"
#include "encoding/utf16.h"

namespace mullion::cli {
namespace {

using Json = nlohmann::ordered_json;
using Kind = client::ConfigChange::Kind;

const char* name_of(Kind kind) {
    switch (kind) {
        case Kind::put:
            return "set";
        case Kind::create:
            return "create";
        case Kind::remove:
            break;
    }
    return "delete";
}

Json text_json(const std::string& text) {
    return encoding::to_valid_utf8(text);
}

Json text_or_null(const std::optional<std::string>& text) {
    return text ? text_json(*text) : Json(nullptr);
}

Json values_json(const std::vector<wsman::ConfigValue>& values) {
    auto list = Json::array();
    for (const auto& value : values) {
        Json one;
        one["path"] = text_json(value.path);
        one["value"] = value.nil ? Json(nullptr) : text_json(value.text);
        one["source"] = value.source.empty() ? Json(nullptr) : text_json(value.source);
        list.push_back(std::move(one));
    }
    return list;
}

Json changes_json(const client::ConfigOutcome& outcome) {
    auto list = Json::array();
    for (std::size_t i = 0; i < outcome.plan.changes.size(); ++i) {
        const auto& change = outcome.plan.changes[i];
        Json one;
        one["action"] = name_of(change.kind);
        const auto instance = client::instance_name(change.target);
        const std::string uri = change.target.resource->path.empty()
                                    ? "winrm/config"
                                    : "winrm/config/" + std::string(change.target.resource->path);
        one["resource"] = text_json(instance.empty() ? uri : instance);
        one["done"] = i < outcome.done;
        auto settings = Json::array();
        for (const auto& difference : change.differences) {
            Json setting;
            setting["path"] = text_json(difference.path);
            setting["from"] = text_or_null(difference.from);
            setting["to"] = text_or_null(difference.to);
            settings.push_back(std::move(setting));
        }
        one["settings"] = std::move(settings);
        list.push_back(std::move(one));
    }
    return list;
}

}  // namespace

std::string config_object(const std::string& host, const client::ConfigOutcome& outcome,
                          const ConfigShown& shown) {
    Json object;
    object["host"] = host;
    object["status"] = to_string(outcome.status);
    if (shown.view == ConfigView::changes) {
        object["check"] = shown.check_only;
        object["changes"] = changes_json(outcome);
        auto warnings = Json::array();
        for (const auto& warning : outcome.plan.warnings) warnings.push_back(text_json(warning));
        object["warnings"] = std::move(warnings);
    } else {
        object["settings"] = values_json(outcome.error ? std::vector<wsman::ConfigValue>()
                                                       : shown_values(shown, outcome.read));
    }
    object["duration_ms"] = outcome.duration.count();
    object["error"] = outcome.error ? error_json(*outcome.error) : Json(nullptr);
    if (!outcome.reason.empty()) object["reason"] = outcome.reason;
    return escaped_json(object.dump(-1, ' ', false, Json::error_handler_t::replace));
}

}  // namespace mullion::cli
