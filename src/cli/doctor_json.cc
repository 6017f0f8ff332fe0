// Findings for programs.
#include <nlohmann/json.hpp>

#include "cli/doctor_report.h"
#include "cli/error_json.h"
#include "cli/masking.h"
#include "cli/printable.h"
#include "encoding/utf16.h"

namespace mullion::cli {
namespace {

using Json = nlohmann::ordered_json;

Json lines_of(const std::vector<std::string>& lines) {
    auto list = Json::array();
    for (const auto& line : lines) list.push_back(encoding::to_valid_utf8(line));
    return list;
}

Json finding_json(const doctor::Finding& finding) {
    Json object;
    object["check"] = finding.check;
    object["state"] = to_string(finding.state);
    object["id"] = finding.error ? Json(finding.error->info().id) : Json(nullptr);
    object["seen"] = encoding::to_valid_utf8(finding.seen);
    if (!finding.because.empty()) object["because"] = finding.because;
    object["likely"] = lines_of(finding.likely());
    object["on_host"] = lines_of(finding.on_host);
    object["here"] = lines_of(finding.here);
    object["next"] = lines_of(finding.next());
    return object;
}

Json cause_json(const doctor::Cause& cause) {
    Json object;
    object["grant"] = cause.grant;
    object["how"] = lines_of(cause.how);
    return object;
}

Json mode_json(const doctor::ModeRow& row) {
    Json object;
    object["mode"] = row.mode;
    object["works"] = to_string(row.works);
    object["seen"] = encoding::to_valid_utf8(row.seen);
    object["missing"] = Json::array();
    for (const auto& lack : row.lacks) {
        Json one;
        one["check"] = lack.layer;
        one["id"] = mullion::row(lack.id).id;
        one["seen"] = encoding::to_valid_utf8(lack.seen);
        one["any_of"] = Json::array();
        for (const auto& cause : lack.causes) one["any_of"].push_back(cause_json(cause));
        object["missing"].push_back(std::move(one));
    }
    return object;
}

}  // namespace

std::string doctor_object(const Looked& looked) {
    Json object;
    object["host"] = looked.host;
    object["status"] = to_string(looked.status);
    object["url"] = looked.url;
    object["findings"] = Json::array();
    for (const auto& finding : looked.diagnosis.findings) object["findings"].push_back(finding_json(finding));
    if (!looked.diagnosis.modes.empty()) object["modes"] = Json::array();
    for (const auto& row : looked.diagnosis.modes) object["modes"].push_back(mode_json(row));
    object["duration_ms"] = looked.duration.count();
    object["error"] = looked.error ? error_json(*looked.error) : Json(nullptr);
    if (!looked.reason.empty()) object["reason"] = looked.reason;
    mask(object);
    return escaped_json(object.dump(-1, ' ', false, Json::error_handler_t::replace));
}

}  // namespace mullion::cli
