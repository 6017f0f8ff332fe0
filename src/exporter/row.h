// One row of an answer, as collectors read it: what is null or not there is nothing, never 0, and what is not
// of the type that its class says is told.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wsman/cim/instance.h"

namespace mullion::exporter {

// What was wrong with answers, in words. The first few are kept, all are counted.
class Problems {
public:
    void add(std::string what);
    [[nodiscard]] const std::vector<std::string>& first() const { return first_; }
    [[nodiscard]] std::size_t count() const { return count_; }

private:
    static constexpr std::size_t most = 10;
    std::vector<std::string> first_;
    std::size_t count_ = 0;
};

class Row {
public:
    Row(std::string_view class_name, const wsman::cim::Instance& instance, Problems& problems)
        : class_name_(class_name), instance_(instance), problems_(problems) {}

    // A number of any of CIM's types, also one below zero. Nothing: null, not there, or a problem.
    [[nodiscard]] std::optional<double> number(std::string_view property) const;
    // As the host has it; counters of 64 bits keep all of them.
    [[nodiscard]] std::optional<std::uint64_t> whole(std::string_view property) const;
    [[nodiscard]] std::optional<bool> boolean(std::string_view property) const;
    // Seconds since 1970. A time without an offset is taken as UTC.
    [[nodiscard]] std::optional<double> timestamp(std::string_view property) const;
    // White space around it is taken away. Empty is empty; nothing: null or not there.
    [[nodiscard]] std::optional<std::string> text(std::string_view property) const;
    [[nodiscard]] std::string text_or_empty(std::string_view property) const {
        return text(property).value_or(std::string());
    }
    [[nodiscard]] std::vector<std::string> texts(std::string_view property) const;  // Of an array.

    void problem(std::string_view property, std::string_view what) const;

private:
    [[nodiscard]] std::optional<wsman::cim::Scalar> scalar(std::string_view property,
                                                           wsman::cim::Type type) const;

    std::string_view class_name_;
    const wsman::cim::Instance& instance_;
    Problems& problems_;
};

}  // namespace mullion::exporter
