#include "cim/instance.h"

#include <fmt/core.h>

#include <algorithm>
#include <stdexcept>

#include "wql/fold.h"
#include "wql/object_path.h"

namespace mullion::cim {
namespace {

// What the same text of a key is on both sides: of the request, and of the instance.
std::optional<std::string> key_text(const Scalar& value) {
    if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "TRUE" : "FALSE";
    if (const auto* number = std::get_if<std::uint64_t>(&value)) return fmt::format("{}", *number);
    if (const auto* number = std::get_if<std::int64_t>(&value)) return fmt::format("{}", *number);
    if (const auto* text = std::get_if<std::string>(&value)) return *text;
    if (const auto* reference = std::get_if<Reference>(&value)) return path_text(*reference);
    return std::nullopt;
}

bool is_number(const Value& value) {
    const auto* scalar = std::get_if<Scalar>(&value);
    return scalar &&
           (std::holds_alternative<std::uint64_t>(*scalar) || std::holds_alternative<std::int64_t>(*scalar));
}

}  // namespace

bool Wanted::has(std::string_view property) const {
    return !names_ || std::any_of(names_->begin(), names_->end(),
                                  [&](const std::string& name) { return wql::same_name(name, property); });
}

const Value* Instance::find(std::string_view property) const {
    const auto at = shape_->find(property);
    return at ? &values_[*at] : nullptr;
}

std::optional<std::string> Instance::text(std::string_view property) const {
    const auto* value = find(property);
    const auto* scalar = value ? std::get_if<Scalar>(value) : nullptr;
    return scalar ? key_text(*scalar) : std::nullopt;
}

Instance& Instance::put(std::string_view property, Value value) {
    const auto at = shape_->find(property);
    if (!at) throw std::logic_error(fmt::format("{} has no {}", shape_->definition().name, property));
    const auto& definition = *shape_->entries()[*at].property;
    if (!fits(definition, value)) {
        if (!is_number(value) || definition.array || definition.type > Type::sint64)
            throw std::logic_error(
                fmt::format("{}.{} is of another type", shape_->definition().name, property));
        const auto* number = std::get_if<std::uint64_t>(&std::get<Scalar>(value));
        if (definition.counter && number && definition.type == Type::uint32)
            value = Scalar(*number & 0xFFFF'FFFFu);
        else
            value = std::monostate{};
        if (definition.type == Type::boolean)
            throw std::logic_error(fmt::format("{}.{} is no number", shape_->definition().name, property));
    }
    values_[*at] = std::move(value);
    return *this;
}

std::string path_text(const Reference& reference) {
    wql::ObjectPath path;
    path.class_name = reference.class_name;
    path.singleton = reference.keys.empty();
    for (const auto& [name, value] : reference.keys) path.keys.push_back({name, value});
    std::sort(path.keys.begin(), path.keys.end(),
              [](const auto& a, const auto& b) { return wql::compare_text(a.name, b.name) < 0; });
    return wql::print(path);
}

Array texts(const std::vector<std::string>& values) {
    Array array;
    for (const auto& value : values) array.emplace_back(value);
    return array;
}

}  // namespace mullion::cim
