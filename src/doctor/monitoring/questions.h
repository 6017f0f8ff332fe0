// The questions that checks ask, each put to the host once: layers and modes look at the same answers.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "checks/ask.h"
#include "checks/options.h"
#include "core/clock.h"
#include "core/error.h"
#include "doctor/probes.h"

namespace mullion::doctor {

// The moment at which a host is looked at: modes that ask for what was since ask the same each time.
class HeldClock final : public Clock {
public:
    [[nodiscard]] MonotonicTime now() const override { return now_; }
    [[nodiscard]] WallTime wall() const override { return wall_; }

private:
    const MonotonicTime now_ = system_clock().now();
    const WallTime wall_ = system_clock().wall();
};

class Questions {
public:
    [[nodiscard]] const Clock& clock() const { return clock_; }
    [[nodiscard]] const Told& ask(Probes& probes, auth::Transport way_in, const checks::Ask& question);
    // What ended the conversation: from then on nobody is asked. Null: nothing has.
    [[nodiscard]] const Error* lost() const { return lost_ ? &*lost_ : nullptr; }

private:
    HeldClock clock_;
    [[nodiscard]] bool ends_it(const Told& told);

    unsigned late_ = 0;  // Questions in a row that were not answered in time.
    std::map<std::string, Told> answers_;
    std::optional<Error> lost_;
};

// The class that a query or a call is about; empty for what is neither.
[[nodiscard]] std::string class_of(const checks::Ask& question);
// For people: "Win32_Service in root/cimv2", "EnumKey of StdRegProv".
[[nodiscard]] std::string name_of(const checks::Ask& question);

// What a mode of checks asks first, with these options. Empty where it cannot be asked so.
[[nodiscard]] std::vector<checks::Ask> questions_of(std::string_view mode, const checks::Words& words,
                                                    const Clock& clock);

}  // namespace mullion::doctor
