#include "cimhost/block_writer.h"

#include <unistd.h>

#include <cerrno>

namespace mullion::cimhost {
namespace {

constexpr std::size_t block = 64 * 1024;  // As much as a pipe holds.
// A provider that looks through much and finds little must not keep what it found.
constexpr std::chrono::milliseconds patience(100);

bool write_all(int descriptor, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

}  // namespace

BlockWriter::BlockWriter(int descriptor, Clock clock)
    : descriptor_(descriptor), clock_(std::move(clock)), flushed_(clock_()) {
    waiting_.reserve(2 * block);
}

bool BlockWriter::item(std::string_view xml) {
    const auto before = waiting_.size();
    try {
        cim::append_item(waiting_, xml);
    } catch (...) {
        waiting_.resize(before);  // Never half a frame.
        throw;
    }
    if (waiting_.size() >= block) return flush();
    return go_on();
}

bool BlockWriter::go_on() {
    if (!waiting_.empty() && clock_() - flushed_ >= patience) return flush();
    return !broken_;
}

void BlockWriter::last(const cim::FromHost& frame) {
    if (ended_) return;
    waiting_ += cim::encode(frame);
    ended_ = flush();
}

bool BlockWriter::flush() {
    if (!broken_) broken_ = !write_all(descriptor_, waiting_);
    waiting_.clear();
    flushed_ = clock_();
    return !broken_;
}

}  // namespace mullion::cimhost
