#include "cli/report_json.h"

#include <nlohmann/json.hpp>

#include "encoding/base64.h"
#include "encoding/utf16.h"

namespace mullion::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string dump(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// A limit may cut a character in two; its first bytes go as well, so that text stays text.
std::string_view whole_characters(std::string_view text) {
    for (std::size_t cut = 1; cut <= 3 && cut <= text.size(); ++cut) {
        const auto byte = static_cast<unsigned char>(text[text.size() - cut]);
        if ((byte & 0xc0) == 0x80) continue;  // A later byte of a character.
        const std::size_t length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
        return length > cut ? text.substr(0, text.size() - cut) : text;
    }
    return text;
}

void add_stream(Json& object, const std::string& name, const Captured& captured) {
    std::string_view bytes = captured.bytes();
    const auto text = captured.truncated() ? whole_characters(bytes) : bytes;
    if (encoding::is_utf8(text)) {
        object[name] = text;
    } else {
        object[name] = nullptr;
        object[name + "_base64"] = encoding::base64_encode(bytes);
    }
}

Json error_object(const Error& error) {
    Json object;
    object["id"] = error.info().id;
    object["message"] = encoding::to_valid_utf8(error.message());
    object["advice"] = error.all_advice();
    if (error.wsman_code) object["wsman_code"] = *error.wsman_code;
    if (error.http_status) object["http_status"] = *error.http_status;
    if (!error.offered.empty()) object["offered"] = error.offered;
    return object;
}

Json error_or_null(const std::optional<Error>& error) {
    return error ? error_object(*error) : Json(nullptr);
}

}  // namespace

void Captured::add(std::string_view bytes) {
    const auto room = limit_ - bytes_.size();
    if (bytes.size() > room) truncated_ = true;
    bytes_ += bytes.substr(0, room);
}

std::string run_object(const std::string& host, const client::RunOutcome& outcome, const Captured& output,
                       const Captured& errors) {
    Json object;
    object["host"] = host;
    object["status"] = to_string(outcome.status);
    object["exit_code"] = outcome.exit_code ? Json(*outcome.exit_code) : Json(nullptr);
    add_stream(object, "stdout", output);
    add_stream(object, "stderr", errors);
    if (output.truncated() || errors.truncated()) object["truncated"] = true;
    object["duration_ms"] = outcome.duration.count();
    object["output_complete"] = outcome.output_complete;
    object["error"] = error_or_null(outcome.error);
    return dump(object);
}

std::string ping_object(const std::string& host, const client::PingOutcome& outcome) {
    Json object;
    object["host"] = host;
    object["status"] = to_string(outcome.status);
    object["vendor"] = encoding::to_valid_utf8(outcome.vendor);
    object["version"] = encoding::to_valid_utf8(outcome.version);
    object["transport"] = outcome.transport;
    object["sealed"] = outcome.sealed;
    object["duration_ms"] = outcome.duration.count();
    object["error"] = error_or_null(outcome.error);
    return dump(object);
}

std::string document(const std::string& object, Status status) {
    Json counts;
    counts["total"] = 1;
    for (const auto each : {Status::ok, Status::failed, Status::unreachable, Status::refused,
                            Status::timed_out, Status::unknown, Status::skipped, Status::not_started})
        counts[std::string(to_string(each))] = each == status ? 1 : 0;
    return R"({"schema":1,"hosts":[)" + object + R"(],"summary":)" + dump(counts) + "}";
}

}  // namespace mullion::cli
