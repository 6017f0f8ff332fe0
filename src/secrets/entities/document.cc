#include "secrets/entities/document.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "secrets/yaml/form.h"

namespace mullion::secrets {
namespace {

using Json = nlohmann::ordered_json;

constexpr int version = 1;
constexpr int deepest = 8;  // {"secret":{"spec":{"auth":{"spec":{"spec":{…}}}}}}

Error tampered(std::string_view why) {
    return {ErrorId::secrets_tampered, std::string(why)};
}

// nlohmann's reader does not recurse, but what it makes would be walked by us.
std::optional<Json> parse(std::string_view text) {
    bool too_deep = false;
    const auto watch = [&](int depth, Json::parse_event_t, Json&) {
        too_deep = too_deep || depth > deepest;
        return !too_deep;
    };
    auto json = Json::parse(text.begin(), text.end(), watch, false);
    if (json.is_discarded() || too_deep || !json.is_object()) return {};
    return json;
}

}  // namespace

Result<std::string> write_document(const Entity& entity) {
    Json document{{"version", version}};
    document.update(form_of(entity));
    std::string text;
    try {
        text = document.dump();
    } catch (const Json::type_error&) {
        return Error(ErrorId::secrets_invalid, "a text in it is not UTF-8");
    }
    if (text.size() > largest_document)
        return Error(ErrorId::secrets_invalid, fmt::format("it is over {} bytes", largest_document));
    return text;
}

Result<Entity> read_document(std::string_view text) {
    if (text.size() > largest_document) return tampered("a document is too long");
    auto json = parse(text);
    if (!json) return tampered("a document is not what was written");
    const auto said = json->find("version");
    if (said == json->end() || !said->is_number_unsigned()) return tampered("a document without a version");
    if (said->get<std::uint64_t>() > version)
        return Error(ErrorId::secrets_store, "a document in it was made by a newer version of Mullion");
    json->erase(said);
    auto entity = entity_of(node_of(*json), {});
    if (!entity.ok()) return tampered(entity.error().detail);
    const auto again = write_document(*entity);
    if (!again.ok() || *again != text)
        return tampered("a document is not in the form in which it was written");
    return entity;
}

}  // namespace mullion::secrets
