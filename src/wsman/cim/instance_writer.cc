#include "wsman/cim/instance_writer.h"

#include <array>

#include "wsman/cim/names.h"
#include "wsman/uris.h"

namespace mullion::wsman::cim {

namespace {

// cim:Date and cim:Time of a text that is both.
constexpr std::string_view element_of(Form form) {
    switch (form) {
        case Form::dmtf:
            return "cim:CIM_DateTime";
        case Form::interval:
            return "cim:Interval";
        case Form::date:
            return "cim:Date";
        case Form::time:
            return "cim:Time";
        default:
            return "cim:Datetime";
    }
}

}  // namespace

InstanceWriter::InstanceWriter(std::string_view class_name, std::string_view space, std::string_view type) {
    levels_.push_back({"p:"});
    // In no namespace (as some services' items are) there is no prefix either.
    if (space.empty()) levels_.back().prefix.clear();
    name_ = levels_.back().prefix;
    name_ += class_name;
    out_.open(name_).declare("xsi", xsi_space);
    if (!space.empty()) out_.declare("p", space);
    out_.declare("cim", common_space);
    if (type.empty()) return;
    name_ = levels_.back().prefix;
    name_ += type;
    out_.attribute("xsi:type", name_);
}

InstanceWriter::InstanceWriter() {
    levels_.push_back({""});
    out_.open("w:XmlFragment").declare("xsi", xsi_space).declare("w", ns::wsman).declare("cim", common_space);
}

xml::Writer& InstanceWriter::open(std::string_view name) {
    name_ = levels_.back().prefix;
    name_ += name;
    return out_.open(name_);
}

InstanceWriter& InstanceWriter::null(std::string_view name) {
    open(name).attribute("xsi:nil", "true").close();
    return *this;
}

InstanceWriter& InstanceWriter::null_array(std::string_view name) {
    open(name)
        .declare("msftwinrm", ns::wsmv)
        .attribute("msftwinrm:IsNullArray", "true")
        .attribute("xsi:nil", "true")
        .close();
    return *this;
}

InstanceWriter& InstanceWriter::text(std::string_view name, std::string_view value) {
    open(name).text(value).close();
    return *this;
}

InstanceWriter& InstanceWriter::scalar(std::string_view name, const Scalar& value) {
    if (const auto* text_value = std::get_if<std::string_view>(&value)) return text(name, *text_value);
    const auto form = form_of(value);
    if (form != Form::text) return time(name, form, wire_text(value));
    open(name).plain(format_scalar(value)).close();
    return *this;
}

InstanceWriter& InstanceWriter::time(std::string_view name, Form form, std::string_view value) {
    auto& out = open(name);
    if (form == Form::date_time) {
        const auto t = value.find('T');
        out.element("cim:Date", value.substr(0, t));
        out.element("cim:Time", t == std::string_view::npos ? std::string_view() : value.substr(t + 1));
    } else {
        out.element(element_of(form), value);
    }
    out.close();
    return *this;
}

InstanceWriter& InstanceWriter::reference(std::string_view name, const Reference& target) {
    auto& out = open(name).declare("a", ns::addressing).declare("w", ns::wsman);
    write_reference(out, target);
    out.close();
    return *this;
}

InstanceWriter& InstanceWriter::begin(std::string_view name, std::string_view space, std::string_view type) {
    open(name);
    std::string prefix;
    if (!space.empty()) {
        const auto bare = "p" + std::to_string(levels_.size());
        out_.declare(bare, space);
        prefix = bare + ":";
    }
    if (!type.empty()) {
        name_ = prefix;
        name_ += type;
        out_.attribute("xsi:type", name_);
    }
    levels_.push_back({std::move(prefix)});
    return *this;
}

InstanceWriter& InstanceWriter::end() {
    levels_.pop_back();
    out_.close();
    return *this;
}

std::string InstanceWriter::take() {
    out_.close();
    return out_.take();
}

}  // namespace mullion::wsman::cim
