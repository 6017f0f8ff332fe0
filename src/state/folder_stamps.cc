#include "state/folder_stamps.h"

#include <sys/stat.h>

#include <algorithm>

namespace mullion::state {
namespace {

constexpr std::chrono::milliseconds tick{100};  // They are 1 to 10 ms; those of a file server longer.

std::chrono::nanoseconds since_1970(const timespec& time) {
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

}  // namespace

FolderStamps::Stamp FolderStamps::stamp_of(const std::string& folder) {
    struct stat facts {};
    if (::stat(folder.c_str(), &facts) != 0) return {};
    return {facts.st_mtim, facts.st_ino};
}

void FolderStamps::take(WallTime now) {
    stamps_.clear();
    for (const auto& folder : folders_) stamps_.push_back(stamp_of(folder));
    in_a_tick_ = std::any_of(stamps_.begin(), stamps_.end(), [&](const Stamp& one) {
        const WallTime time(std::chrono::duration_cast<WallTime::duration>(since_1970(one.time)));
        return time > now - tick && time < now + tick;
    });
}

bool FolderStamps::changed() const {
    if (in_a_tick_ || stamps_.size() != folders_.size()) return true;
    for (std::size_t i = 0; i < folders_.size(); ++i)
        if (!(stamp_of(folders_[i]) == stamps_[i])) return true;
    return false;
}

}  // namespace mullion::state
