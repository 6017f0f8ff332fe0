#include "service/shells/process_backend.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <fmt/core.h>

#include <array>

namespace mullion::service {
namespace {

constexpr std::size_t read_size = 64 * 1024;  // What a pipe holds.
constexpr auto as_result = boost::asio::as_tuple(boost::asio::use_awaitable);

struct MemoryLimit {
    std::uint32_t mb = 0;
    std::string_view of;
};

class SpawnedProcess final : public RunningProcess {
public:
    SpawnedProcess(const net::Executor& executor, MonitorLink& link, std::uint64_t token, MemoryLimit memory,
                   MonitorLink::Pipes pipes)
        : link_(link),
          token_(token),
          memory_(memory),
          input_(executor, pipes.input.release()),
          outputs_{boost::asio::posix::stream_descriptor(executor, pipes.output.release()),
                   boost::asio::posix::stream_descriptor(executor, pipes.error.release())} {}

    ~SpawnedProcess() override { link_.release(token_); }

    net::Task<std::string> read(OutputStream from) override {
        auto& pipe = outputs_[static_cast<std::size_t>(from)];
        if (!pipe.is_open()) co_return std::string();
        // Room only once there is something to read: a command may be silent for hours.
        auto [failed] = co_await pipe.async_wait(boost::asio::posix::stream_descriptor::wait_read, as_result);
        if (failed) co_return std::string();
        std::string bytes(read_size, '\0');
        const auto buffer = boost::asio::buffer(bytes);
        auto [problem, count] = co_await pipe.async_read_some(buffer, as_result);
        bytes.resize(problem ? 0 : count);
        bytes.shrink_to_fit();
        co_return bytes;
    }

    net::Task<bool> write_input(std::string bytes) override {
        if (!input_.is_open()) co_return false;
        const auto buffer = boost::asio::buffer(bytes);
        auto [problem, count] = co_await boost::asio::async_write(input_, buffer, as_result);
        co_return !problem;
    }

    void close_input() override {
        boost::system::error_code ignored;
        input_.close(ignored);
    }

    net::Task<std::uint32_t> exit_code() override { return link_.exit_code(token_); }

    net::Task<std::string> last_words() override {
        if (memory_.mb == 0) co_return std::string();
        co_await link_.exit_code(token_);
        if (!link_.over_memory(token_)) co_return std::string();
        co_return fmt::format(
            "mullion: a process was killed: {} may use {} MB of memory (MaxMemoryPerShellMB)\n", memory_.of,
            memory_.mb);
    }

    void send(ProcessSignal signal) override {
        switch (signal) {
            case ProcessSignal::interrupt:
                return link_.send(token_, os::SignalRequest::What::interrupt);
            case ProcessSignal::quit:
                return link_.send(token_, os::SignalRequest::What::quit);
            case ProcessSignal::kill:
                return link_.send(token_, os::SignalRequest::What::kill);
        }
    }

    void close_output() override {
        boost::system::error_code ignored;
        for (auto& pipe : outputs_) pipe.close(ignored);
    }

private:
    MonitorLink& link_;
    std::uint64_t token_;
    MemoryLimit memory_;
    boost::asio::posix::stream_descriptor input_;
    std::array<boost::asio::posix::stream_descriptor, 2> outputs_;
};

// The password that CredSSP hands over is no ticket, and stays here.
std::shared_ptr<const os::SpawnTicket> ticket_of(const auth::Delegated* delegated) {
    if (delegated == nullptr || !delegated->ticket) return nullptr;
    const auto& forwarded = *delegated->ticket;
    return std::make_shared<const os::SpawnTicket>(
        os::SpawnTicket{forwarded.client, forwarded.server, forwarded.credential.clone()});
}

}  // namespace

// Said at once: the monitor, which refuses it as well, would be asked only for the first command.
bool ProcessBackend::takes_variable(std::string_view name) const {
    return !os::is_loader_variable(name);
}

net::Task<CommandBackend::Started> ProcessBackend::start(CommandStart what) {
    os::SpawnRequest request;
    request.token = link_.next_token();
    request.unix_user = std::move(what.unix_user);
    request.argv = std::move(what.argv);
    request.environment = std::move(what.environment);
    request.working_directory = std::move(what.working_directory);
    request.shell = std::move(what.shell_id);
    request.address = std::move(what.address);
    request.login_shell = what.login_shell;
    request.memory_mb = what.memory_mb;
    request.ticket = ticket_of(what.delegated.get());
    const std::uint64_t token = request.token;
    const MemoryLimit memory{what.memory_mb, what.memory_is_of};
    auto task = link_.spawn(std::move(request));
    auto spawned = co_await std::move(task);
    if (const auto* failed = std::get_if<os::SpawnFailed>(&spawned))
        co_return StartFailure{failed->error, failed->step};
    auto pipes = std::move(std::get<MonitorLink::Pipes>(spawned));
    co_return std::make_unique<SpawnedProcess>(executor_, link_, token, memory, std::move(pipes));
}

}  // namespace mullion::service
