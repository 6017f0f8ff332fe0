// Which instances a query means.
#pragma once

#include <string_view>
#include <variant>

#include "wql/query.h"

namespace mullion::wql {

class Row;

struct Null {};
struct Array {};  // Whatever is in it: WQL asks only whether it is there. ("Querying with WQL")
struct Reference {
    std::string_view path;
};

// Texts live until the row is asked for its next value; an embedded instance as long as the row.
using Value = std::variant<Null, bool, Number, std::string_view, DateTime, Reference, Array, const Row*>;

// An instance, as its provider sees it.
class Row {
public:
    virtual ~Row() = default;

    // In any case; also __CLASS and its like. Null where there is no such property: check() has told already,
    // and of embedded instances WMI does not. ("SELECT Statement for Data Queries")
    [[nodiscard]] virtual Value value(std::string_view property) const = 0;
    // It is of that class or of one derived from it.
    [[nodiscard]] virtual bool is_a(std::string_view class_name) const = 0;
};

// Three-valued, as in SQL, on which WQL stands ([MS-WMI] 2.2.1): NULL is neither equal nor unequal to
// anything, and NOT leaves the unknown unknown. So `Name <> "a"` and `NOT Name = "a"` both pass over a Name
// that is NULL.
enum class Truth { no, unknown, yes };

// - Text is compared without case, and so are paths. A number in quotes is a number beside a number; beside
// text a
//   number is its digits.
// - Of boolean values 0 and "FALSE" are FALSE, other numbers and "TRUE" are TRUE; they have no order.
// - Points in time are compared wherever on earth they were written; intervals with intervals.
// - Where the types do not go together the answer is unknown.
[[nodiscard]] Truth evaluate(const Expression& expression, const Row& row);

// All of WHERE is true. Without WHERE every row is meant.
[[nodiscard]] bool matches(const Select& select, const Row& row);

}  // namespace mullion::wql
