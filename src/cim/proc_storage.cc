// /proc/swaps, mountinfo and diskstats.
#include "cim/lines.h"
#include "cim/proc_files.h"

namespace mullion::cim {
namespace {

bool octal(char c) {
    return c >= '0' && c <= '7';
}

// Blanks, tabs, line ends and backslashes are \ooo in these files.
std::string unescaped(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        if (text.size() >= 4 && text[0] == '\\' && text[1] <= '3' && octal(text[1]) && octal(text[2]) &&
            octal(text[3])) {
            out += static_cast<char>((text[1] - '0') * 64 + (text[2] - '0') * 8 + (text[3] - '0'));
            text.remove_prefix(4);
        } else {
            out += text.front();
            text.remove_prefix(1);
        }
    }
    return out;
}

bool has_option(std::string_view options, std::string_view wanted) {
    while (!options.empty())
        if (take_until(options, ',') == wanted) return true;
    return false;
}

std::optional<Mount> mount_of(std::string_view line) {
    Mount mount;
    skip_words(line, 2);
    auto device = take_word(line);
    const auto major = number<unsigned>(take_until(device, ':')), minor = number<unsigned>(device);
    mount.root = unescaped(take_word(line));
    mount.point = unescaped(take_word(line));
    mount.read_only = has_option(take_word(line), "ro");
    for (auto word = take_word(line); word != "-"; word = take_word(line))
        if (word.empty()) return std::nullopt;
    mount.type = unescaped(take_word(line));
    mount.source = unescaped(take_word(line));
    const auto super = take_word(line);
    if (!major || !minor || super.empty()) return std::nullopt;
    mount.major = *major;
    mount.minor = *minor;
    mount.read_only = mount.read_only || has_option(super, "ro");
    return mount;
}

}  // namespace

std::vector<Swap> parse_swaps(std::string_view text) {
    std::vector<Swap> swaps;
    (void)take_line(text);
    while (const auto whole = take_line(text)) {
        auto line = *whole;
        Swap swap;
        swap.file = unescaped(take_word(line));
        skip_words(line, 1);
        if (!take_numbers(line, swap.size, swap.used) || swap.size >> 54 || swap.used >> 54) continue;
        swap.size *= 1024;
        swap.used *= 1024;
        if (swaps.size() < most_rows) swaps.push_back(std::move(swap));
    }
    return swaps;
}

std::vector<Mount> parse_mounts(std::string_view text) {
    std::vector<Mount> mounts;
    while (const auto line = take_line(text))
        if (auto mount = mount_of(*line); mount && mounts.size() < most_rows)
            mounts.push_back(std::move(*mount));
    return mounts;
}

std::vector<Disk> parse_disks(std::string_view text) {
    std::vector<Disk> disks;
    while (const auto whole = take_line(text)) {
        auto line = *whole;
        Disk disk;
        if (!take_numbers(line, disk.major, disk.minor)) continue;
        disk.name = take_word(line);
        std::uint64_t merged = 0;
        if (take_numbers(line, disk.reads, merged, disk.read_sectors, disk.read_ms, disk.writes, merged,
                         disk.written_sectors, disk.write_ms, disk.in_flight, disk.busy_ms,
                         disk.weighted_ms) &&
            disks.size() < most_rows)
            disks.push_back(std::move(disk));
    }
    return disks;
}

}  // namespace mullion::cim
