// Warnings that are of no host's result, each told once.
#pragma once

#include <mutex>
#include <string>
#include <unordered_set>

#include "cli/writer.h"

namespace mullion::cli {

class Notices {
public:
    // "mullion: warning: …" on standard error.
    void tell(const std::string& text);
    // From now on by the writer, which must outlive the next call; null: directly.
    void speak_through(Writer* writer);

private:
    std::mutex mutex_;
    std::unordered_set<std::string> told_;
    Writer* writer_ = nullptr;
};

}  // namespace mullion::cli
