#include "secrets/audit/log_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <mutex>

#include "crypto/hash.h"
#include "encoding/hex.h"
#include "os/file.h"
#include "secrets/audit/tail.h"

namespace mullion::secrets {
namespace {

constexpr auto failed = ErrorId::audit_failed;
// A batch of another process takes one sync; five seconds are a disk that does not answer.
constexpr int tries = 500;
constexpr int between_tries = 10;  // Milliseconds.

class FileLock {
public:
    static Result<FileLock> take(int file, const std::string& path) {
        for (int tried = 1; ::flock(file, LOCK_EX | LOCK_NB) != 0;) {
            if (errno == EINTR) continue;
            if (errno != EWOULDBLOCK) return os::system_error(failed, "lock " + path, errno);
            if (tried++ == tries) return Error(failed, path + " is locked by another process");
            ::poll(nullptr, 0, between_tries);
        }
        return FileLock(file);
    }
    FileLock(FileLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
    FileLock& operator=(FileLock&&) = delete;
    ~FileLock() {
        if (file_ >= 0) ::flock(file_, LOCK_UN);
    }

private:
    explicit FileLock(int file) : file_(file) {}
    int file_;
};

Result<void> sync_folder(const std::string& path) {
    const auto slash = path.rfind('/');
    const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
    const os::UniqueFd handle(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!handle || ::fsync(handle.get()) != 0)
        return os::system_error(failed, "sync the folder of " + path, errno);
    return {};
}

Result<void> check_file(int file, const std::string& path) {
    struct stat about {
    }, named{};
    if (::fstat(file, &about) != 0) return os::system_error(failed, "look at " + path, errno);
    if (::lstat(path.c_str(), &named) != 0) return os::system_error(failed, "look at " + path, errno);
    if (about.st_dev != named.st_dev || about.st_ino != named.st_ino)
        return Error(failed, path + " was put elsewhere, and another file in its place");
    if (!S_ISREG(about.st_mode)) return Error(failed, path + " is not a regular file");
    if (about.st_nlink != 1) return Error(failed, path + " was removed, or has another name elsewhere");
    if (about.st_uid != ::geteuid())
        return Error(failed, fmt::format("{} belongs to uid {}, not to {}", path, about.st_uid, ::geteuid()));
    if ((about.st_mode & 077) != 0)
        return Error(failed, fmt::format("{} has mode {:o}; it must be 0600", path, about.st_mode & 07777));
    return {};
}

Result<os::UniqueFd> open_file(const std::string& path) {
    constexpr int flags = O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
    os::UniqueFd file(::open(path.c_str(), flags | O_CREAT | O_EXCL, 0600));
    if (file) {
        MULLION_TRY(sync_folder(path));
        return file;
    }
    if (errno == EEXIST) file = os::UniqueFd(::open(path.c_str(), flags));
    if (!file) return os::system_error(failed, "open " + path, errno);
    return file;
}

Result<std::uint64_t> size_of(int file, const std::string& path) {
    struct stat about {};
    if (::fstat(file, &about) != 0) return os::system_error(failed, "look at " + path, errno);
    return static_cast<std::uint64_t>(about.st_size);
}

// All of it, or nothing: what a full disk took of it is cut off again.
Result<void> append(int file, std::string_view bytes, std::uint64_t at, const std::string& path) {
    for (std::size_t done = 0; done < bytes.size();) {
        const auto written = ::write(file, bytes.data() + done, bytes.size() - done);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) {
            const int number = written == 0 ? EIO : errno;
            // Where this fails as well, the next writer accounts for what is left.
            if (done > 0 && ::ftruncate(file, static_cast<off_t>(at)) == 0) (void)::fsync(file);
            return os::system_error(failed, "write " + path, number);
        }
        done += static_cast<std::size_t>(written);
    }
    if (::fsync(file) != 0) return os::system_error(failed, "sync " + path, errno);
    return {};
}

}  // namespace

struct AuditLog::State {
    std::string path;
    os::UniqueFd file;
    const Clock& clock;
    mutable std::mutex mutex;
    AuditTail tail;

