#include "secrets/managers/manager_test.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "aws/moment.h"

namespace mullion::secrets {
namespace {

using State = ManagerTest::State;
constexpr Duration notable_skew = std::chrono::minutes(1);  // AWS refuses at five.

// Done one after the other; each says whether the next makes sense.
class AwsKmsTest {
public:
    AwsKmsTest(AwsKms& manager, ManagerTest& result) : manager_(manager), result_(result) {}

    void run() {
        if (!credentials()) return skip({"identity", "key", "round-trip", "clock"});
        if (!identity()) return skip({"key", "round-trip", "clock"});
        if (key()) {
            round_trip();
        } else {
            skip({"round-trip"});
        }
        clock();
        result_.notes = manager_.credentials().notes();
    }

private:
    void skip(std::initializer_list<const char*> names) {
        for (const auto* const name : names)
            result_.steps.push_back({name, State::skipped, "not tried", {}, {}});
    }
    void good(const char* name, std::string text) {
        result_.steps.push_back({name, State::ok, std::move(text), {}, {}});
    }
    void bad(const char* name, aws::Failure failed, State state = State::failed) {
        auto text = failed.error.message();
        result_.steps.push_back({name, state, std::move(text), std::string(aws::to_string(failed.cause)),
                                 std::move(failed.error)});
    }

    bool credentials() {
        auto taken = manager_.credentials().get();
        result_.credentials = manager_.credentials().description();
        if (!taken.ok()) {
            bad("credentials", std::move(taken.failure()));
            return false;
        }
        const auto& expires = taken.value()->expires;
        good("credentials", result_.credentials + (expires ? ", until " + aws::plain_moment(*expires) : ""));
        return true;
    }

    // STS may be out of reach where KMS has an endpoint inside: that alone is no failure.
    bool identity() {
        auto asked = manager_.kms().caller_identity();
        if (asked.ok()) {
            result_.caller = asked.value().arn;
            good("identity", result_.caller);
            return true;
        }
        const bool away =
            asked.failure().cause == aws::Cause::unreachable || asked.failure().cause == aws::Cause::tls;
        bad("identity", std::move(asked.failure()), away ? State::warning : State::failed);
        return away;
    }

    bool key() {
        auto asked = manager_.kms().describe_key(manager_.key());
        if (!asked.ok()) {
            // Wrapping works without the right to describe.
            const bool only_that = asked.failure().cause == aws::Cause::no_right;
            bad("key", std::move(asked.failure()), only_that ? State::warning : State::failed);
            return only_that;
        }
        const auto& found = asked.value();
        result_.key = found.arn;
        result_.key_state = found.state;
        auto text = fmt::format("{}: {}", found.arn, found.state);
        for (const auto& word : {found.usage, found.spec})
            if (!word.empty()) text += ", " + word;
        if (found.multi_region) text += ", of several regions";
        if (!found.usable()) {
            const auto cause =
                found.state == "Disabled" ? aws::Cause::key_disabled : aws::Cause::key_unusable;
            bad("key", aws::failure(cause, text));
            return false;
        }
        good("key", text);
        return true;
    }

    void round_trip() {
        const WrapContext context{{"app", "mullion"}, {"purpose", "connection-test"}};
        auto made = manager_.kms().generate_data_key(manager_.key(), context);
        if (!made.ok()) return bad("round-trip", std::move(made.failure()));
        const auto& key = made.value();
        const auto name = aws::parse_key_name(key.arn);
        auto opened = manager_.kms().decrypt(name.ok() ? *name : manager_.key(), key.blob, context);
        if (!opened.ok()) return bad("round-trip", std::move(opened.failure()));
        if (!opened.value().same_as(key.key))
            return bad("round-trip",
                       aws::failure(aws::Cause::answer,
                                    "the data key that was opened is not the one that was made"));
        result_.key = key.arn;
        good("round-trip", "a data key was made, opened and compared, under an encryption context");
    }

    void clock() {
        result_.skew = manager_.caller().measured_skew();
        if (!result_.skew)
            return result_.steps.push_back({"clock", State::skipped, "no answer had a date", {}, {}});
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(*result_.skew).count();
        if (std::chrono::abs(*result_.skew) < notable_skew)
            return good("clock", fmt::format("{:+} s from AWS's", -seconds));
        bad("clock",
            aws::failure(aws::Cause::clock,
                         fmt::format("this machine's clock is {} s {} AWS's", std::abs(seconds),
                                     seconds > 0 ? "behind" : "ahead of")),
            State::warning);
    }

