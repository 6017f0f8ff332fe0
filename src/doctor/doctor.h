// Diagnosis of one host, layer by layer: what works, what does not, why, and what to do about it.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "doctor/finding.h"
#include "doctor/probes.h"
#include "doctor/subject.h"

namespace mullion::doctor {

struct Diagnosis {
    std::vector<Finding> findings;
    std::vector<ModeRow> modes = {};  // Of a host that is looked at for checks.
    bool interrupted = false;
    // The first that failed; none: all is well, or there are warnings only.
    [[nodiscard]] const Error* failure() const;
};

// Makes every check in turn; `tell` hears of each as soon as it is made. Nothing that could lock an account
// is done twice: a password is shown to nobody any more once somebody has refused it.
[[nodiscard]] Diagnosis examine(const Subject& subject, Probes& probes,
                                const std::function<void(const Finding&)>& tell);

}  // namespace mullion::doctor
