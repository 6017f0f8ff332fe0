#include "exporter/row.h"

#include <fmt/core.h>

#include <algorithm>

namespace mullion::exporter {
namespace {

using wsman::cim::Form;
using wsman::cim::Scalar;
using wsman::cim::Type;

constexpr std::string_view blanks = " \t\r\n";
constexpr std::size_t most_shown = 40;  // Of a value, in a problem.

std::string trimmed(std::string_view text) {
    const auto from = text.find_first_not_of(blanks);
    if (from == std::string_view::npos) return {};
    return std::string(text.substr(from, text.find_last_not_of(blanks) - from + 1));
}

std::string_view wanted_name(Type type) {
    switch (type) {
        case Type::uint64:
            return "number that is whole and not below zero";
        case Type::real64:
            return "number";
        case Type::boolean:
            return "true or false";
        case Type::datetime:
            return "time";
        default:
            return wsman::cim::type_name(type);
    }
}

}  // namespace

void Problems::add(std::string what) {
    ++count_;
    if (first_.size() < most) first_.push_back(std::move(what));
}

void Row::problem(std::string_view property, std::string_view what) const {
    problems_.add(fmt::format("{}.{}: {}", class_name_, property, what));
}

std::optional<Scalar> Row::scalar(std::string_view property, Type type) const {
    const auto* found = instance_.find(property);
    if (found == nullptr || found->values.empty() || found->values.front().is_null()) return std::nullopt;
    const auto& value = found->values.front();
    auto read = value.as(type);
    if (!read || found->values.size() > 1) {
        problem(property, found->values.size() > 1
                              ? "an array, where one value is expected"
                              : fmt::format("\"{}\" is no {}", trimmed(value.text.substr(0, most_shown)),
                                            wanted_name(type)));
        return std::nullopt;
    }
    return read;
}

std::optional<std::uint64_t> Row::whole(std::string_view property) const {
    const auto read = scalar(property, Type::uint64);
    if (!read) return std::nullopt;
    return std::get<std::uint64_t>(*read);
}

std::optional<double> Row::number(std::string_view property) const {
    const auto read = scalar(property, Type::real64);
    if (!read) return std::nullopt;
    return std::get<double>(*read);
}

std::optional<bool> Row::boolean(std::string_view property) const {
    const auto read = scalar(property, Type::boolean);
    if (!read) return std::nullopt;
    return std::get<bool>(*read);
}

std::optional<double> Row::timestamp(std::string_view property) const {
    const auto read = scalar(property, Type::datetime);
    if (!read) return std::nullopt;
    const auto* moment = std::get_if<wsman::cim::Moment>(&*read);
    const auto at = moment == nullptr ? std::nullopt : wsman::cim::unix_microseconds(*moment);
    if (!at) {
        problem(property, "no point in time");
        return std::nullopt;
    }
    return static_cast<double>(*at) / 1e6;
}

std::optional<std::string> Row::text(std::string_view property) const {
    const auto* found = instance_.find(property);
    if (found == nullptr || found->values.empty() || found->values.front().is_null()) return std::nullopt;
    const auto& value = found->values.front();
    if (value.form == Form::reference || value.form == Form::instance) {
        problem(property, "no text");
        return std::nullopt;
    }
    return trimmed(value.text);
}

std::vector<std::string> Row::texts(std::string_view property) const {
    std::vector<std::string> all;
    const auto* found = instance_.find(property);
    if (found == nullptr) return all;
    for (const auto& value : found->values)
        if (value.form == Form::text) all.push_back(trimmed(value.text));
    return all;
}

}  // namespace mullion::exporter
