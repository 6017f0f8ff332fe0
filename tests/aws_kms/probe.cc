// The AWS key manager on a pipe: the first line says what connector it is, each further one what to do. Keys
// leave as their SHA-256 only. Pauses are counted and not waited for.
#include <fmt/core.h>

#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "aws/real_world.h"
#include "crypto/hash.h"
#include "encoding/base64.h"
#include "encoding/hex.h"
#include "secrets/managers/aws_kms.h"
#include "secrets/managers/manager_test.h"

namespace {

using namespace mullion;
using namespace mullion::secrets;
using Json = nlohmann::json;

class ShiftedClock final : public Clock {
public:
    std::chrono::seconds by{0};
    MonotonicTime now() const override { return system_clock().now(); }
    WallTime wall() const override { return system_clock().wall() + by; }
};

class CountedPauses final : public aws::Pauses {
public:
    void wait(Duration) override { ++count; }
    int count = 0;
};

// Waits less long than it is told to.
class Hasty final : public aws::HttpClient {
public:
    Hasty(aws::HttpClient& real, Duration most) : real_(real), most_(most) {}
    std::variant<aws::HttpAnswer, aws::HttpFailure> send(const aws::HttpRequest& request) override {
        auto changed = request.clone();
        changed.timeout = std::min(changed.timeout, most_);
        return real_.send(changed);
    }

private:
    aws::HttpClient& real_;
    Duration most_;
};

AwsKmsConnector read_connector(const Json& json) {
    AwsKmsConnector made;
    const auto& credential = json.at("credential");
    const std::string type = credential.at("type");
    if (type == "AssumeIAMRole") {
        made.credential = AwsRoleOfTheMachine{};
    } else if (type == "AssumeSTSRole") {
        AwsAssumedRole role{credential.at("roleArn"), credential.value("externalName", ""), {}};
        if (credential.contains("seconds")) role.seconds = credential.at("seconds").get<std::uint32_t>();
        made.credential = role;
    } else if (type == "OidcAuthentication") {
        made.credential = AwsOidc{credential.at("iamRoleArn"), credential.value("token_file", ""),
                                  credential.value("token_command", std::vector<std::string>()), false};
    } else {
        made.credential = AwsKeys{};
    }
    made.key_arn = json.at("key").get<std::string>();
    made.region = json.value("region", "");
    made.endpoint = json.value("endpoint", "");
    made.sts_endpoint = json.value("sts_endpoint", "");
    return made;
}

Json refusal(const Error& error) {
    return {
        {"ok", false}, {"id", error.info().id}, {"message", error.message()}, {"advice", error.all_advice()}};
}

std::string digest(const Secret& key) {
    return encoding::to_hex(crypto::sha256(key.expose()));
}

Json answer(AwsKms& manager, const Json& asked) {
    const std::string what = asked.at("do");
    const auto context = asked.value("context", WrapContext());
    if (what == "generate") {
        const auto made = manager.generate(context);
        if (!made.ok()) return refusal(made.error());
        return {{"ok", true},
                {"key", digest(made->key)},
                {"arn", made->wrapped.manager_key},
                {"blob", encoding::base64_encode(made->wrapped.blob)}};
    }
    const WrappedKey wrapped{asked.at("arn"),
                             encoding::base64_decode(asked.at("blob").get<std::string>()).value()};
    if (what == "unwrap") {
        const auto key = manager.unwrap(wrapped, context);
        if (!key.ok()) return refusal(key.error());
        return {{"ok", true}, {"key", digest(*key)}};
    }
    const auto again = manager.rewrap(wrapped, context);
    if (!again.ok()) return refusal(again.error());
    return {{"ok", true}, {"arn", again->manager_key}, {"blob", encoding::base64_encode(again->blob)}};
}

}  // namespace

int main() {
    std::string line;
    if (!std::getline(std::cin, line)) return 5;
    const auto settings = Json::parse(line);
    aws::RealWorld real;
    const auto real_world = real.world();
    Hasty hasty(real_world.http, Duration(settings.value("timeout_ms", 10'000)));
    ShiftedClock clock;
    clock.by = std::chrono::seconds(settings.value("clock_shift", 0));
    CountedPauses pauses;
    const aws::World world{hasty, clock, real_world.random, pauses, real_world.environment};
    const Delegate delegate{settings.value("delegate", "local"), {}};
    const auto connector = read_connector(settings);
    const auto values = [&] {
        return AwsKmsValues{
            Secret(settings.value("access_key", "")), Secret(settings.value("secret_key", "")), {}};
    };
    auto manager = AwsKms::make(connector, values(), delegate, world);
    while (std::getline(std::cin, line)) {
        const auto asked = Json::parse(line);
        pauses.count = 0;
        Json told;
        if (asked.at("do") == "test") {
            const auto test = test_aws_kms(connector, values(), delegate, world);
            told = Json::parse(test.json());
            told["shown"] = test.text();
        } else if (!manager.ok()) {
            told = refusal(manager.error());
        } else {
            told = answer(**manager, asked);
            told["notes"] = (*manager)->credentials().notes();
            told["skew_ms"] = (*manager)->caller().measured_skew().value_or(Duration(0)).count();
        }
        told["pauses"] = pauses.count;
        fmt::print("{}\n", told.dump());
        std::fflush(stdout);
    }
    return 0;
}
