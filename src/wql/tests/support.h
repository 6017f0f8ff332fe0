// Queries that tests name by their text, and rows made of names and values.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "wql/fold.h"
#include "wql/match.h"
#include "wql/parse.h"

namespace mullion::wql {

inline Query query_of(std::string_view text, const Limits& limits = {}, int offset_minutes = 0) {
    auto read = parse(text, limits, offset_minutes);
    if (const auto* fault = std::get_if<Fault>(&read)) {
        ADD_FAILURE() << text << ": " << fault->text();
        return {};
    }
    return std::get<Query>(std::move(read));
}

inline Select select_of(std::string_view text, int offset_minutes = 0) {
    auto query = query_of(text, {}, offset_minutes);
    if (auto* select = std::get_if<Select>(&query)) return std::move(*select);
    ADD_FAILURE() << text << " is no SELECT";
    return {};
}

inline Fault fault_of(std::string_view text, const Limits& limits = {}) {
    auto read = parse(text, limits);
    if (auto* fault = std::get_if<Fault>(&read)) return std::move(*fault);
    ADD_FAILURE() << text << " is read as " << print(std::get<Query>(read));
    return {};
}

class TestRow : public Row {
public:
    struct Less {
        bool operator()(const std::string& a, const std::string& b) const { return compare_text(a, b) < 0; }
    };
    std::map<std::string, Value, Less> values;
    std::set<std::string, Less> classes;

    [[nodiscard]] Value value(std::string_view property) const override {
        const auto found = values.find(std::string(property));
        return found == values.end() ? Value(Null{}) : found->second;
    }
    [[nodiscard]] bool is_a(std::string_view class_name) const override {
        return classes.contains(std::string(class_name));
    }
};

}  // namespace mullion::wql
