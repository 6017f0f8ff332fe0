#include "wsman/cim/instance_stream.h"

#include "wsman/cim/instance_parts.h"
#include "wsman/cim/names.h"

namespace mullion::wsman::cim {

namespace {

bool is_null(const xml::PullReader& reader) {
    return !reader.attributes().empty() && is_nil(reader.attribute(xsi_space, "nil"));
}

}  // namespace

void InstanceStream::begin(const xml::PullReader& reader) {
    name_ = reader.local();
    space_ = reader.space();
    type_ = without_prefix(reader.attribute(xsi_space, "type").value_or(""));
}

Result<bool> InstanceStream::next(xml::PullReader& reader, PropertyView& property) {
    auto event = reader.next();
    while (event == Event::text) event = reader.next();  // White space between properties.
    if (event == Event::failed) return reader.error();
    if (event != Event::start) return false;
    property.name = reader.local();
    property.text = {};
    property.form = Form::null;
    property.element = {};
    const auto mark = reader.mark();
    if (!is_null(reader)) {
        const auto whole = reader.leaf();
        if (!whole) return read_value(reader, mark, property);
        property.text = *whole;
        property.form = Form::text;
        return true;
    }
    if (reader.leaf()) return true;
    MULLION_TRY(reader.skip_to(mark.depth - 1));
    return true;
}

// All text up to the next tag, and what that is.
InstanceStream::Event InstanceStream::read_text(xml::PullReader& reader, std::string_view& text) {
    auto event = reader.next();
    if (event != Event::text) return event;
    text = reader.text();
    event = reader.next();
    if (event != Event::text) return event;
    scratch_ = text;
    for (; event == Event::text; event = reader.next()) scratch_ += reader.text();
    text = scratch_;
    return event;
}

Result<bool> InstanceStream::read_value(xml::PullReader& reader, const Mark& mark, PropertyView& property) {
    const auto event = read_text(reader, property.text);
    if (event == Event::failed) return reader.error();
    if (event == Event::start) return read_child(reader, mark, property);
    property.form = Form::text;
    return true;
}

// Nearly always a time, alone.
Result<bool> InstanceStream::read_child(xml::PullReader& reader, const Mark& mark, PropertyView& property) {
    const auto form = time_form(reader.space(), reader.local());
    if (!form || is_null(reader)) return read_whole(reader, mark, property);
    property.text = {};
    if (const auto whole = reader.leaf()) {
        property.text = *whole;
    } else {
        const auto event = read_text(reader, property.text);
        if (event == Event::failed) return reader.error();
        if (event == Event::start) return read_whole(reader, mark, property);
    }
    auto event = reader.next();
    while (event == Event::text) event = reader.next();  // White space behind it.
    if (event == Event::failed) return reader.error();
    if (event == Event::start) return read_whole(reader, mark, property);
    property.form = *form;
    return true;
}

Result<bool> InstanceStream::read_whole(xml::PullReader& reader, const Mark& mark, PropertyView& property) {
    const auto name = property.name;  // Of the document, which outlives the tree.
    MULLION_ASSIGN(const auto element, reader.take(mark));
    read_property(element, property, scratch_);
    property.name = name;
    return true;
}

}  // namespace mullion::wsman::cim
