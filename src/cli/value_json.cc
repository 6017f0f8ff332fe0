#include "cli/value_json.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include <string>

#include "inventory/secret_names.h"

namespace mullion::cli {
namespace {

using Json = nlohmann::ordered_json;
using inventory::holds_a_secret;
using inventory::List;
using inventory::Map;
using inventory::names_a_secret;
using inventory::Value;
using inventory::Vaulted;

constexpr const char* hidden = "(hidden)";

class Writer {
public:
    Writer(const inventory::Inventory& inventory, Secrets secrets)
        : inventory_(inventory), hide_(secrets == Secrets::hidden) {}

    Result<Json> write(std::string_view name, const Value& value) {
        // What has no content is no secret, and says more as it is.
        const bool plain =
            std::holds_alternative<std::monostate>(value.data) || std::holds_alternative<bool>(value.data);
        if (hide_ && !plain && (value.secret || names_a_secret(name))) return Json(hidden);
        return std::visit([&](const auto& data) { return of(value, data); }, value.data);
    }

private:
    Result<Json> of(const Value&, std::monostate) { return Json(nullptr); }
    Result<Json> of(const Value&, bool flag) { return Json(flag); }
    Result<Json> of(const Value&, std::int64_t number) { return Json(number); }
    Result<Json> of(const Value&, double number) { return Json(number); }
    Result<Json> of(const Value&, const std::string& text) {
        return hide_ && holds_a_secret(text) ? Json(hidden) : Json(text);
    }
    Result<Json> of(const Value& value, const Vaulted& vaulted) {
        if (hide_) return Json(hidden);
        auto opened = inventory_.vault().open(vaulted.armour);
        if (opened.ok()) return Json(std::string(opened->expose()));
        auto error = std::move(opened).error();
        error.detail = fmt::format("{}: {}", inventory_.model().text_of(value.place), error.detail);
        return error;
    }
    Result<Json> of(const Value&, const List& list) {
        Json array = Json::array();
        for (const auto& item : list) {
            MULLION_ASSIGN(auto one, write({}, item));
            array.push_back(std::move(one));
        }
        return array;
    }
    Result<Json> of(const Value&, const Map& map) {
        Json object = Json::object();
        for (const auto& [key, item] : map) {
            MULLION_ASSIGN(auto one, write(key, item));
            object[key] = std::move(one);
        }
        return object;
    }

    const inventory::Inventory& inventory_;
    bool hide_;
};

}  // namespace

Result<Json> to_json(const inventory::Inventory& inventory, std::string_view name, const Value& value,
                     Secrets secrets) {
    return Writer(inventory, secrets).write(name, value);
}

}  // namespace mullion::cli
