// `mullion cert`: what was said, and the files that do it. Internal to the command.
#pragma once

#include <string>
#include <vector>

#include "core/clock.h"
#include "core/result.h"

namespace mullion::cli {

struct CertWords {
    bool client = false, server = false, trust = false, force = false;
    std::string user, out, state, file, pfx, password_file, store, thumbprint;
    std::vector<std::string> names;
    std::string key = "rsa2048";
    unsigned days = 0;  // 0: as the kind of certificate has it.
    std::string issuer, subject, uri = "*";
    std::string output = "text";
};

[[nodiscard]] Result<void> create_certificate(const CertWords& words);
[[nodiscard]] Result<void> import_certificate(const CertWords& words);
[[nodiscard]] Result<void> list_certificates(const CertWords& words);
[[nodiscard]] Result<void> show_certificate(const CertWords& words);
[[nodiscard]] Result<void> delete_certificate(const CertWords& words);

// "2026-11-22T02:58:40Z"
[[nodiscard]] std::string utc_text(WallTime time);

}  // namespace mullion::cli
