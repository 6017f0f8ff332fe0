#include "service/cim/host_process.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <fmt/core.h>

#include <utility>

#include "core/printable.h"
#include "encoding/utf16.h"

namespace mullion::service {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t most_complaints = 4'096;
constexpr std::size_t most_said = 1024 * 1024;  // On standard error: this thread is everybody's.
constexpr std::size_t longest_shown = 256;
// What it has started may hold its standard error when it is gone.
constexpr Duration complaints_patience{250};

// The last line that says something.
std::string last_line(std::string_view text) {
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
    if (const auto at = text.rfind('\n'); at != std::string_view::npos) text.remove_prefix(at + 1);
    return encoding::shortened(one_line(text), longest_shown);
}

wsman::Fault broken(const std::string& how) {
    return wsman::make_fault(
        wsman::code::internal_error,
        fmt::format("The process that answers about CIM {}. The service's log says more. ", how));
}

}  // namespace

wsman::Fault no_memory(Room room) {
    const auto code = room == Room::user_has_too_much ? wsman::code::quota_user : wsman::code::quota_system;
    return wsman::make_fault(
        code, fmt::format("{} Questions and answers about CIM that are half said take too much memory. ",
                          wsman::code_text(code)));
}

HostProcess::HostProcess(net::Executor executor, CimLog& log, Whose whose,
                         std::unique_ptr<RunningProcess> process, HostPlaces::Place place, std::size_t most)
    : executor_(executor),
      log_(log),
      whose_(std::move(whose)),
      most_(most),
      process_(std::move(process)),
      place_(std::move(place)),
      frames_(most),
      changed_(std::move(executor)) {
    place_.put_in(*this);
}

HostProcess::~HostProcess() {
    place_.take_out(*this);
}

void HostProcess::begin(std::string question) {
    unread_ = question.size();
    (void)place_.weigh(unread_);  // As it was before the start.
    boost::asio::co_spawn(executor_, write_question(std::move(question)), boost::asio::detached);
    boost::asio::co_spawn(executor_, read_complaints(), boost::asio::detached);
}

// Beside the reading: it may say something before it has heard all.
net::Task<void> HostProcess::write_question(std::string question) {
    const auto self = shared_from_this();
    auto writing = process_->write_input(std::move(question));
    (void)co_await std::move(writing);  // Where it does not listen, its end says why.
    process_->close_input();
    unread_ = 0;
    (void)weighed();
}

net::Task<void> HostProcess::read_complaints() {
    const auto self = shared_from_this();
    for (std::size_t said = 0; said <= most_said;) {
        auto reading = process_->read(OutputStream::standard_error);
        const std::string chunk = co_await std::move(reading);
        if (chunk.empty()) break;
        if ((said += chunk.size()) > most_said)
            process_->send(ProcessSignal::kill);  // Its end is told as any.
        complaints_ += chunk;
        if (complaints_.size() > most_complaints) complaints_.erase(0, complaints_.size() - most_complaints);
    }
    complained_ = true;
    changed_.notify();
}

net::Task<Outcome<cim::FromHost>> HostProcess::next() {
    const auto self = shared_from_this();
    while (true) {
        if (auto frame = frames_.next()) {
            (void)weighed();
            co_return std::move(*frame);
        }
        if (frames_.broken()) co_return not_understood();
        if (stopped_) co_return wsman::make_fault(wsman::code::aborted);
        auto reading = process_->read(OutputStream::standard_output);
        const std::string chunk = co_await std::move(reading);
        // What was read before stop() is the middle of something.
        if (stopped_) co_return wsman::make_fault(wsman::code::aborted);
        if (chunk.empty()) break;
        frames_.feed(chunk);
        if (auto fault = weighed()) co_return std::move(*fault);
    }
    auto ending = how_it_ended();
    co_return co_await std::move(ending);
}

std::optional<wsman::Fault> HostProcess::weighed() {
    const auto room = place_.weigh(unread_ + frames_.waiting());
    if (room == Room::enough) return std::nullopt;
    log_.warn(
        whose_.address,
        fmt::format("CIM: {} is refused: the answers that are still to come are too large", whose_.text));
    stop();
    return no_memory(room);
}

wsman::Fault HostProcess::not_understood() {
    const bool too_large = frames_.too_large();
    stop();
    if (too_large)
        return wsman::make_fault(wsman::code::service_envelope_limit,
                                 fmt::format("{} An item, or the whole answer, has more than {} bytes "
                                             "(MaxEnvelopeSize, MaxEnvelopeSizekb). ",
                                             wsman::code_text(wsman::code::service_envelope_limit), most_));
    log_.error(
        whose_.address,
        fmt::format("CIM: the process that answers {} sent what is none of its messages", whose_.text));
    return broken("sent what could not be understood");
}

// It closed its standard output, which is mostly its end.
net::Task<wsman::Fault> HostProcess::how_it_ended() {
    if (stopped_) co_return wsman::make_fault(wsman::code::aborted);
    process_->send(ProcessSignal::kill);
    auto exiting = process_->exit_code();
    const auto exit_code = co_await std::move(exiting);
    auto talking = process_->last_words();
    const std::string said = co_await std::move(talking);
    const std::string words = last_line(said);
    const auto until = steady_clock::now() + complaints_patience;
    while (!complained_ && steady_clock::now() < until) co_await changed_.wait_until(until);
    const std::string complaint = last_line(complaints_);
    if (stopped_) co_return wsman::make_fault(wsman::code::aborted);
    log_.error(whose_.address,
               fmt::format("CIM: the process that answers {} ended before it was done: exit code {}{}{}{}{}",
                           whose_.text, exit_code, words.empty() ? "" : "; ", words,
                           complaint.empty() ? "" : "; its last line: ", complaint));
    stop();
    auto how = fmt::format("ended before it was done (exit code {})", exit_code);
    if (!words.empty()) how += fmt::format(": {}", words);
    co_return broken(how);
}

void HostProcess::stop() {
    if (stopped_) return;
    stopped_ = true;
    process_->send(ProcessSignal::kill);
    process_->close_input();
    process_->close_output();
    frames_ = cim::FrameReader(most_);
    (void)place_.weigh(unread_);
    changed_.notify();
}

}  // namespace mullion::service
