#include "cli/error_json.h"

#include <nlohmann/json.hpp>

#include "cli/masking.h"
#include "encoding/utf16.h"

namespace mullion::cli {

nlohmann::ordered_json error_json(const Error& said) {
    const auto error = masked(said);
    nlohmann::ordered_json object;
    object["id"] = error.info().id;
    object["message"] = encoding::to_valid_utf8(error.message());
    object["advice"] = error.all_advice();
    if (error.wsman_code) object["wsman_code"] = *error.wsman_code;
    if (error.http_status) object["http_status"] = *error.http_status;
    if (!error.offered.empty()) object["offered"] = error.offered;
    return object;
}

}  // namespace mullion::cli
