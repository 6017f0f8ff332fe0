// Writes one instance after the other, each as XML that stands on its own, in the form of 2012 and later.
// The service's way for many: no value is kept, and the buffer is the item. DSP0230 8, [MS-WSMV] 2.2.4.
#pragma once

#include <string>
#include <string_view>

#include "wsman/cim/instance_reader.h"
#include "wsman/cim/reference.h"
#include "wsman/cim/value.h"
#include "xml/writer.h"

namespace mullion::wsman::cim {

class InstanceWriter {
public:
    // Names have to be asked is_cim_name() or xml::is_ncname() when they come out of data. The type is
    // xsi:type's word; empty: none is written.
    InstanceWriter(std::string_view class_name, std::string_view space, std::string_view type);
    // <w:XmlFragment>: for queries that name columns.
    InstanceWriter();

    // An array is one call for each of its values, without others between them.
    InstanceWriter& null(std::string_view name);
    // Of an array, for who asked for precise ones (msftwinrm:UsePreciseArrays): to them no element at all is
    // an empty array. As microsoft/omi writes it.
    InstanceWriter& null_array(std::string_view name);
    InstanceWriter& text(std::string_view name, std::string_view value);
    InstanceWriter& scalar(std::string_view name, const Scalar& value);
    InstanceWriter& time(std::string_view name, Form form,
                         std::string_view value);  // As sent, of a time's forms.
    InstanceWriter& reference(std::string_view name, const Reference& target);
    // What is written until end() are the embedded one's properties.
    InstanceWriter& begin(std::string_view name, std::string_view space, std::string_view type);
    InstanceWriter& end();

    [[nodiscard]] std::size_t size() const { return out_.size(); }
    [[nodiscard]] std::string take();

private:
    struct Level {
        std::string prefix;  // "p:" and so on; of a fragment: none.
    };
    xml::Writer& open(std::string_view name);

    xml::Writer out_{1024};
    std::vector<Level> levels_;
    std::string name_;  // Used again for each name with its prefix.
};

}  // namespace mullion::wsman::cim
