#include "cimhost/class_xml.h"

#include <algorithm>
#include <vector>

#include "wql/fold.h"
#include "xml/writer.h"

namespace mullion::cimhost {
namespace {

using cim::ClassDef;

void qualifier(xml::Writer& out, std::string_view name, std::string_view type, std::string_view value,
               bool to_subclasses = true) {
    out.open("QUALIFIER").attribute("NAME", name).attribute("TYPE", type);
    if (!to_subclasses) out.attribute("TOSUBCLASS", "false");
    out.element("VALUE", value).close();
}

void flag(xml::Writer& out, std::string_view name, bool to_subclasses = true) {
    qualifier(out, name, "boolean", "true", to_subclasses);
}

// DSP0201 5.2: an element for plain values, for arrays and for references each.
std::string element_of(std::string_view kind, cim::Type type, bool array) {
    std::string name(kind);
    if (type == cim::Type::reference) return name + (array ? ".REFARRAY" : ".REFERENCE");
    return array ? name + ".ARRAY" : name;
}

void open_typed(xml::Writer& out, std::string_view kind, std::string_view name, cim::Type type, bool array) {
    out.open(element_of(kind, type, array)).attribute("NAME", name);
    if (type != cim::Type::reference) out.attribute("TYPE", cim::type_name(type));
}

void origin(xml::Writer& out, const ClassDef& declared_first, bool propagated) {
    out.attribute("CLASSORIGIN", declared_first.name);
    if (propagated) out.attribute("PROPAGATED", "true");
}

bool declares(const ClassDef& definition, const cim::PropertyDef& property) {
    return std::any_of(definition.properties.begin(), definition.properties.end(),
                       [&](const auto& own) { return &own == &property; });
}

void write_property(xml::Writer& out, const ClassDef& definition, const cim::Shape::Entry& entry,
                    const ClassParts& parts) {
    const auto& property = *entry.property;
    open_typed(out, "PROPERTY", property.name, property.type, property.array);
    origin(out, *entry.origin, !declares(definition, property));
    if (parts.qualifiers) {
        if (property.key) flag(out, "key");
        flag(out, "read");
        if (property.counter) qualifier(out, "CounterType", "uint32", std::to_string(*property.counter));
    }
    out.close();
}

void write_parameter(xml::Writer& out, const cim::ParameterDef& parameter, const ClassParts& parts) {
    open_typed(out, "PARAMETER", parameter.name, parameter.type, parameter.array);
    if (parts.qualifiers) flag(out, parameter.out ? "Out" : "In");
    out.close();
}

void write_method(xml::Writer& out, const cim::MethodDef& method, const ClassDef& declared_first,
                  bool propagated, const ClassParts& parts) {
    out.open("METHOD").attribute("NAME", method.name).attribute("TYPE", cim::type_name(method.returns));
    origin(out, declared_first, propagated);
    if (parts.qualifiers) {
        flag(out, "Implemented", false);
        if (method.is_static) flag(out, "Static");
    }
    for (const auto& parameter : method.parameters) write_parameter(out, parameter, parts);
    out.close();
}

// Who declares a method of that name first.
const ClassDef& method_origin(const ClassDef& definition, std::string_view name) {
    const auto* first = &definition;
    for (const auto* at = &definition; at != nullptr; at = at->base)
        for (const auto& method : at->methods)
            if (wql::same_name(method.name, name)) first = at;
    return *first;
}

// From the class upwards; one of an ancestor's name replaces that.
void write_methods(xml::Writer& out, const ClassDef& definition, const ClassParts& parts) {
    std::vector<std::string_view> seen;
    for (const auto* at = &definition; at != nullptr; at = at->base) {
        for (const auto& method : at->methods) {
            const bool known = std::any_of(seen.begin(), seen.end(), [&](std::string_view name) {
                return wql::same_name(name, method.name);
            });
            if (known) continue;
            seen.push_back(method.name);
            write_method(out, method, method_origin(definition, method.name), at != &definition, parts);
        }
        if (!parts.inherited) return;
    }
}

// Names in one attribute, with blanks between them.
std::string derivation(const ClassDef& definition) {
    std::string names;
    for (const auto* at = definition.base; at != nullptr; at = at->base)
        names.append(names.empty() ? "" : " ").append(at->name);
    return names;
}

}  // namespace

std::string class_xml(const ClassDef& definition, const ClassParts& parts, bool dynamic) {
    xml::Writer out(4096);
    out.open("CLASS").attribute("NAME", definition.name);
    if (definition.base != nullptr) out.attribute("SUPERCLASS", definition.base->name);
    if (parts.hierarchy) out.attribute("DERIVATION", derivation(definition));
    if (parts.qualifiers) {
        if (definition.abstract) flag(out, "abstract", false);
        if (definition.singleton) flag(out, "singleton");
        if (dynamic) flag(out, "dynamic");
    }
    const cim::Shape shape(definition);
    for (const auto& entry : shape.entries())
        if (parts.inherited || declares(definition, *entry.property))
            write_property(out, definition, entry, parts);
    write_methods(out, definition, parts);
    return out.close().take();
}

}  // namespace mullion::cimhost
