// Thresholds: [@][start:][end], as Monitoring Plugins' ranges, with what Centreon's reader takes beyond them.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"

namespace mullion::checks {

// As Centreon counts a fraction behind a comma and in front of a unit: not at all, so that "1,5GB" is 1 GB.
[[nodiscard]] std::string without_cut_fractions(std::string_view text);

class Range {
public:
    // "80" is 0..80, "10:" 10 and above, "~:5" 5 and below; "@" alerts inside. Numbers may have K M G T P E
    // with B (times 1024) or b (times 1000), and a comma for a point. Nothing where the text is no range.
    // `strict` refuses start > end, as Monitoring Plugins do; Centreon does not.
    [[nodiscard]] static std::optional<Range> parse(std::string_view text, bool strict = false);

    // Compared with so many digits behind the point (--float-precision).
    [[nodiscard]] bool alerts(double value, int precision = 8) const;

    // As perfdata shows it: "0:80", "10:", "~:5", "@1:5", numbers as they were typed. As whole numbers where
    // `whole`; of a percentage, as that part of `total`.
    [[nodiscard]] std::string print(std::optional<double> total = {}, bool whole = false) const;

    // Each bound that is finite becomes what `to` makes of it (--change-perfdata's methods).
    void change(const std::function<std::string(const std::string&)>& to);
    // Of what is free, what is used: greatest - end .. greatest - start.
    void invert(double greatest);

private:
    [[nodiscard]] bool reversed() const;

    bool inside_ = false;
    std::optional<std::string> start_, end_;  // As typed, units multiplied out. Nothing: infinite.
};

}  // namespace mullion::checks
