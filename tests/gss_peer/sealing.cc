#include "gss_peer/sealing.h"

#include <utility>

#include "gss_peer/status.h"

namespace mullion::gss_peer {
namespace {

// NTLMSSP_MESSAGE_SIGNATURE, [MS-NLMP] 2.2.2.9. The data behind it is as long as the plaintext.
constexpr std::size_t kSignatureSize = 16;

}  // namespace

Error GssSealing::fail(std::string what) {
    broken_ = true;
    return Error(ErrorId::seal_broken, std::move(what));
}

Result<auth::SealedMessage> GssSealing::seal(std::string_view plaintext) {
    if (broken_) return fail("seal: an earlier message of this connection failed");
    if (plaintext.empty()) return Error(ErrorId::seal_broken, "seal: an empty message cannot be sealed");
    gss_buffer_desc input = lend(plaintext);
    OutBuffer output;
    int sealed = 0;
    OM_uint32 minor = 0;
    const OM_uint32 major =
        gss_wrap(&minor, context_.get(), 1, GSS_C_QOP_DEFAULT, &input, &sealed, output.out());
    if (major != GSS_S_COMPLETE) return fail("seal: " + status_text(major, minor, mechanism_));
    const std::string_view message = output.view();
    if (sealed == 0 || message.size() != plaintext.size() + kSignatureSize) {
        return fail("seal: the library did not encrypt");
    }
    return auth::SealedMessage{std::string(message.substr(0, kSignatureSize)),
                               std::string(message.substr(kSignatureSize)), plaintext.size()};
}

Result<std::string> GssSealing::unseal(std::string_view signature, std::string_view data) {
    if (broken_) return fail("unseal: an earlier message of this connection failed");
    // Also a guard: gss-ntlmssp 1.2.0 asks malloc for a negative size when a token is under 16 bytes.
    if (signature.size() != kSignatureSize || data.empty()) {
        return fail("unseal: signature of " + std::to_string(signature.size()) + " and data of " +
                    std::to_string(data.size()) + " bytes, expected 16 and more than none");
    }
    // The library wants both in one piece, which they are in a message from the wire.
    const bool adjoining = signature.data() + signature.size() == data.data();
    std::string joined;
    if (!adjoining) joined.append(signature).append(data);
    gss_buffer_desc input =
        lend(adjoining ? std::string_view(signature.data(), signature.size() + data.size()) : joined);
    OutBuffer output;
    int sealed = 0;
    OM_uint32 minor = 0;
    const OM_uint32 major = gss_unwrap(&minor, context_.get(), &input, output.out(), &sealed, nullptr);
    // Exactly COMPLETE: a gap, a duplicate, an old or unordered message are supplementary bits beside it.
    if (major != GSS_S_COMPLETE) return fail("unseal: " + status_text(major, minor, mechanism_));
    if (sealed == 0 || output.view().size() != data.size())
        return fail("unseal: the message was not encrypted");
    return std::string(output.view());
}

}  // namespace mullion::gss_peer
