// STS's answers and those of the metadata services: credentials that can stand in a header, or an error.
#include <algorithm>
#include <string_view>

#include "aws/lift.h"
#include "aws/sts_messages.h"
#include "check.h"

namespace {

void check_credentials(const mullion::Result<mullion::aws::Credentials>& made) {
    using namespace mullion;
    if (!made.ok()) {
        FUZZ_CHECK(made.error().id == ErrorId::aws_answer);
        return;
    }
    FUZZ_CHECK(made->temporary() && made->expires.has_value());
    for (const auto* const one : {&made->access_key, &made->secret_key, &made->session_token}) {
        const auto text = one->expose();
        FUZZ_CHECK(!text.empty() &&
                   std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; }));
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace mullion::aws;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    check_credentials(read_assumed_role(text));
    check_credentials(read_metadata_credentials(text));
    if (const auto identity = read_caller_identity(text); identity.ok()) {
        FUZZ_CHECK(!identity->arn.empty());
    }
    if (const auto lifted = lift_xml(text, {"SecretAccessKey", "SessionToken"}); lifted.ok())
        FUZZ_CHECK(lifted->rest.size() == text.size());
    return 0;
}
