// Keys of a request as providers compare them: text, of references the path of what they name.
// DSP0226 5.1.2.2
#include <fmt/core.h>

#include "cimhost/classes.h"
#include "cimhost/values.h"
#include "wql/fold.h"
#include "wql/object_path.h"
#include "wsman/cim/names.h"
#include "wsman/fault.h"

namespace mullion::cimhost {
namespace {

namespace wire = wsman::cim;

using Text = Or<std::string>;

cim::Failure names_nothing(const wire::Key& key, const cim::ClassDef& definition) {
    return wmi_failure(wsman::code::resource_not_found, wbem::not_found,
                       fmt::format("there is no such {} on this machine: the key {} names an object of "
                                   "another namespace than {}",
                                   definition.name, key.name, definition.cim_namespace));
}

cim::Failure wrong_kind(const wire::Key& key, const cim::ClassDef& definition, std::string_view what) {
    return refuse(wire::code::selector_type,
                  fmt::format("the key {} of {} is {}", key.name, definition.name, what));
}

// Null where the class has no such key: an abstract one, whose subclasses have it, or a wrong one.
const cim::PropertyDef* key_property(const cim::Shape& shape, std::string_view name) {
    const auto at = shape.find(name);
    const auto* property = at ? shape.entries()[*at].property : nullptr;
    return property != nullptr && property->key ? property : nullptr;
}

Text text_of_reference(const wire::Key& key, const cim::ClassDef& definition) {
    const auto& target = key.reference.front();
    const auto uri = wire::parse_class_uri(target.resource_uri);
    if (!uri || uri->class_name == "*")
        return refuse(wire::code::invalid_selector_value,
                      fmt::format("the reference in the selector {} names no class", key.name));
    const auto named = reference_of(target, definition.cim_namespace);
    if (!named) return names_nothing(key, definition);
    return cim::path_text(*named);
}

// Where no reference can be written, as in `winrm get`, the path of an object stands for one.
Text text_of_path(const wire::Key& key, const cim::ClassDef& definition) {
    const auto parsed = wql::parse_object_path(key.value);
    const auto* path = std::get_if<wql::ObjectPath>(&parsed);
    if (path == nullptr || path->of_class())
        return wrong_kind(key, definition,
                          "a reference, and the selector is neither one nor an object's path");
    cim::Reference named{path->class_name, {}};
    for (const auto& part : path->keys) {
        if (part.name.empty())
            return wrong_kind(key, definition, "a reference: its path has to name the keys");
        named.keys.emplace_back(part.name, constant_text(part.value));
    }
    const auto space = joined(path->namespaces);
    if (!space.empty() && !wql::same_name(space, definition.cim_namespace))
        return names_nothing(key, definition);
    return cim::path_text(named);
}

Text text_of(const wire::Key& key, const cim::PropertyDef* property, const cim::ClassDef& definition) {
    const bool refers = property != nullptr && property->type == cim::Type::reference;
    if (!key.reference.empty()) {
        if (property == nullptr || refers) return text_of_reference(key, definition);
        return wrong_kind(key, definition,
                          fmt::format("{}, and the selector a reference", cim::type_name(property->type)));
    }
    if (refers) return text_of_path(key, definition);
    return key.value;
}

}  // namespace

Or<cim::Keys> keys_of(const cim::ClassDef& definition, const wire::Target& target) {
    const cim::Shape shape(definition);
    cim::Keys keys;
    for (const auto& key : target.keys) {
        auto text = text_of(key, key_property(shape, key.name), definition);
        if (auto* failure = std::get_if<cim::Failure>(&text)) return std::move(*failure);
        keys.emplace_back(key.name, std::get<std::string>(std::move(text)));
    }
    return keys;
}

std::string constant_text(const wql::Constant& constant) {
    if (const auto* flag = std::get_if<bool>(&constant)) return *flag ? "TRUE" : "FALSE";
    if (const auto* number = std::get_if<wql::Number>(&constant)) return wql::write_number(*number);
    return std::get<std::string>(constant);
}

std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const auto& name : names) text += (text.empty() ? "" : "/") + name;
    return text;
}

}  // namespace mullion::cimhost
