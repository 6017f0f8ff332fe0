// The surroundings of a program that runs: libcurl, the machine's clocks, sleeping, the process's
// environment.
#pragma once

#include <optional>
#include <string>

#include "aws/caller.h"
#include "aws/libcurl_client.h"

namespace mullion::aws {

class RealWorld {
public:
    RealWorld();
    RealWorld(const RealWorld&) = delete;
    RealWorld& operator=(const RealWorld&) = delete;
    [[nodiscard]] World world();

private:
    LibcurlClient http_;  // AWS_CA_BUNDLE's authorities, where it names a file.
};

[[nodiscard]] std::optional<std::string> process_environment(const std::string& name);

}  // namespace mullion::aws
