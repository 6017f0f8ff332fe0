// What the process that reads the network sees of the machine, once it has no use for the rest.
#pragma once

#include <string>
#include <vector>

#include "core/result.h"

namespace mullion::os {

// What stays as it is for this process: where it writes, and files that it reads below folders which are
// otherwise hidden.
struct View {
    std::vector<std::string> writable;
    std::vector<std::string> readable;
};

// As root, with one thread, before the rights are given up: file systems of its own, all of them read-only
// but for what is named; /home, /root and /boot empty, where nothing named is below them; System V objects of
// its own. Mounts that the machine makes or ends later are followed. What is in force, for the log; errors
// where the kernel or the container does not let us. Errors: serve.rights
[[nodiscard]] Result<std::string> confine_view(const View& view);

}  // namespace mullion::os
