// The machine that instances tell of, as far as it is not asked by files: so that tests can bring another
// one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mullion::cim {

struct Limits {
    std::size_t file = 4 << 20;         // Of one file below /proc, /sys or /etc.
    std::size_t entries = 1'000'000;    // Of one folder.
    std::size_t command_line = 32'767;  // As long as one of Windows can be, in bytes.
};

struct Times {
    std::int64_t unix_microseconds = 0;
    std::uint64_t monotonic = 0;  // In 100 ns, from any start.
};

struct FileSystemSize {
    std::uint64_t block = 0, size = 0, available = 0;  // Bytes; `available` for users without privileges.
    std::uint64_t name_length = 0;
    bool read_only = false;
};

// An address of an interface.
struct Address {
    std::string interface, address;
    unsigned prefix = 0;
    bool v6 = false;
};

class Journal;
class ServiceManager;

// Null: it cannot be reached, and `why` says so.
template <class T>
using Opener = std::function<std::unique_ptr<T>(std::string& why)>;

struct FileFacts {
    std::uint64_t size = 0;
    std::int64_t modified = 0, accessed = 0;  // Microseconds since 1970.
    std::optional<std::int64_t> born = {};    // Not of every file system.
    bool readable = false, writable = false;  // For this process.
};

// Of a process that was to be started. `error` is what the system said: 0 nothing.
struct Started {
    int error = 0;
    bool in_folder = false;  // It was the folder that could not be entered.
    std::uint64_t process = 0;
};

struct Machine {
    std::string root = {};  // In front of every absolute path; empty: the real one.
    Limits limits = {};
    std::uint64_t ticks_per_second = 100;  // Of times in /proc.
    std::uint64_t page_size = 4096;
    std::string architecture = {};  // As uname(2) has it.
    std::function<Times()> times = {};
    std::function<std::int16_t(std::int64_t unix_microseconds)> utc_offset = {};  // Minutes, at that time.
    std::function<std::optional<FileSystemSize>(const std::string& path)> file_system = {};
    std::function<std::vector<Address>()> addresses = {};
    std::function<std::optional<std::string>(std::uint32_t uid)> user_name = {};
    Opener<ServiceManager> services = {};
    Opener<Journal> journal = {};
    // By /bin/sh, in a session of its own, of which nothing is waited for. Empty folder: this process's.
    std::function<Started(const std::string& command, const std::string& folder)> start = {};
    std::function<int(std::uint64_t process)> kill = {};  // At once (SIGKILL); 0 or errno.

    // The whole file below the root; nothing where it cannot be read, or is over the limit.
    [[nodiscard]] std::optional<std::string> read(std::string_view path) const;
    // Its first line without blanks around it; nothing where it is empty too.
    [[nodiscard]] std::optional<std::string> read_line(std::string_view path) const;
    [[nodiscard]] std::optional<std::uint64_t> read_number(std::string_view path) const;
    // Names in that folder but . and .., by alphabet; nothing where it cannot be read or has too many.
    [[nodiscard]] std::optional<std::vector<std::string>> list(std::string_view path) const;
    // What the symbolic link says.
    [[nodiscard]] std::optional<std::string> link(std::string_view path) const;
    [[nodiscard]] bool exists(std::string_view path) const;
    // Of a regular file, or what a link there leads to.
    [[nodiscard]] std::optional<FileFacts> file_facts(std::string_view path) const;
    [[nodiscard]] std::string below_root(std::string_view path) const { return root + std::string(path); }
};

// This one.
[[nodiscard]] Machine this_machine();

// Text that every reader can take: bytes that are no UTF-8, and characters that XML has no way to write (XML
// 1.0, 2.2), are in letters, "\xff".
[[nodiscard]] std::string readable(std::string_view bytes);

}  // namespace mullion::cim
