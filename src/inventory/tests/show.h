// Values and models as text, for tests.
#pragma once

#include <string>

#include "inventory/model.h"
#include "inventory/python_scalars.h"

namespace mullion::inventory {

inline std::string show(const Value& value) {
    std::string out, between;
    if (const auto* list = std::get_if<List>(&value.data)) {
        for (const auto& item : *list) out += std::exchange(between, ", ") + show(item);
        return "[" + out + "]";
    }
    if (const auto* map = std::get_if<Map>(&value.data)) {
        for (const auto& [key, item] : *map) out += std::exchange(between, ", ") + key + ": " + show(item);
        return "{" + out + "}";
    }
    if (std::holds_alternative<std::monostate>(value.data)) return "null";
    if (const auto* flag = std::get_if<bool>(&value.data)) return *flag ? "true" : "false";
    if (const auto* number = std::get_if<std::int64_t>(&value.data)) return std::to_string(*number);
    if (const auto* real = std::get_if<double>(&value.data)) return float_text(*real);
    if (const auto* vaulted = std::get_if<Vaulted>(&value.data)) return "vault(" + vaulted->armour + ")";
    return (value.literal ? "literal '" : "'") + std::get<std::string>(value.data) + "'";
}

inline std::string show(const Variables& variables) {
    std::string out, between;
    for (const auto& variable : variables)
        out += std::exchange(between, " ") + std::string(variable.name) + "=" + show(variable.value);
    return out;
}

// "web(a b; prod): x=1": a group's hosts, children and variables.
inline std::string show_group(const Model& model, std::string_view name) {
    const auto number = model.find_group(name);
    if (!number) return "none";
    const Group& group = model.groups()[*number];
    std::string out = group.name + "(", between;
    for (const HostIndex host : group.hosts) out += std::exchange(between, " ") + model.hosts()[host].name;
    between = "; ";
    for (const GroupIndex child : group.children)
        out += std::exchange(between, " ") + model.groups()[child].name;
    return out + ")" + (group.variables.empty() ? "" : ": " + show(group.variables));
}

inline std::string show_host(const Model& model, std::string_view name) {
    const auto number = model.find_host(name);
    return number ? show(model.hosts()[*number].variables) : "none";
}

inline std::string show_notices(const Model& model) {
    std::string out;
    for (const auto& notice : model.notices()) out += model.text_of(notice.place) + ": " + notice.text + "\n";
    return out;
}

}  // namespace mullion::inventory
