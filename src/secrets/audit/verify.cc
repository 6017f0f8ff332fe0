#include "secrets/audit/verify.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "crypto/hash.h"
#include "encoding/hex.h"
#include "os/file.h"
#include "secrets/audit/tail.h"

namespace mullion::secrets {
namespace {

constexpr std::size_t piece = 256 * 1024;

class Chain {
public:
    Chain(std::string_view head, const EachAuditLine& each, const std::optional<AuditEnd>& known)
        : wanted_(head), each_(each), known_(known), seen_(head.empty() || head == no_audit_hash) {
        verdict_.head = no_audit_hash;
    }

    Result<void> line(std::string_view text, bool finished) {
        const auto parsed = parse_audit_line(text);
        const auto facts = parsed && parsed->hash == audit_hash(verdict_.head, parsed->entry)
                               ? parse_entry(parsed->entry)
                               : std::nullopt;
        if (!facts || facts->number != verdict_.entries + 1) {
            rest_ += text;
            if (finished) rest_ += '\n';
            if (rest_.size() > longest_unfinished) return broken();
            return {};
        }
        MULLION_TRY(account(*facts));
        ++verdict_.entries;
        verdict_.head = parsed->hash;
        if (seen_) ++verdict_.after_head;
        seen_ = seen_ || wanted_ == parsed->hash;
        if (known_ && known_->number == verdict_.entries && known_->hash != verdict_.head)
            return Error(ErrorId::audit_broken,
                         fmt::format("entry {} is not the one that the store knows: it is another log's, or "
                                     "was written anew",
                                     verdict_.entries));
        if (each_) each_(text);
        return {};
    }

    Result<AuditVerdict> end() {
        // Whole lines at the end that do not follow were not cut short by anything.
        std::size_t begin = 0;
        for (auto end = rest_.find('\n'); end != std::string::npos; end = rest_.find('\n', begin)) {
            if (parse_audit_line(std::string_view(rest_).substr(begin, end - begin))) return broken();
            begin = end + 1;
        }
        verdict_.cut_off = rest_.size();
        if (known_ && known_->number > verdict_.entries) return behind();
        if (!seen_) {
            return Error(
                ErrorId::audit_broken,
                fmt::format(
                    "{} entries follow one another, and none of them is {}: lines at the end were taken out, "
                    "or it is another log's",
                    verdict_.entries, wanted_));
        }
        return verdict_;
    }

private:
    [[nodiscard]] Error broken() const {
        return {ErrorId::audit_broken,
                fmt::format("entry {} does not follow the one before it", verdict_.entries + 1)};
    }

    [[nodiscard]] Error behind() const {
        return {
            ErrorId::audit_broken,
            fmt::format("{} entries follow one another, and the store knows of entry {}: lines at the end "
                        "were {}, or it is another log's",
                        verdict_.entries, known_->number,
                        rest_.empty() ? "taken out" : "changed (they are no lines any more)")};
    }

    // What was passed over must be what this line says was cut short.
    Result<void> account(const EntryFacts& facts) {
        if (rest_.empty() && !facts.unfinished) return {};
        if (!facts.unfinished ||
            *facts.unfinished != Unfinished{rest_.size(), encoding::to_hex(crypto::sha256(rest_))})
            return broken();
        ++verdict_.unfinished;
        rest_.clear();
        return {};
    }

    std::string_view wanted_;
    const EachAuditLine& each_;
    const std::optional<AuditEnd>& known_;
    bool seen_;
    std::string rest_;
    AuditVerdict verdict_;
};

// The file as it is between two batches.
Result<std::uint64_t> settled_size(int file, const std::string& path) {
    while (::flock(file, LOCK_SH) != 0) {
        if (errno != EINTR) return os::system_error(ErrorId::audit_failed, "lock " + path, errno);
    }
    struct stat about {};
    const int failed = ::fstat(file, &about);
    ::flock(file, LOCK_UN);
    if (failed != 0) return os::system_error(ErrorId::audit_failed, "look at " + path, errno);
    if (!S_ISREG(about.st_mode)) return Error(ErrorId::audit_failed, path + " is not a regular file");
    return static_cast<std::uint64_t>(about.st_size);
}

// Whole lines of `pending`; the beginning of another stays.
Result<void> take_lines(std::string& pending, Chain& chain) {
    std::size_t begin = 0;
    for (auto end = pending.find('\n'); end != std::string::npos; end = pending.find('\n', begin)) {
        MULLION_TRY(chain.line(std::string_view(pending).substr(begin, end - begin), true));
        begin = end + 1;
    }
    pending.erase(0, begin);
    return {};
}

}  // namespace

Result<AuditVerdict> verify_audit(const std::string& path, std::string_view head, const EachAuditLine& each,
                                  const std::optional<AuditEnd>& known) {
    if (!head.empty() && !is_audit_hash(head))
        return Error(ErrorId::usage_invalid, "a head is 64 hexadecimal digits, in lower case");
    const os::UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (!file) return os::system_error(ErrorId::audit_failed, "open " + path, errno);
    MULLION_ASSIGN(const auto size, settled_size(file.get(), path));
    Chain chain(head, each, known);
    std::string pending, part;
    for (std::uint64_t at = 0; at < size; at += part.size()) {
        part.resize(std::min<std::uint64_t>(piece, size - at));
        MULLION_TRY(read_at(file.get(), at, part, path));
        pending += part;
        MULLION_TRY(take_lines(pending, chain));
        if (pending.size() > longest_unfinished)
            return Error(ErrorId::audit_broken,
                         fmt::format("{} has a line of over {} bytes", path, longest_unfinished));
    }
    if (!pending.empty()) MULLION_TRY(chain.line(pending, false));
    return chain.end();
}

}  // namespace mullion::secrets
