#include "os/input_file.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <system_error>
#include <utility>
#include <vector>

namespace mullion::os {
namespace {

Error interrupted() {
    return {ErrorId::run_interrupted, ""};
}

bool is_readable(int descriptor) {
    pollfd readable{descriptor, POLLIN, 0};
    return descriptor >= 0 && ::poll(&readable, 1, 0) > 0;
}

}  // namespace

InputFile::InputFile(int descriptor, std::string name, int cancelled)
    : descriptor_(descriptor), name_(std::move(name)), cancelled_(cancelled) {
    (void)::fstat(descriptor_, &facts_);  // What is no file fails when it is read.
}

Error InputFile::error(std::string_view what) const {
    return {ErrorId::usage_file, fmt::format("{}: {}", name_, what)};
}

Result<InputFile> InputFile::open(const std::string& path, Patience patience) {
    // Without blocking: a pipe with a name is opened only when it has a writer, which may be never.
    UniqueFd opened(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    if (!opened) return system_error(ErrorId::usage_file, path, errno);
    InputFile file(opened.get(), path, patience.cancelled);
    file.owned_ = std::move(opened);
    if (S_ISDIR(file.facts_.st_mode)) return file.error("it is a directory");
    if (S_ISFIFO(file.facts_.st_mode)) MULLION_TRY(file.await_writer(patience));
    ::fcntl(file.descriptor_, F_SETFL, 0);  // From here on there is something to wait for.
    return file;
}

// Without a writer there is an end at once, with one nothing yet. That a writer came and wrote nothing is no
// event to wait for, so it is asked again and again; what is read doing so is kept.
Result<void> InputFile::await_writer(Patience patience) {
    constexpr std::chrono::milliseconds interval{20};
    const auto until = std::chrono::steady_clock::now() + patience.writer;
    for (;;) {
        pollfd wanted[] = {{descriptor_, POLLIN, 0}, {cancelled_, POLLIN, 0}};
        (void)::poll(wanted, 2, static_cast<int>(interval.count()));
        if (wanted[1].revents != 0) return interrupted();
        const ssize_t got = ::read(descriptor_, &first_, 1);
        has_first_ = got == 1;
        // An end that poll tells of is one after a writer.
        if (has_first_ || wanted[0].revents != 0 || (got < 0 && errno == EAGAIN)) return {};
        if (got < 0 && errno != EINTR) return system_error(ErrorId::usage_file, name_, errno);
        if (std::chrono::steady_clock::now() >= until)
            return error("it is a pipe, and nobody opens it for writing");
    }
}

Result<void> InputFile::await_bytes() const {
    if (S_ISREG(facts_.st_mode)) {
        if (is_readable(cancelled_)) return interrupted();
        return {};
    }
    pollfd wanted[] = {{descriptor_, POLLIN, 0}, {cancelled_, POLLIN, 0}};  // poll(2) passes over -1.
    while (::poll(wanted, 2, -1) < 0) {
        if (errno != EINTR) return system_error(ErrorId::usage_file, name_, errno);
    }
    if (wanted[1].revents != 0) return interrupted();
    return {};
}

Result<std::size_t> InputFile::read(char* bytes, std::size_t size) {
    if (has_first_ && size > 0) {
        *bytes = first_;
        wipe_memory(&first_, 1);
        has_first_ = false;
        return std::size_t{1};
    }
    for (;;) {
        MULLION_TRY(await_bytes());
        const ssize_t got = ::read(descriptor_, bytes, size);
        if (got >= 0) return static_cast<std::size_t>(got);
        if (errno != EINTR && errno != EAGAIN) return system_error(ErrorId::usage_file, name_, errno);
    }
}

Result<std::string> read_input(const std::string& path, std::size_t limit, Patience patience) {
    MULLION_ASSIGN(InputFile file, InputFile::open(path, patience));
    const auto& facts = file.facts();
    // A pipe has no size.
    std::size_t room = S_ISREG(facts.st_mode) ? static_cast<std::size_t>(facts.st_size) + 1 : 4096;
    std::string text;
    std::size_t size = 0;
    for (;;) {
        text.resize(std::min(room, limit + 1));
        MULLION_ASSIGN(const std::size_t got, file.read(text.data() + size, text.size() - size));
        size += got;
        if (size > limit) return file.error(fmt::format("it is larger than {} bytes", limit));
        if (got == 0) break;
        if (size == text.size()) room *= 2;
    }
    text.resize(size);
    return text;
}

Result<Secret> read_secret_input(InputFile& file, std::size_t limit) {
    const auto& facts = file.facts();
    const auto known = S_ISREG(facts.st_mode) ? static_cast<std::size_t>(facts.st_size) : limit;
    // Never grows: growing would leave a copy behind. Nor is it filled first: most secrets are short.
    const std::size_t room = std::min(known, limit) + 1;
    const std::unique_ptr<char[]> bytes(new char[room]);
    std::size_t size = 0;
    std::optional<Error> trouble;
    while (size < room) {
        auto got = file.read(bytes.get() + size, room - size);
        if (!got.ok()) trouble = std::move(got).error();
        if (trouble || *got == 0) break;
        size += *got;
    }
    Secret secret(std::string_view(bytes.get(), std::min(size, limit)));
    wipe_memory(bytes.get(), size);
    if (trouble) return std::move(*trouble);
    if (size > limit) return file.error(fmt::format("it is larger than {} bytes", limit));
    if (size == room) return file.error("it grows while it is read");
    return secret;
}

}  // namespace mullion::os
