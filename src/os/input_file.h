// Files that an operator names: a regular file, a device, a pipe, or a pipe with a name (mkfifo).
#pragma once

#include <sys/stat.h>

#include <chrono>
#include <cstddef>
#include <string>

#include "core/result.h"
#include "core/secret.h"
#include "os/file.h"

namespace mullion::os {

// How long a pipe with a name may be without a writer. One that has a writer is waited for as long as that
// takes: `<(command)` is one.
struct Patience {
    std::chrono::milliseconds writer = std::chrono::seconds(30);
    int cancelled = -1;  // Readable when nobody wants to know any more; -1: that never happens.
};

class InputFile {
public:
    // Errors: usage.file ("PATH: why"; also for a folder, and a pipe that nobody writes into),
    // net.descriptors, run.interrupted (cancelled)
    [[nodiscard]] static Result<InputFile> open(const std::string& path, Patience patience = {});
    // A descriptor that is somebody else's and stays open, such as standard input.
    InputFile(int descriptor, std::string name, int cancelled = -1);
    InputFile(InputFile&&) noexcept = default;
    InputFile& operator=(InputFile&&) noexcept = default;
    ~InputFile() { wipe_memory(&first_, 1); }

    // The next bytes, `size` at most; 0 at the end. Blocks: for threads that may. Errors: usage.file,
    // run.interrupted
    [[nodiscard]] Result<std::size_t> read(char* bytes, std::size_t size);

    [[nodiscard]] int descriptor() const { return descriptor_; }
    [[nodiscard]] const struct stat& facts() const { return facts_; }
    [[nodiscard]] Error error(std::string_view what) const;

private:
    [[nodiscard]] Result<void> await_writer(Patience patience);
    // Until there is something, or the end. Errors: run.interrupted
    [[nodiscard]] Result<void> await_bytes() const;

    UniqueFd owned_;
    int descriptor_ = -1;
    std::string name_;
    int cancelled_ = -1;
    struct stat facts_ {};
    bool has_first_ = false;  // A byte was read to see whether anybody writes.
    char first_ = 0;
};

// All of it. Errors: usage.file, also over the limit; run.interrupted
[[nodiscard]] Result<std::string> read_input(const std::string& path, std::size_t limit,
                                             Patience patience = {});
// The same of what is or may be secret; no copy is left behind.
[[nodiscard]] Result<Secret> read_secret_input(InputFile& file, std::size_t limit);

}  // namespace mullion::os
