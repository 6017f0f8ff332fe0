#include "kerberos/gss.h"

#include "core/secret.h"
#include "kerberos/initiator.h"

namespace mullion::kerberos {
namespace {

// The library's types have no const; it writes to none of these.
gss_OID_desc as_oid(std::string_view contents) {
    return {static_cast<OM_uint32>(contents.size()), const_cast<char*>(contents.data())};
}

void append_text(std::string& text, OM_uint32 status, int type) {
    constexpr int most = 4;
    OM_uint32 more = 0;
    for (int i = 0; i < most; ++i) {
        OM_uint32 minor = 0;
        Output message;
        const OM_uint32 major = loaded_library().gss_display_status(
            &minor, status, type, kerberos_mechanism(), &more, message.get());
        if (GSS_ERROR(major) != 0) return;
        text.append(text.empty() ? "" : "; ").append(message.bytes());
        if (more == 0) return;
    }
}

}  // namespace

gss_OID kerberos_mechanism() {
    static gss_OID_desc mechanism = as_oid(oid);
    return &mechanism;
}

gss_OID principal_name_type() {
    static gss_OID_desc type = as_oid({"\x2a\x86\x48\x86\xf7\x12\x01\x02\x02\x01", 10});
    return &type;
}

gss_buffer_desc input(std::string_view bytes) {
    return {bytes.size(), const_cast<char*>(bytes.data())};
}

Output::~Output() {
    // It may be what CredSSP hands over; the library only frees it.
    wipe_memory(buffer_.value, buffer_.length);
    OM_uint32 minor = 0;
    loaded_library().gss_release_buffer(&minor, &buffer_);
}

OM_uint32 release_name(gss_name_t* name) {
    OM_uint32 minor = 0;
    return loaded_library().gss_release_name(&minor, name);
}

OM_uint32 release_credential(gss_cred_id_t* credential) {
    OM_uint32 minor = 0;
    return loaded_library().gss_release_cred(&minor, credential);
}

OM_uint32 delete_context(gss_ctx_id_t* context) {
    OM_uint32 minor = 0;
    return loaded_library().gss_delete_sec_context(&minor, context, GSS_C_NO_BUFFER);
}

std::string GssStatus::text() const {
    std::string text;
    // "Unspecified GSS failure.  Minor code may provide more information" says nothing.
    if (GSS_ROUTINE_ERROR(major) != GSS_S_FAILURE || minor == 0) append_text(text, major, GSS_C_GSS_CODE);
    if (minor != 0) append_text(text, minor, GSS_C_MECH_CODE);
    for (char& character : text) {
        const auto byte = static_cast<unsigned char>(character);
        if (byte < 0x20 || byte == 0x7f) character = ' ';
    }
    constexpr std::size_t longest = 500;
    if (text.size() > longest) text.resize(longest);
    return text;
}

std::string text_of(gss_name_t name) {
    OM_uint32 minor = 0;
    Output text;
    if (name == nullptr) return {};
    const auto& api = loaded_library();
    if (GSS_ERROR(api.gss_display_name(&minor, name, text.get(), nullptr)) != 0) return {};
    return std::string(text.bytes());
}

Bindings::Bindings(std::string_view application_data) : empty_(application_data.empty()) {
    bindings_.application_data = input(application_data);
}

}  // namespace mullion::kerberos
