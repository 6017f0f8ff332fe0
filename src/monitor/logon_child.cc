#include "monitor/logon_child.h"

#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <vector>

#include "monitor/child_scene.h"
#include "os/user.h"

namespace mullion::monitor {
namespace {

using What = os::LogonEnded::What;

constexpr int cannot = 127;

template <std::size_t Size>
void put(char (&into)[Size], const std::string& text) {
    std::strncpy(into, text.c_str(), Size - 1);
}

LogonRecord refusal(What what, const std::string& detail) {
    LogonRecord record;
    record.what = what;
    put(record.detail, detail);
    return record;
}

// "DOMAIN\alice" and "alice@realm" are names of their own where winbind or sssd makes users of them;
// elsewhere the rest is the name, as for the service's own accounts. One name is asked about, for each is a
// guess.
Result<std::string> linux_name(const std::string& claimed) {
    const auto backslash = claimed.find('\\');
    const auto at = claimed.rfind('@');
    if (backslash == std::string::npos && at == std::string::npos) return claimed;
    MULLION_ASSIGN(const auto whole, os::find_user(claimed));
    if (whole) return claimed;
    return backslash != std::string::npos ? claimed.substr(backslash + 1) : claimed.substr(0, at);
}

// What PAM's word on a password means. `step` is the function that said it, `no` what it means there.
LogonRecord judged(const PamTalk& talk, const char* step, int code, What no) {
    const std::string detail = fmt::format("{}: {}", step, talk.text(code));
    switch (code) {
        case PAM_AUTH_ERR:
        case PAM_USER_UNKNOWN:
        case PAM_MAXTRIES:
        case PAM_CRED_INSUFFICIENT:
        case PAM_PERM_DENIED:
            return refusal(no, detail);
        case PAM_ACCT_EXPIRED:
        case PAM_NEW_AUTHTOK_REQD:
        case PAM_AUTHTOK_EXPIRED:
        case PAM_CRED_EXPIRED:
            return refusal(What::expired, detail);
        default:
            return refusal(What::broken, detail);
    }
}

LogonRecord somebody(const std::string& name) {
    const auto user = os::find_user(name);
    if (!user.ok()) return refusal(What::broken, user.error().detail);
    if (!*user || (*user)->name.empty() || (*user)->name.size() >= sizeof(LogonRecord::unix_user))
        return refusal(What::denied, "PAM let in a name that is no Linux user's");
    LogonRecord record;
    record.what = What::let_in;
    record.uid = (*user)->uid;
    put(record.unix_user, (*user)->name);
    return record;
}

LogonRecord ask(const os::LogonRequest& request, const os::PamService& service) {
    const auto library = load_pam();
    if (!library.ok()) return refusal(What::broken, library.error().detail);
    const auto name = linux_name(request.user);
    if (!name.ok()) return refusal(What::broken, name.error().detail);
    // Not "refused": PAM has not said so, and how long it takes to refuse is learnt from that.
    if (name->empty()) return refusal(What::broken, "no name is left without its domain");
    auto talk = PamTalk::begin(*library, service, *name, request.address, request.password.get());
    if (!talk.ok()) return refusal(What::broken, talk.error().detail);
    if (const int code = talk->authenticate(); code != PAM_SUCCESS)
        return judged(*talk, "pam_authenticate", code, What::refused);
    if (const int code = talk->account(); code != PAM_SUCCESS)
        return judged(*talk, "pam_acct_mgmt", code, What::denied);
    return somebody(talk->user());
}

}  // namespace

void ask_pam(const os::LogonRequest& request, const os::PamService& service, int out, pid_t monitor) {
    if (!set_the_scene(&out, 1, monitor, service.patience, "mullion-pam")) ::_exit(cannot);
    const LogonRecord record = ask(request, service);
    const ssize_t written = ::write(first_kept_descriptor, &record, sizeof record);
    ::_exit(written == static_cast<ssize_t>(sizeof record) ? 0 : cannot);
}

}  // namespace mullion::monitor
