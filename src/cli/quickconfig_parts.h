// What quickconfig works with outside of tests.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cli/quickconfig.h"

namespace mullion::cli {

// All but `listeners` and `create_listener`, which speak to the service. `machine` and `options` must outlive
// the parts. Certificates are the business of `mullion cert`, which is run.
[[nodiscard]] QuickconfigParts usual_quickconfig_parts(Machine& machine, const QuickconfigOptions& options);

// Of what `mullion cert list --store My --output json` prints, one that an HTTPS listener of that name may
// show at that time ("2026-11-22T03:31:00Z"); the one that is valid longest.
[[nodiscard]] std::optional<std::string> fit_certificate(const std::string& listed,
                                                         const std::string& host_name, std::string_view now);

// "y" and "yes", in any case of letters.
[[nodiscard]] bool means_yes(std::string_view answer);

}  // namespace mullion::cli
