#include "monitor/ticket_keyring.h"

#include <linux/keyctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <string_view>

#include "os/harden.h"

namespace mullion::monitor {
namespace {

using Key = long;  // Negative: there is none.

// MIT's names and forms: a keyring for the collection, which says by a key which cache is meant, and a
// keyring for each cache. A cache has a key with its principal, and one for each ticket.
constexpr const char* collection = "_krb_mullion";
constexpr const char* cache = "mullion";
constexpr std::string_view primary{"\0\0\0\1\0\0\0\7mullion", 15};  // Version 1, length, name.

Key add_key(const char* type, const char* name, std::string_view content, Key into) {
    const void* const bytes = content.empty() ? nullptr : content.data();
    return ::syscall(SYS_add_key, type, name, bytes, content.size(), into);
}

bool add_cache(const os::SpawnTicket& ticket) {
    const Key all = add_key("keyring", collection, {}, KEY_SPEC_SESSION_KEYRING);
    if (all < 0 || add_key("user", "krb_ccache:primary", primary, all) < 0) return false;
    const Key one = add_key("keyring", cache, {}, all);
    return one >= 0 && add_key("user", "__krb5_princ__", ticket.client, one) >= 0 &&
           add_key("user", ticket.server.c_str(), ticket.credential.expose(), one) >= 0;
}

}  // namespace

bool put_into_keyring(const os::SpawnTicket& ticket) noexcept {
    if (!os::new_session_keyring()) return false;
    if (add_cache(ticket)) return true;
    (void)os::new_session_keyring();  // What is in the first one goes.
    return false;
}

}  // namespace mullion::monitor
