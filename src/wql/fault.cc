#include "wql/fault.h"

#include <algorithm>

#include "core/printable.h"
#include "encoding/utf8.h"

namespace mullion::wql {
namespace {

constexpr std::size_t shown_characters = 24;

std::size_t length_at(std::string_view text, std::size_t place) {
    return encoding::decode_utf8(text.substr(place)).length;
}

}  // namespace

Fault fault_at(std::string_view query, std::size_t place, Wrong wrong, std::string expected) {
    Fault fault{wrong, std::min(place, query.size()), 1, std::move(expected), {}};
    for (std::size_t at = 0; at < fault.place; at += length_at(query, at)) ++fault.column;
    auto end = fault.place;
    for (std::size_t i = 0; i < shown_characters && end < query.size(); ++i) end += length_at(query, end);
    fault.found = one_line(query.substr(fault.place, end - fault.place));
    return fault;
}

std::string Fault::text() const {
    const auto where = "character " + std::to_string(column) + ": ";
    const auto there = found.empty() ? "the end" : '"' + found + '"';
    return where + "expected " + expected + ", found " + there;
}

}  // namespace mullion::wql
