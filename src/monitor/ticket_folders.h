// Forwarded tickets as files, where the kernel keeps no keys for us: each in a folder of its user's alone, in
// memory and never on a disk.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "monitor/policy.h"
#include "os/spawn_messages.h"

namespace mullion::monitor {

// One command's. Removed, with all that was put there, when this goes.
class TicketFolder {
public:
    TicketFolder() = default;
    explicit TicketFolder(std::string path) : path_(std::move(path)) {}
    TicketFolder(TicketFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
    TicketFolder& operator=(TicketFolder&& other) noexcept {
        std::swap(path_, other.path_);
        return *this;
    }
    TicketFolder(const TicketFolder&) = delete;
    TicketFolder& operator=(const TicketFolder&) = delete;
    ~TicketFolder();
    [[nodiscard]] const std::string& path() const { return path_; }

private:
    std::string path_;
};

class TicketFolders {
public:
    // Chooses the name of the folder that has them all, and makes nothing yet. `parent` is for tests; empty:
    // what this machine has in memory.
    explicit TicketFolders(const std::string& parent = {});

    // A place for the command's folder, which the child itself makes when it needs it. Empty where there can
    // be none.
    [[nodiscard]] TicketFolder place(std::uint64_t token) const;
    // All of it; by the keeper, when the monitor is gone.
    void remove() const;

private:
    std::string base_;  // Empty: nothing here is in memory.
};

// In a child before its exec: folder and cache, the person's own. Async-signal-safe. False: errno.
struct TicketFile {
    std::string folder;
    std::string file;  // In it.
    std::string head;  // Of the file.
};
[[nodiscard]] TicketFile ticket_file(const TicketFolder& folder, const os::SpawnTicket& ticket);
[[nodiscard]] bool write_ticket(const TicketFile& where, const os::SpawnTicket& ticket,
                                const Person& person) noexcept;

}  // namespace mullion::monitor
