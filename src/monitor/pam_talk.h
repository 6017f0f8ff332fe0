// One conversation with PAM. Only in a child that is there for it: modules may block, crash, leave, or change
// what a process has one of (signals, limits, groups).
#pragma once

#include <string>
#include <vector>

#include "core/result.h"
#include "core/secret.h"
#include "monitor/pam_library.h"
#include "os/pam_service.h"

namespace mullion::monitor {

class PamTalk {
public:
    // The modules' questions are answered with the password where they ask with echo off, and nothing else
    // is: null answers none. Errors: serve.pam
    [[nodiscard]] static Result<PamTalk> begin(const PamLibrary& library, const os::PamService& service,
                                               const std::string& user, const std::string& address,
                                               const Secret* password);
    PamTalk(PamTalk&& other) noexcept;
    PamTalk(const PamTalk&) = delete;
    PamTalk& operator=(const PamTalk&) = delete;
    PamTalk& operator=(PamTalk&&) = delete;
    ~PamTalk();

    // PAM's numbers, as each of them says.
    [[nodiscard]] int authenticate();
    [[nodiscard]] int account();
    [[nodiscard]] int establish_credentials();
    [[nodiscard]] int open_session();
    [[nodiscard]] int close_session();
    [[nodiscard]] int delete_credentials();

    // In PAM's words.
    [[nodiscard]] std::string text(int code) const;
    // Whom it is about now: modules may have put another name in the place of the one that they were given.
    [[nodiscard]] std::string user() const;
    // NAME=VALUE, as the modules set them. Errors: serve.pam (over 256 of them, or 64 KiB)
    [[nodiscard]] Result<std::vector<std::string>> environment() const;

private:
    PamTalk(const PamLibrary& library, pam_handle_t* handle) : library_(&library), handle_(handle) {}

    const PamLibrary* library_;
    pam_handle_t* handle_;
    int last_ = PAM_SUCCESS;  // For pam_end, which hands it to the modules' own ends.
};

}  // namespace mullion::monitor
