#include "wsman/cim/instance_reader.h"

#include "wsman/cim/names.h"
#include "wsman/cim/reference.h"
#include "wsman/uris.h"
#include "wsman/values.h"

namespace mullion::wsman::cim {

namespace {

bool is_nil(const xml::Element& element) {
    const auto nil = element.attribute(xsi_space, "nil");
    return nil && parse_boolean(*nil).value_or(false);
}

// DSP0230 8.4: the five elements of cim:cimDateTime.
std::optional<Form> time_form(const xml::Element& element) {
    if (element.space() != common_space) return std::nullopt;
    const auto name = element.local();
    if (name == "Datetime") return Form::datetime;
    if (name == "Interval") return Form::interval;
    if (name == "CIM_DateTime") return Form::dmtf;
    if (name == "Date") return Form::date;
    if (name == "Time") return Form::time;
    return std::nullopt;
}

}  // namespace

Form form_of(const Scalar& value) {
    if (std::holds_alternative<Interval>(value)) return Form::interval;
    const auto* moment = std::get_if<Moment>(&value);
    if (moment == nullptr) return Form::text;
    if (!moment->has_date) return Form::time;
    if (moment->precision >= Moment::Precision::second) return Form::datetime;
    return moment->precision == Moment::Precision::day ? Form::date : Form::dmtf;
}

std::string wire_text(const Scalar& value) {
    if (form_of(value) == Form::dmtf) return format_dmtf(std::get<Moment>(value));
    return format_scalar(value);
}

std::string InstanceReader::type_of(const xml::Element& element) {
    auto type = element.attribute(xsi_space, "type").value_or("");
    return type.substr(type.find(':') + 1);  // Of none, npos + 1 is 0.
}

bool InstanceReader::is_fragment() const {
    return instance_.is(ns::wsman, "XmlFragment");
}

std::string_view InstanceReader::text_of(const xml::Element& element) {
    if (const auto whole = element.text_view()) return *whole;
    scratch_ = element.text();
    return scratch_;
}

void InstanceReader::read_children(const xml::Element& first, PropertyView& property) {
    const auto form = time_form(first);
    const auto second = first.next();
    // The text is parted at its "T" again when it is written.
    if (form == Form::date && second && time_form(second) == Form::time && !second.next() &&
        first.text().find('T') == std::string::npos) {
        scratch_ = first.trimmed() + "T" + second.trimmed();
        property.form = Form::date_time;
        property.text = scratch_;
    } else if (form && !second) {
        property.form = is_nil(first) ? Form::null : *form;
        if (property.form != Form::null) property.text = text_of(first);
    } else {
        property.form = is_reference(property.element) ? Form::reference : Form::instance;
    }
}

bool InstanceReader::next(PropertyView& property) {
    if (!next_) return false;
    property.element = next_;
    property.name = next_.local();
    property.text = {};
    property.form = Form::null;
    next_ = next_.next();
    if (is_nil(property.element)) return true;
    if (const auto child = property.element.first()) {
        read_children(child, property);
        return true;
    }
    property.form = Form::text;
    property.text = text_of(property.element);
    return true;
}

}  // namespace mullion::wsman::cim
