#include "service/access/audit.h"

#include <fmt/core.h>

#include "core/printable.h"
#include "encoding/utf16.h"
#include "wsman/uris.h"

namespace mullion::service {
namespace {

constexpr std::size_t longest_part = 128;

std::string part(std::string_view text) {
    const auto shown =
        one_line(encoding::shortened(std::string(text.substr(0, 4 * longest_part)), longest_part));
    return encoding::shortened(shown, longest_part);
}

}  // namespace

std::string access_line(const AccessRequest& request, const Verdict& verdict, std::string_view address) {
    const bool denied = verdict.fault.has_value();
    return fmt::format("{} from {}: access {} to {}: {} on {} is {}granted by {} ({})",
                       request.identity ? request.identity->user() : "nobody", address,
                       denied ? "denied" : "granted", part(request.action),
                       rights::right_names(verdict.wanted), part(request.resource), denied ? "not " : "",
                       part(verdict.by), request.token ? request.token->user.text() : "no SID");
}

void AuditLog::tell(const AccessRequest& request, const Verdict& verdict, std::string_view address) {
    const bool denied = verdict.fault.has_value();
    if (!denied && (!verdict.audited || request.action == wsman::action::receive ||
                    request.action == wsman::action::send))
        return;
    // Without such an entry only who looks for the reason of a refusal is told.
    const auto level = !verdict.audited ? LogLevel::debug : denied ? LogLevel::warning : LogLevel::info;
    if (!log_.enabled(level) || !may_write(denied ? denied_ : granted_, address)) return;
    log_.write(level, access_line(request, verdict, address));
}

bool AuditLog::may_write(LineLimit& limit, std::string_view address) {
    const std::lock_guard lock(mutex_);
    tell_missed();
    return limit.may_write(address, clock_.now());
}

void AuditLog::tell_missed() {
    const auto now = clock_.now();
    if (const auto missed = denied_.missed(now)) log_.warning("and {} more requests were denied", *missed);
    if (const auto missed = granted_.missed(now)) log_.info("and {} more requests were granted", *missed);
}

void AuditLog::sweep() {
    const std::lock_guard lock(mutex_);
    tell_missed();
}

}  // namespace mullion::service
