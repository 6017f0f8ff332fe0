// A pair of thresholds that belongs to no counter: --warning and --critical of processes and files.
#pragma once

#include <optional>
#include <string_view>

#include "checks/options.h"
#include "checks/report.h"
#include "checks/status.h"
#include "checks/threshold.h"
#include "core/result.h"

namespace mullion::checks {

class Levels {
public:
    Levels() = default;
    // Options of these names; an empty one is none. Errors: usage.invalid, "Wrong warning threshold '…'."
    [[nodiscard]] static Result<Levels> of(const Words& words, std::string_view warning,
                                           std::string_view critical);

    [[nodiscard]] Status status_of(double value) const;
    void show(Perfdatum& datum) const;

private:
    std::optional<Range> warning_, critical_;
};

}  // namespace mullion::checks
