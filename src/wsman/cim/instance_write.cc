// From an instance that owns its values to XML.
#include "wsman/cim/instance.h"
#include "wsman/cim/instance_writer.h"
#include "wsman/values.h"
#include "xml/characters.h"

namespace mullion::wsman::cim {

namespace {

constexpr unsigned deepest = 32;  // The XML of deeper ones no reader of ours would take.

Result<void> write_properties(InstanceWriter& out, const Instance& instance, unsigned depth);

Result<void> write_value(InstanceWriter& out, std::string_view name, const Value& value, unsigned depth) {
    switch (value.form) {
        case Form::null:
            out.null(name);
            return {};
        case Form::text:
            out.text(name, value.text);
            return {};
        case Form::reference:
            out.reference(name, value.reference.front());
            return {};
        case Form::instance: {
            const auto& embedded = value.instance.front();
            if (!embedded.type.empty() && !xml::is_ncname(embedded.type))
                return malformed("the embedded instance's type is no name: " + embedded.type);
            out.begin(name, embedded.space, embedded.type);
            MULLION_TRY(write_properties(out, embedded, depth + 1));
            out.end();
            return {};
        }
        default:
            out.time(name, value.form, value.text);
            return {};
    }
}

Result<void> write_properties(InstanceWriter& out, const Instance& instance, unsigned depth) {
    if (depth > deepest) return malformed("instances are nested too deep");
    for (const auto& property : instance.properties) {
        if (!xml::is_ncname(property.name)) return malformed("the property's name is none: " + property.name);
        if (property.values.empty()) out.null(property.name);  // An empty array. DSP0230 8.3
        for (const auto& value : property.values) MULLION_TRY(write_value(out, property.name, value, depth));
    }
    return {};
}

}  // namespace

Result<std::string> instance_item(const Instance& instance) {
    if (instance.class_name.empty()) {
        InstanceWriter out;
        MULLION_TRY(write_properties(out, instance, 1));
        return out.take();
    }
    if (!xml::is_ncname(instance.class_name))
        return malformed("the class's name is none: " + instance.class_name);
    if (!instance.type.empty() && !xml::is_ncname(instance.type))
        return malformed("the instance's type is no name: " + instance.type);
    InstanceWriter out(instance.class_name, instance.space, instance.type);
    MULLION_TRY(write_properties(out, instance, 1));
    return out.take();
}

}  // namespace mullion::wsman::cim
