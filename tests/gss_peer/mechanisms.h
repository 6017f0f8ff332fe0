// Object identifiers of the mechanisms, and sets of them for calls that want one.
#pragma once

#include <gssapi/gssapi.h>
#include <gssapi/gssapi_ext.h>
#include <gssapi/gssapi_ntlmssp.h>

#include <array>

namespace mullion::gss_peer {

namespace detail {
inline gss_OID_desc ntlm{GSS_NTLMSSP_OID_LENGTH, const_cast<char*>(GSS_NTLMSSP_OID_STRING)};
inline gss_OID_desc spnego{6, const_cast<char*>("\x2b\x06\x01\x05\x05\x02")};  // RFC 4178
inline gss_OID_desc require_mic{GSS_SPNEGO_REQUIRE_MIC_OID_LENGTH,
                                const_cast<char*>(GSS_SPNEGO_REQUIRE_MIC_OID_STRING)};
}  // namespace detail

inline gss_OID ntlm_mechanism() {
    return &detail::ntlm;
}
inline gss_OID spnego_mechanism() {
    return &detail::spnego;
}
// To query it tells raw NTLM that we can handle a MIC.
inline gss_OID require_mic_option() {
    return &detail::require_mic;
}

// The library wants sets as pointers to arrays that outlive the call.
template <std::size_t N>
class MechanismSet {
public:
    template <class... Oids>
    explicit MechanismSet(Oids... oids) : members_{*oids...}, set_{N, members_.data()} {}
    MechanismSet(const MechanismSet&) = delete;
    MechanismSet& operator=(const MechanismSet&) = delete;
    [[nodiscard]] gss_OID_set get() { return &set_; }

private:
    std::array<gss_OID_desc, N> members_;
    gss_OID_set_desc set_;
};
template <class... Oids>
MechanismSet(Oids...) -> MechanismSet<sizeof...(Oids)>;

}  // namespace mullion::gss_peer
