// Where a container or an instance of EC2 gets its role from: services of this machine, without signatures.
#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "aws/sources.h"
#include "core/printable.h"
#include "os/file.h"

namespace mullion::aws {
namespace {

constexpr std::size_t most_token = 16 * 1024;

Question question(std::string step, Location location, const char* method) {
    Question made;
    made.step = std::move(step);
    made.request.endpoint = std::move(location.endpoint);
    made.request.target = std::move(location.target);
    made.request.method = method;
    made.request.direct = true;
    // Not on such a machine, nobody answers: that must not take long.
    made.request.connect_timeout = std::chrono::seconds(1);
    made.request.timeout = std::chrono::seconds(2);
    made.read_error = [](const HttpAnswer& answer) {
        auto error = read_json_error(answer.status, answer.body.expose(), "");
        if (error.code.empty() && answer.status < 500) error.code = fmt::format("status {}", answer.status);
        return error;
    };
    return made;
}

// A failure of these is always that there are no credentials, whatever the service's own reason.
Failure none(Failure failed) {
    failed.error.id = ErrorId::aws_credentials;
    failed.cause = Cause::no_credentials;
    return failed;
}

Outcome<Credentials> read(const HttpAnswer& answer, const std::string& step) {
    auto made = read_metadata_credentials(answer.body.expose());
    if (made.ok()) return std::move(*made);
    return none(failure(Cause::no_credentials, std::move(made.error()).at_step(step)));
}

class ContainerRole final : public CredentialSource {
public:
    explicit ContainerRole(Caller& caller) : caller_(caller) {}

    Outcome<Credentials> fetch() override {
        auto location = where();
        if (!location.ok()) return failure(Cause::no_credentials, std::move(location.error()));
        auto asked = question("the container's credentials", std::move(*location), "GET");
        auto token = authorization();
        if (!token.ok()) return failure(Cause::no_credentials, std::move(token.error()));
        if (!token->empty()) asked.request.secret_headers.push_back({"Authorization", std::move(*token)});
        auto answer = caller_.ask(asked);
        if (!answer.ok()) return none(std::move(answer.failure()));
        return read(answer.value(), asked.step);
    }
    std::string description() const override { return "the role of the container"; }

private:
    std::optional<std::string> variable(const char* name) const {
        auto found = caller_.world().environment(name);
        if (found && found->empty()) return std::nullopt;
        return found;
    }

    Result<Location> where() const {
        if (const auto relative = variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")) {
            if (relative->front() != '/')
                return Error(ErrorId::aws_credentials,
                             "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI does not begin with '/'");
            return parse_location("http://169.254.170.2" + *relative);
        }
        const auto full = variable("AWS_CONTAINER_CREDENTIALS_FULL_URI");
        if (!full)
            return Error(ErrorId::aws_credentials,
                         "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and _FULL_URI are not set");
        MULLION_ASSIGN(auto location, parse_location(*full));
        // In clear only to who is on this machine, or at the addresses of ECS and of EKS's agent.
        static constexpr std::array<std::string_view, 3> services{"169.254.170.2", "169.254.170.23",
                                                                  "fd00:ec2::23"};
        const auto& host = location.endpoint.host;
        if (!location.endpoint.tls && !is_loopback(host) &&
            std::find(services.begin(), services.end(), host) == services.end()) {
            return Error(
                ErrorId::aws_credentials,
                fmt::format(
                    "AWS_CONTAINER_CREDENTIALS_FULL_URI is http to {}: that is for loopback, 169.254.170.2, "
                    "169.254.170.23 and [fd00:ec2::23]; elsewhere it is https",
                    host));
        }
        return location;
    }

