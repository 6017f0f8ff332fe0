// KMS's answers, and the keys that are taken out of them before they are parsed.
#include <string_view>

#include "aws/kms_messages.h"
#include "aws/lift.h"
#include "check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace mullion;
    using namespace mullion::aws;
    const std::string_view text(reinterpret_cast<const char*>(data), size);

    if (const auto key = read_data_key(text); key.ok()) {
        FUZZ_CHECK(key->key.expose().size() == 32 && !key->blob.empty() && !key->arn.empty());
        FUZZ_CHECK(read_opened(text).ok() && read_sealed(text).ok());
    } else {
        FUZZ_CHECK(key.error().id == ErrorId::aws_answer);
    }
    if (const auto opened = read_opened(text); opened.ok()) {
        FUZZ_CHECK(opened->plaintext.expose().size() <= most_plaintext);
    }
    if (const auto sealed = read_sealed(text); sealed.ok())
        FUZZ_CHECK(sealed->blob.size() <= most_ciphertext);
    if (const auto state = read_key_state(text); state.ok()) (void)state->usable();
    // Nothing is lost beside the secrets, and nothing of them stays.
    if (const auto lifted = lift_json(text, {"Plaintext", "Token"}); lifted.ok()) {
        FUZZ_CHECK(lifted->rest.size() == text.size());
        if (lifted->secrets.empty()) {
            FUZZ_CHECK(lifted->rest == text);
        }
    }
    return 0;
}
