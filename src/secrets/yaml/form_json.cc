#include <nlohmann/json.hpp>

#include "secrets/yaml/form.h"

namespace mullion::secrets {

yaml::Node node_of(const nlohmann::ordered_json& json) {
    yaml::Node node;
    if (json.is_object()) {
        node.kind = yaml::Node::Kind::map;
        for (const auto& [key, value] : json.items()) node.map.push_back({key, 1, false, node_of(value)});
    } else if (json.is_array()) {
        node.kind = yaml::Node::Kind::list;
        for (const auto& item : json) node.list.push_back(node_of(item));
    } else if (json.is_string()) {
        node.scalar = json.get<std::string>();
    } else {
        // A number, truth or null, as YAML has them without quotes.
        node.plain = true;
        node.scalar = json.dump();
    }
    return node;
}

}  // namespace mullion::secrets
