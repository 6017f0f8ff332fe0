#include "recordings/answerer.h"

namespace mullion::recordings {

std::unique_ptr<Answerer> make_answerer() {
    return nullptr;
}

}  // namespace mullion::recordings
