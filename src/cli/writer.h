// Standard output and standard error on a thread of their own: a reader that is slow (`| less`, a paused
// terminal) never holds up the threads that speak to hosts. What a pipe takes at once needs no thread.
#pragma once

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace mullion::cli {

class Writer {
public:
    // What one host has waiting to be written.
    struct Flow {
        std::size_t queued = 0;
        std::function<void()> resume;
    };
    using FlowPtr = std::shared_ptr<Flow>;
    // Makes the text when it is written, on the writer's thread.
    using Make = std::function<std::string()>;

    struct Options {
        int output = STDOUT_FILENO;
        int errors = STDERR_FILENO;
        std::size_t flow_limit = 256 * 1024;         // Of one host.
        std::size_t total_limit = 16 * 1024 * 1024;  // Of all of them.
        // The line to keep at the end of standard error while there is nothing else to say; null: none.
        // Called on the writer's thread, at most ten times a second.
        std::function<std::string()> progress = {};
    };
    explicit Writer(Options options);
    ~Writer() { finish(); }
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    // Called once, on the writer's thread, when results cannot be written any more. Everything after that is
    // dropped. Set before the first put.
    void on_broken(std::function<void()> action) { on_broken_ = std::move(action); }

    // None of these blocks. Results go to `output` or `errors` and must arrive; a note may be lost.
    void result(bool to_errors, std::string bytes, FlowPtr flow = nullptr);
    void result(std::size_t size, Make make);
    void note(std::string text);

    // Whether that host may go on; when not, `resume` is called once when it may.
    [[nodiscard]] bool ready(const FlowPtr& flow, std::function<void()> resume);

    // Blocks while more than the total limit waits to be written; never again after release().
    void wait_for_room();
    void release();

    // While it is held nothing is written: somebody speaks with the operator on the terminal.
    [[nodiscard]] std::unique_lock<std::mutex> hush();

    // The process ends at once: a progress line must not stay in front of the shell's prompt. Does not wait.
    void leave_terminal();

    // Waits until all is written. Then nothing may be put any more.
    void finish();
    [[nodiscard]] bool writes_to_terminal(bool to_errors) const;
    // What writing results failed with, or 0.
    [[nodiscard]] int problem() const;

private:
    struct Item {
        int descriptor = -1;
        bool vital = true;
        std::string bytes;
        Make make;
        std::size_t size = 0;
        FlowPtr flow;
    };
    using Batch = std::vector<Item>;
    using Resumes = std::vector<std::function<void()>>;

    void put(Item item);
    [[nodiscard]] bool write_now(Item& item);
    void work();
    [[nodiscard]] Batch take(std::unique_lock<std::mutex>& lock);
    void write_out(Batch& batch);
    void write_one(int descriptor, bool vital, std::string_view bytes);
    void settle(const Batch& batch, Resumes& resumes);
    void erase_progress();
    void draw_progress();
    [[nodiscard]] bool may_go_on(const Flow& flow, std::size_t part) const;

    const Options options_;
    std::function<void()> on_broken_;
    const bool output_is_terminal_;
    const bool output_is_quick_, errors_are_quick_;

    mutable std::mutex mutex_;  // Of what follows.
    std::condition_variable wanted_, room_;
    std::deque<Item> items_;
    std::vector<FlowPtr> waiting_;
    std::size_t total_ = 0;
    int problem_ = 0;
    bool released_ = false;
    bool busy_ = false;  // The thread has taken something.
    bool over_ = false;

    std::mutex speaking_;  // Held while the writer writes. Taken before mutex_, after it only tried.
    std::string shown_;    // The progress line on the terminal.
    std::atomic<bool> drawn_ = false;
    bool at_line_start_ = true;
    std::chrono::steady_clock::time_point next_draw_;

    std::thread thread_;
};

}  // namespace mullion::cli
