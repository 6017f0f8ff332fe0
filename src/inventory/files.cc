#include "inventory/files.h"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>

#include <fmt/core.h>

#include "os/input_file.h"

namespace mullion::inventory {
namespace {

constexpr std::size_t largest = 256U * 1024 * 1024;

Error cannot_read(const std::string& path, const char* reason) {
    return {ErrorId::usage_file, fmt::format("{}: {}", path, reason)};
}

}  // namespace

Result<std::string> file_text(const std::string& path, std::chrono::milliseconds patience) {
    return os::read_input(path, largest, {patience});
}

bool is_directory(const std::string& path) {
    std::error_code ignored;
    return std::filesystem::is_directory(path, ignored);
}

bool exists(const std::string& path) {
    std::error_code ignored;
    return std::filesystem::exists(path, ignored);
}

bool is_executable(const std::string& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) && (status.st_mode & 0111U) != 0;
}

Result<std::vector<std::string>> directory(const std::string& path) {
    std::error_code fault;
    std::filesystem::directory_iterator entries(path, fault);
    std::vector<std::string> names;
    for (; !fault && entries != std::filesystem::directory_iterator(); entries.increment(fault))
        names.push_back(entries->path().filename().string());
    if (fault) return cannot_read(path, fault.message().c_str());
    std::sort(names.begin(), names.end());
    return names;
}

std::string inside(std::string folder, std::string_view name) {
    if (!folder.empty() && !folder.ends_with('/')) folder += '/';
    folder += name;
    return folder;
}

std::string plain_path(const std::string& path) {
    std::error_code ignored;
    const auto absolute = std::filesystem::absolute(path, ignored).lexically_normal().string();
    const bool slash = absolute.size() > 1 && absolute.ends_with('/');
    return slash ? absolute.substr(0, absolute.size() - 1) : absolute;
}

std::string folder_of(const std::string& path) {
    return std::filesystem::path(plain_path(path)).parent_path().string();
}

std::string true_path(const std::string& path) {
    std::error_code fault;
    const auto found = std::filesystem::canonical(path, fault);
    return fault ? plain_path(path) : found.string();
}

}  // namespace mullion::inventory
