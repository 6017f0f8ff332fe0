#include "cimhost/printer.h"

#include <fmt/core.h>

#include <stdexcept>

#include "cimhost/classes.h"
#include "cimhost/values.h"
#include "wsman/cim/instance_writer.h"
#include "wsman/cim/names.h"

namespace mullion::cimhost {

namespace wire = wsman::cim;

namespace {

const cim::Reference* reference_in(const cim::Instance& instance, std::string_view property) {
    const auto* value = instance.find(property);
    const auto* scalar = value ? std::get_if<cim::Scalar>(value) : nullptr;
    return scalar ? std::get_if<cim::Reference>(scalar) : nullptr;
}

}  // namespace

Printer::Printer(const cim::Shape& own, const cim::Shape& shown, const wire::ClassUri& form)
    : own_(own),
      form_(form),
      name_(shown.definition().name),
      space_(wire::format_class_uri(uri_like(form, shown.definition()))),
      type_(name_ + "_Type"),
      own_uri_(wire::format_class_uri(uri_like(form, own.definition()))) {
    form_ = uri_like(form, own.definition());
    for (const auto& entry : shown.entries())
        if (const auto at = own.find(entry.property->name)) add(entry.property->name, *at);
}

void Printer::only(const std::vector<std::string>& names) {
    fragment_ = true;
    columns_.clear();
    names_ = names;
    for (const auto& name : names_)
        if (const auto at = own_.find(name)) add(name, *at);
}

void Printer::add(std::string_view name, std::size_t at) {
    columns_.push_back({name, at, own_.entries()[at].property->array});
}

std::string Printer::object(const cim::Instance& instance) const {
    auto out = fragment_ ? wire::InstanceWriter() : wire::InstanceWriter(name_, space_, type_);
    for (const auto& column : columns_) {
        const auto& value = instance.values()[column.at];
        const auto* many = std::get_if<cim::Array>(&value);
        if (!precise_ || !column.array || (many != nullptr && !many->empty()))
            write_value(out, column.name, value, form_);
        else if (many == nullptr)
            out.null_array(column.name);
    }
    return out.take();
}

wire::Reference Printer::reference(const cim::Instance& instance) const {
    wire::Reference target{std::string(wsman::anonymous), own_uri_, {}};
    if (form_.form == wire::ClassUri::Form::schema)
        target.keys.emplace_back(std::string(wire::namespace_selector), form_.cim_namespace);
    for (const auto& entry : own_.entries()) {
        if (!entry.property->key) continue;
        if (const auto* inner = reference_in(instance, entry.property->name)) {
            target.keys.emplace_back(std::string(entry.property->name), std::string(),
                                     std::vector<wire::Reference>{wire_reference(*inner, form_)});
            continue;
        }
        auto value = instance.text(entry.property->name);
        if (!value)
            throw std::logic_error(
                fmt::format("an instance of {} has no {}", own_.definition().name, entry.property->name));
        target.keys.emplace_back(std::string(entry.property->name), std::move(*value));
    }
    return target;
}

}  // namespace mullion::cimhost
