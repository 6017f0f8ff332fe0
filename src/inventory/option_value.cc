#include "inventory/option_value.h"

#include <fmt/core.h>

#include "inventory/value_text.h"
#include "target/option_values.h"

namespace mullion::inventory {
namespace {

bool is_collection(const Value& value) {
    return std::holds_alternative<List>(value.data) || std::holds_alternative<Map>(value.data);
}

Error not_one_value(const Value& value, std::string_view type) {
    return {ErrorId::inventory_variable, fmt::format("it is {}, but {} is wanted", kind_of(value), type)};
}

}  // namespace

Result<std::string> option_text(const Inventory& inventory, const Resolved& resolved, std::string_view type) {
    const auto& value = resolved.value;
    if (const auto* const vaulted = std::get_if<Vaulted>(&value.data)) {
        MULLION_ASSIGN(const auto opened, inventory.vault().open(vaulted->armour));
        return std::string(opened.expose());
    }
    const auto* const list = std::get_if<List>(&value.data);
    if (list == nullptr && !is_collection(value)) return value_text(value);
    if (list == nullptr || type.find("LIST") == std::string_view::npos) return not_one_value(value, type);
    std::string joined;
    for (const auto& item : *list) {
        if (is_collection(item)) return not_one_value(item, "a list of texts");
        if (!joined.empty()) joined += ',';
        joined += value_text(item);
    }
    return joined;
}

Result<bool> option_bool(const Inventory& inventory, const Resolved& resolved) {
    MULLION_ASSIGN(const auto text, option_text(inventory, resolved, "yes or no"));
    return target::parse_bool(text);
}

Result<Secret> option_secret(const Inventory& inventory, Resolved resolved) {
    auto& value = resolved.value;
    if (const auto* const vaulted = std::get_if<Vaulted>(&value.data))
        return inventory.vault().open(vaulted->armour);
    if (is_collection(value)) return not_one_value(value, "a text");
    auto text = value_text(value);
    Secret secret(text);
    wipe(text);
    if (auto* const own = std::get_if<std::string>(&value.data)) wipe(*own);
    return secret;
}

}  // namespace mullion::inventory
