// What came of asking AWS: a value, or a failure with its cause. One error id has several causes (a policy, a
// disabled key, another region), each with advice of its own.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "core/error.h"
#include "core/result.h"

namespace mullion::aws {

enum class Cause {
    unreachable,         // No connection, no answer in time, or the service itself fails.
    tls,                 // Its certificate, or TLS at all.
    no_credentials,      // There are none to sign with.
    credential_refused,  // AWS does not know them, or their secret is another one.
    credential_expired,
    clock,          // This machine's clock is wrong.
    no_right,       // The caller is known, and may not.
    key_missing,    // There is no such key in that account and region.
    key_disabled,   //
    key_unusable,   // Pending deletion or import, or made for something else than encrypting.
    wrong_region,   //
    wrong_context,  // Sealed with another encryption context, or changed since.
    wrong_key,      // Sealed with another key.
    throttled,      //
    refused,        // Anything else that AWS says no to.
    answer,         // What answered makes no sense.
    settings,       // Ours, before anything was sent.
};

[[nodiscard]] std::string_view to_string(Cause cause);  // "no-right", as in JSON.
[[nodiscard]] ErrorId error_of(Cause cause);

struct Failure {
    Cause cause = Cause::answer;
    std::string code;  // As AWS sent it; empty: none.
    Error error;
};

// With the cause's own advice.
[[nodiscard]] Failure failure(Cause cause, std::string detail, std::string code = {});
// What a Result says, which has advice of its own.
[[nodiscard]] Failure failure(Cause cause, Error error);

template <class T>
class [[nodiscard]] Outcome {
public:
    Outcome(T value) : state_(std::in_place_index<0>, std::move(value)) {}            // NOLINT: as Result's
    Outcome(Failure failure) : state_(std::in_place_index<1>, std::move(failure)) {}  // NOLINT

    [[nodiscard]] bool ok() const { return state_.index() == 0; }
    [[nodiscard]] T& value() { return std::get<0>(state_); }
    [[nodiscard]] const T& value() const { return std::get<0>(state_); }
    [[nodiscard]] Failure& failure() { return std::get<1>(state_); }
    [[nodiscard]] const Failure& failure() const { return std::get<1>(state_); }
    // For who does not tell causes apart.
    [[nodiscard]] Result<T> result() && {
        if (!ok()) return std::move(failure().error);
        return std::move(value());
    }

private:
    std::variant<T, Failure> state_;
};

}  // namespace mullion::aws
