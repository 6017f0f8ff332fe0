#include "aws/kms_messages.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "aws/lift.h"
#include "core/printable.h"
#include "encoding/base64.h"

namespace mullion::aws {
namespace {

using Json = nlohmann::json;

Error wrong(std::string_view what) {
    return Error(ErrorId::aws_answer, fmt::format("KMS's answer: {}", what));
}

std::string dumped(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json with_context(Json json, const char* name, const EncryptionContext& context) {
    if (!context.empty()) json[name] = context;
    return json;
}

Result<Json> parse_object(std::string_view body) {
    auto parsed = Json::parse(body, nullptr, false);
    if (!parsed.is_object()) return wrong("it is no JSON object");
    return parsed;
}

// A text of at most 2,048 printable characters.
Result<std::string> read_text(const Json& object, const char* name) {
    const auto found = object.find(name);
    if (found == object.end() || !found->is_string()) return wrong(fmt::format("{} is missing", name));
    const auto& text = found->get_ref<const std::string&>();
    if (text.empty() || text.size() > 2048 || one_line(text) != text)
        return wrong(fmt::format("{} is no name", name));
    return text;
}

Result<std::string> read_blob(const Json& object, const char* name) {
    const auto found = object.find(name);
    if (found == object.end() || !found->is_string()) return wrong(fmt::format("{} is missing", name));
    auto blob = encoding::base64_decode(found->get_ref<const std::string&>());
    if (!blob || blob->empty() || blob->size() > most_ciphertext)
        return wrong(fmt::format("{} is no blob", name));
    return *std::move(blob);
}

struct WithPlaintext {
    Json rest;
    Secret plaintext;
};

// The parser never sees the plaintext.
Result<WithPlaintext> read_plaintext(std::string_view body) {
    MULLION_ASSIGN(auto lifted, lift_json(body, {"Plaintext"}));
    const auto base64 = lifted.take("Plaintext");
    if (base64.empty()) return wrong("Plaintext is missing");
    auto bytes = encoding::base64_decode(base64.expose());
    if (!bytes || bytes->empty() || bytes->size() > most_plaintext) return wrong("Plaintext is no base64");
    Secret plaintext(*bytes);
    wipe(*bytes);
    MULLION_ASSIGN(auto rest, parse_object(lifted.rest));
    return WithPlaintext{std::move(rest), std::move(plaintext)};
}

}  // namespace

std::string generate_data_key_json(std::string_view key, const EncryptionContext& context) {
    return dumped(with_context({{"KeyId", key}, {"KeySpec", "AES_256"}}, "EncryptionContext", context));
}

Secret encrypt_json(std::string_view key, const Secret& plaintext, const EncryptionContext& context) {
    // All but the plaintext by the library; it goes in by hand, so that no copy is left.
    auto rest = dumped(with_context({{"KeyId", key}}, "EncryptionContext", context));
    auto base64 = encoding::base64_encode(plaintext.expose());
    std::string text;
    text.reserve(rest.size() + base64.size() + 32);
    text.append("{\"Plaintext\":\"").append(base64).append("\",").append(rest, 1);
    Secret made(text);
    wipe(text);
    wipe(base64);
    return made;
}

std::string decrypt_json(std::string_view key, std::string_view blob, const EncryptionContext& context) {
    return dumped(with_context({{"KeyId", key}, {"CiphertextBlob", encoding::base64_encode(blob)}},
                               "EncryptionContext", context));
}

std::string re_encrypt_json(std::string_view from, std::string_view to, std::string_view blob,
                            const EncryptionContext& context) {
    const Json plain{
        {"SourceKeyId", from}, {"DestinationKeyId", to}, {"CiphertextBlob", encoding::base64_encode(blob)}};
    return dumped(with_context(with_context(plain, "SourceEncryptionContext", context),
                               "DestinationEncryptionContext", context));
}

std::string describe_key_json(std::string_view key) {
    return dumped({{"KeyId", key}});
}

bool KeyState::usable() const {
    return state == "Enabled" && (usage.empty() || usage == "ENCRYPT_DECRYPT") &&
           (spec.empty() || spec == "SYMMETRIC_DEFAULT");
}

Result<DataKey> read_data_key(std::string_view body) {
    MULLION_ASSIGN(auto read, read_plaintext(body));
    if (read.plaintext.expose().size() != 32) return wrong("the data key has not 32 bytes");
    MULLION_ASSIGN(auto blob, read_blob(read.rest, "CiphertextBlob"));
    MULLION_ASSIGN(auto arn, read_text(read.rest, "KeyId"));
    return DataKey{std::move(read.plaintext), std::move(blob), std::move(arn)};
}

Result<Opened> read_opened(std::string_view body) {
    MULLION_ASSIGN(auto read, read_plaintext(body));
    MULLION_ASSIGN(auto arn, read_text(read.rest, "KeyId"));
    return Opened{std::move(read.plaintext), std::move(arn)};
}

Result<Sealed> read_sealed(std::string_view body) {
    MULLION_ASSIGN(const auto json, parse_object(body));
    MULLION_ASSIGN(auto blob, read_blob(json, "CiphertextBlob"));
    MULLION_ASSIGN(auto arn, read_text(json, "KeyId"));
    return Sealed{std::move(blob), std::move(arn)};
}

Result<KeyState> read_key_state(std::string_view body) {
    MULLION_ASSIGN(const auto json, parse_object(body));
    const auto found = json.find("KeyMetadata");
    if (found == json.end() || !found->is_object()) return wrong("KeyMetadata is missing");
    KeyState state;
    MULLION_ASSIGN(state.arn, read_text(*found, "Arn"));
    MULLION_ASSIGN(state.state, read_text(*found, "KeyState"));
    // The model asks for none of these; CustomerMasterKeySpec is KeySpec's older name.
    const auto optional = [&](const char* name) -> Result<std::string> {
        const auto value = found->find(name);
        if (value == found->end() || value->is_null()) return std::string();
        return read_text(*found, name);
    };
    MULLION_ASSIGN(state.usage, optional("KeyUsage"));
    MULLION_ASSIGN(state.spec, optional(found->contains("KeySpec") ? "KeySpec" : "CustomerMasterKeySpec"));
    MULLION_ASSIGN(state.origin, optional("Origin"));
    const auto regions = found->find("MultiRegion");
    state.multi_region = regions != found->end() && regions->is_boolean() && regions->get<bool>();
    return state;
}

}  // namespace mullion::aws
