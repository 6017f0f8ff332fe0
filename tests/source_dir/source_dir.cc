#include "source_dir/source_dir.h"

namespace mullion {

const std::string& source_dir() {
    static const std::string folder = MULLION_SOURCE_DIR;
    return folder;
}

}  // namespace mullion
