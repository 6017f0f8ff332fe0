#include "kerberos/sealing.h"

#include <array>

namespace mullion::kerberos {
namespace {

// 60, 64 and 72 bytes with AES; 45 to 47 with RC4, whose header says how long the message is.
constexpr std::size_t longest_signature = 128;

Error broken(std::string what) {
    return Error(ErrorId::seal_broken, "kerberos: " + std::move(what));
}

// The pieces of one wrapped message; the library makes all but the data.
class Pieces {
public:
    explicit Pieces(std::string& data) {
        pieces_[0].type = GSS_IOV_BUFFER_TYPE_HEADER | GSS_IOV_BUFFER_FLAG_ALLOCATE;
        pieces_[1].type = GSS_IOV_BUFFER_TYPE_DATA;
        pieces_[1].buffer = {data.size(), data.data()};
        // No trailer: its absence makes the library rotate what would stand there to the front.
        pieces_[2].type = GSS_IOV_BUFFER_TYPE_PADDING | GSS_IOV_BUFFER_FLAG_ALLOCATE;
    }
    Pieces(const Pieces&) = delete;
    Pieces& operator=(const Pieces&) = delete;
    ~Pieces() {
        OM_uint32 minor = 0;
        loaded_library().gss_release_iov_buffer(&minor, pieces_.data(), static_cast<int>(pieces_.size()));
    }
    [[nodiscard]] gss_iov_buffer_desc* data() { return pieces_.data(); }
    [[nodiscard]] int count() const { return static_cast<int>(pieces_.size()); }
    [[nodiscard]] std::string_view header() const { return bytes(0); }
    [[nodiscard]] std::string_view padding() const { return bytes(2); }

private:
    [[nodiscard]] std::string_view bytes(std::size_t index) const {
        const auto& buffer = pieces_[index].buffer;
        return {static_cast<const char*>(buffer.value), buffer.length};
    }
    std::array<gss_iov_buffer_desc, 3> pieces_{};
};

}  // namespace

bool seals_well(OM_uint32 flags) {
    constexpr OM_uint32 needed = GSS_C_CONF_FLAG | GSS_C_INTEG_FLAG | GSS_C_SEQUENCE_FLAG;
    return (flags & needed) == needed;
}

Result<auth::SealedMessage> Sealing::seal(std::string_view plaintext) {
    if (broken_) return broken("seal: an earlier message of this connection failed");
    if (plaintext.empty()) return broken("seal: an empty message cannot be sealed");
    auth::SealedMessage message;
    message.data = plaintext;
    Pieces pieces(message.data);
    int sealed = 0;
    GssStatus status;
    status.major = loaded_library().gss_wrap_iov(&status.minor, context_.get(), 1, GSS_C_QOP_DEFAULT, &sealed,
                                                 pieces.data(), pieces.count());
    if (status.failed() || sealed == 0) {
        broken_ = true;
        return broken("seal: " + status.text());
    }
    message.signature = pieces.header();
    message.data += pieces.padding();
    message.original_length = message.data.size();
    return message;
}

Result<std::string> Sealing::unseal(std::string_view signature, std::string_view data) {
    if (broken_) return broken("unseal: an earlier message of this connection failed");
    broken_ = true;  // Until all of it was right.
    if (signature.empty() || signature.size() > longest_signature || data.empty()) {
        return broken("unseal: signature of " + std::to_string(signature.size()) + " and data of " +
                      std::to_string(data.size()) + " bytes");
    }
    std::string whole;
    whole.reserve(signature.size() + data.size());
    whole.append(signature).append(data);
    gss_buffer_desc token = input(whole);
    Output clear;
    int sealed = 0;
    GssStatus status;
    status.major =
        loaded_library().gss_unwrap(&status.minor, context_.get(), &token, clear.get(), &sealed, nullptr);
    if (status.irregular()) return broken("unseal: " + status.text());
    if (sealed == 0) return broken("unseal: the message was signed, but not sealed");
    broken_ = false;
    return std::string(clear.bytes());
}

std::string Sealing::list_mic(std::string_view list) {
    gss_buffer_desc message = input(list);
    Output mic;
    GssStatus status;
    status.major =
        loaded_library().gss_get_mic(&status.minor, context_.get(), GSS_C_QOP_DEFAULT, &message, mic.get());
    broken_ |= status.failed();
    return std::string(mic.bytes());
}

bool Sealing::list_mic_is_right(std::string_view list, std::string_view mic) {
    gss_buffer_desc message = input(list);
    gss_buffer_desc token = input(mic);
    GssStatus status;
    status.major = loaded_library().gss_verify_mic(&status.minor, context_.get(), &message, &token, nullptr);
    broken_ |= status.irregular();
    return !broken_;
}

}  // namespace mullion::kerberos
