// Whether this service can be reached for management over one transport, and what is to be changed so that it
// can: what `winrm quickconfig` asks. Of its configuration alone: the firewall and the start of the service
// are the machine's, which only `winrm quickconfig` at the machine itself sets up.
#pragma once

#include <string>
#include <vector>

#include "core/result.h"
#include "service/config/config_edits.h"

namespace mullion::service {

struct RemotingPlan {
    struct Step {
        std::string wanted;  // "Create a WinRM listener on HTTP://* …"
        std::string done;    // "Created a WinRM listener on HTTP://* …"
    };
    std::vector<Step> steps;   // None: it is so already.
    std::string by_policy;     // Not empty: policy stands in the way, and how.
    state::ConfigLayer layer;  // What the file is to say.
};

// Errors: those of create_listener() and put_listener() (https without a certificate, a listener that the
// command line has)
[[nodiscard]] Result<RemotingPlan> plan_remoting(const state::ConfigTree& tree, bool https,
                                                 const CertificatePlaces& places);

// A line for each.
[[nodiscard]] std::string wanted_lines(const RemotingPlan& plan);
[[nodiscard]] std::string done_lines(const RemotingPlan& plan);

}  // namespace mullion::service
