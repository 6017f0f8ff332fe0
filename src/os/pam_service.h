// The file that says which PAM modules a service asks: /etc/pam.d/NAME.
#pragma once

#include <string>
#include <string_view>

#include "core/clock.h"
#include "core/result.h"

namespace mullion::os {

inline constexpr const char* pam_library = "libpam.so.0";

struct PamService {
    std::string name;           // "mullion"
    Duration patience{20'000};  // For a conversation; for opening a session, and for closing it.
};

// Letters, digits, '.', '_' and '-', not a dot in front, 64 at most: it becomes a file's name. Never "other",
// which is everybody's.
[[nodiscard]] bool is_pam_service_name(std::string_view name);

// That there is such a file, of root's, that nobody else can write: PAM does not look, and takes the service
// "other" where there is none. Errors: serve.pam, with what to do
[[nodiscard]] Result<void> check_pam_service(const PamService& service);

}  // namespace mullion::os
