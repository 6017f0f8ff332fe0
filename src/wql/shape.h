// What a class has, and whether a query goes with it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wql/fault.h"
#include "wql/query.h"

namespace mullion::wql {

struct PropertyShape {
    enum class Type { boolean, number, text, datetime, reference, object };
    std::string name;
    Type type = Type::text;
    bool array = false;
};

struct ClassShape {
    std::string name;
    std::vector<PropertyShape> properties;  // Its own and inherited ones; without __CLASS and its like.

    [[nodiscard]] const PropertyShape* find(std::string_view property) const;
};

// The first fault, in the order of the query, whose text is told again: a property that is not there, an
// operator or a constant that does not go with its type. Of names inside an embedded instance WMI tells
// nothing, since they depend on the instance.
[[nodiscard]] std::optional<Fault> check(const Select& select, std::string_view query,
                                         const ClassShape& shape);

// Which properties an answer has, each once, in the spelling of the class and by alphabet, which is WinRM's
// order of them: for * all. Of "a.b" it is a. Those of the system (__PATH) are no part of an answer over
// WS-Management.
[[nodiscard]] std::vector<std::string_view> selected(const Select& select, const ClassShape& shape);

}  // namespace mullion::wql
