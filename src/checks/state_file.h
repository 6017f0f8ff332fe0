// The last look at a host, kept between two runs of a check: one small file of JSON for each series of looks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "checks/samples.h"
#include "core/clock.h"
#include "core/result.h"

namespace mullion::checks {

// What tells one series of looks from another: of two that shared a file, each would take the other's values
// for its own last ones.
struct Series {
    std::string mode;
    std::string host;  // Without brackets.
    std::uint16_t port = 0;
    std::string rest = {};    // All else: the path, the proxy, filters.
    std::string suffix = {};  // --statefile-suffix
};

// "cpu_web01.example.com_5985_0f3a52c19b6d40e7.json": for people; its last part is a hash of all of it, so
// that no two series have one name.
[[nodiscard]] std::string state_file_name(const Series& series);

// One file's content, with a limit of its own. Errors: usage.file, for what is cut, is none of ours, or is of
// another series.
[[nodiscard]] Result<Sample> parse_state(std::string_view text, const Series& series);
[[nodiscard]] std::string print_state(const Sample& sample, const Series& series);

class StateFile {
public:
    // The folder is made where it is not there, 0700. Errors: state.directory, also for a folder in which
    // everybody could put a file into the place of ours.
    [[nodiscard]] static Result<StateFile> open(std::string folder, Series series);

    // What was kept. A file that is broken, or not this user's own, is none: complaint() says so then.
    [[nodiscard]] std::optional<Sample> read();
    [[nodiscard]] const std::string& complaint() const { return complaint_; }

    // Replaces it at once, as a whole. What another check of the same series has kept since read(), and that
    // is newer, stays. Errors: state.directory, state.full …; state.directory as well where another process
    // holds the file for longer than `patience`.
    [[nodiscard]] Result<void> write(const Sample& sample, Duration patience = Duration(5000));

    [[nodiscard]] const std::string& path() const { return path_; }

private:
    StateFile(std::string path, Series series) : path_(std::move(path)), series_(std::move(series)) {}

    std::string path_;
    Series series_;
    std::string complaint_;
    std::optional<Sample> seen_;  // By read().
};

}  // namespace mullion::checks
