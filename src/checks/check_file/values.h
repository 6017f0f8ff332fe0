// The values of one row: its properties, and what a check file makes of them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checks/check_file/check_file.h"
#include "checks/modes/two_looks.h"
#include "checks/rows.h"

namespace mullion::checks {

struct RowValue {
    enum class Is : std::uint8_t { there, missing, first_look };
    Is is = Is::there;
    std::string text = {};
    std::string why = {};  // Of what is missing: "X is null".

    [[nodiscard]] static RowValue missing(std::string why) { return {Is::missing, {}, std::move(why)}; }
    [[nodiscard]] static RowValue first_look() { return {Is::first_look}; }
};

class RowValues {
public:
    RowValues(const CheckFile& check, const Row& row, std::string instance)
        : check_(check), row_(row), instance_(std::move(instance)) {}

    // In the order of the file. Errors: wsman.malformed, for a counter that is no number.
    [[nodiscard]] Result<void> read(TwoLooks& looks);
    // A value, or else a property; "instance" is the row's name.
    [[nodiscard]] RowValue find(std::string_view name) const;
    // What `condition` comes to; missing where one of its variables is, and where it cannot be reckoned.
    [[nodiscard]] RowValue reckoned(const Condition& condition) const;
    // The first of these that is not there; nothing where all are.
    [[nodiscard]] std::optional<RowValue> gap(const std::vector<std::string>& names) const;
    // All that has a name and a text.
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> all() const;
    // The host's clock in its counters is that of the last look.
    [[nodiscard]] bool still() const { return still_; }
    // Or it was set in between.
    [[nodiscard]] bool clock_was_set() const { return clock_was_set_; }
    [[nodiscard]] const std::string& instance() const { return instance_; }

private:
    [[nodiscard]] Result<RowValue> made(const ValueRule& rule, TwoLooks& looks);
    [[nodiscard]] Result<RowValue> advanced(const ValueRule& rule, TwoLooks& looks);
    [[nodiscard]] Result<RowValue> cooked_value(const ValueRule& rule, TwoLooks& looks);
    [[nodiscard]] RowValue plain(const ValueRule& rule) const;
    [[nodiscard]] RowValue property(std::string_view name) const;

    const CheckFile& check_;
    const Row& row_;
    std::string instance_;
    std::map<std::string, RowValue, std::less<>> values_;
    bool still_ = false, clock_was_set_ = false;
};

}  // namespace mullion::checks
