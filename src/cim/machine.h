// The machine that instances tell of, as far as it is not asked by files: so that tests can bring another
// one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
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
    [[nodiscard]] std::string below_root(std::string_view path) const { return root + std::string(path); }
};

// This one.
[[nodiscard]] Machine this_machine();

// Text that every reader can take: bytes that are no UTF-8, and characters that XML has no way to write (XML
// 1.0, 2.2), are in letters, "\xff".
[[nodiscard]] std::string readable(std::string_view bytes);

}  // namespace mullion::cim
