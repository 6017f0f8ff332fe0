#include "service/line_limit.h"

namespace mullion::service {

void LineLimit::begin(MonotonicTime now) {
    since_ = now;
    written_ = missed_ = 0;
    written_of_.clear();
}

bool LineLimit::may_write(std::string_view address, MonotonicTime now) {
    // A span in which some were not written is ended by missed().
    if (now - since_ >= span && missed_ == 0) begin(now);
    const auto found = written_of_.find(address);
    if (written_ >= most_ || (found != written_of_.end() && found->second >= most_of_address_)) {
        ++missed_;
        return false;
    }
    ++written_;
    ++written_of_[std::string(address)];
    return true;
}

std::optional<unsigned> LineLimit::missed(MonotonicTime now) {
    if (missed_ == 0 || now - since_ < span) return std::nullopt;
    const unsigned missed = missed_;
    begin(now);
    return missed;
}

}  // namespace mullion::service