    // The file's wins, and is read again each time: it is renewed.
    Result<Secret> authorization() const {
        std::optional<std::string> text;
        if (const auto file = variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")) {
            MULLION_ASSIGN(text, os::read_file(*file, most_token));
        } else {
            text = variable("AWS_CONTAINER_AUTHORIZATION_TOKEN");
        }
        if (!text) return Secret();
        while (!text->empty() && text->back() == '\n') text->pop_back();
        Secret token(*text);
        const bool good =
            std::all_of(text->begin(), text->end(), [](char c) { return c >= ' ' && c < '\x7f'; });
        wipe(*text);
        if (!good)
            return Error(ErrorId::aws_credentials,
                         "the container's authorization token has characters that no header may have");
        return token;
    }

    Caller& caller_;
};

class InstanceRole final : public CredentialSource {
public:
    explicit InstanceRole(Caller& caller) : caller_(caller) {}

    Outcome<Credentials> fetch() override {
        auto base = where();
        if (!base.ok()) return failure(Cause::no_credentials, std::move(base.error()));
        auto token = get_token(*base);
        if (!token.ok()) return std::move(token.failure());
        auto role = get(*base, token.value(), "", "the instance's role");
        if (!role.ok()) return none(std::move(role.failure()));
        const auto text = role.value().body.expose();
        const auto name = text.substr(0, text.find('\n'));
        if (name.empty() || name.size() > 256 || !std::all_of(name.begin(), name.end(), is_role_character))
            return failure(Cause::no_credentials, "the instance has no role: give it an instance profile");
        auto answer = get(*base, token.value(), name, "the instance's credentials");
        if (!answer.ok()) return none(std::move(answer.failure()));
        return read(answer.value(), "the instance's credentials");
    }
    std::string description() const override { return "the role of this EC2 instance"; }

private:
    static bool is_role_character(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("_+=,.@-").find(c) != std::string_view::npos;
    }

    Result<Endpoint> where() const {
        const auto& environment = caller_.world().environment;
        if (environment("AWS_EC2_METADATA_DISABLED").value_or("") == "true")
            return Error(ErrorId::aws_credentials,
                         "AWS_EC2_METADATA_DISABLED is true: the instance's metadata is not asked");
        const auto given = environment("AWS_EC2_METADATA_SERVICE_ENDPOINT");
        if (!given || given->empty()) return Endpoint{false, "169.254.169.254", 0};
        MULLION_ASSIGN(const auto location, parse_location(*given));
        return location.endpoint;
    }

    // Version 2's session. Of version 1, which gives credentials to every GET that reaches it, there is no
    // use.
    Outcome<Secret> get_token(const Endpoint& base) {
        auto asked = question("the instance's metadata token", {base, "/latest/api/token"}, "PUT");
        asked.request.headers.push_back({"x-aws-ec2-metadata-token-ttl-seconds", "21600"});
        auto answer = caller_.ask(asked);
        if (!answer.ok()) {
            auto failed = none(std::move(answer.failure()));
            failed.error.advice.emplace_back(
                "In a container the hop limit of the instance's metadata must be 2: aws ec2 "
                "modify-instance-metadata-options --http-put-response-hop-limit 2.");
            return failed;
        }
        const auto text = answer.value().body.expose();
        if (text.empty() ||
            !std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; }))
            return failure(Cause::no_credentials,
                           "the instance's metadata gave no token of version 2 (IMDSv2)");
        return answer.value().body.clone();
    }

    Outcome<HttpAnswer> get(const Endpoint& base, const Secret& token, std::string_view role,
                            const char* step) {
        auto asked =
            question(step, {base, fmt::format("/latest/meta-data/iam/security-credentials/{}", role)}, "GET");
        asked.request.secret_headers.push_back({"x-aws-ec2-metadata-token", token.clone()});
        return caller_.ask(asked);
    }

    Caller& caller_;
};

}  // namespace

std::unique_ptr<CredentialSource> container_role(Caller& caller) {
    return std::make_unique<ContainerRole>(caller);
}

std::unique_ptr<CredentialSource> instance_role(Caller& caller) {
    return std::make_unique<InstanceRole>(caller);
}

}  // namespace mullion::aws
