// What a query says. [MS-WMI] 2.2.1; the grammar is in Microsoft's pages "WQL (SQL for WMI)" and those below
// it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "wql/datetime.h"
#include "wql/like.h"
#include "wql/number.h"
#include "wql/object_path.h"

namespace mullion::wql {

// Where something stood in the query, in bytes: for faults that are seen later. Queries are the same wherever
// their parts stood.
struct Place {
    std::size_t at = 0;
    bool operator==(const Place&) const { return true; }
};

// "Name", or "Embedded.Name". The class's own name in front is left out: it says nothing.
struct Property {
    std::vector<std::string> names;  // At least one.
    Place place;

    bool operator==(const Property&) const = default;
};

enum class Operator { equal, different, less, greater, at_most, at_least, like, isa, is_null, is_not_null };

// "Property operator constant". What was written with the constant in front is turned round.
struct Term {
    Property property;
    Operator op = Operator::equal;
    Constant value = false;  // Not of is_null and is_not_null. `= NULL` and `<> NULL` mean those.
    Place value_place;
    // What the constant also says where it is text: once here, and not for each instance.
    std::optional<Number> number;
    std::optional<DateTime> datetime;
    LikePattern pattern;  // Of `like`.

    bool operator==(const Term&) const = default;
};

// NOT binds closest, then AND, then OR. Its depth is bounded by Limits::depth.
struct Expression {
    enum class Kind { term, all, any, negation };
    Kind kind = Kind::term;
    std::vector<Expression> parts;  // Of `negation` one, of `all` and `any` two or more.
    Term term;

    bool operator==(const Expression&) const = default;
};

struct Select {
    std::vector<Property> properties;  // Empty: all of them, *.
    std::string class_name;
    std::optional<Expression> where;

    // Of "meta_class", whose instances are the classes.
    [[nodiscard]] bool of_classes() const;
    bool operator==(const Select&) const = default;
};

// ASSOCIATORS OF {…} and REFERENCES OF {…}. Empty names were not given.
struct Traversal {
    enum class Kind { associators, references };
    Kind kind = Kind::associators;
    ObjectPath source;
    std::string assoc_class, result_class, role, result_role, required_qualifier, required_assoc_qualifier;
    bool class_defs_only = false, keys_only = false, schema_only = false;

    bool operator==(const Traversal&) const = default;
};

using Query = std::variant<Select, Traversal>;

// As text, which is read as the same query again.
[[nodiscard]] std::string print(const Query& query);

}  // namespace mullion::wql
