#include "aws/kms.h"

#include <fmt/core.h>

namespace mullion::aws {
namespace {

// True where `arn` can be what was asked for: KMS answers the key's ARN, whatever name it was asked by.
bool may_be(const KeyName& asked, const std::string& region, const std::string& arn) {
    const auto answered = parse_key_name(arn);
    if (!answered.ok() || !answered->is_arn() || answered->kind != KeyName::Kind::key) return false;
    if (asked.is_arn()) {
        if (asked.partition != answered->partition || asked.account != answered->account) return false;
    }
    if (answered->region != region) return false;
    return asked.kind == KeyName::Kind::alias || asked.id == answered->id;
}

Failure other_key(const char* operation, const KeyName& asked, const std::string& arn) {
    return failure(Cause::answer, fmt::format("{}: asked for the key {}, and the answer is of {}", operation,
                                              asked.text(), arn));
}

template <class T>
Outcome<T> read(const char* operation, const Outcome<HttpAnswer>& answer,
                Result<T> (*reader)(std::string_view), const KeyName& asked, const std::string& region) {
    auto made = reader(answer.value().body.expose());
    if (!made.ok()) return failure(Cause::answer, std::move(made.error()).at_step(operation));
    if (!may_be(asked, region, made->arn)) return other_key(operation, asked, made->arn);
    return std::move(*made);
}

}  // namespace

// "AccessDeniedException" alone helps nobody: which key, where, and who asked.
void Kms::name_who_and_where(Failure& failed, const KeyName& key) {
    switch (failed.cause) {
        case Cause::unreachable:
        case Cause::tls:
        case Cause::answer:
        case Cause::no_credentials:
        case Cause::settings:
            return;
        default:
            break;
    }
    failed.error.detail += fmt::format(" [key {}, region {}", key.text(), place_.region);
    const bool known_to_aws = failed.cause != Cause::credential_refused &&
                              failed.cause != Cause::credential_expired && failed.cause != Cause::clock &&
                              failed.cause != Cause::throttled;
    const std::lock_guard lock(mutex_);
    if (known_to_aws && !known_caller_) {
        const auto identity = sts_.caller_identity(credentials_);
        known_caller_ = identity.ok() ? identity.value().arn : "";
    }
    if (known_to_aws && !known_caller_->empty()) failed.error.detail += ", caller " + *known_caller_;
    failed.error.detail += ", credentials: " + credentials_.description() + "]";
}

Outcome<HttpAnswer> Kms::ask(const char* operation, const KeyName& key, Secret body) {
    // Where there are none to sign with, that is the failure: nobody can be named, and KMS was not asked.
    if (auto held = credentials_.get(); !held.ok()) return std::move(held.failure());
    Question made;
    made.step = operation;
    made.request.endpoint = place_.endpoint;
    made.request.headers = {{"Content-Type", "application/x-amz-json-1.1"},
                            {"X-Amz-Target", fmt::format("TrentService.{}", operation)}};
    made.request.body = std::move(body);
    made.scope = SigningScope{place_.region, "kms"};
    made.credentials = &credentials_;
    made.read_error = [](const HttpAnswer& answer) {
        return read_service_error(answer.status, answer.body.expose(),
                                  answer.header("x-amzn-errortype").value_or(""));
    };
    auto answer = caller_.ask(made);
    if (!answer.ok()) name_who_and_where(answer.failure(), key);
    return answer;
}

Outcome<DataKey> Kms::generate_data_key(const KeyName& key, const EncryptionContext& context) {
    auto answer = ask("GenerateDataKey", key, Secret(generate_data_key_json(key.text(), context)));
    if (!answer.ok()) return std::move(answer.failure());
    return read("GenerateDataKey", answer, read_data_key, key, place_.region);
}

Outcome<Sealed> Kms::encrypt(const KeyName& key, const Secret& plaintext, const EncryptionContext& context) {
    auto answer = ask("Encrypt", key, encrypt_json(key.text(), plaintext, context));
    if (!answer.ok()) return std::move(answer.failure());
    return read("Encrypt", answer, read_sealed, key, place_.region);
}

Outcome<Secret> Kms::decrypt(const KeyName& key, std::string_view blob, const EncryptionContext& context) {
    auto answer = ask("Decrypt", key, Secret(decrypt_json(key.text(), blob, context)));
    if (!answer.ok()) return std::move(answer.failure());
    auto opened = read("Decrypt", answer, read_opened, key, place_.region);
    if (!opened.ok()) return std::move(opened.failure());
    return std::move(opened.value().plaintext);
}

Outcome<Sealed> Kms::re_encrypt(const KeyName& from, const KeyName& to, std::string_view blob,
                                const EncryptionContext& context) {
    auto answer = ask("ReEncrypt", to, Secret(re_encrypt_json(from.text(), to.text(), blob, context)));
    if (!answer.ok()) return std::move(answer.failure());
    return read("ReEncrypt", answer, read_sealed, to, place_.region);
}

Outcome<KeyState> Kms::describe_key(const KeyName& key) {
    auto answer = ask("DescribeKey", key, Secret(describe_key_json(key.text())));
    if (!answer.ok()) return std::move(answer.failure());
    return read("DescribeKey", answer, read_key_state, key, place_.region);
}

Outcome<CallerIdentity> Kms::caller_identity() {
    return sts_.caller_identity(credentials_);
}

}  // namespace mullion::aws
