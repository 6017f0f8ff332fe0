// One question to a service: signed, sent, repeated by the table of secrets.md 2.2, and its failure put into
// words. Blocks.
#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <string>

#include "aws/credentials.h"
#include "aws/http.h"
#include "aws/outcome.h"
#include "aws/retry.h"
#include "aws/service_error.h"
#include "aws/sigv4.h"
#include "core/clock.h"
#include "core/ids.h"

namespace mullion::aws {

// Waiting between two attempts.
class Pauses {
public:
    virtual ~Pauses() = default;
    virtual void wait(Duration time) = 0;
};
[[nodiscard]] Pauses& sleeping_pauses();

// What every part of the room needs of its surroundings.
struct World {
    HttpClient& http;
    const Clock& clock;
    Random& random;
    Pauses& pauses;
    std::function<std::optional<std::string>(const std::string&)> environment;
};

struct Question {
    HttpRequest request;                        // Unsigned.
    std::string step;                           // "GenerateDataKey"
    std::optional<SigningScope> scope;          // None: not signed.
    CredentialProvider* credentials = nullptr;  // Where it is.
    std::function<ServiceError(const HttpAnswer&)> read_error;
};

class Caller {
public:
    explicit Caller(const World& world, Duration whole = std::chrono::seconds(30))
        : world_(world), whole_(whole) {}

    // An answer of 2xx. Errors: by cause; the detail has the service's code and words, step and endpoint.
    [[nodiscard]] Outcome<HttpAnswer> ask(const Question& question);
    // The services' clock less this machine's, as their last answer had it.
    [[nodiscard]] std::optional<Duration> measured_skew() const;
    [[nodiscard]] const World& world() const { return world_; }

private:
    struct Attempt;
    [[nodiscard]] Outcome<HttpAnswer> attempt(const Question& question, Attempt& made);
    void measure(const HttpAnswer& answer);

    World world_;
    Duration whole_;  // All attempts and pauses of one question together.
    RetryTokens tokens_;
    std::atomic<Duration::rep> applied_skew_{0};  // What requests are dated with.
    std::atomic<Duration::rep> measured_skew_{0};
    std::atomic<bool> measured_{false};
};

}  // namespace mullion::aws
