// The text of a query, understood.
#pragma once

#include <string_view>
#include <variant>

#include "wql/fault.h"
#include "wql/query.h"

namespace mullion::wql {

// What a service takes. WMI too has a limit of ANDs and ORs, which depends on the query ("Querying with
// WQL").
struct Limits {
    std::size_t bytes = 16'384;
    std::size_t depth = 32;        // Of NOT and parentheses inside one another.
    std::size_t terms = 256;       // Comparisons in WHERE.
    std::size_t properties = 512;  // In the list behind SELECT.
    std::size_t nested = 8;        // Names of one property: a.b.c has three.
    std::size_t pattern = 1024;    // Parts of a pattern of LIKE.
    PathLimits path;               // Its `name` is the longest name everywhere.
};

// Words and names are read in either case. A date of the query that has no zone is `offset_minutes` ahead of
// UTC.
//
// Refused by name, as `unsupported`: event queries (WITHIN, GROUP BY, HAVING), COUNT and other functions,
// DISTINCT, ORDER BY, joins, elements of arrays.
[[nodiscard]] std::variant<Query, Fault> parse(std::string_view text, const Limits& limits = {},
                                               int offset_minutes = 0);

}  // namespace mullion::wql
