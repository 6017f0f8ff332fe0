// "Test connection" for a secret manager: each step by itself, so that causes are told apart.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/caller.h"
#include "core/clock.h"
#include "core/error.h"
#include "secrets/entities/entity.h"
#include "secrets/managers/aws_kms.h"
#include "secrets/managers/delegate.h"

namespace mullion::secrets {

struct ManagerTest {
    enum class State { ok, warning, failed, skipped };
    struct Step {
        std::string name;  // settings, credentials, identity, key, round-trip, clock
        State state = State::ok;
        std::string text;            // What was found.
        std::string cause;           // aws::to_string(Cause); empty where nothing failed.
        std::optional<Error> error;  // With its advice.
    };

    std::string delegate;                    // Who tried,
    std::vector<std::string> delegate_tags;  // and what selects it.
    WallTime at;
    std::string region, key, key_state, caller, credentials;  // Empty: not found out.
    std::optional<Duration> skew;                             // AWS's clock less this machine's.
    std::vector<Step> steps;
    std::vector<std::string> notes;

    [[nodiscard]] bool passed() const;
    [[nodiscard]] const Step* first_failed() const;  // Whose error decides the exit status.
    [[nodiscard]] std::string text() const;          // For people, with advice.
    [[nodiscard]] std::string json() const;          // {"schema":1,…}, one line.
};
[[nodiscard]] std::string_view to_string(ManagerTest::State state);

// A test that could not begin: what the connector refers to cannot be opened, or this is not its delegate.
[[nodiscard]] ManagerTest failed_manager_test(Error error, const Delegate& delegate, WallTime at);

// Identity, the key's state, a data key made, opened and compared under an encryption context, and the clock.
// Blocks for a minute and a half at most. Nothing of it is kept.
[[nodiscard]] ManagerTest test_aws_kms(const AwsKmsConnector& connector, AwsKmsValues values,
                                       const Delegate& delegate, const aws::World& world);

}  // namespace mullion::secrets
