#include "cimhost/row.h"

#include <algorithm>

#include "wql/fold.h"
#include "wql/object_path.h"

namespace mullion::cimhost {
namespace {

struct Reader {
    std::string& text;

    wql::Value operator()(bool value) const { return value; }
    wql::Value operator()(std::uint64_t value) const { return wql::Number(value); }
    wql::Value operator()(std::int64_t value) const { return wql::number_of(value); }
    wql::Value operator()(double value) const { return wql::Number(value); }
    wql::Value operator()(const std::string& value) const { return std::string_view(value); }
    wql::Value operator()(const cim::Moment& value) const { return wql::DateTime{false, value.microseconds}; }
    wql::Value operator()(const cim::Interval& value) const {
        return wql::DateTime{true, value.microseconds};
    }
    wql::Value operator()(const cim::Reference& value) const {
        text = cim::path_text(value);
        return wql::Reference{text};
    }
};

const cim::ClassDef& top_of(const cim::ClassDef& definition) {
    const auto* at = &definition;
    while (at->base != nullptr) at = at->base;
    return *at;
}

// The path of the instance below its namespace.
std::string path_of(const cim::Instance& instance) {
    wql::ObjectPath path;
    path.class_name = instance.shape().definition().name;
    for (const auto& entry : instance.shape().entries()) {
        if (!entry.property->key) continue;
        const auto* value = instance.find(entry.property->name);
        const auto* scalar = value ? std::get_if<cim::Scalar>(value) : nullptr;
        const auto* number = scalar ? std::get_if<std::uint64_t>(scalar) : nullptr;
        std::string name(entry.property->name);
        if (number != nullptr)
            path.keys.push_back({std::move(name), wql::Number(*number)});
        else
            path.keys.push_back({std::move(name), instance.text(entry.property->name).value_or("")});
    }
    path.singleton = path.keys.empty();
    return wql::print(path);
}

}  // namespace

wql::Value InstanceRow::value(std::string_view property) const {
    const auto* value = instance_.find(property);
    if (value == nullptr) return property.starts_with("__") ? system_value(property) : wql::Null{};
    if (std::holds_alternative<cim::Array>(*value)) return wql::Array{};
    const auto* scalar = std::get_if<cim::Scalar>(value);
    if (scalar == nullptr) return wql::Null{};
    return std::visit(Reader{text_}, *scalar);
}

wql::Value InstanceRow::system_value(std::string_view property) const {
    const auto& definition = instance_.shape().definition();
    if (wql::same_name(property, "__CLASS")) return definition.name;
    if (wql::same_name(property, "__DYNASTY")) return top_of(definition).name;
    if (wql::same_name(property, "__SUPERCLASS")) {
        if (definition.base == nullptr) return wql::Null{};
        return definition.base->name;
    }
    if (wql::same_name(property, "__DERIVATION")) return wql::Array{};
    if (wql::same_name(property, "__GENUS")) return wql::Number(std::uint64_t{2});  // An instance.
    if (wql::same_name(property, "__PROPERTY_COUNT"))
        return wql::Number(std::uint64_t{instance_.shape().entries().size()});
    if (wql::same_name(property, "__NAMESPACE")) {
        text_ = definition.cim_namespace;
        std::replace(text_.begin(), text_.end(), '/', '\\');
        return std::string_view(text_);
    }
    if (wql::same_name(property, "__RELPATH")) {
        text_ = path_of(instance_);
        return wql::Reference{text_};
    }
    return wql::Null{};  // __SERVER and __PATH: nobody asked a server by that name.
}

bool InstanceRow::is_a(std::string_view class_name) const {
    return cim::is_a(instance_.shape().definition(), class_name);
}

}  // namespace mullion::cimhost
