// Who does the work: this process is one delegate, with a name and tags of its own. Whether it may is decided
// here.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "core/result.h"
#include "secrets/entities/entity.h"

namespace mullion::secrets {

struct Delegate {
    std::string name;
    std::set<std::string> tags;  // Its name is one as well, without being written.
};

// All selectors are tags of the delegate. Errors: usage.unsupported, which names those that it lacks
[[nodiscard]] Result<void> may_act(const Delegate& delegate, const std::vector<std::string>& selectors);

// The connector's own selectors, its credential's, executeOnDelegate and the connectivity mode. Errors:
// usage.unsupported
[[nodiscard]] Result<void> may_act(const Delegate& delegate, const AwsKmsConnector& connector);

}  // namespace mullion::secrets
