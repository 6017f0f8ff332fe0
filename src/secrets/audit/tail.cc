#include "secrets/audit/tail.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "os/file.h"

namespace mullion::secrets {
namespace {

// The last whole line in bytes that begin at `begin`. One that a window cuts at its beginning is no line, and
// is found by the next, larger window.
bool find_last(std::string_view bytes, std::uint64_t begin, AuditTail& tail) {
    for (std::size_t end = bytes.rfind('\n'); end != std::string_view::npos && end > 0;
         end = bytes.rfind('\n', end - 1)) {
        const auto before = bytes.rfind('\n', end - 1);
        const auto first = before == std::string_view::npos ? 0 : before + 1;
        const auto line = parse_audit_line(bytes.substr(first, end - first));
        const auto facts = line ? parse_entry(line->entry) : std::nullopt;
        if (facts) {
            tail.end = begin + end + 1;
            tail.number = facts->number;
            tail.hash = line->hash;
            return true;
        }
        if (before == std::string_view::npos) break;
    }
    return false;
}

}  // namespace

Result<void> read_at(int file, std::uint64_t place, std::string& bytes, const std::string& path) {
    for (std::size_t done = 0; done < bytes.size();) {
        const auto got =
            ::pread(file, bytes.data() + done, bytes.size() - done, static_cast<off_t>(place + done));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return os::system_error(ErrorId::audit_failed, "read " + path, errno);
        if (got == 0) return Error(ErrorId::audit_broken, path + " became shorter while it was read");
        done += static_cast<std::size_t>(got);
    }
    return {};
}

Result<AuditTail> tail_of(int file, std::uint64_t size, const std::string& path) {
    AuditTail tail;
    tail.size = size;
    for (std::uint64_t window = 4 * longest_audit_line;; window *= 4) {
        const auto length = std::min({window, size, longest_unfinished + longest_audit_line});
        std::string bytes(length, '\0');
        MULLION_TRY(read_at(file, size - length, bytes, path));
        if (find_last(bytes, size - length, tail) || length == size) break;
        if (length < window) {
            return Error(ErrorId::audit_broken,
                         fmt::format("{}: the last {} bytes have no line of an audit log", path, length));
        }
    }
    // A first line that a crash cut short is one; anything long without a single line is something else.
    if (tail.number == 0 && size > longest_unfinished)
        return Error(ErrorId::audit_broken, path + " is no audit log");
    return tail;
}

Error no_line(const AuditEnd& line, const std::string& path) {
    return {
        ErrorId::audit_broken,
        fmt::format("{} does not have entry {} with the hash {}, which was written to it: lines were taken "
                    "out, or it is another log",
                    path, line.number, line.hash)};
}

Result<void> check_line(int file, const AuditEnd& line, const std::string& path) {
    if (line.number == 0) return {};
    // With the line feeds of this one and of the one before.
    std::string bytes(std::min<std::uint64_t>(line.bytes, longest_audit_line + 2), '\0');
    MULLION_TRY(read_at(file, line.bytes - bytes.size(), bytes, path));
    if (!bytes.ends_with('\n')) return no_line(line, path);
    bytes.pop_back();
    const auto before = bytes.rfind('\n');
    const auto text = std::string_view(bytes).substr(before == std::string::npos ? 0 : before + 1);
    const auto parsed = parse_audit_line(text);
    const auto facts = parsed ? parse_entry(parsed->entry) : std::nullopt;
    if (!facts || facts->number != line.number || parsed->hash != line.hash) return no_line(line, path);
    return {};
}

}  // namespace mullion::secrets
