// An instance as WQL looks at it.
#pragma once

#include <string>

#include "cim/instance.h"
#include "wql/match.h"

namespace mullion::cimhost {

class InstanceRow final : public wql::Row {
public:
    explicit InstanceRow(const cim::Instance& instance) : instance_(instance) {}

    [[nodiscard]] wql::Value value(std::string_view property) const override;
    [[nodiscard]] bool is_a(std::string_view class_name) const override;

private:
    // "WMI System Properties": __CLASS and its like.
    [[nodiscard]] wql::Value system_value(std::string_view property) const;

    const cim::Instance& instance_;
    mutable std::string text_;  // Of the value last asked for, where it has to be made.
};

}  // namespace mullion::cimhost
