// A backend of CIM that says what the test says, when it says it.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "service/cim/cim_backend.h"
#include "service/notifier.h"

namespace mullion::service::testing {

// One question, and what comes of it; shared by the test and the answer.
struct PlayedAnswer {
    explicit PlayedAnswer(const net::Executor& executor) : changed(executor) {}

    CimQuestion question;
    std::deque<Outcome<cim::FromHost>> frames;
    unsigned taken = 0;
    bool stopped = false;
    bool destroyed = false;
    Notifier changed;

    void say(Outcome<cim::FromHost> frame) {
        frames.push_back(std::move(frame));
        changed.notify();
    }
    void items(std::size_t count, const std::string& xml = "<i/>") {
        for (std::size_t i = 0; i < count; ++i) say(cim::FromHost(cim::Item{xml}));
    }
    void end() { say(cim::FromHost(cim::End{})); }
};

class PlayedCim final : public CimBackend {
public:
    explicit PlayedCim(net::Executor executor) : starts(executor), executor_(std::move(executor)) {}

    // What each new one says at once.
    std::function<void(PlayedAnswer&)> begin = [](PlayedAnswer&) {};
    std::optional<wsman::Fault> refuses;
    // Nobody answers until this is false again and starts.notify() was called: a slow start.
    bool holds_starts = false;
    Notifier starts;
    std::vector<std::shared_ptr<PlayedAnswer>> asked;

    net::Task<Outcome<std::unique_ptr<CimAnswer>>> ask(CimQuestion question) override {
        auto played = std::make_shared<PlayedAnswer>(executor_);
        played->question = std::move(question);
        asked.push_back(played);
        while (holds_starts) co_await starts.wait_until(MonotonicTime::max());
        if (refuses) co_return *refuses;
        const auto& waiting = played->question.waiting;
        const bool late = waiting.gone() || std::chrono::steady_clock::now() >= waiting.until;
        if (played->question.begins && !late) played->question.begins();
        begin(*played);
        std::unique_ptr<CimAnswer> answer = std::make_unique<Answer>(played);
        co_return Outcome<std::unique_ptr<CimAnswer>>(std::move(answer));
    }

private:
    class Answer final : public CimAnswer {
    public:
        explicit Answer(std::shared_ptr<PlayedAnswer> played) : played_(std::move(played)) {}
        ~Answer() override { played_->destroyed = true; }
        net::Task<Outcome<cim::FromHost>> next() override {
            const auto played = played_;
            while (played->frames.empty() && !played->stopped)
                co_await played->changed.wait_until(MonotonicTime::max());
            if (played->frames.empty()) co_return wsman::make_fault(wsman::code::aborted);
            auto frame = std::move(played->frames.front());
            played->frames.pop_front();
            ++played->taken;
            co_return frame;
        }
        void stop() override {
            played_->stopped = true;
            played_->changed.notify();
        }

    private:
        std::shared_ptr<PlayedAnswer> played_;
    };

    net::Executor executor_;
};

}  // namespace mullion::service::testing
