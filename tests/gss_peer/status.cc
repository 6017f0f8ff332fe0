#include "gss_peer/status.h"

#include "encoding/utf16.h"
#include "gss_peer/handles.h"

namespace mullion::gss_peer {
namespace {

std::string messages(OM_uint32 code, int kind, gss_OID mechanism) {
    constexpr int kMost = 8;
    std::string text;
    // Kept across rounds: it is how the library knows which message comes next.
    OM_uint32 position = 0;
    for (int round = 0; round < kMost; ++round) {
        OutBuffer message;
        OM_uint32 minor = 0;
        const OM_uint32 major = gss_display_status(&minor, code, kind, mechanism, &position, message.out());
        if (GSS_ERROR(major)) break;
        if (!text.empty()) text += "; ";
        text += encoding::to_valid_utf8(message.view());
        if (position == 0) break;
    }
    return text;
}

}  // namespace

std::string status_text(OM_uint32 major, OM_uint32 minor, gss_OID mechanism) {
    std::string text = messages(major, GSS_C_GSS_CODE, GSS_C_NO_OID);
    if (minor != 0) text += " (" + messages(minor, GSS_C_MECH_CODE, mechanism) + ")";
    return text;
}

}  // namespace mullion::gss_peer
