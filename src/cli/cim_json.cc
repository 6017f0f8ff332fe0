// Rows and results of `mullion cim` for programs.
#include <nlohmann/json.hpp>

#include <algorithm>

#include "cli/cim_report.h"
#include "cli/error_json.h"
#include "cli/printable.h"
#include "client/cim_text.h"
#include "encoding/utf16.h"

namespace mullion::cli {
namespace {

using Json = nlohmann::ordered_json;
using wsman::cim::Form;
using wsman::cim::Instance;

Json instance_json(const Instance& instance);

std::string utf8(const std::string& text) {
    return encoding::to_valid_utf8(text);
}

// Text is text: the wire has no types, and none are made up.
Json value_json(const wsman::cim::Value& value) {
    if (value.is_null()) return nullptr;
    if (value.form == Form::instance && !value.instance.empty()) return instance_json(value.instance.front());
    return utf8(client::cim_text(value));
}

Json values_json(const wsman::cim::Property& property) {
    if (property.values.size() == 1) return value_json(property.values.front());
    auto list = Json::array();
    for (const auto& value : property.values) list.push_back(value_json(value));
    return list;
}

// WMI's own name for it, which no property can have. Of a query that names columns it is not told.
Json instance_json(const Instance& instance) {
    Json object = Json::object();
    if (!instance.class_name.empty()) object["__CLASS"] = utf8(instance.class_name);
    for (const auto& property : instance.properties) object[utf8(property.name)] = values_json(property);
    return object;
}

Json row_json(const Instance& row, const std::vector<std::string>& columns) {
    auto object = instance_json(row);
    for (const auto& column : columns)
        if (row.find(column) == nullptr) object[column] = nullptr;
    return object;
}

std::string dump(const Json& json) {
    return escaped_json(json.dump(-1, ' ', false, Json::error_handler_t::replace));
}

void add_results(Json& object, const client::CimOutcome& outcome) {
    if (outcome.instance) object["instance"] = instance_json(*outcome.instance);
    if (outcome.created) object["created"] = utf8(client::cim_path(*outcome.created));
    if (!outcome.method) return;
    object["return_value"] = value_json(outcome.method->return_value);
    auto outputs = Json::object();
    for (const auto& property : outcome.method->outputs.properties)
        outputs[utf8(property.name)] = values_json(property);
    object["outputs"] = std::move(outputs);
}

}  // namespace

std::string cim_row_json(const Instance& row, const std::vector<std::string>& columns) {
    return dump(row_json(row, columns));
}

std::string cim_row_object(const std::string& host, const Instance& row,
                           const std::vector<std::string>& columns) {
    Json object;
    object["host"] = host;
    object["row"] = row_json(row, columns);
    return dump(object);
}

std::string cim_host_object(const std::string& host, const client::CimOutcome& outcome, bool enumerated,
                            CimHostRows rows) {
    Json object;
    object["host"] = host;
    object["status"] = to_string(outcome.status);
    if (enumerated) {
        object["row_count"] = outcome.rows;
        object["complete"] = outcome.complete;
        if (rows.truncated) object["truncated"] = true;
    }
    add_results(object, outcome);
    object["duration_ms"] = outcome.duration.count();
    object["error"] = outcome.error ? error_json(*outcome.error) : Json(nullptr);
    if (!outcome.reason.empty()) object["reason"] = outcome.reason;
    auto text = dump(object);
    if (rows.json == nullptr) return text;
    // Put together by hand: rows may be many, and are text already.
    text.pop_back();
    return text + ",\"rows\":[" + *rows.json + "]}";
}

}  // namespace mullion::cli
