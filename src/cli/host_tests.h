// Whether hosts take a log-on, and let it run something: what tests of credentials ask.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/error.h"
#include "core/result.h"
#include "fleet/fleet.h"

namespace mullion::cli {

struct HostTest {
    std::string host;
    Status status = Status::not_started;
    std::optional<Error> error;
    bool logged_on = false;  // Identify was answered to who has logged on.
    std::string transport, vendor, version;
    bool sealed = false;
    Duration duration{0};

    [[nodiscard]] bool passed() const { return status == Status::ok; }
};

struct HostTestOptions {
    unsigned forks = 64;
    std::optional<Duration> timeout = {};  // Wall clock of each of the two steps, for each host.
};

// How a host is reached; asked for each step. Its error is that host's result.
using MakeWork = std::function<Result<fleet::Work>(const std::string& host)>;

// Each host logs on and is asked who it is; those that answered are then asked to run what does nothing:
// rights and quotas show there alone. Who refused the password once is not shown it again. One result for
// each, in the order of the names. Blocks; Ctrl-C ends what goes on.
[[nodiscard]] std::vector<HostTest> test_hosts(const std::vector<std::string>& hosts, const MakeWork& make,
                                               const HostTestOptions& options);

}  // namespace mullion::cli
