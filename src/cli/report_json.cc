#include "cli/report_json.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <utility>

#include "cli/error_json.h"
#include "cli/line_prefix.h"
#include "cli/masking.h"
#include "cli/printable.h"
#include "encoding/base64.h"
#include "encoding/utf16.h"

namespace mullion::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string dump(const Json& json) {
    return escaped_json(json.dump(-1, ' ', false, Json::error_handler_t::replace));
}

// The bytes move on: a stream may be large.
void add_stream(Json& object, const std::string& name, Captured captured) {
    const bool truncated = captured.truncated();
    auto bytes = std::move(captured).take();
    const auto text = truncated ? whole_characters(bytes) : std::string_view(bytes);
    if (encoding::is_utf8(text)) {
        bytes.resize(text.size());
        object[name] = std::move(bytes);
    } else {
        object[name] = nullptr;
        object[name + "_base64"] = encoding::base64_encode(bytes);
    }
}

Json error_or_null(const std::optional<Error>& error) {
    return error ? error_json(*error) : Json(nullptr);
}

// Rows of the error table that are no errors of the run.
Json hint_objects(const std::vector<ErrorId>& hints) {
    Json objects = Json::array();
    for (const auto hint : hints) {
        const auto& found = row(hint);
        Json object;
        object["id"] = found.id;
        object["cause"] = fmt::format("{}: {}", found.text, fmt::join(found.causes, " "));
        object["advice"] = found.advice;
        objects.push_back(std::move(object));
    }
    return objects;
}

}  // namespace

void Captured::add(std::string_view bytes) {
    const auto room = limit_ - bytes_.size();
    if (bytes.size() > room) truncated_ = true;
    bytes_ += bytes.substr(0, room);
}

std::string run_object(const std::string& host, const client::RunOutcome& outcome, Captured output,
                       Captured errors) {
    const bool truncated = output.truncated() || errors.truncated();
    Json object;
    object["host"] = host;
    object["status"] = to_string(outcome.status);
    object["exit_code"] = outcome.exit_code ? Json(*outcome.exit_code) : Json(nullptr);
    add_stream(object, "stdout", std::move(output));
    add_stream(object, "stderr", std::move(errors));
    if (truncated) object["truncated"] = true;
    object["duration_ms"] = outcome.duration.count();
    object["output_complete"] = outcome.output_complete;
    object["error"] = error_or_null(outcome.error);
    if (!outcome.hints.empty()) object["hints"] = hint_objects(outcome.hints);
    if (!outcome.reason.empty()) object["reason"] = outcome.reason;
    return dump(object);
}

std::string ping_object(const std::string& host, const client::PingOutcome& outcome) {
    Json object;
    object["host"] = host;
    object["status"] = to_string(outcome.status);
    object["vendor"] = encoding::to_valid_utf8(outcome.vendor);
    object["version"] = encoding::to_valid_utf8(outcome.version);
    object["transport"] = outcome.transport;
    if (!outcome.how.empty()) object["how"] = encoding::to_valid_utf8(outcome.how);
    object["sealed"] = outcome.sealed;
    object["duration_ms"] = outcome.duration.count();
    object["error"] = error_or_null(outcome.error);
    if (!outcome.reason.empty()) object["reason"] = outcome.reason;
    mask(object);
    return dump(object);
}

std::string Document::add(std::string object) {
    const bool first = !begun_;
    return (first ? begin() : ",\n") + std::move(object);
}

std::string Document::end(const Tally& tally) {
    const auto& head = tally.audit_head;  // Digits and letters.
    return (begun_ ? std::string() : begin()) + "],\"summary\":" + tally.json() +
           (head.empty() ? std::string() : ",\"audit_head\":\"" + head + "\"") + "}\n";
}

std::string Document::begin() {
    begun_ = true;
    return R"({"schema":1,"hosts":[)";
}

}  // namespace mullion::cli
