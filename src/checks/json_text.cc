#include "checks/json_text.h"

#include <nlohmann/json.hpp>

namespace mullion::checks {
namespace {

using Json = nlohmann::json;

constexpr int deepest = 16;

std::optional<std::string> text_of(const Json& value) {
    if (value.is_string()) return value.get<std::string>();
    if (value.is_null()) return {};
    return value.dump();
}

JsonObject object_of(const Json& value) {
    JsonObject object;
    for (const auto& [name, member] : value.items()) {
        if (!member.is_structured()) object.insert_or_assign(name, text_of(member));
    }
    return object;
}

}  // namespace

std::optional<std::vector<JsonObject>> json_objects(std::string_view text) {
    bool too_deep = false;
    const auto watch = [&](int depth, Json::parse_event_t, Json&) {
        too_deep = too_deep || depth > deepest;
        return !too_deep;
    };
    const auto whole = Json::parse(text.begin(), text.end(), watch, false);
    if (whole.is_discarded() || too_deep) return {};
    std::vector<JsonObject> objects;
    if (whole.is_object()) {
        objects.push_back(object_of(whole));
        return objects;
    }
    if (!whole.is_array()) return {};
    for (const auto& one : whole) {
        if (!one.is_object()) return {};
        objects.push_back(object_of(one));
    }
    return objects;
}

}  // namespace mullion::checks
