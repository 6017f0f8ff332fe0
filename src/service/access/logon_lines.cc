#include "service/access/logon_lines.h"

#include <fmt/core.h>

#include "core/printable.h"
#include "encoding/utf16.h"

namespace mullion::service {
namespace {

constexpr std::size_t longest_name = 128;
constexpr std::size_t longest_reason = 1024;  // It may quote a certificate.

// A name cannot end its own quotation.
std::string quoted(const std::string& name) {
    std::string out = "\"";
    for (const char c : one_line(encoding::shortened(name, longest_name))) {
        if (c == '"')
            out += in_letters(U'"');
        else
            out += c;
    }
    return out + '"';
}

}  // namespace

std::string logon_line(const channel::LogonAttempt& attempt, const Error* why, Duration delayed) {
    std::string line =
        fmt::format("logon {}from {}: {} by {}", why == nullptr ? "" : "refused ", attempt.address,
                    attempt.who.empty() ? "somebody" : quoted(attempt.who), attempt.scheme);
    if (!attempt.inside.empty()) line += fmt::format(" ({})", attempt.inside);
    if (why != nullptr) {
        const std::string reason = why->detail.empty() ? std::string(why->info().text) : why->detail;
        line += ": " + encoding::shortened(reason, longest_reason);
    }
    if (delayed > Duration(0))
        line += fmt::format("; answered after {:.2f} s", static_cast<double>(delayed.count()) / 1000.0);
    return one_line(line);
}

std::optional<std::string> RefusalLines::missed(MonotonicTime now) {
    const auto missed = limit_.missed(now);
    if (!missed) return std::nullopt;
    return fmt::format("and {} more log-ons were refused", *missed);
}

}  // namespace mullion::service
