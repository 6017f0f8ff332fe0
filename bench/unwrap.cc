// unwrap COUNT SIZE: what gss_unwrap alone takes of the processor for COUNT sealed messages of NTLM with SIZE
// bytes of plaintext each, in microseconds. Both ends of a context are made in this process; only the calls
// themselves are counted.
#include <gssapi/gssapi.h>
#include <gssapi/gssapi_ext.h>
#include <gssapi/gssapi_ntlmssp.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>

#include "gss_peer/gss_peer.h"

namespace {

gss_OID_desc ntlm{GSS_NTLMSSP_OID_LENGTH, const_cast<char*>(GSS_NTLMSSP_OID_STRING)};

void require(bool fine, const char* what) {
    if (fine) return;
    std::fprintf(stderr, "unwrap: %s failed\n", what);
    std::exit(1);
}

gss_buffer_desc lend(const std::string& text) {
    return {text.size(), const_cast<char*>(text.data())};
}

gss_name_t name_of(const std::string& text, gss_OID kind) {
    OM_uint32 minor = 0;
    gss_name_t name = GSS_C_NO_NAME;
    auto buffer = lend(text);
    require(gss_import_name(&minor, &buffer, kind, &name) == GSS_S_COMPLETE, "gss_import_name");
    return name;
}

gss_cred_id_t credential(const std::string& name, gss_OID kind, int usage, const char* key,
                         const std::string& value) {
    OM_uint32 minor = 0;
    gss_OID_set_desc mechanisms{1, &ntlm};
    gss_key_value_element_desc element{key, value.c_str()};
    gss_key_value_set_desc store{1, &element};
    gss_cred_id_t made = GSS_C_NO_CREDENTIAL;
    require(gss_acquire_cred_from(&minor, name_of(name, kind), GSS_C_INDEFINITE, &mechanisms, usage, &store,
                                  &made, nullptr, nullptr) == GSS_S_COMPLETE,
            "gss_acquire_cred_from");
    return made;
}

struct Ends {
    gss_ctx_id_t client = GSS_C_NO_CONTEXT;
    gss_ctx_id_t service = GSS_C_NO_CONTEXT;
};

Ends shake_hands() {
    const int file = memfd_create("accounts", MFD_CLOEXEC);
    const std::string row = "BENCH:bench:bench\n";
    require(write(file, row.data(), row.size()) == static_cast<ssize_t>(row.size()), "writing the account");
    const auto own =
        credential("bench", GSS_C_NT_USER_NAME, GSS_C_INITIATE, GSS_NTLMSSP_CS_PASSWORD, "bench");
    const auto theirs = credential("HTTP@localhost", GSS_C_NT_HOSTBASED_SERVICE, GSS_C_ACCEPT,
                                   GSS_NTLMSSP_CS_KEYFILE, "/proc/self/fd/" + std::to_string(file));
    const auto target = name_of("HTTP@localhost", GSS_C_NT_HOSTBASED_SERVICE);
    Ends ends;
    gss_buffer_desc from_client{0, nullptr};
    gss_buffer_desc from_service{0, nullptr};
    for (int leg = 0; leg < 3; ++leg) {
        OM_uint32 minor = 0;
        const auto flags = GSS_C_CONF_FLAG | GSS_C_INTEG_FLAG | GSS_C_REPLAY_FLAG | GSS_C_SEQUENCE_FLAG;
        auto major = gss_init_sec_context(&minor, own, &ends.client, target, &ntlm, flags, GSS_C_INDEFINITE,
                                          nullptr, leg == 0 ? GSS_C_NO_BUFFER : &from_service, nullptr,
                                          &from_client, nullptr, nullptr);
        require(!GSS_ERROR(major), "gss_init_sec_context");
        if (from_client.length == 0) break;
        major = gss_accept_sec_context(&minor, &ends.service, theirs, &from_client, nullptr, nullptr, nullptr,
                                       &from_service, nullptr, nullptr, nullptr);
        require(!GSS_ERROR(major), "gss_accept_sec_context");
        if (major == GSS_S_COMPLETE) break;
    }
    return ends;
}

long long processor_time() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec * 1'000'000'000LL + now.tv_nsec;
}

long long unwrap_all(const Ends& ends, int count, const std::string& text) {
    long long nanoseconds = 0;
    for (int i = 0; i < count; ++i) {
        OM_uint32 minor = 0;
        int sealed = 0;
        auto clear = lend(text);
        gss_buffer_desc message{0, nullptr};
        gss_buffer_desc opened{0, nullptr};
        require(
            gss_wrap(&minor, ends.service, 1, GSS_C_QOP_DEFAULT, &clear, &sealed, &message) == GSS_S_COMPLETE,
            "gss_wrap");
        const auto began = processor_time();
        const auto major = gss_unwrap(&minor, ends.client, &message, &opened, &sealed, nullptr);
        nanoseconds += processor_time() - began;
        require(major == GSS_S_COMPLETE && opened.length == text.size(), "gss_unwrap");
        gss_release_buffer(&minor, &message);
        gss_release_buffer(&minor, &opened);
    }
    return nanoseconds / 1000;
}

}  // namespace

int main(int count, char** words) {
    if (count != 3 || std::atoi(words[1]) <= 0 || std::atoi(words[2]) <= 0) {
        std::fprintf(stderr, "usage: unwrap COUNT SIZE\n");
        return 5;
    }
    mullion::gss_peer::initialise();
    const auto ends = shake_hands();
    const std::string text(static_cast<std::size_t>(std::atoi(words[2])), 'e');
    std::printf("%lld\n", unwrap_all(ends, std::atoi(words[1]), text));
    return 0;
}
