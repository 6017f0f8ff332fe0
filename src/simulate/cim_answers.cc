#include "simulate/cim_answers.h"

#include <fmt/core.h>

#include <deque>
#include <utility>

#include "cimhost/failure.h"
#include "cimhost/questions.h"
#include "wsman/fault.h"

namespace mullion::simulate {
namespace {

using Made = std::deque<cim::FromHost>;

// About what one costs.
std::size_t size_of(const cim::FromHost& frame) {
    const auto* const item = std::get_if<cim::Item>(&frame);
    return sizeof(frame) + (item == nullptr ? 0 : item->xml.size());
}

// WMI denies with WinRM's own code outside, and WMI's inside.
cim::Failure refusal_of(const CimTable& table) {
    constexpr std::uint32_t wbem_access_denied = 0x80041003;
    const bool denied = table.refusal == wbem_access_denied;
    return cimhost::wmi_failure(
        denied ? wsman::code::access_denied : wsman::code::internal_error, table.refusal,
        denied ? "Access denied " : fmt::format("{} is refused", table.definition.name));
}

class Frames final : public cimhost::Frames {
public:
    explicit Frames(const HostKind& kind) : kind_(kind) {}

    [[nodiscard]] bool item(std::string_view xml) override {
        cim::FromHost frame = cim::Item{in_form(kind_.cim_form, xml, kind_.cim)};
        bytes_ += size_of(frame);
        if (bytes_ <= most_answer_bytes) frames_.push_back(std::move(frame));
        return bytes_ <= most_answer_bytes;
    }
    void last(const cim::FromHost& frame) override {
        const auto* const table = host_ == nullptr ? nullptr : host_->refused();
        if (table != nullptr && std::holds_alternative<cim::Failure>(frame))
            frames_.emplace_back(refusal_of(*table));
        else if (bytes_ <= most_answer_bytes)
            frames_.push_back(frame);
        else
            frames_.emplace_back(cimhost::refuse(wsman::code::internal_error,
                                                 "a simulated host makes at most 64 MiB of one answer"));
    }
    // Whom the question is put to; until then none.
    void answered_by(const CimHost* host) { host_ = host; }
    [[nodiscard]] Made take() { return std::move(frames_); }

private:
    const HostKind& kind_;
    const CimHost* host_ = nullptr;
    Made frames_;
    std::size_t bytes_ = 0;
};

class Kept final : public service::CimAnswer {
public:
    explicit Kept(Made frames) : frames_(std::move(frames)) {
        for (const auto& frame : frames_) bytes_ += size_of(frame);
    }

    [[nodiscard]] net::Task<service::Outcome<cim::FromHost>> next() override {
        if (frames_.empty())
            co_return wsman::make_fault(wsman::code::internal_error, "the answer has no end");
        auto frame = std::move(frames_.front());
        frames_.pop_front();
        bytes_ -= size_of(frame);
        co_return frame;
    }
    [[nodiscard]] std::size_t bytes() const override { return bytes_; }

private:
    Made frames_;
    std::size_t bytes_ = 0;
};

// Tables look at no machine. Times of WQL without an offset are in UTC, wherever the simulator runs.
cim::Machine no_machine() {
    cim::Machine machine;
    machine.times = [] { return cim::Times(); };
    machine.utc_offset = [](std::int64_t) { return std::int16_t{0}; };
    return machine;
}

void ask_tables(const HostSpec& host, const service::CimQuestion& question, Frames& frames) {
    const auto message =
        wsman::read_message(std::string_view(question.envelope), wsman::wire_limits(cim::ask_limit));
    if (!message) {
        frames.last(cimhost::failure_of(message.error()));
        return;
    }
    const CimHost tables(host.kind->cim, {host.name, host.address});
    const auto machine = no_machine();
    frames.answered_by(&tables);
    cimhost::answer({tables.registry(), machine, question.answer_id}, *message, frames);
    frames.answered_by(nullptr);
}

// A bug ends one question, and no connection.
Made frames_of(const HostSpec& host, const service::CimQuestion& question) {
    Frames frames(*host.kind);
    try {
        ask_tables(host, question, frames);
    } catch (const std::exception& bug) {
        frames.answered_by(nullptr);
        frames.last(cimhost::refuse(wsman::code::internal_error, fmt::format("a bug: {}", bug.what())));
    }
    return frames.take();
}

}  // namespace

net::Task<service::Outcome<std::unique_ptr<service::CimAnswer>>> CimAnswers::ask(
    service::CimQuestion question) {
    if (question.begins) question.begins();
    std::unique_ptr<service::CimAnswer> answer = std::make_unique<Kept>(frames_of(host_, question));
    co_return answer;
}

}  // namespace mullion::simulate
