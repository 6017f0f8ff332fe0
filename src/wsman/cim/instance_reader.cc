#include "wsman/cim/instance_reader.h"

#include "wsman/cim/instance_parts.h"
#include "wsman/cim/names.h"
#include "wsman/cim/reference.h"
#include "wsman/uris.h"
#include "wsman/values.h"

namespace mullion::wsman::cim {

namespace {

bool is_null(const xml::Element& element) {
    const auto nil = element.attribute(xsi_space, "nil");
    return nil && is_nil(*nil);
}

std::optional<Form> time_form(const xml::Element& element) {
    return cim::time_form(element.space(), element.local());
}

std::string_view text_of(const xml::Element& element, std::string& scratch) {
    if (const auto whole = element.text_view()) return *whole;
    scratch = element.text();
    return scratch;
}

void read_children(const xml::Element& first, PropertyView& property, std::string& scratch) {
    const auto form = time_form(first);
    const auto second = first.next();
    // The text is parted at its "T" again when it is written.
    if (form == Form::date && second && time_form(second) == Form::time && !second.next() &&
        first.text().find('T') == std::string::npos) {
        scratch = first.trimmed() + "T" + second.trimmed();
        property.form = Form::date_time;
        property.text = scratch;
    } else if (form && !second) {
        property.form = is_null(first) ? Form::null : *form;
        if (property.form != Form::null) property.text = text_of(first, scratch);
    } else {
        property.form = is_reference(property.element) ? Form::reference : Form::instance;
    }
}

}  // namespace

std::optional<Form> time_form(std::string_view space, std::string_view local) {
    // Windows' fragments have these in no namespace, as they have the properties. Date and Time may be those
    // of an embedded instance there.
    if (space != common_space && !space.empty()) return std::nullopt;
    if (local == "Datetime") return Form::datetime;
    if (local == "Interval") return Form::interval;
    if (local == "CIM_DateTime") return Form::dmtf;
    if (space.empty()) return std::nullopt;
    if (local == "Date") return Form::date;
    if (local == "Time") return Form::time;
    return std::nullopt;
}

bool is_nil(const std::optional<std::string_view>& value) {
    return value && parse_boolean(*value).value_or(false);
}

std::string_view without_prefix(std::string_view type) {
    return type.substr(type.find(':') + 1);  // Of none, npos + 1 is 0.
}

void read_property(const xml::Element& element, PropertyView& property, std::string& scratch) {
    property.element = element;
    property.name = element.local();
    property.text = {};
    property.form = Form::null;
    if (is_null(element)) return;
    if (const auto child = element.first()) {
        read_children(child, property, scratch);
        return;
    }
    property.form = Form::text;
    property.text = text_of(element, scratch);
}

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
    return std::string(without_prefix(element.attribute(xsi_space, "type").value_or("")));
}

bool InstanceReader::is_fragment() const {
    return instance_.is(ns::wsman, "XmlFragment");
}

bool InstanceReader::next(PropertyView& property) {
    if (!next_) return false;
    read_property(next_, property, scratch_);
    next_ = next_.next();
    return true;
}

}  // namespace mullion::wsman::cim
