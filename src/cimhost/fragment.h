// A part of an instance: w:FragmentTransfer of a Get. DSP0226 7.2 - 7.5
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "cim/instance.h"
#include "cimhost/failure.h"
#include "wsman/cim/class_uri.h"

namespace mullion::cimhost {

// "Name", "IPAddress[2]", and each with "/text()": what of XPath's level 1 (DSP0226 annex D.1) an instance
// has.
struct Fragment {
    std::string property;
    std::size_t index = 0;  // From 1, of an array; 0: all of them.
    bool text = false;
    bool operator==(const Fragment&) const = default;
};

[[nodiscard]] Or<Fragment> parse_fragment(std::string_view path, std::string_view dialect);
// <w:XmlFragment>. Fails for a property that the class does not have, or an index that the value does not.
[[nodiscard]] Or<std::string> fragment_item(const Fragment& fragment, const cim::Instance& instance,
                                            const wsman::cim::ClassUri& form);

}  // namespace mullion::cimhost