    // Others may have written since.
    Result<void> catch_up() {
        MULLION_TRY(check_file(file.get(), path));
        MULLION_ASSIGN(const auto size, size_of(file.get(), path));
        if (size == tail.size) return {};
        if (size < tail.size)
            return Error(ErrorId::audit_broken,
                         fmt::format("{} has {} bytes; it had {} before", path, size, tail.size));
        MULLION_TRY(check_line(file.get(), {tail.number, tail.end, tail.hash}, path));
        MULLION_ASSIGN(tail, tail_of(file.get(), size, path));
        return {};
    }

    void add(std::string entry, std::string& batch, AuditTail& next) const {
        const auto line = audit_line(next.hash, entry);
        next.hash = audit_hash(next.hash, entry);
        ++next.number;
        batch += line;
    }

    [[nodiscard]] bool lacks_only_its_end(std::string_view rest) const {
        const auto line = parse_audit_line(rest);
        const auto facts = line ? parse_entry(line->entry) : std::nullopt;
        return facts && facts->number == tail.number + 1 && line->hash == audit_hash(tail.hash, line->entry);
    }

    // Says what a crash left behind the last whole line.
    Result<void> account_for_rest(std::string& batch, AuditTail& next) const {
        if (tail.end == tail.size) return {};
        std::string rest(tail.size - tail.end, '\0');
        MULLION_TRY(read_at(file.get(), tail.end, rest, path));
        if (lacks_only_its_end(rest)) {
            batch += '\n';
            next.hash = parse_audit_line(rest)->hash;
            ++next.number;
            return {};
        }
        if (!rest.ends_with('\n')) {
            batch += '\n';
            rest += '\n';
        }
        const Unfinished what{rest.size(), encoding::to_hex(crypto::sha256(rest))};
        add(unfinished_text(next.number + 1, clock.wall(), what), batch, next);
        return {};
    }
};

AuditLog::AuditLog(std::unique_ptr<State> state) : state_(std::move(state)) {}
AuditLog::~AuditLog() = default;

Result<std::unique_ptr<AuditLog>> AuditLog::open(const std::string& path, const Clock& clock) {
    MULLION_ASSIGN(auto file, open_file(path));
    MULLION_TRY(check_file(file.get(), path));
    auto state = std::unique_ptr<State>(new State{path, std::move(file), clock, {}, {}});
    MULLION_ASSIGN(const auto lock, FileLock::take(state->file.get(), path));
    (void)lock;
    MULLION_TRY(state->catch_up());
    return std::unique_ptr<AuditLog>(new AuditLog(std::move(state)));
}

Result<void> AuditLog::write(const Principal& who, const Purpose& purpose,
                             std::span<const AuditEntry> entries) {
    if (entries.empty()) return {};
    const std::lock_guard guard(state_->mutex);
    MULLION_ASSIGN(const auto lock, FileLock::take(state_->file.get(), state_->path));
    (void)lock;
    MULLION_TRY(state_->catch_up());
    std::string batch;
    AuditTail next = state_->tail;
    MULLION_TRY(state_->account_for_rest(batch, next));
    const auto now = state_->clock.wall();
    for (const auto& entry : entries)
        for (const auto& line : in_lines(entry))
            state_->add(entry_text(next.number + 1, now, who, purpose, line), batch, next);
    if (batch.size() > longest_unfinished)
        return Error(failed, fmt::format("{} entries are more than one batch can have", entries.size()));
    MULLION_TRY(append(state_->file.get(), batch, state_->tail.size, state_->path));
    next.size = next.end = state_->tail.size + batch.size();
    state_->tail = next;
    return {};
}

AuditEnd AuditLog::end() const {
    const std::lock_guard guard(state_->mutex);
    return {state_->tail.number, state_->tail.end, state_->tail.hash};
}

Result<void> AuditLog::check_has(const AuditEnd& end) {
    const std::lock_guard guard(state_->mutex);
    MULLION_ASSIGN(const auto lock, FileLock::take(state_->file.get(), state_->path));
    (void)lock;
    MULLION_TRY(state_->catch_up());
    if (end.bytes > state_->tail.end) return no_line(end, state_->path);
    return check_line(state_->file.get(), end, state_->path);
}

std::string AuditLog::head() const {
    const std::lock_guard guard(state_->mutex);
    return state_->tail.hash;
}

}  // namespace mullion::secrets
