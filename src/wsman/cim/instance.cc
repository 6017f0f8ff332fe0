#include "wsman/cim/instance.h"

#include <algorithm>

#include "wsman/uris.h"
#include "wsman/values.h"

namespace mullion::wsman::cim {

namespace {

bool before(std::string_view a, std::string_view b) {
    return lower(a) < lower(b);
}

}  // namespace

Value::Value(const Scalar& scalar) : form(form_of(scalar)), text(wire_text(scalar)) {}
Value::Value(Reference target) : form(Form::reference) {
    reference.push_back(std::move(target));
}
Value::Value(Instance embedded) : form(Form::instance) {
    instance.push_back(std::move(embedded));
}

std::optional<Scalar> Value::as(Type type) const {
    const PropertyView view{{}, form, text, {}};
    return view.as(type);
}

bool Value::operator==(const Value& other) const {
    return form == other.form && text == other.text && reference == other.reference &&
           instance == other.instance;
}

const Property* Instance::find(std::string_view name) const {
    const auto found = std::find_if(properties.begin(), properties.end(), [name](const Property& property) {
        return same_ignoring_case(property.name, name);
    });
    return found == properties.end() ? nullptr : &*found;
}

std::optional<Scalar> Instance::get(std::string_view name, Type type) const {
    const auto* property = find(name);
    if (property == nullptr || property->values.empty()) return std::nullopt;
    return property->values.front().as(type);
}

Instance& Instance::set(std::string_view name, Value value) {
    std::vector<Value> values;
    values.push_back(std::move(value));
    return set(name, std::move(values));
}

Instance& Instance::set(std::string_view name, std::vector<Value> values) {
    const auto found = std::find_if(properties.begin(), properties.end(), [name](const Property& property) {
        return same_ignoring_case(property.name, name);
    });
    if (found == properties.end())
        properties.push_back({std::string(name), std::move(values)});
    else
        found->values = std::move(values);
    return *this;
}

void sort_properties(Instance& instance) {
    std::stable_sort(instance.properties.begin(), instance.properties.end(),
                     [](const Property& a, const Property& b) { return before(a.name, b.name); });
}

Result<Reference> reference_to(const Instance& instance, std::span<const std::string> keys) {
    Reference reference{std::string(anonymous), instance.space, {}};
    for (const auto& name : keys) {
        const auto* property = instance.find(name);
        if (property == nullptr || property->values.size() != 1)
            return malformed("the instance has no single value for its key " + name);
        const auto& value = property->values.front();
        if (value.is_null() || value.form == Form::instance)
            return malformed("the key " + name + " of the instance is null or embedded");
        reference.keys.push_back({property->name, value.text, value.reference});
    }
    return reference;
}

}  // namespace mullion::wsman::cim
