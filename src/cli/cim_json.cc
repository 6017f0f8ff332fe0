// Rows and results of `mullion cim` for programs.
#include <nlohmann/json.hpp>

#include <utility>

#include "cli/cim_report.h"
#include "cli/cim_return_words.h"
#include "cli/error_json.h"
#include "cli/json_text.h"
#include "cli/printable.h"
#include "client/cim_text.h"
#include "encoding/utf16.h"

namespace mullion::cli {
namespace {

using Json = nlohmann::ordered_json;
using wsman::cim::Form;
using wsman::cim::Instance;

constexpr std::string_view class_key = "__CLASS";  // WMI's own name for it.

std::string utf8(std::string_view text) {
    return encoding::to_valid_utf8(text);
}

// Rows may be many: they are written as they are, without a tree of values first.
class RowWriter {
public:
    explicit RowWriter(std::string& out) : out_(out) {}

    // Of a query that names columns the class is not told, and a column that the row lacks is null.
    void instance(const Instance& instance, const std::vector<std::string>& columns = {}) {
        const bool has_class = !instance.class_name.empty() && instance.find(class_key) == nullptr;
        const char* before = "{";
        const auto name = [&](std::string_view text) {
            out_ += std::exchange(before, ",");
            append_json_text(out_, text);
            out_ += ':';
        };
        if (has_class) {
            name(class_key);
            append_json_text(out_, instance.class_name);
        }
        for (const auto& property : instance.properties) {
            name(property.name);
            values(property);
        }
        for (const auto& column : columns) {
            if (instance.find(column) != nullptr || (has_class && column == class_key)) continue;
            name(column);
            out_ += "null";
        }
        out_ += *before == '{' ? "{}" : "}";
    }

private:
    void values(const wsman::cim::Property& property) {
        if (property.values.size() == 1) return value(property.values.front());
        const char* before = "[";
        for (const auto& each : property.values) {
            out_ += std::exchange(before, ",");
            value(each);
        }
        out_ += *before == '[' ? "[]" : "]";
    }

    // Text is text: the wire has no types, and none are made up.
    void value(const wsman::cim::Value& value) {
        if (value.is_null())
            out_ += "null";
        else if (value.form == Form::instance && !value.instance.empty())
            instance(value.instance.front());
        else
            append_json_text(out_, client::cim_text(value, made_));
    }

    std::string& out_;
    std::string made_;
};

Json instance_json(const Instance& instance) {
    return Json::parse(cim_row_json(instance, {}));
}

Json value_json(const wsman::cim::Value& value) {
    return value.is_null() ? Json(nullptr) : Json(utf8(client::cim_text(value)));
}

std::string dump(const Json& json) {
    return escaped_json(json.dump(-1, ' ', false, Json::error_handler_t::replace));
}

void add_method(Json& object, const client::CimInvoke& asked, const wsman::cim::MethodResult& result) {
    object["return_value"] = value_json(result.return_value);
    const auto words = cim_return_words(asked, result);
    object["return_text"] = words ? Json(*words) : Json(nullptr);
    object["outputs"] = instance_json(result.outputs);
}

void add_results(Json& object, const client::CimQuestion& asked, const client::CimOutcome& outcome) {
    if (outcome.instance) object["instance"] = instance_json(*outcome.instance);
    if (outcome.created) object["created"] = utf8(client::cim_path(*outcome.created));
    const auto* call = std::get_if<client::CimInvoke>(&asked);
    if (call != nullptr && outcome.method) add_method(object, *call, *outcome.method);
}

}  // namespace

std::string cim_row_json(const Instance& row, const std::vector<std::string>& columns) {
    std::string text;
    RowWriter(text).instance(row, columns);
    return text;
}

std::string cim_row_object(const std::string& host, const Instance& row,
                           const std::vector<std::string>& columns) {
    std::string text = "{\"host\":";
    append_json_text(text, host);
    text += ",\"row\":";
    RowWriter(text).instance(row, columns);
    return text + "}";
}

std::string cim_host_object(const std::string& host, const client::CimQuestion& asked,
                            const client::CimOutcome& outcome, CimHostRows rows) {
    Json object;
    object["host"] = host;
    object["status"] = to_string(outcome.status);
    if (std::holds_alternative<wsman::cim::Enumeration>(asked)) {
        object["row_count"] = outcome.rows;
        object["complete"] = outcome.complete;
        if (rows.truncated) object["truncated"] = true;
    }
    add_results(object, asked, outcome);
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
