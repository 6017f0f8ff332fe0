#include "cli/writer.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include <cerrno>
#include <climits>
#include <utility>

#include "cli/write_all.h"

namespace mullion::cli {
namespace {

constexpr std::chrono::milliseconds draw_interval{100};
constexpr std::string_view erase_line = "\r\x1b[K";
// Small pieces are put together to one write; what is larger goes as it is. So much is written before hosts
// are looked at again.
constexpr std::size_t small = 16 * 1024;
constexpr std::size_t batch_size = 256 * 1024;

// A line that wraps could not be erased.
std::string_view fit(int terminal, std::string_view line) {
    winsize size{};
    if (::ioctl(terminal, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return line;
    return line.substr(0, size.ws_col - 1U);
}

// A pipe with room takes up to PIPE_BUF bytes without waiting (pipe(7)), and /dev/null takes all. A terminal
// may be paused, and a disk or a network file system slow.
bool is_quick(int descriptor) {
    struct stat found {};
    if (::fstat(descriptor, &found) != 0) return false;
    return S_ISFIFO(found.st_mode) || (S_ISCHR(found.st_mode) && ::isatty(descriptor) == 0);
}

bool has_room(int descriptor) {
    pollfd wanted{descriptor, POLLOUT, 0};
    return ::poll(&wanted, 1, 0) == 1 && wanted.revents == POLLOUT;
}

}  // namespace

Writer::Writer(Options options)
    : options_(std::move(options)),
      output_is_terminal_(options_.progress && ::isatty(options_.output) == 1),
      output_is_quick_(is_quick(options_.output)),
      errors_are_quick_(is_quick(options_.errors)),
      next_draw_(std::chrono::steady_clock::now() + draw_interval) {
    if (options_.progress) thread_ = std::thread([this] { work(); });
}

void Writer::result(bool to_errors, std::string bytes, FlowPtr flow) {
    Item item;
    item.descriptor = to_errors ? options_.errors : options_.output;
    item.size = bytes.size();
    item.bytes = std::move(bytes);
    item.flow = std::move(flow);
    put(std::move(item));
}

void Writer::result(std::size_t size, Make make) {
    Item item;
    item.descriptor = options_.output;
    item.size = size;
    item.make = std::move(make);
    put(std::move(item));
}

void Writer::note(std::string text) {
    Item item;
    item.descriptor = options_.errors;
    item.vital = false;
    item.size = text.size();
    item.bytes = std::move(text);
    put(std::move(item));
}

void Writer::put(Item item) {
    const std::lock_guard lock(mutex_);
    if (problem_ != 0 || write_now(item)) return;
    if (!thread_.joinable()) thread_ = std::thread([this] { work(); });
    total_ += item.size;
    if (item.flow) item.flow->queued += item.size;
    items_.push_back(std::move(item));
    if (!busy_) wanted_.notify_one();
}

// Whether nothing is left of it: then nobody is woken for a few bytes. Only when nothing else is on its way.
bool Writer::write_now(Item& item) {
    const bool quick = item.descriptor == options_.output ? output_is_quick_ : errors_are_quick_;
    if (!quick || options_.progress || busy_ || !items_.empty() || item.size > PIPE_BUF) return false;
    const std::unique_lock speaking(speaking_, std::try_to_lock);
    if (!speaking || !has_room(item.descriptor)) return false;
    if (item.make) {
        item.bytes = item.make();
        item.make = {};
        item.size = item.bytes.size();
    }
    if (item.size > PIPE_BUF) return false;
    const auto count = ::write(item.descriptor, item.bytes.data(), item.size);
    if (count < 0) return false;  // The thread will find out why.
    item.bytes.erase(0, static_cast<std::size_t>(count));
    item.size = item.bytes.size();
    return item.bytes.empty();
}

bool Writer::may_go_on(const Flow& flow, std::size_t part) const {
    return problem_ != 0 ||
           (flow.queued <= options_.flow_limit / part && total_ <= options_.total_limit / part);
}

bool Writer::ready(const FlowPtr& flow, std::function<void()> resume) {
    const std::lock_guard lock(mutex_);
    if (may_go_on(*flow, 1)) return true;
    flow->resume = std::move(resume);
    waiting_.push_back(flow);
    return false;
}

void Writer::wait_for_room() {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [this] { return released_ || problem_ != 0 || total_ <= options_.total_limit; });
}

void Writer::release() {
    const std::lock_guard lock(mutex_);
    released_ = true;
    room_.notify_all();
}

std::unique_lock<std::mutex> Writer::hush() {
    std::unique_lock held(speaking_);
    erase_progress();
    return held;
}

void Writer::leave_terminal() {
    if (drawn_ && has_room(options_.errors))
        (void)!::write(options_.errors, erase_line.data(), erase_line.size());
}

void Writer::finish() {
    if (!thread_.joinable()) return;
    {
        const std::lock_guard lock(mutex_);
        over_ = true;
        wanted_.notify_one();
    }
    thread_.join();
}

bool Writer::writes_to_terminal(bool to_errors) const {
    return ::isatty(to_errors ? options_.errors : options_.output) == 1;
}

int Writer::problem() const {
    const std::lock_guard lock(mutex_);
    return problem_;
}

void Writer::work() {
    bool told = false;
    std::unique_lock lock(mutex_);
    for (;;) {
        auto batch = take(lock);
        const bool last = over_ && batch.empty();
        lock.unlock();
        {
            const std::lock_guard speaking(speaking_);
            write_out(batch);
            if (last) erase_progress();
            if (!last) draw_progress();
        }
        Resumes resumes;
        lock.lock();
        settle(batch, resumes);
        const bool broken = problem_ != 0 && !std::exchange(told, true);
        lock.unlock();
        if (broken && on_broken_) on_broken_();
        for (const auto& resume : resumes) resume();
        if (last) return;
        lock.lock();
    }
}

Writer::Batch Writer::take(std::unique_lock<std::mutex>& lock) {
    const auto something = [this] { return over_ || !items_.empty(); };
    if (options_.progress) {
        wanted_.wait_for(lock, draw_interval, something);
    } else {
        wanted_.wait(lock, something);
    }
    Batch batch;
    for (std::size_t size = 0; !items_.empty() && size < batch_size;) {
        size += items_.front().size;
        batch.push_back(std::move(items_.front()));
        items_.pop_front();
    }
    busy_ = !batch.empty();
    return batch;
}

void Writer::write_out(Batch& batch) {
    std::string together;
    for (std::size_t i = 0; i < batch.size(); ++i) {
        auto& item = batch[i];
        if (item.make) item.bytes = item.make();
        item.make = {};  // What it was made from is not needed any more.
        const bool alone = together.empty() && item.bytes.size() > small;
        const bool go_on = i + 1 < batch.size() && batch[i + 1].descriptor == item.descriptor &&
                           batch[i + 1].vital == item.vital && together.size() < small;
        if (alone) {
            write_one(item.descriptor, item.vital, item.bytes);
        } else {
            together += item.bytes;
            if (go_on) continue;
            write_one(item.descriptor, item.vital, together);
            together.clear();
        }
    }
}

void Writer::write_one(int descriptor, bool vital, std::string_view bytes) {
    if (bytes.empty() || problem() != 0) return;
    if (descriptor == options_.errors || output_is_terminal_) {
        erase_progress();
        at_line_start_ = bytes.back() == '\n';
    }
    if (write_all(descriptor, bytes) || !vital) return;
    const int number = errno;
    const std::lock_guard lock(mutex_);
    problem_ = number;
}

// What was written makes room: of those that wait for it, who may go on?
void Writer::settle(const Batch& batch, Resumes& resumes) {
    for (const auto& item : batch) {
        total_ -= item.size;
        if (item.flow) item.flow->queued -= item.size;
    }
    busy_ = false;
    if (problem_ != 0) items_.clear();
    std::vector<FlowPtr> still;
    for (auto& flow : waiting_) {
        // Half empty, not just below the limit: each time costs a round trip to the host.
        if (may_go_on(*flow, 2)) {
            resumes.push_back(std::exchange(flow->resume, {}));
        } else {
            still.push_back(std::move(flow));
        }
    }
    waiting_ = std::move(still);
    room_.notify_all();
}

void Writer::erase_progress() {
    if (shown_.empty()) return;
    (void)write_all(options_.errors, erase_line);
    shown_.clear();
    drawn_ = false;
}

void Writer::draw_progress() {
    const auto now = std::chrono::steady_clock::now();
    if (!options_.progress || !at_line_start_ || now < next_draw_) return;
    next_draw_ = now + draw_interval;
    auto line = options_.progress();
    if (line == shown_) return;
    (void)write_all(options_.errors, std::string(erase_line).append(fit(options_.errors, line)));
    shown_ = std::move(line);
    drawn_ = true;
}

}  // namespace mullion::cli
