// What an enumeration of CIM is narrowed down by: WQL, selectors, associations. DSP0227 16, DSP0226 8.3 and
// annex E, [MS-WSMV] 3.1.4.8.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/result.h"
#include "wsman/cim/reference.h"
#include "wsman/envelope.h"

namespace mullion::wsman::cim {

struct WqlFilter {
    std::string query;
    bool operator==(const WqlFilter&) const = default;
};

struct SelectorFilter {
    std::vector<Selector> selectors;
    bool operator==(const SelectorFilter&) const = default;
};

// What belongs to an object, or with `associations` what joins it to that. What is empty narrows nothing
// down.
struct AssociationFilter {
    bool associations = false;
    Reference object;
    std::string association_class = {}, role = {}, result_class = {}, result_role = {};
    std::vector<std::string> properties = {};  // Of the results; none: all.
    bool operator==(const AssociationFilter&) const = default;
};

using Filter = std::variant<std::monostate, WqlFilter, SelectorFilter, AssociationFilter>;

inline constexpr std::size_t longest_query = 64 * 1024;

// Of a w:Filter element. Errors: wsman.malformed with the fault to answer with.
[[nodiscard]] Result<Filter> read_filter(const xml::Element& filter);

[[nodiscard]] std::string filter_dialect(const Filter& filter);  // Empty: there is no filter.
[[nodiscard]] std::string filter_xml(const Filter& filter);      // What stands inside w:Filter.

}  // namespace mullion::wsman::cim
