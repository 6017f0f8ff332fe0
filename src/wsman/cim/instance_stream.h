// The properties of an instance out of a document that is read front to back. Internal to the room: what
// callers have is BatchStream.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "wsman/cim/instance_reader.h"
#include "xml/pull_reader.h"

namespace mullion::wsman::cim {

class InstanceStream {
public:
    // Of the element whose start was just read.
    void begin(const xml::PullReader& reader);

    // As InstanceReader's. False behind the end of the instance's element. Errors: wsman.malformed.
    [[nodiscard]] Result<bool> next(xml::PullReader& reader, PropertyView& property);

    [[nodiscard]] std::string_view element_name() const { return name_; }
    [[nodiscard]] std::string_view space() const { return space_; }
    [[nodiscard]] std::string_view type() const { return type_; }

private:
    using Event = xml::PullReader::Event;
    using Mark = xml::PullReader::Mark;
    Result<bool> read_value(xml::PullReader& reader, const Mark& mark, PropertyView& property);
    Result<bool> read_child(xml::PullReader& reader, const Mark& mark, PropertyView& property);
    Result<bool> read_whole(xml::PullReader& reader, const Mark& mark, PropertyView& property);
    Event read_text(xml::PullReader& reader, std::string_view& text);

    std::string_view name_;
    std::string_view space_;
    std::string type_;
    std::string scratch_;  // Text that stands in several pieces.
};

}  // namespace mullion::wsman::cim
