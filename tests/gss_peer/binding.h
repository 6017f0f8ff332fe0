// A TLS channel binding as GSSAPI wants it.
#pragma once

#include <gssapi/gssapi.h>

#include "auth/mechanism.h"
#include "gss_peer/handles.h"

namespace mullion::gss_peer {

// Application data only: NTLM refuses bindings with addresses. `binding` must outlive this.
class Bindings {
public:
    explicit Bindings(const auth::ChannelBinding& binding) {
        raw_.application_data = lend(binding.application_data);
    }
    [[nodiscard]] gss_channel_bindings_t get() {
        return raw_.application_data.length == 0 ? GSS_C_NO_CHANNEL_BINDINGS : &raw_;
    }

private:
    gss_channel_bindings_struct raw_{};
};

}  // namespace mullion::gss_peer
