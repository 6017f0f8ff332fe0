// replay-recordings FOLDER: exchanges with real Windows against our readers, writers and service.
// replay-recordings --self-test FOLDER: sees that changes planted in them are reported.
//
// Exit status: 0 when every command-shell, shell-enumeration and fault pair holds; 1 when one does not; 2 for
// wrong usage. Pairs of configuration and of PowerShell remoting are counted and wait.
#include <fmt/core.h>

#include <cstdio>
#include <filesystem>
#include <string_view>

#include "recordings/replay.h"

int main(int count, char** words) {
    const bool controls = count == 3 && std::string_view(words[1]) == "--self-test";
    if (count != 2 && !controls) {
        fmt::print(stderr, "usage: replay-recordings [--self-test] FOLDER\n");
        return 2;
    }
    const std::string folder = words[count - 1];
    if (!std::filesystem::is_directory(folder)) {
        fmt::print(stderr, "replay-recordings: {} is no folder\n", folder);
        return 2;
    }
    if (controls) return mullion::recordings::self_test(folder) ? 0 : 1;
    const auto answerer = mullion::recordings::make_answerer();
    const auto totals = mullion::recordings::replay_folder(folder, answerer.get());
    if (totals.files == 0) {
        fmt::print(stderr, "replay-recordings: no recordings in {}\n", folder);
        return 2;
    }
    return totals.faults == 0 ? 0 : 1;
}
