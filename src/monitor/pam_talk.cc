#include "monitor/pam_talk.h"

#include <cstdlib>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

#include "os/spawn_messages.h"

namespace mullion::monitor {
namespace {

constexpr std::size_t environment_bytes = 64 * 1024;

// malloc's, for whoever takes it frees it.
char* copy_of(std::string_view text) {
    auto* const copy = static_cast<char*>(std::malloc(text.size() + 1));
    if (copy == nullptr) return nullptr;
    std::memcpy(copy, text.data(), text.size());
    copy[text.size()] = '\0';
    return copy;
}

void drop(pam_response* answers, int count) {
    for (int at = 0; at < count; ++at) {
        char* const text = answers[at].resp;
        if (text == nullptr) continue;
        wipe_memory(text, std::strlen(text));
        std::free(text);
    }
    std::free(answers);
}

// pam_conv(3). What modules say (texts for people) is dropped: nobody reads it, and it is theirs to write as
// much of as they like. A question with echo on is for a person, who is not there.
int converse(int count, const pam_message** questions, pam_response** answers, void* data) {
    const auto* const password = static_cast<const Secret*>(data);
    if (count <= 0 || count > PAM_MAX_NUM_MSG) return PAM_CONV_ERR;
    auto* const made =
        static_cast<pam_response*>(std::calloc(static_cast<std::size_t>(count), sizeof(pam_response)));
    if (made == nullptr) return PAM_BUF_ERR;
    for (int at = 0; at < count; ++at) {
        const int style = questions[at]->msg_style;
        if (style == PAM_TEXT_INFO || style == PAM_ERROR_MSG) continue;
        if (style == PAM_PROMPT_ECHO_OFF && password != nullptr) made[at].resp = copy_of(password->expose());
        if (made[at].resp != nullptr) continue;
        drop(made, count);
        return PAM_CONV_ERR;
    }
    *answers = made;
    return PAM_SUCCESS;
}

Error failed(std::string what) {
    return {ErrorId::serve_pam, std::move(what)};
}

}  // namespace

Result<PamTalk> PamTalk::begin(const PamLibrary& library, const os::PamService& service,
                               const std::string& user, const std::string& address, const Secret* password) {
    // Without a file of its own PAM would ask the service "other" (pam.conf(5)), which lets in whom it likes.
    MULLION_TRY(os::check_pam_service(service));
    const pam_conv answering{converse, const_cast<Secret*>(password)};
    pam_handle_t* handle = nullptr;
    if (library.start(service.name.c_str(), user.c_str(), &answering, &handle) != PAM_SUCCESS)
        return failed("pam_start");
    PamTalk talk(library, handle);
    // There is no terminal; modules that want a name for it (pam_access, pam_time) get this one.
    if (library.set_item(handle, PAM_TTY, "winrm") != PAM_SUCCESS) return failed("pam_set_item");
    if (!address.empty() && library.set_item(handle, PAM_RHOST, address.c_str()) != PAM_SUCCESS)
        return failed("pam_set_item");
    return talk;
}

PamTalk::PamTalk(PamTalk&& other) noexcept
    : library_(other.library_), handle_(std::exchange(other.handle_, nullptr)), last_(other.last_) {}

PamTalk::~PamTalk() {
    if (handle_ != nullptr) library_->end(handle_, last_);
}

int PamTalk::authenticate() {
    return last_ = library_->authenticate(handle_, PAM_SILENT | PAM_DISALLOW_NULL_AUTHTOK);
}

int PamTalk::account() {
    return last_ = library_->account(handle_, PAM_SILENT | PAM_DISALLOW_NULL_AUTHTOK);
}

int PamTalk::establish_credentials() {
    return last_ = library_->set_credentials(handle_, PAM_ESTABLISH_CRED | PAM_SILENT);
}

int PamTalk::open_session() {
    return last_ = library_->open_session(handle_, PAM_SILENT);
}

int PamTalk::close_session() {
    return last_ = library_->close_session(handle_, PAM_SILENT);
}

int PamTalk::delete_credentials() {
    return last_ = library_->set_credentials(handle_, PAM_DELETE_CRED | PAM_SILENT);
}

std::string PamTalk::text(int code) const {
    const char* const text = library_->text(handle_, code);
    return text == nullptr ? "unknown" : text;
}

std::string PamTalk::user() const {
    const void* item = nullptr;
    if (library_->get_item(handle_, PAM_USER, &item) != PAM_SUCCESS || item == nullptr) return {};
    return static_cast<const char*>(item);
}

Result<std::vector<std::string>> PamTalk::environment() const {
    std::vector<std::string> out;
    char** const list = library_->environment(handle_);
    if (list == nullptr) return failed("pam_getenvlist");
    std::size_t size = 0;
    bool fits = true;
    for (char** one = list; *one != nullptr; ++one) {
        const std::string_view entry = *one;
        size += entry.size() + 1;
        fits = fits && out.size() < os::spawn_environment_limit && size <= environment_bytes;
        if (fits) out.emplace_back(entry);
        std::free(*one);
    }
    std::free(list);
    if (!fits) return failed("the modules set too large an environment");
    return out;
}

}  // namespace mullion::monitor
