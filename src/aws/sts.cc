#include "aws/sts.h"

#include <fmt/core.h>

namespace mullion::aws {
namespace {

template <class T>
Outcome<T> read(const Outcome<HttpAnswer>& answer, Result<T> (*reader)(std::string_view),
                std::string_view step) {
    auto read = reader(answer.value().body.expose());
    if (read.ok()) return std::move(*read);
    return failure(Cause::answer, std::move(read.error()).at_step(step));
}

}  // namespace

Question Sts::question(std::string step, Secret form, CredentialProvider* signed_with) const {
    Question made;
    made.step = std::move(step);
    made.request.endpoint = endpoint_;
    made.request.headers = {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"},
                            {"Accept", "text/xml"}};
    made.request.body = std::move(form);
    made.credentials = signed_with;
    if (signed_with != nullptr) made.scope = SigningScope{region_, "sts"};
    made.read_error = [](const HttpAnswer& answer) {
        return read_service_error(answer.status, answer.body.expose(), "");
    };
    return made;
}

Outcome<Credentials> Sts::assume_role(const AssumeRole& asked, CredentialProvider& base) {
    if (auto good = check(asked); !good.ok()) return failure(Cause::settings, std::move(good.error()));
    auto answer = caller_.ask(question("AssumeRole", assume_role_form(asked), &base));
    if (!answer.ok()) return std::move(answer.failure());
    return read(answer, read_assumed_role, "AssumeRole");
}

Outcome<Credentials> Sts::assume_role_with_web_identity(const AssumeRole& asked, const Secret& token) {
    if (auto good = check(asked); !good.ok()) return failure(Cause::settings, std::move(good.error()));
    auto answer =
        caller_.ask(question("AssumeRoleWithWebIdentity", web_identity_form(asked, token), nullptr));
    if (!answer.ok()) return std::move(answer.failure());
    return read(answer, read_assumed_role, "AssumeRoleWithWebIdentity");
}

Outcome<CallerIdentity> Sts::caller_identity(CredentialProvider& credentials) {
    auto answer = caller_.ask(question("GetCallerIdentity", Secret(caller_identity_form()), &credentials));
    if (!answer.ok()) return std::move(answer.failure());
    return read(answer, read_caller_identity, "GetCallerIdentity");
}

}  // namespace mullion::aws
