#include "checks/rows.h"

#include <fmt/format.h>

#include "core/printable.h"
#include "wsman/cim/value.h"

namespace mullion::checks {
namespace {

using wsman::cim::Form;
using wsman::cim::Type;
using wsman::cim::Value;

bool is_text(const Value& value) {
    return value.form != Form::null && value.form < Form::reference;
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

Error no_such(const Row& row, std::string_view name, std::string_view what) {
    const auto* property = row.find(name);
    if (property == nullptr) return malformed(fmt::format("the host's answer has no {}", name));
    const auto said = text(row, name);
    if (!said) {
        auto error = malformed(fmt::format("{} is null", name));
        error.advice.emplace_back(
            "The host does not know this value. Of a counter: lodctr /R and winmgmt /resyncperf on the host "
            "bring it back.");
        return error;
    }
    return malformed(
        fmt::format("{} '{}' is no {}", name, one_line(std::string_view(*said).substr(0, 80)), what));
}

}  // namespace

std::optional<std::string> text(const Row& row, std::string_view name) {
    const auto* property = row.find(name);
    if (property == nullptr || property->values.empty()) return {};
    const auto& first = property->values.front();
    if (!is_text(first)) return {};
    return first.text;
}

std::vector<std::string> texts(const Row& row, std::string_view name) {
    std::vector<std::string> all;
    const auto* property = row.find(name);
    if (property == nullptr) return all;
    for (const auto& value : property->values) {
        if (is_text(value)) all.push_back(value.text);
    }
    return all;
}

std::optional<std::string> seen_text(const Row& row, std::string_view name) {
    const auto* property = row.find(name);
    if (property == nullptr) return {};
    if (property->values.empty() || !is_text(property->values.back())) return std::string();
    return property->values.back().text;
}

std::string shown(const Row& row, std::string_view name) {
    return seen_text(row, name).value_or(std::string());
}

Result<std::uint64_t> number(const Row& row, std::string_view name) {
    const auto said = text(row, name);
    if (!said) return no_such(row, name, "number");
    const auto value = wsman::cim::parse_scalar(Type::uint64, trimmed(*said));
    if (!value) return no_such(row, name, "whole number");
    return std::get<std::uint64_t>(*value);
}

Result<std::optional<std::uint64_t>> number_or_null(const Row& row, std::string_view name) {
    if (!text(row, name)) return std::optional<std::uint64_t>();
    MULLION_ASSIGN(const auto value, number(row, name));
    return std::optional(value);
}

Result<double> real(const Row& row, std::string_view name) {
    const auto said = text(row, name);
    if (!said) return no_such(row, name, "number");
    const auto value = wsman::cim::parse_scalar(Type::real64, trimmed(*said));
    if (!value) return no_such(row, name, "number");
    return std::get<double>(*value);
}

Result<std::int64_t> moment(const Row& row, std::string_view name) {
    const auto said = text(row, name);
    if (!said) return no_such(row, name, "time");
    const auto value = wsman::cim::parse_moment(trimmed(*said));
    if (!value) return no_such(row, name, "time");
    const auto at = wsman::cim::unix_microseconds(*value);
    if (!at) return no_such(row, name, "point in time");
    return *at;
}

std::string perl_trimmed(std::string text) {
    if (text.ends_with('\0')) text.pop_back();
    constexpr const char* blanks = " \t\n";
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

const Rows& rows_of(const Answer& answer) {
    static const Rows none;
    const auto* rows = std::get_if<Rows>(&answer.of);
    return rows == nullptr ? none : *rows;
}

Error malformed(std::string_view what) {
    return Error(ErrorId::wsman_malformed, std::string(what));
}

}  // namespace mullion::checks
