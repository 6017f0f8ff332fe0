// What became of all hosts: counts, and the process's exit status (design 3).
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>

#include "core/error.h"

namespace mullion::cli {

class Tally {
public:
    void add(Status status, const std::optional<Error>& error);

    [[nodiscard]] std::size_t total() const;
    [[nodiscard]] std::size_t count(Status status) const { return counts_[static_cast<std::size_t>(status)]; }
    // "10 ok, 1 failed, 1 timed out"; what did not occur is left out.
    [[nodiscard]] std::string text() const;
    // {"total":12,"ok":10,…}, every status.
    [[nodiscard]] std::string json() const;
    // 0, 2, 4 or 6; 5 when every host that was to be run had a usage error; 130 interrupted.
    [[nodiscard]] int exit_status() const;

    // Of the secret store's audit log, when the run used it; else empty.
    std::string audit_head;

private:
    std::array<std::size_t, 8> counts_{};
    bool spoken_to_ = false;  // Some host's result is other than skipped and a usage error.
    bool usage_ = false;
    bool command_failed_ = false;
    bool host_failed_ = false;
    bool interrupted_ = false;
};

// "37/1000 done, 64 running, 2 failed": failed is everything that is neither ok nor skipped.
[[nodiscard]] std::string progress_line(std::size_t hosts, std::size_t running, const Tally& tally);

}  // namespace mullion::cli
