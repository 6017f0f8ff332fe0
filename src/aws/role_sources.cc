// Roles that STS gives: for credentials that are there already, or for a token of somebody else's.
#include <fmt/core.h>

#include <algorithm>
#include <mutex>

#include "aws/sources.h"
#include "core/printable.h"
#include "os/input_file.h"
#include "os/program.h"

namespace mullion::aws {
namespace {

constexpr std::uint32_t longest_chained = 3600;  // "role chaining": AWS refuses more.
constexpr std::size_t least_token = 4, most_token = 20'000;

class AssumedRole final : public CredentialSource {
public:
    AssumedRole(Sts& sts, RoleAsked asked, std::unique_ptr<CredentialProvider> base)
        : sts_(sts), asked_(std::move(asked)), base_(std::move(base)) {}

    Outcome<Credentials> fetch() override {
        auto base = base_->get();
        if (!base.ok()) return std::move(base.failure());
        auto role = asked_.role;
        notes_ = base_->notes();
        if (base.value()->role_session && role.seconds > longest_chained) {
            role.seconds = longest_chained;
            if (asked_.seconds_chosen) {
                notes_.push_back(fmt::format(
                    "the role is assumed for {} s instead of {} s: what it is assumed with ({}) is a role's "
                    "session itself, and AWS allows such a chain an hour",
                    longest_chained, asked_.role.seconds, base_->description()));
            }
        }
        auto made = sts_.assume_role(role, *base_);
        if (!made.ok() && made.failure().code == "ValidationError" &&
            made.failure().error.detail.find("DurationSeconds") != std::string::npos) {
            made.failure().error.advice.emplace_back(
                "Shorten the duration of the connector, or raise the role's MaxSessionDuration.");
        }
        return made;
    }
    std::string description() const override {
        return fmt::format("the role {}, assumed with {}", asked_.role.role_arn, base_->description());
    }
    std::vector<std::string> notes() const override { return notes_; }

private:
    Sts& sts_;
    RoleAsked asked_;
    std::unique_ptr<CredentialProvider> base_;
    std::vector<std::string> notes_;
};

class WebIdentity final : public CredentialSource {
public:
    WebIdentity(Sts& sts, AssumeRole role, TokenFrom token)
        : sts_(sts), role_(std::move(role)), token_(std::move(token)) {}

    Outcome<Credentials> fetch() override {
        auto token = read_token();
        if (!token.ok())
            return failure(Cause::no_credentials,
                           std::move(token.error()).at_step("the web identity's token"));
        return sts_.assume_role_with_web_identity(role_, *token);
    }
    std::string description() const override {
        return fmt::format("the role {}, by web identity", role_.role_arn);
    }

private:
    Result<Secret> read_token() const {
        Secret text;
        if (!token_.file.empty()) {
            auto file = os::InputFile::open(token_.file);
            if (!file.ok()) return Error(ErrorId::aws_credentials, file.error().detail);
            auto read = os::read_secret_input(*file, most_token + 1);
            if (!read.ok()) return Error(ErrorId::aws_credentials, read.error().detail);
            text = std::move(*read);
        } else if (!token_.command.empty()) {
            MULLION_ASSIGN(text, run());
        } else {
            return Error(ErrorId::secrets_invalid,
                         "a web identity needs a file or a command that gives the token");
        }
        auto token = text.expose();
        while (!token.empty() && (token.back() == '\n' || token.back() == '\r')) token.remove_suffix(1);
        if (token.size() < least_token || token.size() > most_token ||
            !std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c < '\x7f'; })) {
            return Error(ErrorId::aws_credentials,
                         fmt::format("{} gives no token: it has 4 to 20,000 characters, without blanks",
                                     token_.file.empty() ? token_.command.front() : token_.file));
        }
        return Secret(token);
    }

    Result<Secret> run() const {
        auto ended = os::run_program(token_.command, std::chrono::seconds(30));
        if (!ended.ok()) return Error(ErrorId::aws_credentials, ended.error().detail);
        Secret output(ended->output);
        wipe(ended->output);
        if (ended->exit_code != 0) {
            return Error(ErrorId::aws_credentials,
                         fmt::format("{} ended with {}: {}", token_.command.front(), ended->exit_code,
                                     one_line(std::string_view(ended->errors).substr(0, 300))));
        }
        return output;
    }

    Sts& sts_;
    AssumeRole role_;
    TokenFrom token_;
};

class MachineRole final : public CredentialSource {
public:
    MachineRole(Caller& caller, MachineWays ways) : caller_(caller), ways_(std::move(ways)) {}

    Outcome<Credentials> fetch() override {
        auto chosen = choose();
        auto fetched = chosen->fetch();
        const std::lock_guard lock(mutex_);
        described_ = chosen->description();
        return fetched;
    }
    std::string description() const override {
        const std::lock_guard lock(mutex_);
        return described_;
    }

private:
    bool is_set(const char* name) const { return !variable(name).empty(); }
    std::string variable(const char* name) const { return caller_.world().environment(name).value_or(""); }

    // The order of AWS's own clients. What is set is what is meant: where it fails, nothing else is tried.
    std::unique_ptr<CredentialSource> choose() const {
        if (ways_.keys && is_set("AWS_ACCESS_KEY_ID")) return environment_keys(caller_.world());
        if (is_set("AWS_WEB_IDENTITY_TOKEN_FILE") && is_set("AWS_ROLE_ARN")) {
            AssumeRole role;
            role.role_arn = variable("AWS_ROLE_ARN");
            role.session =
                is_set("AWS_ROLE_SESSION_NAME") ? variable("AWS_ROLE_SESSION_NAME") : ways_.session;
            return web_identity(ways_.sts, std::move(role), {variable("AWS_WEB_IDENTITY_TOKEN_FILE"), {}});
        }
        if (is_set("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") || is_set("AWS_CONTAINER_CREDENTIALS_FULL_URI"))
            return container_role(caller_);
        return instance_role(caller_);
    }

    Caller& caller_;
    MachineWays ways_;
    mutable std::mutex mutex_;  // For the next one.
    std::string described_ = "the role of this machine";
};

}  // namespace

std::unique_ptr<CredentialSource> assumed_role(Sts& sts, RoleAsked asked,
                                               std::unique_ptr<CredentialProvider> base) {
    return std::make_unique<AssumedRole>(sts, std::move(asked), std::move(base));
}

std::unique_ptr<CredentialSource> web_identity(Sts& sts, AssumeRole role, TokenFrom token) {
    return std::make_unique<WebIdentity>(sts, std::move(role), std::move(token));
}

std::unique_ptr<CredentialSource> machine_role(Caller& caller, MachineWays ways) {
    return std::make_unique<MachineRole>(caller, std::move(ways));
}

}  // namespace mullion::aws
