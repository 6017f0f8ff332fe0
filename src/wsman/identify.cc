#include "wsman/identify.h"

#include "wsman/values.h"

namespace mullion::wsman {

namespace {

// pypsrp's table of namespaces spells it so, and its Identify reaches Windows' name only by other ways.
constexpr std::string_view misspelt_identity =
    "http://schemas.dmtf.org/wbem/wsman/identify/1/wsmanidentity.xsd";

// Identify has no headers of its own. DSP0226 11
void begin(xml::Writer& out, bool answer) {
    out.open("s:Envelope");
    if (answer) out.attribute("xml:lang", "en-US");
    out.declare("s", ns::soap).declare("wsmid", ns::identify);
    out.open("s:Header").close();
    out.open("s:Body");
}

}  // namespace

std::string write_identify() {
    xml::Writer out;
    begin(out, false);
    out.open("wsmid:Identify").close();
    return detail::finish(out);
}

bool is_identify(const Message& message) {
    return message.body.is(ns::identify, "Identify") || message.body.is(misspelt_identity, "Identify");
}

std::string write_identify_response(const Identity& identity) {
    xml::Writer out;
    begin(out, true);
    out.open("wsmid:IdentifyResponse");
    out.element("wsmid:ProtocolVersion", identity.protocol_version);
    out.element("wsmid:ProductVendor", identity.product_vendor);
    out.element("wsmid:ProductVersion", identity.product_version);
    if (!identity.security_profiles.empty()) {
        out.open("wsmid:SecurityProfiles");
        for (const auto& profile : identity.security_profiles)
            out.element("wsmid:SecurityProfileName", profile);
        out.close();
    }
    out.close();
    return detail::finish(out);
}

Result<Identity> read_identify_response(const Message& message) {
    // OMI writes the element in the SOAP namespace.
    const auto space = message.body.is(ns::soap, "IdentifyResponse") ? ns::soap : ns::identify;
    MULLION_ASSIGN(const auto body, headless_body(message, space, "IdentifyResponse"));

    const auto child = [&](const xml::Element& parent, std::string_view local) {
        const auto found = parent.first(ns::identify, local);
        return found ? found : parent.first(ns::soap, local);
    };
    Identity identity;
    identity.protocol_version = child(body, "ProtocolVersion").trimmed();
    identity.product_vendor = child(body, "ProductVendor").trimmed();
    identity.product_version = child(body, "ProductVersion").trimmed();
    for (const auto& profile : child(body, "SecurityProfiles").children())
        if (profile.local() == "SecurityProfileName") identity.security_profiles.push_back(profile.trimmed());
    if (identity.protocol_version.empty()) return malformed("IdentifyResponse names no protocol version");
    return identity;
}

}  // namespace mullion::wsman
