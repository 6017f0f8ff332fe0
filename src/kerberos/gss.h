// GSSAPI's handles, each released by its holder, and its failures in words. For this room alone; everything
// here is used after library() has succeeded.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "kerberos/library.h"

namespace mullion::kerberos {

// Of one token. Tickets with a Windows account's groups reach 48 KiB in base64 (MaxTokenSize).
inline constexpr std::size_t max_token = 64 * 1024;

// GSSAPI's forms of Kerberos' OIDs.
[[nodiscard]] gss_OID kerberos_mechanism();
[[nodiscard]] gss_OID principal_name_type();  // GSS_KRB5_NT_PRINCIPAL_NAME

// Something of ours, as the library wants it: it does not write there.
[[nodiscard]] gss_buffer_desc input(std::string_view bytes);

// What the library gives.
class Output {
public:
    Output() = default;
    Output(const Output&) = delete;
    Output& operator=(const Output&) = delete;
    ~Output();
    [[nodiscard]] gss_buffer_t get() { return &buffer_; }
    [[nodiscard]] std::string_view bytes() const {
        return {static_cast<const char*>(buffer_.value), buffer_.length};
    }

private:
    gss_buffer_desc buffer_ = GSS_C_EMPTY_BUFFER;
};

// A handle that Release gives back.
template <class Handle, OM_uint32 (*Release)(Handle*)>
class Held {
public:
    Held() = default;
    Held(const Held&) = delete;
    Held& operator=(const Held&) = delete;
    Held(Held&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
    Held& operator=(Held&& other) noexcept {
        std::swap(handle_, other.handle_);
        return *this;
    }
    ~Held() {
        if (handle_ != nullptr) Release(&handle_);
    }
    [[nodiscard]] Handle get() const { return handle_; }
    [[nodiscard]] Handle* put() { return &handle_; }

private:
    Handle handle_ = nullptr;
};
OM_uint32 release_name(gss_name_t* name);
OM_uint32 release_credential(gss_cred_id_t* credential);
OM_uint32 delete_context(gss_ctx_id_t* context);
using GssName = Held<gss_name_t, release_name>;
using GssCredential = Held<gss_cred_id_t, release_credential>;
using SecurityContext = Held<gss_ctx_id_t, delete_context>;

// How a call ended.
struct GssStatus {
    OM_uint32 major = 0;
    OM_uint32 minor = 0;
    [[nodiscard]] bool failed() const { return GSS_ERROR(major) != 0; }
    // An error, or a message that was lost, repeated or out of order: "supplementary", and 0 to GSS_ERROR().
    [[nodiscard]] bool irregular() const { return failed() || GSS_SUPPLEMENTARY_INFO(major) != 0; }
    [[nodiscard]] krb5_error_code code() const { return static_cast<krb5_error_code>(minor); }
    // The library's words; those of a peer's error message are among them, so control characters are out.
    [[nodiscard]] std::string text() const;
};

// "alice@EXAMPLE.TEST". Empty when the library cannot say.
[[nodiscard]] std::string text_of(gss_name_t name);

// The bindings of one call. Views into `application_data`.
class Bindings {
public:
    explicit Bindings(std::string_view application_data);
    // GSS_C_NO_CHANNEL_BINDINGS where there is none.
    [[nodiscard]] gss_channel_bindings_t get() { return empty_ ? nullptr : &bindings_; }

private:
    gss_channel_bindings_struct bindings_{};
    bool empty_;
};

}  // namespace mullion::kerberos
