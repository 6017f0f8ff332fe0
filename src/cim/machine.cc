#include "cim/machine.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>

#include "core/printable.h"
#include "core/utf8.h"
#include "os/file.h"

namespace mullion::cim {
namespace {

bool xml_has(char32_t code) {
    if (code < 0x20) return code == '\t' || code == '\n' || code == '\r';
    return code != 0xFFFE && code != 0xFFFF;
}

std::int64_t microseconds(const struct statx_timestamp& time) {
    return std::int64_t{time.tv_sec} * 1'000'000 + time.tv_nsec / 1000;
}

bool read_all(int descriptor, std::size_t limit, std::string& out) {
    std::array<char, 16 * 1024> piece;
    for (;;) {
        const auto got = ::read(descriptor, piece.data(), piece.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return false;
        if (got == 0) return true;
        if (out.size() + static_cast<std::size_t>(got) > limit) return false;
        out.append(piece.data(), static_cast<std::size_t>(got));
    }
}

}  // namespace

std::optional<std::string> Machine::read(std::string_view path) const {
    // Not blocked by a pipe that somebody has put there.
    const os::UniqueFd file(::open(below_root(path).c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    struct stat status = {};
    if (!file || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
    std::string text;
    if (!read_all(file.get(), limits.file, text)) return std::nullopt;
    return text;
}

std::optional<std::string> Machine::read_line(std::string_view path) const {
    const auto text = read(path);
    if (!text) return std::nullopt;
    const auto line = text->substr(0, text->find('\n'));
    const auto first = line.find_first_not_of(" \t\r");
    if (first == std::string::npos) return std::nullopt;
    return line.substr(first, line.find_last_not_of(" \t\r") - first + 1);
}

std::optional<std::uint64_t> Machine::read_number(std::string_view path) const {
    const auto line = read_line(path);
    std::uint64_t number = 0;
    if (!line) return std::nullopt;
    const auto [end, error] = std::from_chars(line->data(), line->data() + line->size(), number);
    if (error != std::errc{} || end != line->data() + line->size()) return std::nullopt;
    return number;
}

std::optional<std::vector<std::string>> Machine::list(std::string_view path) const {
    const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir(below_root(path).c_str()), ::closedir);
    if (!folder) return std::nullopt;
    std::vector<std::string> names;
    while (const auto* entry = ::readdir(folder.get())) {
        const std::string_view name = entry->d_name;
        if (name == "." || name == "..") continue;
        if (names.size() >= limits.entries) return std::nullopt;
        names.emplace_back(name);
    }
    std::sort(names.begin(), names.end());
    return names;
}

std::optional<std::string> Machine::link(std::string_view path) const {
    std::array<char, 4096> target;
    const auto length = ::readlink(below_root(path).c_str(), target.data(), target.size());
    if (length < 0 || static_cast<std::size_t>(length) >= target.size()) return std::nullopt;
    return std::string(target.data(), static_cast<std::size_t>(length));
}

bool Machine::exists(std::string_view path) const {
    struct stat status = {};
    return ::stat(below_root(path).c_str(), &status) == 0;
}

std::optional<FileFacts> Machine::file_facts(std::string_view path) const {
    const auto whole = below_root(path);
    struct statx found = {};
    constexpr unsigned wanted = STATX_TYPE | STATX_SIZE | STATX_MTIME | STATX_ATIME | STATX_BTIME;
    if (::statx(AT_FDCWD, whole.c_str(), AT_NO_AUTOMOUNT, wanted, &found) != 0 || !S_ISREG(found.stx_mode))
        return std::nullopt;
    FileFacts facts;
    facts.size = found.stx_size;
    facts.modified = microseconds(found.stx_mtime);
    facts.accessed = microseconds(found.stx_atime);
    if ((found.stx_mask & STATX_BTIME) != 0) facts.born = microseconds(found.stx_btime);
    facts.readable = ::faccessat(AT_FDCWD, whole.c_str(), R_OK, AT_EACCESS) == 0;
    facts.writable = ::faccessat(AT_FDCWD, whole.c_str(), W_OK, AT_EACCESS) == 0;
    return facts;
}

std::string readable(std::string_view bytes) {
    std::string out;
    while (!bytes.empty()) {
        const auto character = decode_utf8(bytes);
        const auto taken = bytes.substr(0, character.length);
        if (!character.valid)
            out += in_letters(taken);
        else if (!xml_has(character.code))
            out += in_letters(character.code);
        else
            out += taken;
        bytes.remove_prefix(character.length);
    }
    return out;
}

}  // namespace mullion::cim
