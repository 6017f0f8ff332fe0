#include "aws/caller.h"

#include <fmt/core.h>

#include <thread>

#include "http/date.h"

namespace mullion::aws {
namespace {

class Sleeping final : public Pauses {
public:
    void wait(Duration time) override { std::this_thread::sleep_for(time); }
};

Failure in_words(const Question& question, const ServiceError& error) {
    auto detail =
        fmt::format("{} at {}: HTTP {}", question.step, question.request.endpoint.url(), error.status);
    if (!error.code.empty()) detail += " " + error.code;
    if (!error.message.empty()) detail += ": " + error.message;
    auto made = failure(cause_of(error), std::move(detail), error.code);
    made.error.http_status = error.status;
    return made;
}

}  // namespace

Pauses& sleeping_pauses() {
    static Sleeping pauses;
    return pauses;
}

// What became of one, beside its outcome.
struct Caller::Attempt {
    ErrorClass what = ErrorClass::final;
    std::optional<Duration> wanted;  // The pause that the service asks for.
    CredentialProvider::Shared used;
    std::optional<Duration> skew;
};

std::optional<Duration> Caller::measured_skew() const {
    if (!measured_) return std::nullopt;
    return Duration(measured_skew_.load());
}

void Caller::measure(const HttpAnswer& answer) {
    const auto field = answer.header("date");
    const auto date = field ? http::parse_date(*field) : std::nullopt;
    if (!date) return;
    measured_skew_ = std::chrono::duration_cast<Duration>(*date - world_.clock.wall()).count();
    measured_ = true;
}

Outcome<HttpAnswer> Caller::attempt(const Question& question, Attempt& made) {
    auto request = question.request.clone();
    if (question.scope) {
        auto taken = question.credentials->get();
        if (!taken.ok()) return std::move(taken.failure());
        made.used = taken.value();
        sign(request, *made.used, *question.scope, world_.clock.wall() + Duration(applied_skew_.load()));
    }
    auto sent = world_.http.send(request);
    if (auto* const failed = std::get_if<HttpFailure>(&sent)) {
        made.what = failed->transient ? ErrorClass::transient : ErrorClass::final;
        const auto phase = failed->error.info().phase;
        const auto cause = phase == Phase::tls                       ? Cause::tls
                           : failed->error.id == ErrorId::aws_answer ? Cause::answer
                                                                     : Cause::unreachable;
        auto error = std::move(failed->error);
        error.detail = fmt::format("{} at {}: {}", question.step, request.endpoint.url(), error.detail);
        return failure(cause, std::move(error));
    }
    auto& answer = std::get<HttpAnswer>(sent);
    measure(answer);
    if (answer.status >= 200 && answer.status < 300) return std::move(answer);
    const auto error = question.read_error(answer);
    made.what = class_of(error, made.used != nullptr && made.used->temporary());
    if (const auto field = answer.header("x-amz-retry-after")) made.wanted = parse_retry_after(*field);
    if (answer.header("date")) made.skew = measured_skew();
    return in_words(question, error);
}

Outcome<HttpAnswer> Caller::ask(const Question& question) {
    RetryPolicy policy(tokens_, world_.random);
    const auto until = world_.clock.now() + whole_;
    for (;;) {
        Attempt made;
        auto outcome = attempt(question, made);
        if (outcome.ok()) {
            policy.succeeded();
            return outcome;
        }
        const auto decision = policy.after(made.what, made.wanted, made.skew.has_value());
        if (const auto* const again = std::get_if<Again>(&decision)) {
            if (world_.clock.now() + again->after < until) {
                world_.pauses.wait(again->after);
                continue;
            }
        } else if (std::holds_alternative<RefreshAndAgain>(decision) && made.used) {
            question.credentials->forget(made.used);
            continue;
        } else if (std::holds_alternative<CorrectAndAgain>(decision)) {
            applied_skew_ = made.skew->count();
            continue;
        }
        if (policy.attempts() > 1)
            outcome.failure().error.detail += fmt::format(" (after {} attempts)", policy.attempts());
        return outcome;
    }
}

}  // namespace mullion::aws
