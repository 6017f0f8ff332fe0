#include "aws/real_world.h"

#include <cstdlib>

namespace mullion::aws {

std::optional<std::string> process_environment(const std::string& name) {
    const char* const value = std::getenv(name.c_str());
    if (value == nullptr) return std::nullopt;
    return value;
}

RealWorld::RealWorld() : http_(process_environment("AWS_CA_BUNDLE").value_or("")) {}

World RealWorld::world() {
    return {http_, system_clock(), system_random(), sleeping_pauses(), process_environment};
}

}  // namespace mullion::aws
