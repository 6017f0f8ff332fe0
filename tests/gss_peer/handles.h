// Owners of GSSAPI's objects. No conversion to the raw handle and no overloaded &: get() lends it, out()
// gives the place where the library writes a new one.
#pragma once

#include <gssapi/gssapi.h>
#include <gssapi/gssapi_ext.h>

#include <string_view>
#include <utility>

namespace mullion::gss_peer {

// Raw is a pointer; release deletes what it points to and is called only for one that is set.
template <class Raw, void (*release)(Raw*)>
class Handle {
public:
    Handle() = default;
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    Handle(Handle&& other) noexcept : raw_(std::exchange(other.raw_, nullptr)) {}
    Handle& operator=(Handle&& other) noexcept {
        std::swap(raw_, other.raw_);
        return *this;
    }
    ~Handle() { reset(); }

    [[nodiscard]] Raw get() const { return raw_; }
    [[nodiscard]] Raw* out() { return &raw_; }  // A context's steps read and write the same handle.
    void reset() {
        if (raw_ != nullptr) release(&raw_);
        raw_ = nullptr;
    }

private:
    Raw raw_ = nullptr;
};

inline void release_name(gss_name_t* name) {
    OM_uint32 minor = 0;
    gss_release_name(&minor, name);
}
inline void release_credential(gss_cred_id_t* credential) {
    OM_uint32 minor = 0;
    gss_release_cred(&minor, credential);
}
inline void release_context(gss_ctx_id_t* context) {
    OM_uint32 minor = 0;
    gss_delete_sec_context(&minor, context, GSS_C_NO_BUFFER);
}

using Name = Handle<gss_name_t, release_name>;
using CredentialHandle = Handle<gss_cred_id_t, release_credential>;
using Context = Handle<gss_ctx_id_t, release_context>;

// Bytes that the library allocated.
class OutBuffer {
public:
    OutBuffer() = default;
    OutBuffer(const OutBuffer&) = delete;
    OutBuffer& operator=(const OutBuffer&) = delete;
    ~OutBuffer() {
        if (buffer_.value == nullptr) return;
        OM_uint32 minor = 0;
        gss_release_buffer(&minor, &buffer_);
    }
    [[nodiscard]] gss_buffer_t out() { return &buffer_; }
    [[nodiscard]] std::string_view view() const {
        return {static_cast<const char*>(buffer_.value), buffer_.value == nullptr ? 0 : buffer_.length};
    }

private:
    gss_buffer_desc buffer_{0, nullptr};
};

// Lends bytes to the library, which only reads them.
[[nodiscard]] inline gss_buffer_desc lend(std::string_view bytes) {
    return {bytes.size(), const_cast<char*>(bytes.data())};
}

}  // namespace mullion::gss_peer
