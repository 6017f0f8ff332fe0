#include "service/tests/scripted_backend.h"

namespace mullion::service::testing {
namespace {

class ScriptedProcess final : public RunningProcess {
public:
    explicit ScriptedProcess(std::shared_ptr<Script> script) : script_(std::move(script)) {}

    net::Task<std::string> read(OutputStream from) override {
        const auto script = script_;
        auto& chunks = from == OutputStream::standard_output ? script->out : script->err;
        const bool& ends = from == OutputStream::standard_output ? script->out_ends : script->err_ends;
        ++script->reads;
        while (chunks.empty() && !ends && !script->output_closed)
            co_await script->changed.wait_until(MonotonicTime::max());
        if (chunks.empty() || script->output_closed) co_return std::string();
        std::string bytes = std::move(chunks.front());
        chunks.pop_front();
        co_return bytes;
    }
    net::Task<bool> write_input(std::string bytes) override {
        const auto script = script_;
        while (!script->reads_input && !script->input_ended)
            co_await script->changed.wait_until(MonotonicTime::max());
        if (script->input_ended) co_return false;
        script->input += bytes;
        co_return true;
    }
    void close_input() override {
        script_->input_ended = true;
        script_->changed.notify();
    }
    net::Task<std::uint32_t> exit_code() override {
        const auto script = script_;
        while (!script->exit_code) co_await script->changed.wait_until(MonotonicTime::max());
        co_return *script->exit_code;
    }
    void send(ProcessSignal signal) override {
        script_->signals.push_back(signal);
        if (signal == ProcessSignal::kill && script_->dies_of_kill && !script_->exit_code) script_->end(137);
    }
    void close_output() override {
        script_->output_closed = true;
        script_->changed.notify();
    }

private:
    std::shared_ptr<Script> script_;
};

}  // namespace

net::Task<CommandBackend::Started> ScriptedBackend::start(CommandStart what) {
    auto script = std::make_shared<Script>(executor_);
    script->started = std::move(what);
    scripts.push_back(script);
    while (holds_starts) co_await starts.wait_until(MonotonicTime::max());
    if (auto failure = begin(*script)) co_return *failure;
    co_return std::make_unique<ScriptedProcess>(std::move(script));
}

}  // namespace mullion::service::testing
