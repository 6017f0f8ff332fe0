// `mullion connector test` of a secret manager: asks it, tells each step, and keeps with the connector what
// came of it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/secret_store.h"
#include "core/clock.h"
#include "core/result.h"
#include "secrets/store/store.h"

namespace mullion::cli {

// What the tests of connectors and of credentials have in common.
struct TestWords {
    std::vector<std::string> selectors;  // --delegate-selector: what the delegate must have beside its own.
    bool force = false;                  // --force: also where ignoreTestConnection is true.
    std::vector<std::string> hosts;      // Of a credential's test.
    std::optional<Duration> timeout;     // For each host, of each of its two steps.
    unsigned forks = 64;                 // Hosts at a time.
    std::string output = "text";
};

// The exit status. Errors: what kept the test from being made or kept: secrets.store, audit.…; what the
// manager does is no error here but a step that failed
[[nodiscard]] Result<int> test_manager(const TestWords& words, SecretStore& opened,
                                       const secrets::Stored& connector);

// One line, no longer than what a store keeps of a test.
[[nodiscard]] std::string kept_message(std::string_view text);

}  // namespace mullion::cli
