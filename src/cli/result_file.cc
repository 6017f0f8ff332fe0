#include "cli/result_file.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdlib>
#include <memory>
#include <system_error>

#include "cli/write_all.h"
#include "os/file.h"

namespace mullion::cli {
namespace {

struct Free {
    void operator()(char* text) const { std::free(text); }  // NOLINT: realpath() allocates so.
};

// Where a symbolic link leads; a file that is not there yet is where its name says.
std::string real_name(const std::string& path) {
    const std::unique_ptr<char, Free> real(::realpath(path.c_str(), nullptr));
    return real ? std::string(real.get()) : path;
}

std::string text_of(int number) {
    return std::generic_category().message(number);
}

std::optional<std::string> write_into(const std::string& path, std::string_view text) {
    // Without waiting for a reader of a pipe, who may never come.
    const os::UniqueFd file(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    if (!file) return text_of(errno);
    const int flags = ::fcntl(file.get(), F_GETFL);
    if (flags < 0 || ::fcntl(file.get(), F_SETFL, flags & ~O_NONBLOCK) != 0) return text_of(errno);
    if (!write_all(file.get(), text)) return "its reader is gone, or there is no room left";
    return {};
}

}  // namespace

std::optional<std::string> write_result(const std::string& path, std::string_view text) {
    const auto name = real_name(path);
    struct stat facts {};
    const bool there = ::stat(name.c_str(), &facts) == 0;
    if (there && S_ISDIR(facts.st_mode)) return text_of(EISDIR);
    if (there && !S_ISREG(facts.st_mode)) return write_into(name, text);
    const auto written = os::write_file_atomic(name, text, there ? facts.st_mode & 0777 : 0644);
    if (written.ok()) return {};
    // "write beside NAME: why": the name is told by who asks.
    const auto& why = written.error().detail;
    const auto colon = why.rfind(": ");
    return colon == std::string::npos ? why : why.substr(colon + 2);
}

}  // namespace mullion::cli
