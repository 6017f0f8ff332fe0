// What a command's end looks like when it failed by one of WinRM's own limits: a log-on over the network
// without a desktop, a password or a profile. A guess by what was printed, told beside the result and never
// instead of it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"

namespace mullion::client {

// The end of a stream that may be long.
class Tail {
public:
    static constexpr std::size_t most = 8 * 1024;
    void add(std::string_view bytes);
    [[nodiscard]] std::string_view text() const {
        return std::string_view(bytes_).substr(bytes_.size() - std::min(bytes_.size(), most));
    }

private:
    std::string bytes_;  // At most twice as much, so that a byte is moved once.
};

struct Ended {
    std::optional<std::uint32_t> exit_code;
    std::string_view command;         // What was asked for may name what was refused.
    std::string_view output, errors;  // Their ends.
    const Error* error = nullptr;     // Of the run, or null.
};

// Rows of the error table (run.double_hop, run.windows_update, run.non_interactive, run.dpapi,
// run.module_path), each once. Nothing for a command that gave 0 and wrote no error. Standard output counts
// only of one that failed.
[[nodiscard]] std::vector<ErrorId> hints_of(const Ended& ended);

}  // namespace mullion::client
