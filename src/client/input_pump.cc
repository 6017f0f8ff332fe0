#include "client/input_pump.h"

#include <fmt/core.h>

#include <algorithm>

#include "client/run_policy.h"
#include "core/secret.h"
#include "wsman/shell.h"
#include "wsman/uris.h"

namespace mullion::client {
namespace {

constexpr std::string_view step = "send input";

// Most commands read nothing and end at once: only for one that goes on is a connection opened to tell it
// that its input is empty. One that waits for input would otherwise wait for ever.
constexpr Duration empty_input_delay{1'000};
// A host, or a machine of ours, that is slow with every answer is slow with the command's end too: a thousand
// needless log-ons would only make it slower.
constexpr Duration longest_empty_input_delay{10'000};
Duration empty_input_delay_for(const Host& host) {
    return std::clamp(2 * host.answer_time, empty_input_delay, longest_empty_input_delay);
}
// How long a command whose input failed may still end by itself.
constexpr Duration last_word{1'000};

// What a command reads may be a secret.
struct Wiped {
    std::string& text;
    explicit Wiped(std::string& bytes) : text(bytes) {}
    Wiped(const Wiped&) = delete;
    Wiped& operator=(const Wiped&) = delete;
    ~Wiped() { wipe(text); }
};

}  // namespace

InputPump::InputPump(Host& host, const ShellState& shell, ReadInput read, MonotonicTime deadline,
                     std::function<void()> on_failure)
    : host_(host),
      shell_(shell),
      read_(std::move(read)),
      deadline_(deadline),
      on_failure_(std::move(on_failure)) {}

net::Task<void> InputPump::run() {
    try {
        co_await feed();
    } catch (const std::exception& trouble) {  // Whoever waits for the end of this would wait for ever.
        failure_ = Error(ErrorId::run_input, trouble.what()).at_step(step).on_host(host_.name);
    }
    // Only a signal might still want it, and few commands get one: it would double what a host costs.
    if (!host_.keeps_second) host_.drop(Lane::second);
    if (failure_) {
        // A command that ended meanwhile gets to say so. One that goes on must not: it would take what it has
        // got for all of its input. The Receive that is waiting ends with its connection.
        co_await host_.time.sleep(later(host_.time.now(), last_word), over_);
        if (!over_.rung()) on_failure_();
    }
    finished_.ring();
}

net::Task<void> InputPump::feed() {
    if (!read_) {
        co_await host_.time.sleep(later(host_.time.now(), empty_input_delay_for(host_)), over_);
        if (!over_.rung()) (void)co_await send({}, true);
        failure_.reset();  // Nothing of anybody's was lost.
        co_return;
    }
    const auto most = wsman::send_capacity(host_.settings, shell_.shell_id, shell_.command_id);
    while (!over_.rung()) {
        auto chunk = co_await read_(most);
        if (!chunk.ok()) {
            failure_ = Error(ErrorId::run_input, chunk.error().detail).at_step(step).on_host(host_.name);
            co_return;
        }
        const bool end = chunk->empty();
        const bool more = co_await send(std::move(chunk).value(), end);
        if (!more) co_return;
    }
}

net::Task<bool> InputPump::send(std::string bytes, bool end) {
    wsman::SendInput input;
    input.command_id = shell_.command_id;
    input.bytes = std::move(bytes);
    const Wiped wiped(input.bytes);
    input.end = end;
    RunPolicy policy{never};  // Its own: a busy input pipe says nothing about the rest of the conversation.
    while (!over_.rung()) {
        auto id = host_.new_message_id();
        auto body = wsman::write_send(host_.settings, id, shell_.shell_id, input);
        // The command would read it twice.
        Question question{step, std::move(id), std::move(body), deadline_, channel::Repeat::never};
        auto reply = co_await ask(host_, Lane::second, std::move(question), over_);
        const auto* failure = std::get_if<Failure>(&reply);
        if (failure == nullptr) {
            auto answered = wsman::read_empty_response(std::get<wsman::Message>(reply), wsman::action::send);
            if (answered.ok()) co_return !end;
            failure_ = Error(ErrorId::run_input, answered.error().detail).at_step(step).on_host(host_.name);
            co_return false;
        }
        if (over_.rung()) co_return false;
        switch (policy.after_send(*failure)) {
            case NextSend::again:
                co_await host_.time.sleep(later(host_.time.now(), policy.pause()), over_);
                break;
            case NextSend::no_reader:
                co_return false;
            case NextSend::give_up:
                failure_ = failure->error;
                failure_->id = ErrorId::run_input;
                failure_->detail = fmt::format("{}: {}", failure->error.info().text, failure->error.detail);
                co_return false;
        }
    }
    co_return false;
}

}  // namespace mullion::client
