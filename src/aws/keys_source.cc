#include "aws/sources.h"

namespace mullion::aws {
namespace {

class GivenKeys final : public CredentialSource {
public:
    GivenKeys(Secret access_key, Secret secret_key, Secret session_token)
        : access_key_(std::move(access_key)),
          secret_key_(std::move(secret_key)),
          session_token_(std::move(session_token)) {}

    Outcome<Credentials> fetch() override {
        if (access_key_.empty()) return failure(Cause::settings, "Access key cannot be empty.");
        if (secret_key_.empty()) return failure(Cause::settings, "Secret key cannot be empty.");
        Credentials made;
        made.access_key = access_key_.clone();
        made.secret_key = secret_key_.clone();
        made.session_token = session_token_.clone();
        return made;
    }
    std::string description() const override { return "the access key of the connector"; }

private:
    Secret access_key_, secret_key_, session_token_;
};

class EnvironmentKeys final : public CredentialSource {
public:
    explicit EnvironmentKeys(const World& world) : world_(world) {}

    Outcome<Credentials> fetch() override {
        Credentials made;
        made.access_key = value("AWS_ACCESS_KEY_ID");
        made.secret_key = value("AWS_SECRET_ACCESS_KEY");
        made.session_token = value("AWS_SESSION_TOKEN");
        if (made.access_key.empty() || made.secret_key.empty()) {
            return failure(Cause::no_credentials,
                           "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not both set");
        }
        // Whose token it is cannot be seen; a role's is by far the most common.
        made.role_session = made.temporary();
        return made;
    }
    std::string description() const override { return "the keys in the environment"; }

private:
    Secret value(const char* name) const {
        auto found = world_.environment(name);
        if (!found) return {};
        Secret taken(*found);
        wipe(*found);
        return taken;
    }
    World world_;
};

}  // namespace

std::unique_ptr<CredentialSource> given_keys(Secret access_key, Secret secret_key, Secret session_token) {
    return std::make_unique<GivenKeys>(std::move(access_key), std::move(secret_key),
                                       std::move(session_token));
}

std::unique_ptr<CredentialSource> environment_keys(const World& world) {
    return std::make_unique<EnvironmentKeys>(world);
}

}  // namespace mullion::aws
