#include "simulate/script.h"

#include <algorithm>
#include <utility>

namespace mullion::simulate {
namespace {

using service::OutputStream;
using std::chrono::steady_clock;

constexpr std::size_t largest_read = 64 * 1024;
constexpr std::size_t most_echo = 256 * 1024;
constexpr std::size_t most_input = 4 * 1024 * 1024;  // Of what an answer is chosen by.
// Windows answers what is quick with its output and its end at once, and what takes longer with two answers.
constexpr Duration quick{50};
constexpr std::uint32_t ended_by_ctrl_c = 0xC000013A;  // STATUS_CONTROL_C_EXIT
constexpr std::uint32_t terminated = 1;

bool separately(const Answer& answer, const std::vector<std::uint64_t>& totals) {
    if (answer.done != Answer::Done::by_rule) return answer.done == Answer::Done::separately;
    double takes = static_cast<double>(answer.exit_delay.count());
    for (std::size_t i = 0; i < answer.pieces.size(); ++i) {
        takes += static_cast<double>(answer.pieces[i].delay.count());
        if (answer.chunk_size != 0)
            takes += static_cast<double>(answer.chunk_delay.count()) *
                     (static_cast<double>(totals[i]) / static_cast<double>(answer.chunk_size));
    }
    return takes > static_cast<double>(quick.count());
}

MonotonicTime after(Duration delay) {
    return delay == never ? MonotonicTime::max() : steady_clock::now() + delay;
}

}  // namespace

// Shared with the tasks that wait in it: a reader may be left waiting when its process is taken away.
struct Script::State {
    State(const net::Executor& executor, Names who, CommandText what)
        : names(std::move(who)), command(std::move(what)), changed(executor) {}

    Names names;
    CommandText command;
    Choose choose;
    std::string input;  // To choose by, or to echo.
    bool input_ended = false;
    std::shared_ptr<const Answer> answer;  // Null: not chosen yet.
    std::vector<std::string> texts;        // Of the pieces, filled in.
    std::vector<std::uint64_t> totals;     // How much each puts out: its text once, or over and over.
    bool by_two = false;                   // The end comes in an answer of its own.

    std::size_t at = 0;       // The piece.
    std::uint64_t given = 0;  // Of its bytes.
    MonotonicTime due{};
    bool anything = false;  // Was put out.
    bool taken = false;     // All of it is in answers.
    bool output_closed = false;
    std::optional<std::uint32_t> ended;
    service::Notifier changed;

    void begin(Choice choice);
    [[nodiscard]] std::string next_bytes();
    void step_over_silence();
    [[nodiscard]] bool played() const { return answer && at == answer->pieces.size(); }
    [[nodiscard]] bool echoes() const { return answer->echo_input && !(input_ended && input.empty()); }
    void end(std::uint32_t code) {
        if (!ended) ended = code;
        changed.notify();
    }
};

void Script::State::begin(Choice choice) {
    answer = std::move(choice.answer);
    for (const auto& piece : answer->pieces) {
        std::string text = answer->templates && piece.text.find('{') != std::string::npos
                               ? fill_in(piece.text, names, command, choice.groups)
                               : piece.text;
        // So that what is repeated is given in large bytes, each copied from one place.
        const std::size_t once = text.size();
        totals.push_back(once == 0 ? 0 : piece.size.value_or(piece.repeat * once));
        if (totals.back() > once)
            while (text.size() < largest_read) text += text.substr(0, once);
        texts.push_back(std::move(text));
    }
    by_two = separately(*answer, totals);
    due = after(answer->pieces.front().delay);
    changed.notify();
}

void Script::State::step_over_silence() {
    while (!played() && steady_clock::now() >= due && given == totals[at]) {
        ++at;
        given = 0;
        if (!played()) due = after(answer->pieces[at].delay);
        if (played()) due = after(answer->exit_delay);
        changed.notify();
    }
}

std::string Script::State::next_bytes() {
    const std::string& text = texts[at];
    const std::uint64_t left = totals[at] - given;
    std::size_t most = answer->chunk_size != 0 ? std::min(answer->chunk_size, largest_read) : largest_read;
    const std::size_t from = given % text.size();
    most = std::min(most, text.size() - from);
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(most, left));
    given += count;
    anything = true;
    taken = false;
    if (given != totals[at] && answer->chunk_delay != Duration::zero()) due = after(answer->chunk_delay);
    std::string bytes = text.substr(from, count);
    step_over_silence();
    return bytes;
}

