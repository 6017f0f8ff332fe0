// An instance as a stream of its properties: nothing is copied, nothing is kept. DSP0230 8, DSP0227 9.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "wsman/cim/value.h"
#include "xml/document.h"

namespace mullion::wsman::cim {

// What stands in the element of a property. The wire has no types; this much it shows.
enum class Form : std::uint8_t {
    null,       // xsi:nil
    text,       // Anything that is text, numbers and 2003's datetimes among it.
    dmtf,       // cim:CIM_DateTime, the string of 25 characters
    datetime,   // cim:Datetime
    interval,   // cim:Interval
    date,       // cim:Date
    time,       // cim:Time
    date_time,  // cim:Date and cim:Time beside each other; the text is both, joined by "T"
    reference,
    instance,  // Embedded.
};

// How a typed value stands there: what only DMTF's form can tell (known to the hour, say) in that.
[[nodiscard]] Form form_of(const Scalar& value);
[[nodiscard]] std::string wire_text(const Scalar& value);

// One element. An array is as many of them as it has values, one behind the other.
struct PropertyView {
    std::string_view name;
    Form form = Form::null;
    std::string_view text;  // Of text and times, until the next one is read; white space as sent.
    xml::Element element;   // For read_reference() or an InstanceReader of its own. Of a BatchStream only
                            // where the form is one of these two, until the next property.

    [[nodiscard]] bool is_text() const { return form != Form::null && form < Form::reference; }
    // Nothing when it is null or is no such value.
    [[nodiscard]] std::optional<Scalar> as(Type type) const {
        if (!is_text()) return std::nullopt;
        return parse_scalar(type, text);
    }
};

class InstanceReader {
public:
    // The element lives in a Document, which has to outlive this.
    explicit InstanceReader(const xml::Element& instance) : instance_(instance), next_(instance.first()) {}

    // True while there is one. The view may be used again, and is best used again.
    [[nodiscard]] bool next(PropertyView& property);

    [[nodiscard]] std::string_view element_name() const { return instance_.local(); }
    [[nodiscard]] std::string_view space() const { return instance_.space(); }
    // xsi:type without its prefix, such as "Win32_Service_Type"; empty when there is none.
    [[nodiscard]] std::string type() const { return type_of(instance_); }
    // Of a query that names columns: w:XmlFragment, whose elements have no namespace. DSP0226 7.5
    [[nodiscard]] bool is_fragment() const;

    [[nodiscard]] static std::string type_of(const xml::Element& element);

private:
    xml::Element instance_;
    xml::Element next_;
    std::string scratch_;  // Text that stands in several pieces.
};

}  // namespace mullion::wsman::cim
