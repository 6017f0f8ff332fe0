// `mullion credential test` and `mullion connector test` of a list of hosts: a log-on and a command that does
// nothing on each host, and what came of it kept with the entity.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/host_tests.h"
#include "cli/manager_test_run.h"
#include "core/result.h"
#include "secrets/managers/delegate.h"
#include "secrets/store/store.h"
#include "secrets/use/use.h"

namespace mullion::cli {

// All of a test, for people and for programs.
struct CredentialTest {
    secrets::Identity credential;
    std::optional<secrets::Identity> connector;  // Whose hosts these are.
    secrets::Delegate delegate;                  // Who tried.
    WallTime at{};
    std::vector<std::string> notes;
    std::optional<Error> error;   // What kept it from beginning: no delegate, a secret that cannot be opened.
    std::vector<HostTest> hosts;  // Empty where it did not begin.

    [[nodiscard]] bool passed() const;
    // 0; 4, where a host failed; what the error says; 130
    [[nodiscard]] int exit_status() const;
    [[nodiscard]] std::string text() const;
    [[nodiscard]] std::string json() const;  // {"schema":1,…}, one line.
    [[nodiscard]] secrets::TestResult kept() const;
};

// Of the hosts given. Gives the exit status. Errors: what kept the test from being made or kept:
// secrets.store, audit.…, usage.target
[[nodiscard]] Result<int> test_credential(const TestWords& words, secrets::SecretUse& use,
                                          const secrets::Stored& credential);
// Of all its hosts, by its credential. Errors: also secrets.invalid (it has no host, or no credential)
[[nodiscard]] Result<int> test_hosts_of(const TestWords& words, secrets::SecretUse& use,
                                        const secrets::Stored& connector);

}  // namespace mullion::cli