Script::Script(const net::Executor& executor, Names names, CommandText command)
    : state_(std::make_shared<State>(executor, std::move(names), std::move(command))) {}

void Script::play(Choice choice) {
    state_->begin(std::move(choice));
}

void Script::play_after_input(Choose choose) {
    state_->choose = std::move(choose);
}

net::Task<std::string> Script::read(OutputStream from) {
    const auto state = state_;
    while (!state->ended && !state->output_closed) {
        MonotonicTime until = MonotonicTime::max();
        if (state->answer) state->step_over_silence();
        if (state->played()) {
            if (from == OutputStream::standard_error || !state->echoes()) break;
            if (!state->input.empty()) {
                state->anything = true;
                state->taken = false;
                state->changed.notify();
                co_return std::exchange(state->input, {});
            }
        } else if (state->answer) {
            until = state->due;
            const bool mine = state->answer->pieces[state->at].stream == from;
            if (steady_clock::now() >= until) {
                if (mine) co_return state->next_bytes();
                until = MonotonicTime::max();  // The other stream's reader goes on.
            }
        }
        co_await state->changed.wait_until(until);
    }
    co_return std::string();
}

net::Task<bool> Script::write_input(std::string bytes) {
    const auto state = state_;
    const bool wanted = state->choose || (state->answer && state->answer->echo_input);
    if (!wanted) co_return !state->ended;
    while (state->answer && state->input.size() >= most_echo && !state->ended && !state->output_closed)
        co_await state->changed.wait_until(MonotonicTime::max());
    if (state->ended || state->output_closed) co_return false;
    if (state->input.size() + bytes.size() > most_input) co_return false;
    state->input += bytes;
    state->changed.notify();
    co_return true;
}

void Script::close_input() {
    auto& state = *state_;
    if (state.input_ended) return;
    state.input_ended = true;
    if (state.choose && !state.ended) {
        const auto choose = std::exchange(state.choose, nullptr);
        const std::string input = std::exchange(state.input, {});
        Choice choice = choose(input);
        if (choice.answer->echo_input) state.input = input;
        state.begin(std::move(choice));
    }
    state.changed.notify();
}

net::Task<std::uint32_t> Script::exit_code() {
    const auto state = state_;
    while (!state->ended) {
        MonotonicTime until = MonotonicTime::max();
        if (state->answer) state->step_over_silence();
        const bool quiet = state->played() && !state->echoes();
        const bool withheld = state->by_two && state->anything && !state->taken && !state->output_closed;
        if (quiet && !withheld) {
            until = state->due;
            if (steady_clock::now() >= until) state->end(state->answer->exit_code);
        } else if (state->answer && !state->played()) {
            until = state->due;  // A silence may be all that is left; nobody else may be reading.
            if (steady_clock::now() >= until) until = MonotonicTime::max();
        }
        if (!state->ended) co_await state->changed.wait_until(until);
    }
    co_return *state->ended;
}

void Script::send(service::ProcessSignal signal) {
    state_->end(signal == service::ProcessSignal::kill ? terminated : ended_by_ctrl_c);
}

void Script::close_output() {
    state_->output_closed = true;
    state_->changed.notify();
}

void Script::output_taken() {
    state_->taken = true;
    state_->changed.notify();
}

}  // namespace mullion::simulate
