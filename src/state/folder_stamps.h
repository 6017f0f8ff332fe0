// Whether files came into folders, or left them, or were replaced by renaming, since they were looked at.
#pragma once

#include <ctime>
#include <string>
#include <vector>

#include "core/clock.h"

namespace mullion::state {

class FolderStamps {
public:
    explicit FolderStamps(std::vector<std::string> folders) : folders_(std::move(folders)) {}

    // Remembers the folders as they are, `now`; to be called before their files are read.
    void take(WallTime now);
    // A file that is written over where it lies changes no folder, and is not seen.
    [[nodiscard]] bool changed() const;

private:
    struct Stamp {
        timespec time{};
        unsigned long inode = 0;
        bool operator==(const Stamp& other) const {
            return time.tv_sec == other.time.tv_sec && time.tv_nsec == other.time.tv_nsec &&
                   inode == other.inode;
        }
    };
    [[nodiscard]] static Stamp stamp_of(const std::string& folder);

    std::vector<std::string> folders_;
    std::vector<Stamp> stamps_;
    // The times are those of the kernel's ticks: of two changes in one tick, the second one shows nothing. So
    // a folder that had just changed when it was looked at counts as changed once more.
    bool in_a_tick_ = true;
};

}  // namespace mullion::state
