// Standard input for the commands of a fleet: each host reads the same from the start.
#pragma once

#include <memory>
#include <string>

#include "client/client.h"
#include "core/result.h"
#include "core/secret.h"

namespace mullion::cli {

// Safe from any thread.
class HostInputs {
public:
    virtual ~HostInputs() = default;
    // For one more host. It must not outlive this.
    [[nodiscard]] virtual std::unique_ptr<client::InputSource> open() = 0;
};

// "-" is our standard input. A file is read by each host at its own pace; what can be read only once (a pipe,
// a terminal) goes to a single host as it comes, and for several is read to its end here, into memory.
// Errors: usage.file, usage.invalid (more than 64 MiB of that)
[[nodiscard]] Result<std::unique_ptr<HostInputs>> open_inputs(const std::string& file, bool several);

// Every host reads this secret.
[[nodiscard]] std::unique_ptr<HostInputs> inputs_of(Secret value);

}  // namespace mullion::cli