    AwsKms& manager_;
    ManagerTest& result_;
};

ManagerTest begun(const Delegate& delegate, WallTime at) {
    ManagerTest result;
    result.delegate = delegate.name;
    result.delegate_tags.assign(delegate.tags.begin(), delegate.tags.end());
    result.at = at;
    return result;
}

std::string_view mark(State state) {
    switch (state) {
        case State::ok:
            return "ok      ";
        case State::warning:
            return "warning ";
        case State::failed:
            return "FAILED  ";
        case State::skipped:
            return "skipped ";
    }
    return "";
}

}  // namespace

std::string_view to_string(State state) {
    switch (state) {
        case State::ok:
            return "ok";
        case State::warning:
            return "warning";
        case State::failed:
            return "failed";
        case State::skipped:
            return "skipped";
    }
    return "";
}

const ManagerTest::Step* ManagerTest::first_failed() const {
    const auto found = std::find_if(steps.begin(), steps.end(),
                                    [](const Step& step) { return step.state == State::failed; });
    return found == steps.end() ? nullptr : &*found;
}

bool ManagerTest::passed() const {
    return first_failed() == nullptr;
}

std::string ManagerTest::text() const {
    auto out = fmt::format(
        "delegate {}{}, {}\n", delegate,
        delegate_tags.empty() ? std::string() : fmt::format(" ({})", fmt::join(delegate_tags, ", ")),
        aws::plain_moment(at));
    for (const auto& step : steps) {
        out += fmt::format("{}{:<12}{}", mark(step.state), step.name, step.text);
        if (step.error) out += fmt::format(" [{}, {}]", step.error->info().id, step.cause);
        out += '\n';
        if (step.error)
            for (const auto& advice : step.error->all_advice())
                out += fmt::format("        next: {}\n", advice);
    }
    for (const auto& note : notes) out += fmt::format("note: {}\n", note);
    out += passed() ? "the secret manager works\n" : "the secret manager does not work\n";
    return out;
}

std::string ManagerTest::json() const {
    using Json = nlohmann::ordered_json;
    const auto text_or_null = [](const std::string& text) { return text.empty() ? Json() : Json(text); };
    Json listed = Json::array();
    for (const auto& step : steps) {
        Json one{{"name", step.name},
                 {"result", to_string(step.state)},
                 {"text", step.text},
                 {"cause", text_or_null(step.cause)},
                 {"error", Json()}};
        if (step.error) {
            one["error"] = {{"id", step.error->info().id},
                            {"message", step.error->message()},
                            {"advice", step.error->all_advice()}};
        }
        listed.push_back(std::move(one));
    }
    const Json whole{{"schema", 1},
                     {"manager", "AwsKms"},
                     {"delegate", delegate},
                     {"delegate_tags", delegate_tags},
                     {"at", aws::plain_moment(at)},
                     {"result", passed() ? "ok" : "failed"},
                     {"region", text_or_null(region)},
                     {"key", text_or_null(key)},
                     {"key_state", text_or_null(key_state)},
                     {"caller", text_or_null(caller)},
                     {"credentials", text_or_null(credentials)},
                     {"skew_ms", skew ? Json(skew->count()) : Json()},
                     {"steps", std::move(listed)},
                     {"notes", notes}};
    return whole.dump(-1, ' ', false, Json::error_handler_t::replace);
}

ManagerTest failed_manager_test(Error error, const Delegate& delegate, WallTime at) {
    auto result = begun(delegate, at);
    auto message = error.message();
    const auto cause = error.id == ErrorId::usage_unsupported
                           ? std::string("delegate")
                           : std::string(aws::to_string(aws::Cause::settings));
    result.steps.push_back({"settings", State::failed, std::move(message), cause, std::move(error)});
    for (const auto* const name : {"credentials", "identity", "key", "round-trip", "clock"})
        result.steps.push_back({name, State::skipped, "not tried", {}, {}});
    return result;
}

ManagerTest test_aws_kms(const AwsKmsConnector& connector, AwsKmsValues values, const Delegate& delegate,
                         const aws::World& world) {
    auto made = AwsKms::make(connector, std::move(values), delegate, world);
    if (!made.ok()) return failed_manager_test(std::move(made).error(), delegate, world.clock.wall());
    auto result = begun(delegate, world.clock.wall());
    result.region = (*made)->region();
    result.steps.push_back(
        {"settings", State::ok, fmt::format("{} in {}", (*made)->key().text(), result.region), {}, {}});
    AwsKmsTest(**made, result).run();
    return result;
}

}  // namespace mullion::secrets
