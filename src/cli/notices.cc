#include "cli/notices.h"

#include <unistd.h>

#include "cli/report_text.h"
#include "cli/write_all.h"

namespace mullion::cli {

void Notices::tell(const std::string& text) {
    const std::lock_guard lock(mutex_);
    if (!told_.insert(text).second) return;
    if (writer_ != nullptr) {
        writer_->note(warning(text));
    } else {
        (void)write_all(STDERR_FILENO, warning(text));
    }
}

void Notices::speak_through(Writer* writer) {
    const std::lock_guard lock(mutex_);
    writer_ = writer;
}

}  // namespace mullion::cli
