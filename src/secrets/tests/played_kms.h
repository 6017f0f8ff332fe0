// A KMS and an STS in memory for tests of what uses them: it keeps keys, and knows context and ARN of each
// blob.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "aws/caller.h"
#include "core/clock.h"
#include "core/ids.h"
#include "encoding/base64.h"

namespace mullion::secrets {

class PlayedKms final : public aws::HttpClient {
public:
    using Json = nlohmann::json;
    using Reply = std::variant<aws::HttpAnswer, aws::HttpFailure>;

    std::map<std::string, std::string> keys;   // ARN to its state.
    std::string alias_of;                      // The key that every alias means.
    std::vector<std::string> asked;            // "HOST OPERATION"
    std::map<std::string, std::string> fails;  // Operation to the code it is refused with.
    std::string authorization;                 // Of the last request.
    std::string date = "Thu, 18 Dec 2025 00:00:00 GMT";

    Reply send(const aws::HttpRequest& request) override {
        for (const auto& [name, value] : request.secret_headers)
            if (name == "Authorization") authorization = value.expose();
        for (const auto& [name, value] : request.headers)
            if (name == "X-Amz-Target") return kms(request, value.substr(value.find('.') + 1));
        asked.push_back(request.endpoint.host + " STS");
        if (const auto code = fails.find("STS"); code != fails.end()) {
            if (code->second == "away")
                return aws::HttpFailure{Error(ErrorId::aws_unreachable, "no route"), true};
            return reply(403,
                         "<ErrorResponse><Error><Code>" + code->second + "</Code></Error></ErrorResponse>");
        }
        return reply(200,
                     "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::111122223333:"
                     "user/op</Arn><UserId>A</UserId>"
                     "<Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>");
    }

private:
    struct Blob {
        std::string arn, plaintext;
        Json context;
    };
    Reply reply(int status, const std::string& body) {
        return aws::HttpAnswer{status, {{"date", date}}, Secret(body)};
    }
    Reply refusal(const std::string& code) {
        return reply(400, Json{{"__type", code}, {"message", "words"}}.dump());
    }

    // Of a name in the region of the host; empty: there is none.
    std::string arn_of(const std::string& host, const std::string& name) const {
        const auto arn = name.find("alias/") != std::string::npos ? alias_of : name;
        const auto region = host.substr(4, host.find(".amazonaws") - 4);
        return keys.contains(arn) && (arn.find(":" + region + ":") != std::string::npos) ? arn : "";
    }
    Reply seal(const std::string& arn, const std::string& plaintext, const Json& context, bool show) {
        const auto blob = "blob-" + std::to_string(blobs_.size());
        blobs_[blob] = {arn, plaintext, context};
        Json made{{"KeyId", arn}, {"CiphertextBlob", encoding::base64_encode(blob)}};
        if (show) made["Plaintext"] = encoding::base64_encode(plaintext);
        return reply(200, made.dump());
    }
    static std::string material(const std::string& arn) {
        return arn.find("mrk-") == std::string::npos ? arn : arn.substr(arn.find("mrk-"));
    }

    Reply kms(const aws::HttpRequest& request, const std::string& operation) {
        asked.push_back(request.endpoint.host + " " + operation);
        if (const auto code = fails.find(operation); code != fails.end()) return refusal(code->second);
        const auto body = Json::parse(request.body.expose());
        const auto& host = request.endpoint.host;
        const auto arn = arn_of(host, body.value("KeyId", body.value("DestinationKeyId", "")));
        if (arn.empty()) return refusal("NotFoundException");
        if (operation == "DescribeKey") {
            return reply(200, Json{{"KeyMetadata",
                                    {{"Arn", arn},
                                     {"KeyState", keys[arn]},
                                     {"KeyUsage", "ENCRYPT_DECRYPT"},
                                     {"KeySpec", "SYMMETRIC_DEFAULT"},
                                     {"Origin", "AWS_KMS"}}}}
                                  .dump());
        }
        if (keys[arn] == "Disabled") return refusal("DisabledException");
        const auto context = body.value("EncryptionContext", Json());
        if (operation == "GenerateDataKey")
            return seal(arn, std::string(32, static_cast<char>('a' + blobs_.size())), context, true);
        if (operation == "Encrypt")
            return seal(arn, encoding::base64_decode(body.at("Plaintext").get<std::string>()).value(),
                        context, false);
        return open(host, operation, body, arn);
    }
    Reply open(const std::string& host, const std::string& operation, const Json& body,
               const std::string& arn) {
        const auto found =
            blobs_.find(encoding::base64_decode(body.at("CiphertextBlob").get<std::string>()).value());
        const bool again = operation == "ReEncrypt";
        const auto from = again ? arn_of(host, body.at("SourceKeyId")) : arn;
        const auto context = body.value(again ? "SourceEncryptionContext" : "EncryptionContext", Json());
        if (found == blobs_.end() || found->second.context != context)
            return refusal("InvalidCiphertextException");
        if (material(found->second.arn) != material(from)) return refusal("IncorrectKeyException");
        if (again)
            return seal(arn, found->second.plaintext, body.value("DestinationEncryptionContext", Json()),
                        false);
        return reply(
            200,
            Json{{"KeyId", from}, {"Plaintext", encoding::base64_encode(found->second.plaintext)}}.dump());
    }
    std::map<std::string, Blob> blobs_;
};

struct PlayedAws {
    class NoPauses final : public aws::Pauses {
    public:
        void wait(Duration) override {}
    };
    PlayedKms kms;
    ManualClock clock;
    CountingRandom random;
    NoPauses pauses;
    std::map<std::string, std::string> environment;

    aws::World world() {
        return {kms, clock, random, pauses, [this](const std::string& name) -> std::optional<std::string> {
                    const auto found = environment.find(name);
                    return found == environment.end() ? std::nullopt : std::optional(found->second);
                }};
    }
};

}  // namespace mullion::secrets
