// What is said when all of several hosts have ended: what their errors have in common, who was not begun, and
// the counts.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "cli/tally.h"
#include "core/clock.h"
#include "core/error.h"

namespace mullion::cli {

class Closing {
public:
    // Whether the host's result is worth a line of its own: a thousand lines about hosts whose turn never
    // came would bury the others.
    [[nodiscard]] bool add(const std::string& host, const Error& error);

    // "[net.refused] of 2 hosts: …", "not started: web05, web06 and 90 more", "12 hosts: 10 ok, 2 unreachable
    // in 3.2 s"
    [[nodiscard]] std::string text(const Tally& tally, Duration duration) const;

private:
    struct Kind {
        Error first;
        std::size_t hosts = 0;
    };
    std::vector<Kind> kinds_;               // By id, in the order of their first host.
    std::vector<std::string> not_started_;  // The first few.
};

}  // namespace mullion::cli
